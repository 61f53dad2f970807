"""The objective, its gradient and Hessian, and the objective along a line.

A point is w = (theta, b) of shape (k,): k = n + 1 with an intercept b, else w = theta, k = n.

    f(w) = sum_i s_i loss(z_i, y_i) + l2/2 |theta|^2,   z = X theta + b,   sum(s) = 1

Values and gradients are taken in the user's units, so that what is tested is what the user
can test.  Hessians are taken in coordinates phi that are safe for float64:

    theta_j = unit_j phi_j,    b = phi_b - centre . theta

unit_j is a power of two that brings column j to size about one (exact in binary); centring
takes the intercept out of the columns.  Neither changes the minimiser.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .data import Data
from .model import Array, LinearModel

BLOCK = 1 << 17  # entries of a block of rows: 1 MiB, stays in cache
EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Coordinates:
    """The change of coordinates.  factor and shift give the block A = X * factor - shift.

    A column that is constant up to rounding becomes zero in A where an intercept takes its part.
    """

    unit: Array
    centre: Array
    factor: Array
    shift: Array
    intercept: bool

    @property
    def size(self) -> Array:
        """The size of the columns, (k,): the intercept's is one."""
        return np.append(1.0 / self.unit, 1.0) if self.intercept else 1.0 / self.unit

    def outward(self, phi: Array) -> Array:
        """A direction phi (k,) in the user's units, (k,)."""
        if not self.intercept:
            return phi * self.unit
        theta = phi[:-1] * self.unit
        return np.append(theta, phi[-1] - self.centre @ theta)

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


@dataclass(frozen=True)
class Point:
    """f and its gradient at w: scores z (m,), slopes r = s * d loss/dz (m,), gradient (k,).

    rounding: what a change of cost must exceed to be more than rounding; sway: the same for
    a change of the scores.
    """

    w: Array
    z: Array
    r: Array
    cost: float
    gradient: Array
    norm: float
    rounding: float
    sway: float

    def finite(self) -> bool:
        """Whether nothing overflowed."""
        return bool(np.isfinite(self.cost) and np.isfinite(self.norm))


@dataclass(frozen=True)
class Objective:
    """f for one model and one data set."""

    model: LinearModel
    data: Data
    l2: float
    intercept: bool
    coordinates: Coordinates

    @property
    def n(self) -> int:
        """The number of columns of X."""
        return int(self.data.X.shape[1])

    def scores(self, w: Array) -> Array:
        """z = X theta + b, shape (m,)."""
        z: Array = self.data.X @ w[: self.n]
        return z + w[-1] if self.intercept else z

    def at(self, w: Array) -> Point:
        """The objective at w."""
        X, y, s = self.data.X, self.data.y, self.data.s
        theta, z = w[: self.n], self.scores(w)
        losses = s * self.model.loss(z, y)
        r = s * self.model.slope(z, y)
        penalty = 0.5 * self.l2 * float(theta @ theta)
        g = X.T @ r + self.l2 * theta
        gradient = np.append(g, r.sum()) if self.intercept else g
        return Point(
            w=w,
            z=z,
            r=r,
            cost=float(losses.sum()) + penalty,
            gradient=gradient,
            norm=float(np.abs(gradient).max(initial=0.0)),
            rounding=64 * EPS * (float(np.abs(losses).sum()) + penalty),
            sway=4 * EPS * float(np.abs(w) @ self.coordinates.size),
        )

    def hessian(self, point: Point) -> tuple[Array, Array]:
        """The Hessian (k, k) and the gradient (k,) with respect to phi.

        The gradient is computed again from the centred columns: taken from the user's
        gradient it would lose the digits that large column means cost.
        """
        curvature = self.data.s * self.model.curvature(point.z, self.data.y)
        H = self.gram(curvature)
        g = np.zeros(H.shape[0])
        for rows, A in self._blocks():
            g += A.T @ point.r[rows]
        g[: self.n] += self.l2 * point.w[: self.n] * self.coordinates.unit
        return H, g

    def inward_gradient(self, point: Point) -> Array:
        """The gradient (k,) with respect to phi from the user's, without reading X again."""
        c, g = self.coordinates, point.gradient
        if not self.intercept:
            return g * c.unit
        theta = np.where(c.factor > 0, g[:-1] - c.centre * g[-1], self.l2 * point.w[:-1])
        return np.append(theta * c.unit, g[-1])

    def gram(self, weights: Array) -> Array:
        """A' diag(weights) A plus the penalty, shape (k, k); A holds the scaled columns."""
        k = self.n + int(self.intercept)
        H = np.zeros((k, k))
        for rows, A in self._blocks():
            weight = weights[rows]
            if weight.min() >= 0:
                A *= np.sqrt(weight)[:, None]
                H += A.T @ A  # the same array twice: NumPy calls the symmetric product
            else:
                H += A.T @ (A * weight[:, None])
        j = np.arange(self.n)
        H[j, j] += (np.sqrt(self.l2) * self.coordinates.unit) ** 2
        return H

    def _blocks(self) -> Iterator[tuple[slice, Array]]:
        """Blocks of rows of A (rows, k), each freshly made, with ones for the intercept."""
        X, c = self.data.X, self.coordinates
        m, k = X.shape[0], self.n + int(self.intercept)
        size = max(1, BLOCK // max(1, k))
        for start in range(0, m, size):
            rows = slice(start, min(start + size, m))
            A = np.ones((rows.stop - start, k))
            np.multiply(X[rows], c.factor, out=A[:, : self.n])
            A[:, : self.n] -= c.shift
            yield rows, A


@dataclass(frozen=True)
class Ray:
    """f on the half line w + t p, t >= 0, from cached scores z + t u: no reading of X."""

    objective: Objective
    origin: Point
    p: Array
    u: Array

    def cost(self, t: float) -> float:
        """f(w + t p)."""
        o = self.objective
        theta = self.origin.w[: o.n] + t * self.p[: o.n]
        losses = o.data.s * o.model.loss(self.origin.z + t * self.u, o.data.y)
        return float(losses.sum()) + 0.5 * o.l2 * float(theta @ theta)

    def slope(self, t: float) -> float:
        """d/dt f(w + t p)."""
        o = self.objective
        theta = self.origin.w[: o.n] + t * self.p[: o.n]
        slopes = o.data.s * o.model.slope(self.origin.z + t * self.u, o.data.y)
        return float((slopes * self.u).sum()) + o.l2 * float(theta @ self.p[: o.n])


def make_objective(model: LinearModel, data: Data, l2: float, intercept: bool) -> Objective:
    """The objective, with coordinates fitted to the columns."""
    X, s = data.X, data.s
    n = X.shape[1]
    high, low = X.max(axis=0), X.min(axis=0)
    largest = np.maximum(high, -low)
    size = np.maximum(largest, np.sqrt(l2))
    exponent = np.clip(np.frexp(size)[1], -1000, 1000)
    unit = np.where(size > 0, np.ldexp(1.0, -exponent), 1.0)
    centre, factor = np.zeros(n), unit
    if intercept:
        rows = max(1, BLOCK // max(1, n))
        for start in range(0, X.shape[0], rows):
            block = slice(start, start + rows)
            centre += s[block] @ (X[block] * unit)
        # Subtracting a rounded mean would turn a constant column into noise.
        constant = high * unit - low * unit <= 8 * EPS * largest * unit
        centre = np.where(constant, high * unit, centre)
        factor = np.where(constant, 0.0, unit)
    shift = np.where(factor > 0, centre, 0.0)
    coordinates = Coordinates(unit, centre / unit, factor, shift, intercept)
    return Objective(model, data, l2, intercept, coordinates)
