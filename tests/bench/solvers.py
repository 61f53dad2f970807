"""Our fits and the peers' on the same objective, side by side: `make bench`.

Mean loss + l2/2 |theta|^2 with l2 = 1/m, to a gradient of 1e-8. Every run is checked from outside:
the largest entry of the literal gradient at what came back. Runs are interleaved; a figure is the
median over the repetitions, of the process time, or with --threads of the wall time. The ratio is
ours over the fastest peer that reached the tolerance; memory is the most that ours held beside X,
in per cent of X.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from threadpoolctl import threadpool_limits

from generated.solvers.data.blocks import Team, column_means
from generated.solvers.data.checks import Asked, check_data
from generated.solvers.objective.scores import make_objective
from tests.bench.fits import FITS, LINEAR, Data
from tests.bench.machine import bound, fastest, peaks

REACHED = 2e-8
"""What counts as reached: the peers' tolerances mean slightly different things."""


OURS = "ours"
HOPELESS = 5
"""A fit that took so many times the fastest one's time is not repeated."""


@dataclass(frozen=True)
class Task:
    """One data set, for one kind of model."""

    name: str
    kind: str
    data: Data


def simulated(m: int, n: int, *, kind: str = "logistic", ill: bool = False, seed: int = 0) -> Task:
    """Normal features, perhaps with column sizes from 0.01 to 100, and targets drawn by a model."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, n))
    sizes = np.logspace(-2, 2, n) if ill else np.ones(n)
    classes = 10 if kind == "softmax" else 1
    Z = X @ (rng.normal(size=(n, classes)) / np.sqrt(n))
    z = Z[:, 0]
    if kind == "softmax":
        y = np.argmax(Z + rng.gumbel(size=Z.shape), axis=1).astype(float)
    elif kind == "poisson":
        y = rng.poisson(np.exp(z)).astype(float)
    else:
        y = (rng.random(m) < 1 / (1 + np.exp(-z))).astype(float)
    ending = f"{' ill conditioned' if ill else ''}{'' if kind == 'logistic' else ' ' + kind}"
    return Task(f"{m} x {n}{ending}", kind, Data(X * sizes, y, 1 / m))


def correlated(m: int, n: int, *, ill: bool = False, seed: int = 0) -> Task:
    """Neighbouring columns correlated by 0.3; ill: rotated columns whose Gram matrix has 10^6.

    Such columns are the everyday case: no scaling of single columns undoes a rotation.
    """
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, n))
    if ill:
        rotation = np.linalg.qr(rng.normal(size=(n, n)))[0]
        X = X @ (np.logspace(0, -3, n)[:, None] * rotation)
    else:
        X[:, 1:] += 0.3 * X[:, :-1].copy()
    z = X @ rng.normal(size=n)
    y = (rng.random(m) < 1 / (1 + np.exp(-2.0 * z / z.std()))).astype(float)
    name = f"{m} x {n} correlated{', ill conditioned' if ill else ''}"
    return Task(name, "logistic", Data(X, y, 1 / m))


def real() -> list[Task]:
    """Small real data, standardised: two classes, and all of them."""
    tasks = []
    for name, load in (("breast cancer", load_breast_cancer), ("digits", load_digits),
                       ("wine", load_wine)):  # fmt: skip
        X, y = load(return_X_y=True)
        X = X[:, X.std(axis=0) > 0]
        X = (X - X.mean(axis=0)) / X.std(axis=0)
        if y.max() > 1:
            classes = Data(X, y.astype(float), 1 / len(y))
            tasks.append(Task(f"{name} {X.shape[0]} x {X.shape[1]} softmax", "softmax", classes))
        y = (y > y.mean()).astype(float)
        data = Data(X, y, 1 / len(y))
        tasks.append(Task(f"{name} {X.shape[0]} x {X.shape[1]}", "logistic", data))
    small = np.random.default_rng(1).normal(size=(32, 4))
    y = (small[:, 0] + np.random.default_rng(2).normal(size=32) > 0).astype(float)
    return [Task("32 x 4", "logistic", Data(small, y, 1 / 32)), *tasks]


def timed(
    run: Callable[[], float], clock: Callable[[], float], least: float
) -> tuple[float, float]:
    """The time of a run, and the gradient at what it returned; short runs are repeated."""
    spent, count = 0.0, 0
    while spent < least or count == 0:
        start = clock()
        w = run()
        spent += clock() - start
        count += 1
    return spent / count, w


@dataclass(frozen=True)
class Row:
    """One data set: times in ms and the gradients they ended with, by fit; ours is one of them.

    least: the time in ms that one reading for cost and gradient must take on this machine; once:
    what ours takes (NaN for costs of any form);
    memory: the most that ours held beside X, in per cent of X.
    """

    name: str
    times: dict[str, float]
    norms: dict[str, float]
    least: float
    once: float
    memory: float

    @property
    def fastest(self) -> str:
        """The fastest peer that reached the tolerance; empty if none did."""
        reached = [n for n, norm in self.norms.items() if n != OURS and norm <= REACHED]
        return min(reached, key=lambda name: self.times[name], default="")

    @property
    def ratio(self) -> float:
        """Our time over that of the fastest peer; NaN if no peer reached the tolerance."""
        return self.times[OURS] / self.times[self.fastest] if self.fastest else float("nan")

    def __str__(self) -> str:
        """The line of the table."""
        ratio = f"{self.ratio:.2f} of {self.fastest}" if self.fastest else "no peer reached it"
        cells = {
            name: f"{spent:.3g}"
            + ("" if self.norms[name] <= REACHED else f" ({self.norms[name]:.0e})")
            for name, spent in self.times.items()
        }
        peers = ", ".join(f"{name} {cell}" for name, cell in cells.items() if name != OURS)
        return (
            f"| {self.name} | {ratio} | {cells[OURS]} "
            f"| {self.once:.2g} ({self.once / self.least:.1f}) | {self.memory:.1f} % "
            f"| {peers} |"
        )


def measured_row(
    task: Task, repetitions: int, threads: int, measured: dict[str, float], wanted: list[str]
) -> Row:
    """One data set, of the peers those that are wanted, or all."""
    ours, peers, norm = FITS[task.kind]
    chosen = {name: run for name, run in peers.items() if name in wanted or not wanted}
    runs = {OURS: lambda data: ours(data, threads), **chosen}
    clock = time.perf_counter if threads > 1 else time.process_time
    times: dict[str, list[float]] = {name: [] for name in runs}
    norms = dict.fromkeys(runs, 0.0)
    for repetition in range(repetitions):
        for name, run in runs.items():  # interleaved, so that all meet the same machine
            if repetition and times[name][0] > HOPELESS * min(t[0] for t in times.values()):
                continue
            # Ours has threads of its own, over a BLAS of one; the peers have those of BLAS.
            with threadpool_limits(1 if name == OURS else threads):
                spent, w = timed(lambda run=run: run(task.data), clock, 0.02)
            norms[name] = norm(task.data, w)
            times[name].append(spent)
    middle = {name: 1e3 * float(np.median(values)) for name, values in times.items()}
    least = 1e3 * bound(*task.data.X.shape, measured)
    return Row(task.name, middle, norms, least, 1e3 * _once(task), _memory(task, ours))


def _once(task: Task) -> float:
    """The seconds of our one reading for cost and gradient; NaN for costs of any form."""
    model = LINEAR.get(task.kind)
    if model is None:
        return float("nan")
    data = check_data(Asked("bench"), model, task.data.X, task.data.y, None)
    alone = Team()
    mean = column_means(data, alone)
    objective = make_objective(model, data, mean, task.data.l2, True, alone)
    w = np.full(objective.k, 0.01)
    with np.errstate(all="ignore"):
        return fastest(lambda: objective.value(w))


def _memory(task: Task, ours: Callable[[Data, int], np.ndarray]) -> float:
    """The most memory that our fit held at once beside its arguments, in per cent of X."""
    tracemalloc.start()
    try:
        ours(task.data, 1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return 100 * peak / task.data.X.nbytes


def tasks(size: str) -> list[Callable[[], Task]]:
    """The data sets, each made when its turn comes: all, or those that take seconds."""
    small: list[Callable[[], Task]] = [lambda task=task: task for task in real()]
    small += [lambda: simulated(20_000, 20), lambda: simulated(10_000, 50, ill=True)]
    small += [lambda: correlated(20_000, 20), lambda: simulated(2000, 20, kind="softmax")]
    if size == "small":
        return small
    shapes = ((10**6, 20), (10**5, 50), (2 * 10**5, 200), (2 * 10**4, 1000))
    large = [
        lambda make=make, m=m, n=n, ill=ill: make(m, n, ill=ill)
        for m, n in shapes
        for make in (simulated, correlated)
        for ill in (False, True)
    ]
    others = [
        lambda: simulated(10**6, 20, kind="poisson"),
        lambda: simulated(10**5, 50, kind="softmax"),
    ]
    return [*small, *large, *others] if size == "all" else [*large, *others]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "large", "all"), default="all")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--peers", nargs="*", default=[], help="some of the peers only")
    parser.add_argument("--only", default="", help="data sets whose name contains this")
    parser.add_argument("--record", type=Path, help="write the results to this JSON file as well")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")  # peers warn where they stop early; the gradient tells it
    with threadpool_limits(1):
        measured = peaks()
    threads = f"{asked.threads} thread{'' if asked.threads == 1 else 's'}"
    machine = f"{_processor()}, {os.cpu_count()} cores, {threads}; NumPy {np.__version__}"
    print(f"Machine: {machine}.")
    print("Measured: " + ", ".join(f"{name} {value:.3g}" for name, value in measured.items()) + ".")
    kind = "wall" if asked.threads > 1 else "process"
    print(f"Times are {kind} times in ms; in brackets: the gradient where it is above 1e-8.\n")
    heads = ["data", "ours / fastest peer", "ours", "one pass (/ bound)", "memory", "peers"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    rows = []
    for make in tasks(asked.size):
        task = make()
        if asked.only in task.name:
            rows.append(measured_row(task, asked.repetitions, asked.threads, measured, asked.peers))
            print(rows[-1], flush=True)
    if asked.record is not None:
        write(asked.record, machine, rows)


def write(path: Path, machine: str, rows: list[Row]) -> None:
    """The results as JSON, from which the picture is drawn."""
    found = {
        "machine": machine,
        "rows": [
            {
                "data": row.name,
                "milliseconds": {name: float(f"{t:.3g}") for name, t in row.times.items()},
                "gradient": {name: float(f"{norm:.1g}") for name, norm in row.norms.items()},
            }
            for row in rows
        ],
    }
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            names = [
                line.partition(":")[2].strip() for line in lines if line.startswith("model name")
            ]
    except OSError:
        names = []
    return f"{platform.machine()} {names[0] if names else ''}".strip()


if __name__ == "__main__":
    main()
