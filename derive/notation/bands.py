"""Matrices of shifted letters and of positions: unit vectors, rows of the identity, differences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from derive.notation.expression import Axis
from derive.notation.matrix import Axes, Mat


@dataclass(frozen=True)
class Unit(Mat):
    """The vector with 1 at a position (from the end if it is negative) and 0 elsewhere: e_1."""

    axis: Axis
    position: int

    @cached_property
    def axes(self) -> Axes:
        return (self.axis,)


@dataclass(frozen=True)
class Band(Mat):
    """A matrix that is constant along its diagonals: `bands` pairs column - row with the entries.

    Over rows n - 1 and columns n the bands ((0, -1), (1, 1)) are the matrix of differences
    D v = (v_2 - v_1, v_3 - v_2, ...), and ((1, 1),) takes v from its second entry on.
    """

    rows: Axis
    columns: Axis
    bands: tuple[tuple[int, Fraction], ...]

    @cached_property
    def axes(self) -> Axes:
        return (self.rows, self.columns)

    @property
    def inside(self) -> bool:
        """Whether every band runs through all rows: no row looks past the ends of a vector."""
        return all(0 <= s <= self.rows.cut - self.columns.cut for s, _ in self.bands)

    @property
    def taken(self) -> int | None:
        """s where A v is v from position s + 1 on, as many entries as there are rows."""
        ((shift, value), *more) = self.bands
        return shift if self.inside and not more and value == 1 else None

    @property
    def order(self) -> int | None:
        """q where the matrix takes differences of order q: (-1, 1), (1, -2, 1), ..."""
        order = self.rows.cut - self.columns.cut
        if order < 1 or self.rows.root != self.columns.root:
            return None
        binomials = tuple(
            (k, Fraction((-1) ** (order - k) * math.comb(order, k))) for k in range(order + 1)
        )
        return order if self.bands == binomials else None


def last_row(mat: Band) -> Axis:
    """The last position that a matrix takes from a vector, as the size of an axis."""
    return mat.rows.root.less(mat.rows.cut - (mat.taken or 0))
