"""Functions of one variable as polynomials on cells: Chebyshev series, cut off and rounded.

On a cell [low, high] with the middle c and the half width w, a smooth function is the sum of
a_k T_k((t - c)/w). The a_k are taken from the values at the zeros of T_n in many digits (Clenshaw
and Curtis 1960; Trefethen 2013, Approximation Theory and Approximation Practice), the series is
cut off where the rest is too small to matter, and what is left is written in powers of t - c. What
was cut off and what rounding the coefficients costs are added up: every cell has its bound.

All is done with mpmath's numbers: the same digits on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import mpmath

Function = Callable[[mpmath.mpf], mpmath.mpf]

DIGITS = 50
POINTS = 22
"""So many values of a function are taken on a cell: the highest degree is well below."""
NEGLIGIBLE = 2.0**-60
"""What may be cut off of a function, and lost of one coefficient, relative to the function."""
BOUND = 2.0**-55
"""No cell of a table may be further from its function, relatively: a quarter of an ulp at most."""
MIDDLE_BITS = 12
"""A cell's middle has few bits: t - c is then exact for float64 numbers t of the same size."""


FRACTION_BITS = 200
"""Sums are taken with whole numbers: these bits come after the point, relative to the function."""


@dataclass(frozen=True)
class Cell:
    """An interval on which a function is one polynomial: as far as `reach` from its middle."""

    middle: float
    reach: mpmath.mpf


def cell(low: mpmath.mpf, high: mpmath.mpf) -> Cell:
    """The cell of an interval; its middle is about the midpoint, a number of few bits."""
    unit = mpmath.ldexp(1, mpmath.frexp(high - low)[1] - MIDDLE_BITS)
    middle = mpmath.nint((low + high) / 2 / unit) * unit
    return Cell(float(middle), max(high - middle, middle - low))


@dataclass(frozen=True)
class Piece:
    """A polynomial in t - middle: c_0 in two parts, c_0 + low, then c_1, c_2, ...

    `bound` is its largest distance from the function, relative to the function's least value.
    """

    middle: float
    low: float
    coefficients: tuple[float, ...]
    bound: float


def pieces(function: Function, cells: Sequence[Cell]) -> tuple[Piece, ...]:
    """A function on several cells, by polynomials of one degree: the least that serves all."""
    with mpmath.workdps(DIGITS):
        found = [_series(function, cell) for cell in cells]
        degree = max(_degree(series) for series in found)
        made = tuple(_piece(series, degree, c) for series, c in zip(found, cells, strict=True))
    worst = max(piece.bound for piece in made)
    if worst > BOUND:
        raise ArithmeticError(f"a cell is off by {worst:.2g}: it has to be cut into smaller ones")
    return made


@dataclass(frozen=True)
class _Series:
    """A Chebyshev series, relative to the least size of the function where it was looked at."""

    terms: tuple[int, ...]
    size: mpmath.mpf

    def rest(self, degree: int) -> mpmath.mpf:
        """What the terms above a degree add up to; the unknown ones count as twice the last two."""
        tail = sum(map(abs, self.terms[degree + 1 :]))
        return mpmath.ldexp(tail + 2 * sum(map(abs, self.terms[-2:])), -FRACTION_BITS)


def _series(function: Function, cell: Cell) -> _Series:
    """Chebyshev's series from the values at the zeros of T_n: a sum over cosines."""
    values = [function(cell.middle + cell.reach * x) for x in _zeros()]
    size = min(abs(v) for v in values)
    whole = [_whole(v / size) for v in values]
    sums = [sum(v * c for v, c in zip(whole, row, strict=True)) for row in _cosines()]
    terms = [(2 * total // POINTS) >> FRACTION_BITS for total in sums]
    return _Series((terms[0] // 2, *terms[1:]), size)


def _degree(series: _Series) -> int:
    """The least degree above which the series may be cut off."""
    for degree in range(POINTS):
        if series.rest(degree) <= NEGLIGIBLE:
            return degree
    raise ArithmeticError("the series falls off too slowly: the cell has to be cut")


def _piece(series: _Series, degree: int, cell: Cell) -> Piece:
    """The series up to a degree in powers of t - middle, rounded to as few digits as serve."""
    powers = [0] * (degree + 1)
    for a, row in zip(series.terms[: degree + 1], _monomials(), strict=False):
        for k, c in enumerate(row):
            powers[k] += a * c
    relative = [mpmath.ldexp(c, -FRACTION_BITS) for c in powers]
    whole = relative[0] * series.size
    first = float(whole)
    low = _rounded(whole - first, series.size)
    rounded = [_rounded(c * s, s) for c, s in zip(relative, _scales(series, cell), strict=False)]
    lost = series.rest(degree) + abs(whole - first - low) / series.size
    for c, r, s in zip(relative[1:], rounded[1:], _scales(series, cell)[1:], strict=False):
        lost += abs(c - r / s)
    return Piece(cell.middle, low, (first, *rounded[1:]), float(lost))


def _scales(series: _Series, cell: Cell) -> list[mpmath.mpf]:
    """The size of c_k whose term would be as large as the function."""
    scales = [series.size]
    while len(scales) < POINTS:
        scales.append(scales[-1] / cell.reach)
    return scales


def _rounded(c: mpmath.mpf, size: mpmath.mpf) -> float:
    """A coefficient in as few decimal digits as it needs beside a size; float64 has 17."""
    relative = abs(c) / (size * NEGLIGIBLE)
    if relative <= 1 / 4:
        return 0.0
    digits = len(str(int(relative))) + 1
    return float(mpmath.nstr(c, digits)) if digits < 17 else float(c)


def _whole(x: mpmath.mpf) -> int:
    return int(mpmath.nint(mpmath.ldexp(x, FRACTION_BITS)))


@cache
def _zeros() -> tuple[mpmath.mpf, ...]:
    with mpmath.workdps(2 * DIGITS):
        return tuple(mpmath.cos(mpmath.pi * (2 * j + 1) / (2 * POINTS)) for j in range(POINTS))


@cache
def _cosines() -> tuple[tuple[int, ...], ...]:
    """T_k at the zeros of T_n, k by k."""
    with mpmath.workdps(2 * DIGITS):
        rows = [[mpmath.mpf(1)] * POINTS, list(_zeros())]
        while len(rows) < POINTS:
            rows.append([2 * x * b - a for x, a, b in zip(_zeros(), *rows[-2:], strict=True)])
        return tuple(tuple(map(_whole, row)) for row in rows)


@cache
def _monomials() -> tuple[tuple[int, ...], ...]:
    """T_k in powers of its variable, k by k."""
    rows = [[1], [0, 1]]
    while len(rows) < POINTS:
        before, last = rows[-2:]
        row = [0, *(2 * c for c in last)]
        for k, c in enumerate(before):
            row[k] -= c
        rows.append(row)
    return tuple(map(tuple, rows))
