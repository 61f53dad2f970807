"""The tables of polynomials as a file of Python: templates/solvers/special/kernels.py.

They take seconds to make and never change, so the file is kept: `make tables` writes it anew, and a
test compares it with what is made here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from derive.stabilise.kernels import KERNELS, Kernel, digamma_zero, powers

WIDTH = 100
HEAD = '''# Made by derive/publish/kernel_tables.py from derive/stabilise/kernels.py: `make tables`.
# fmt: off
"""The polynomials behind the functions that NumPy lacks, cell by cell: tables.py reads them.

A table has a row of the cells' middles, one of the second parts of c_0, then c_0, c_1, ..., with as
many digits as each needs. The bound is how far a polynomial is from its function, relatively: what
was cut off of the series, and what rounding the coefficients costs.
"""

import numpy as np

from .tables import Bent, Equal, Octaves, Single, Table
'''


def kernels_text() -> str:
    """The whole file; the same on every machine."""
    blocks = [HEAD, *map(_table, KERNELS)]
    heads, rests = powers()
    blocks.append(
        "# e^(k/16) in two parts.\nPOWERS = np.array([\n"
        f"{_numbers((*heads, *rests))}\n]).reshape(2, {len(heads)})\n"
    )
    blocks.append(f"# Where psi is 0, in two parts.\nDIGAMMA_ZERO = {digamma_zero()!r}\n")
    return "\n".join(blocks)


def _table(kernel: Kernel) -> str:
    """One table, after what it gives and how well."""
    pieces = kernel.pieces()
    degree = len(pieces[0].coefficients) - 1
    rows = [[p.middle for p in pieces], [p.low for p in pieces]]
    rows += [[p.coefficients[k] for p in pieces] for k in range(degree + 1)]
    summary = (kernel.function.__doc__ or "").splitlines()[0]
    bound = max(p.bound for p in pieces)
    return (
        f"# {summary}\n# Degree {degree}, bound {bound:.1e}.\n"
        f"{kernel.name} = Table({kernel.cut!r}, [\n"
        + "\n".join(_numbers(row) for row in rows)
        + "\n])\n"
    )


def _numbers(row: Sequence[float]) -> str:
    """Numbers in lines of at most WIDTH."""
    return "\n".join(_lines(row))


def _lines(row: Sequence[float]) -> Iterator[str]:
    line = "   "
    for number in row:
        text = f" {number!r},"
        if len(line) + len(text) > WIDTH:
            yield line
            line = "   "
        line += text
    yield line


if __name__ == "__main__":
    sys.stdout.write(kernels_text())
