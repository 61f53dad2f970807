"""Polynomials on cells: how a number finds its cell, and what the cell's polynomial gives.

The tables themselves stand in kernels.py. A cell's polynomial is c_0 + (low + c_1 r + c_2 r^2 +
...) in the distance r from the cell's middle: c_0 has a second part `low`, and |c_1 r| is small
beside it, so that the sum is wrong by little more than its last rounding.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Cells: TypeAlias = NDArray[np.intp]
Place: TypeAlias = tuple[Cells, Array]

BLOCK = 8192  # entries at a time: what they need in between stays in the cache
LIFT, LOWER = 37.0, float.fromhex("0x1.898471fca6055p-54")  # e^-37 is nearly a float64 number


@dataclass(frozen=True)
class Bent:
    """Cells of equal width in t/(bend + |t|), `count` to 1, the first at first/count."""

    bend: float
    count: int
    first: int
    last: int

    def find(self, t: Array) -> Cells:
        """The cell of every number."""
        place = np.abs(t)
        place += self.bend
        np.divide(t, place, out=place)
        place *= self.count
        place -= self.first
        return place.astype(np.intp)


@dataclass(frozen=True)
class Equal:
    """Cells of the width 1/count from first/count on."""

    count: int
    first: int
    last: int

    def find(self, t: Array) -> Cells:
        """The cell of every number."""
        place = t * self.count
        place -= self.first
        return place.astype(np.intp)


@dataclass(frozen=True)
class Octaves:
    """Every interval from 2^e to 2^(e + 1) in 2^bits equal parts, for e from first on."""

    bits: int
    first: int
    last: int

    def find(self, t: Array) -> Cells:
        """The cell of every number: its exponent and the first bits that follow."""
        place = t.view(np.int64) >> (52 - self.bits)
        place -= (1023 + self.first) << self.bits
        return place.astype(np.intp, copy=False)


@dataclass(frozen=True)
class Single:
    """One cell, from 0 to high."""

    high: float

    def find(self, t: Array) -> Cells:
        """Always the same cell."""
        return np.zeros(t.shape, dtype=np.intp)


class Table:
    """A function on the cells of a range: rows of middles, of low, c_0, c_1, ..., cell by cell."""

    def __init__(self, cut: Bent | Equal | Octaves | Single, numbers: list[float]) -> None:
        cells = 1 if isinstance(cut, Single) else cut.last - cut.first
        if isinstance(cut, Octaves):
            cells <<= cut.bits
        self.cut = cut
        self.rows = np.array(numbers).reshape(-1, cells)

    def __call__(self, t: Array) -> Array:
        """The function at numbers of its range."""
        c, q = self.parts(*self.place(t))
        q += c
        return q

    def scaled(self, t: Array, lost: Array) -> Array:
        """The function times 1 - lost, for `lost` below 2^-40, rounded once."""
        return self.scaled_at(self.place(t), lost)

    def scaled_at(self, place: Place, lost: Array) -> Array:
        """The same, at numbers that a table with the same cells has placed."""
        c, q = self.parts(*place)
        q -= (c + q) * lost
        q += c
        return q

    def place(self, t: Array) -> Place:
        """The cell of every number, and how far from the cell's middle it is."""
        k = self.cut.find(t)
        return k, t - self.rows[0].take(k, mode="clip")

    def parts(self, k: Cells, r: Array) -> tuple[Array, Array]:
        """c_0 and all the rest of the polynomial."""
        _, low, first, *others = self.rows
        q = others[-1].take(k, mode="clip")
        for row in (*others[-2::-1], low):
            q *= r
            q += row.take(k, mode="clip")
        return first.take(k, mode="clip"), q


def entrywise(function: Callable[[Array], Array]) -> Callable[[ArrayLike], Array]:
    """A function of float64 vectors for arrays of any shape, block by block, without warnings.

    It is computed in float64; what comes in float32 or float16 is rounded to that at the end.
    """

    @functools.wraps(function)
    def whole(t: ArrayLike) -> Array:
        (result,) = _blockwise(lambda x: (function(x),), 1, t)
        return result

    return whole


def together(
    function: Callable[[Array], tuple[Array, Array, Array]],
) -> Callable[[ArrayLike], tuple[Array, Array, Array]]:
    """The same for a function with three values, which share a part of their work."""

    @functools.wraps(function)
    def whole(t: ArrayLike) -> tuple[Array, Array, Array]:
        first, second, third = _blockwise(function, 3, t)
        return first, second, third

    return whole


def _blockwise(
    function: Callable[[Array], tuple[Array, ...]], count: int, t: ArrayLike
) -> list[Array]:
    """Every one of `count` values, in the shape of t and in its type if that is a floating one."""
    given = np.asarray(t)
    kind = given.dtype if given.dtype in (np.float32, np.float16) else np.dtype(np.float64)
    x = np.ascontiguousarray(given, dtype=np.float64).reshape(-1)
    out = np.empty((count, x.size))
    with np.errstate(all="ignore"):
        for start in range(0, x.size, BLOCK):
            block = slice(start, start + BLOCK)
            for row, values in zip(out, function(x[block]), strict=True):
                row[block] = values
        return [row.reshape(given.shape).astype(kind, copy=False)[()] for row in out]


def patch(
    out: Array, x: Array, where: NDArray[np.bool_], function: Callable[[Array], Array]
) -> None:
    """Put a function's values where another does not reach; nothing is computed elsewhere."""
    if where.any():
        out[where] = function(x[where])


def within(t: Array, low: float, high: float) -> Array:
    """The nearest number between two bounds; nan stays nan."""
    inside = np.maximum(t, low)
    np.minimum(inside, high, out=inside)
    return inside
