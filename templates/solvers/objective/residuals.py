"""A sum of squares by its residuals, r (M,), and their Jacobian (M, k).

    f(x) = |r(x)|^2 / 2,   r = the residuals of the cost, then sqrt(l2) times the penalised entries

The parameters in which r is affine are solved for wherever the others stand (Golub and Pereyra
1973): the others alone are searched for, and need no start for these.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..model import EPS, Array, Blocks, Mask, Squares
from .parameters import Objective, inside

LARGEST = 1 << 25  # entries of a Jacobian that is formed: 256 MiB
ROUNDS = 2  # the second solution takes what rounding left of the first


@dataclass(frozen=True)
class Residuals:
    """The residuals of an objective whose model has them."""

    objective: Objective
    squares: Squares

    @cached_property
    def linear(self) -> Mask:
        """Which entries of x (k,) the residuals are affine in, and may have any value, (k,)."""
        layout, model = self.objective.layout, self.objective.model
        named = [p.name in self.squares.linear and not p.target.bounded for p in model.parameters]
        pairs = zip(named, layout.shapes, strict=True)
        return np.concatenate([np.full(math.prod(shape), yes) for yes, shape in pairs])

    @cached_property
    def _roots(self) -> Array:
        return np.sqrt(self.objective.penalty)

    def at(self, x: Array) -> Array | None:
        """r (M,) at x (k,); None outside of a domain or where it overflows."""
        model = self.objective.model
        parameters = self.objective.layout.unpack(x)
        pairs = zip(model.parameters, parameters, strict=True)
        if not all(inside(p, np.asarray(value)) for p, value in pairs):
            return None
        parts = _tuple(self.squares.residuals(*parameters, *self.objective.data.everything()))
        held = self._roots > 0
        r = np.concatenate([*map(np.ravel, parts), (self._roots * x)[held]])
        return r if math.isfinite(float(r @ r)) else None

    def jacobian(self, x: Array) -> Array | None:
        """The derivative of r at x, (M, k); None where it overflows."""
        shapes = self.objective.layout.shapes
        parameters = self.objective.layout.unpack(x)
        data = self.objective.data.everything()
        parts = _tuple(self.squares.jacobian(*parameters, *data))
        rows = []
        for first in range(0, len(parts), len(shapes)):
            own = zip(parts[first : first + len(shapes)], shapes, strict=True)
            rows.append(np.hstack([np.reshape(p, (-1, math.prod(s))) for p, s in own]))
        held = self._roots > 0
        J = np.vstack([*rows, np.diag(self._roots)[held]])
        return J if np.isfinite(J).all() else None

    def solved(self, x: Array) -> tuple[Array, Array] | None:
        """x with the best values of the entries that r is affine in, and r there."""
        r = self.at(x)
        if r is None or not self.linear.any():
            return None if r is None else (x, r)
        J = self.jacobian(x)
        if J is None:
            return None
        A = J[:, self.linear]  # the same wherever the linear entries stand
        for _ in range(ROUNDS):
            better = x.copy()
            better[self.linear] += least_squares(A, -r)
            after = self.at(better)
            if after is None or not after @ after < r @ r:
                break
            x, r = better, after
        return x, r

    def apart(self, J: Array) -> tuple[Array, Array]:
        """The columns of the other entries without what those of the linear ones span; and that.

        The span is an orthonormal basis (M, p).  (Kaufman 1975: the part that is left out is of
        the order of the residuals.)
        """
        Q = span(J[:, self.linear])
        rest = J[:, ~self.linear]
        for _ in range(2):  # once loses orthogonality to rounding, twice does not
            rest = rest - Q @ (Q.T @ rest)
        return rest, Q


def residuals(objective: Objective) -> Residuals | None:
    """The residuals, where the model has them and their Jacobian is small enough to be formed."""
    model, k = objective.model, objective.penalty.size
    if model.squares is None or any(p.facts for p in model.parameters):
        return None
    if any(hasattr(a, "tocsr") for a in objective.data.data):
        return None
    count = max((math.prod(np.shape(a)[:1]) for a in objective.data.data), default=1)
    return Residuals(objective, model.squares) if (count + k) * k <= LARGEST else None


def lengths(A: Array) -> Array:
    """The lengths of the columns (k,), without overflow; 1 for a column of zeros."""
    largest = np.abs(A).max(axis=0, initial=0.0)
    largest = np.where(largest > 0, largest, 1.0)
    size = largest * np.sqrt(((A / largest) ** 2).sum(axis=0))
    return np.where(size > 0, size, 1.0)


def least_squares(A: Array, b: Array) -> Array:
    """The shortest v (p,), in columns of length one, that minimises |A v - b|, A (M, p)."""
    size = lengths(A)
    v: Array = np.linalg.lstsq(A / size, b, rcond=EPS * max(A.shape))[0] / size
    return v


def span(A: Array) -> Array:
    """An orthonormal basis of what the columns of A (M, p) span, up to rounding."""
    if A.shape[1] == 0:
        return A
    U, s, _ = np.linalg.svd(A / lengths(A), full_matrices=False)
    kept: Array = U[:, s > EPS * max(A.shape) * s[0]]
    return kept


def _tuple(value: Blocks) -> tuple[Array, ...]:
    several = value if isinstance(value, tuple) else (value,)
    return tuple(np.asarray(v, dtype=np.float64) for v in several)
