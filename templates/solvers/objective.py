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
from dataclasses import dataclass, replace

import numpy as np

from .data import Data
from .model import Array, LinearModel

BLOCK = 1 << 17  # entries of a block of rows: 1 MiB, stays in cache
WIDE = 1 << 10  # entries of rows that are searched side by side
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

    def sample(self, every: int) -> "Objective":
        """The objective over every so manyth row, in the same coordinates; no row is copied."""
        data = self.data
        s = data.s[::every]
        return replace(self, data=Data(data.X[::every], data.y[::every], s / s.sum()))

    def scores(self, w: Array) -> Array:
        """z = X theta + b, shape (m,)."""
        z: Array = self.data.X @ w[: self.n]
        return z + w[-1] if self.intercept else z

    def at(self, w: Array) -> Point:
        """The objective at w."""
        return self._read(w, w, None)[0]

    def along(self, point: Point, p: Array) -> tuple[Point, Array]:
        """The objective at w + p, and the change of the scores X p (m,), from one reading of X."""
        return self._read(point.w + p, p, point.z)

    def _read(self, w: Array, p: Array, origin: Array | None) -> tuple[Point, Array]:
        """The objective at w, where the scores are those of p plus `origin` (m,).

        X is read once: block by block, while it is in the cache.
        """
        X, y, s = self.data.X, self.data.y, self.data.s
        along, bias = p[: self.n], float(p[-1]) if self.intercept else 0.0
        u, r = np.empty(X.shape[0]), np.empty(X.shape[0])
        z = u if origin is None else np.empty(X.shape[0])
        g, mean, size = np.zeros(self.n), 0.0, 0.0
        for rows, out in self._work():
            change = np.dot(X[rows], along, out=u[rows])
            change += bias
            if origin is not None:
                np.add(origin[rows], change, out=z[rows])
            self.model.evaluate(z[rows], y[rows], out)
            losses, slopes = out[0], np.multiply(s[rows], out[1], out=r[rows])
            g += slopes @ X[rows]
            mean += float(s[rows] @ losses)
            size += float(s[rows] @ np.abs(losses, out=losses))
        theta = w[: self.n]
        penalty = 0.5 * self.l2 * float(theta @ theta)
        g += self.l2 * theta
        gradient = np.append(g, r.sum()) if self.intercept else g
        point = Point(
            w=w,
            z=z,
            r=r,
            cost=mean + penalty,
            gradient=gradient,
            norm=float(np.abs(gradient).max(initial=0.0)),
            rounding=64 * EPS * (size + penalty),
            sway=4 * EPS * float(np.abs(w) @ self.coordinates.size),
        )
        return point, u

    def gradient(self, w: Array) -> Array:
        """The gradient (k,) at w, from one reading of X and without arrays of X's length."""
        X, y, s = self.data.X, self.data.y, self.data.s
        theta, bias = w[: self.n], float(w[-1]) if self.intercept else 0.0
        g, total = self.l2 * theta, 0.0
        for rows, out in self._work():
            scores = np.dot(X[rows], theta, out=out[-1])
            scores += bias
            self.model.evaluate_slope(scores, y[rows], out[:-1])
            slopes = np.multiply(s[rows], out[0], out=out[0])
            g += slopes @ X[rows]
            total += float(slopes.sum())
        return np.append(g, total) if self.intercept else g

    def hessian(self, point: Point) -> tuple[Array, Array]:
        """The Hessian (k, k) and the gradient (k,) with respect to phi.

        The gradient is computed again from the centred columns: taken from the user's
        gradient it would lose the digits that large column means cost.
        """
        H = self.gram(self.weights(point))
        g = np.zeros(H.shape[0])
        for rows, A in self._blocks():
            g += A.T @ point.r[rows]
        g[: self.n] += self.l2 * point.w[: self.n] * self.coordinates.unit
        return H, g

    def weights(self, point: Point) -> Array:
        """The curvatures of the samples, (m,): the Hessian is their Gram matrix."""
        return self.data.s * self.model.curvature(point.z, self.data.y)

    def inward_gradient(self, w: Array, g: Array) -> Array:
        """The gradient (k,) with respect to phi from the user's g at w, without reading X."""
        c = self.coordinates
        if not self.intercept:
            return g * c.unit
        theta = np.where(c.factor > 0, g[:-1] - c.centre * g[-1], self.l2 * w[:-1])
        return np.append(theta * c.unit, g[-1])

    def gram(self, weights: Array, dtype: type = np.float64) -> Array:
        """A' diag(weights) A plus the penalty, shape (k, k); A holds the scaled columns.

        In float32 it takes half the time; that serves where it only shapes the steps.
        """
        k = self.n + int(self.intercept)
        H = np.zeros((k, k))
        for rows, A in self._blocks(dtype):
            weight = weights[rows]
            if weight.min() >= 0:
                A *= np.sqrt(weight)[:, None].astype(dtype)
                H += A.T @ A  # the same array twice: NumPy calls the symmetric product
            else:
                H += A.T @ (A * weight[:, None])
        j = np.arange(self.n)
        H[j, j] += (np.sqrt(self.l2) * self.coordinates.unit) ** 2
        return H

    def gram_diagonal(self, weights: Array) -> Array:
        """The diagonal of that Gram matrix, (k,), in m k operations."""
        total = np.zeros(self.n + int(self.intercept))
        for rows, A in self._blocks():
            total += weights[rows] @ np.square(A, out=A)
        total[: self.n] += self.l2 * self.coordinates.unit**2
        return total

    def _rows(self, columns: int) -> Iterator[slice]:
        """The rows in blocks of about BLOCK entries."""
        m, size = self.data.X.shape[0], max(1, BLOCK // max(1, columns))
        return (slice(start, min(start + size, m)) for start in range(0, m, size))

    def _work(self) -> Iterator[tuple[slice, Array]]:
        """The rows in blocks, each with the same buffers for what is computed of it."""
        whole: Array | None = None
        for rows in self._rows(self.n):
            count = rows.stop - rows.start
            whole = np.empty((self.model.rows + 1, count)) if whole is None else whole
            yield rows, whole[:, :count]

    def _blocks(self, dtype: type = np.float64) -> Iterator[tuple[slice, Array]]:
        """Blocks of rows of A (rows, k), each freshly made, with ones for the intercept."""
        X, c = self.data.X, self.coordinates
        k = self.n + int(self.intercept)
        for rows in self._rows(k):
            A = np.ones((rows.stop - rows.start, k), dtype)
            np.multiply(X[rows], c.factor, out=A[:, : self.n], casting="same_kind")
            A[:, : self.n] -= c.shift.astype(dtype)
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
    high, low = _ends(X)
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


def _ends(X: Array) -> tuple[Array, Array]:
    """The largest and the smallest entry of every column, (n,), from one reading of X.

    Many rows side by side are one long row: that keeps the loop over columns long.
    """
    m, n = X.shape
    side = max(1, WIDE // max(1, n)) if X.flags.c_contiguous else 1
    whole = m - m % side
    highs, lows = [X[whole:]], [X[whole:]]
    rows = max(1, BLOCK // max(1, n) // side) * side
    for start in range(0, whole, rows):
        block = X[start : min(start + rows, whole)].reshape(-1, side * n)
        highs.append(block.max(axis=0).reshape(side, n))
        lows.append(block.min(axis=0).reshape(side, n))
    return np.concatenate(highs).max(axis=0), np.concatenate(lows).min(axis=0)
