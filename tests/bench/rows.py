"""Whether the time of a fit is linear in the rows, and what memory it takes beside X.

    python -m tests.bench.rows                      10^4 to 10^6 rows, in memory
    python -m tests.bench.rows --largest 7          up to 10^7 rows (800 MB)
    python -m tests.bench.rows --largest 7 --file   X in a file, mapped: types and orders of storage

Each line: rows, steps, process seconds, nanoseconds per row, and the peak of what Python and NumPy
allocated beside X and y (tracemalloc, in a run of its own).
"""

import argparse
import statistics
import tempfile
import time
import tracemalloc

import numpy as np

from generated import logistic

COLUMNS = 10
CHUNK = 100_000


def rows(m: int, X: np.ndarray) -> np.ndarray:
    """Fill X (m, n), and the labels (m,) of a logistic model."""
    rng = np.random.default_rng(0)
    theta = rng.normal(size=X.shape[1]) / np.sqrt(X.shape[1])
    y = np.empty(m)
    for start in range(0, m, CHUNK):
        part = slice(start, min(start + CHUNK, m))
        block = rng.normal(size=(part.stop - start, X.shape[1]))
        X[part] = block
        y[part] = rng.random(len(block)) < 1 / (1 + np.exp(-block @ theta))
    return y


def line(X: np.ndarray, y: np.ndarray, repeats: int) -> str:
    """Time and memory of a fit."""
    m = len(y)

    def fit():
        return logistic.fit(X, y, l2=1 / m)

    times = []
    for _ in range(repeats):
        start = time.process_time()
        found = fit()
        times.append(time.process_time() - start)
    if not found.converged:
        raise RuntimeError(found.status)
    tracemalloc.start()
    fit()
    allocated = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    seconds = statistics.median(times)
    return (
        f"{m:>9} rows  {found.iterations:>3} steps {seconds:9.4f} s {1e9 * seconds / m:8.1f} ns/row"
        f"  {allocated / 1e6:7.1f} MB = {100 * allocated / X.nbytes:5.2f} % of X beside it"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--smallest", type=int, default=4, help="exponent of ten")
    parser.add_argument("--largest", type=int, default=6, help="exponent of ten")
    parser.add_argument("--columns", type=int, default=COLUMNS)
    parser.add_argument("--file", action="store_true", help="X in a file, mapped into memory")
    asked = parser.parse_args()
    for exponent in range(asked.smallest, asked.largest + 1):
        m = 10**exponent
        repeats = max(1, min(9, 10**7 // m))
        if not asked.file:
            X = np.empty((m, asked.columns))
            print(line(X, rows(m, X), repeats), flush=True)
            continue
        for dtype in (np.float64, np.float32):
            for order in "CF":
                with tempfile.NamedTemporaryFile() as file:
                    mapped = np.memmap(
                        file.name, dtype, "w+", shape=(m, asked.columns), order=order
                    )
                    y = rows(m, mapped)
                    mapped.flush()
                    read = np.memmap(file.name, dtype, "r", shape=mapped.shape, order=order)
                    del mapped
                    print(np.dtype(dtype).name, order, line(read, y, repeats), flush=True)


if __name__ == "__main__":
    main()
