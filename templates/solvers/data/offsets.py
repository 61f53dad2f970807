"""Columns whose values differ little from a large offset, without it.

A score X theta + b of such columns loses as many digits as the offset is larger than the spread.
Where every entry of a column is within a factor of two of the first one, their difference is exact
(Sterbenz 1974): so X is replaced by X minus its first row there, and the intercept takes the rest.
"""

from dataclasses import dataclass, replace

import numpy as np

from ..model import EPS, Array
from .checks import Data

FAR = 256.0  # times the spread: from here on digits are worth a copy of X
CONSTANT = 8 * EPS  # a smaller spread, relatively, is that of a constant column
ROWS = 16  # that show whether a column may have an offset


@dataclass(frozen=True)
class Offsets:
    """The data without the offsets (n,) of their columns; all are zero where X is not copied."""

    data: Data
    offset: Array

    def inward(self, w: Array) -> Array:
        """The parameters (n + 1,) for these data."""
        return self._moved(w, float(self.offset @ w[:-1])) if self.offset.any() else w

    def outward(self, w: Array) -> Array:
        """The parameters (n + 1,) for the user's data."""
        return self._moved(w, -float(self.offset @ w[:-1])) if self.offset.any() else w

    def outward_gradient(self, g: Array) -> Array:
        """The gradient (n + 1,) with respect to the user's parameters."""
        return np.append(g[:-1] + self.offset * g[-1], g[-1])

    @staticmethod
    def _moved(w: Array, by: float) -> Array:
        return np.append(w[:-1], w[-1] + by)


def without_offsets(data: Data) -> Offsets:
    """The data, copied only where a column has an offset that costs digits."""
    X = data.X
    some = X[:: max(1, len(X) // ROWS)]
    first = some[0].astype(np.float64)
    likely = np.flatnonzero(_far(some.min(axis=0), some.max(axis=0)))
    offset = np.zeros(X.shape[1])
    for j in likely:
        low, high = X[:, j].min(), X[:, j].max()
        if _far(low, high) and high - low > CONSTANT * max(abs(low), abs(high)):
            offset[j] = first[j]
    if not offset.any():
        return Offsets(data, offset)
    return Offsets(replace(data, X=X.astype(np.float64) - offset), offset)


def _far(low: Array, high: Array) -> Array:
    """Whether all values are much further from zero than from each other."""
    near = np.minimum(np.abs(low), np.abs(high))
    return np.asarray((np.sign(low) == np.sign(high)) & (near > FAR * (high - low)))
