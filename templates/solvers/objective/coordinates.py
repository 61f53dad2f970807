"""Coordinates that are safe for float64 and float32, whatever units the columns have.

    theta_j = unit_j phi_j,    b = phi_b - centre . theta

unit_j is a power of two that brings column j to size about one (exact in binary); centring
takes the intercept out of the columns.  Neither changes the minimiser, so that the sizes may be
those of some rows, unless these mislead.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..model import EPS, Array, Mask

SAMPLE = 2_000  # rows that show how large the columns are
FURTHEST = 1020  # binary exponents of units whose reciprocals are finite and have all digits
TINY = 2.0**-1022  # a column of smaller entries, whose coefficients overflow, counts as zero
MISLED = 2.0**20  # a mean so much larger than the entries of the sample: look at all rows


@dataclass(frozen=True)
class Coordinates:
    """The change of coordinates.  factor and shift give the block A = X * factor - shift.

    relief: the units that the columns alone would have, relative to those that they have because
    of the penalty, (k,), or None where these are the same.

    A column that is constant up to rounding becomes zero in A where an intercept takes its part.
    """

    unit: Array
    centre: Array
    factor: Array
    shift: Array
    intercept: bool
    relief: Array | None = None

    @cached_property
    def size(self) -> Array:
        """The size of the columns, (k,): the intercept's is one."""
        return np.append(1.0 / self.unit, 1.0) if self.intercept else 1.0 / self.unit

    def inward(self, w: Array) -> Array:
        """The point phi (k,) that is w (k,) in the user's units."""
        phi: Array = w * self.size
        if self.intercept:
            phi[-1] += self.centre @ w[:-1]
        return phi

    def outward(self, phi: Array) -> Array:
        """A direction phi (k,) in the user's units, (k,)."""
        if not self.intercept:
            return phi * self.unit
        w = phi.copy()
        w[:-1] *= self.unit
        w[-1] -= self.centre @ w[:-1]
        return w

    def outward_hessian(self, H: Array) -> Array:
        """A Hessian H (k, k) with respect to phi, in the user's units."""
        k = H.shape[0]
        M = np.eye(k)
        n = k - int(self.intercept)
        M[:n, :n] = np.diag(1.0 / self.unit)
        if self.intercept:
            M[n, :n] = self.centre
        product: Array = M.T @ H @ M
        return product


def unchanged(k: int) -> Coordinates:
    """The coordinates of k columns that are as they should be; one may be the intercept's."""
    ones, nothing = np.ones(k), np.zeros(k)
    return Coordinates(ones, nothing, ones, nothing, intercept=False)


def fitted(X: Array, mean: Array, l2: float, intercept: bool) -> Coordinates:
    """The coordinates for the columns of X (m, n) with these means (n,)."""
    high, low = _ends(X, mean)
    largest = np.maximum(high, -low)
    unit = _units(largest, np.maximum(largest, math.sqrt(l2)))
    relief = None
    if (unit != (own := _units(largest, largest))).any():
        relief = np.append(own / unit, 1.0) if intercept else own / unit
    if not intercept:
        nothing = np.zeros(unit.size)
        return Coordinates(unit, nothing, unit, nothing, intercept, relief)
    centre, factor = mean * unit, unit
    shift = centre
    # Subtracting a rounded mean would turn a constant column into noise.
    constant = _constant(high * unit, low * unit)
    if constant.any():
        centre = np.where(constant, high * unit, centre)
        factor = np.where(constant, 0.0, unit)
        shift = np.where(constant, 0.0, centre)
    return Coordinates(unit, centre / unit, factor, shift, intercept, relief)


def _units(largest: Array, size: Array) -> Array:
    """The powers of two that bring this size to about one; a column of nothing keeps its unit."""
    unit = np.ldexp(1.0, -np.clip(np.frexp(size)[1], -FURTHEST, FURTHEST))
    return np.where(largest < TINY, np.minimum(unit, 1.0), unit)


def _ends(X: Array, mean: Array) -> tuple[Array, Array]:
    """The largest and the smallest entry of every column, (n,).

    Those of some rows will do, but not for a column that is constant there, or of another size.
    """
    every = max(1, len(X) // SAMPLE)
    rows = X[::every]
    high = rows.max(axis=0).astype(np.float64)
    low = rows.min(axis=0).astype(np.float64)
    if every == 1:
        return high, low
    misled = np.abs(mean) > MISLED * np.maximum(high, -low)
    for j in np.flatnonzero(_constant(high, low) | misled):
        high[j], low[j] = X[:, j].max(), X[:, j].min()
    return high, low


def _constant(high: Array, low: Array) -> Mask:
    """Which columns are constant up to rounding, from their largest and smallest entries."""
    constant: Mask = high - low <= 8 * EPS * np.maximum(high, -low)
    return constant
