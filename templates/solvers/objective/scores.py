"""The objective, its gradient and Hessian.

A point is w = (theta, b) of shape (k,): k = n + 1 with an intercept b, else w = theta, k = n.

    f(w) = sum_i s_i loss(z_i, y_i) + l2/2 |theta|^2,   z = X theta + b,   sum(s) = 1

Values and gradients are taken in the user's units, so that what is tested is what the user
can test.  Hessians are taken in coordinates phi that are safe for float64: see `coordinates`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..algebra.products import combination, product, weighted_gram
from ..data.blocks import BLOCK, Block, Team
from ..data.checks import Data, uniform
from ..model import EPS, Array, LinearModel, Numbers
from .coordinates import Coordinates, fitted, unchanged
from .values import Point, Quadratic, Value

COPIED = 1 << 14  # entries that are copied at once
LEVEL = 2_000  # rows that tell how large slopes and losses are
RANGE = 40  # binary exponents of the columns with which single precision is safe


@dataclass(frozen=True)
class Objective:
    """f for one model and one data set."""

    model: LinearModel
    data: Data
    l2: float | Array
    intercept: bool
    coordinates: Coordinates
    team: Team

    @cached_property
    def n(self) -> int:
        """The number of columns of X."""
        return int(self.data.X.shape[1])

    @cached_property
    def k(self) -> int:
        """The number of parameters."""
        return self.n + int(self.intercept)

    @cached_property
    def level(self) -> tuple[float, float]:
        """The mean sizes of slopes and losses where all scores are zero, of some of the rows."""
        every = max(1, len(self.data.y) // LEVEL)
        y, s = self.data.y[::every], self.data.s[::every]
        z, weights = np.zeros(len(y)), s / s.sum()
        slopes, losses = self.model.slope(z, y), self.model.loss(z, y)
        return float(weights @ np.abs(slopes)), float(weights @ np.abs(losses))

    def sample(self, every: int) -> "Objective":
        """The objective over every so manyth row, in the same coordinates."""
        data = self.data
        y = np.ascontiguousarray(data.y[::every])
        s = uniform(len(y)) if data.s.strides == (0,) else data.s[::every] / data.s[::every].sum()
        return replace(self, data=replace(data, X=data.X[::every], y=y, s=s))

    def inward_sample(self, every: int) -> "Objective":
        """The same as a function of phi, in single precision: its X is a copy of the block A.

        The columns are centred before they are rounded, so that large means cost no digits.
        """
        of = self.sample(every).data
        count, single = len(of.y), np.float32
        A, buffer = np.empty((count, self.k), single), None
        size = max(1, COPIED // max(1, self.k))
        for first in range(0, count, size):
            rows = slice(first, min(first + size, count))
            block = Block(rows, of.X[rows], of.y[rows], of.s[rows], A)
            buffer = self.scaled(block, np.float64, buffer)
            A[rows] = buffer[: rows.stop - first]
        s = uniform(count, single) if of.s.strides == (0,) else of.s.astype(single)
        bends = np.append(self._bends, 0.0) if self.intercept else self._bends
        data = Data(A, of.y.astype(single), s, single=True)
        return replace(self, data=data, l2=bends, intercept=False, coordinates=unchanged(self.k))

    def rounded(self) -> "Objective | None":
        """The objective with X rounded to single precision, in memory; None if that overflows.

        Its scores and gradients have the errors of single precision.
        """
        X = self.data.X
        if X.dtype != np.float64 or not (np.abs(np.frexp(self.coordinates.unit)[1]) < RANGE).all():
            return None
        return replace(self, data=replace(self.data, X=X.astype(np.float32), single=True))

    def scores(self, w: Array) -> Array:
        """z = X theta + b, shape (m,)."""
        z = np.empty(len(self.data.y))

        def part(blocks: Iterator[Block]) -> tuple[float, ...]:
            for block in blocks:
                self._scores(block, w, z[block.rows])
            return ()

        self.team.add(part, self.data, 0)
        return z

    def _scores(self, block: Block, w: Array, out: Array) -> Array:
        """The scores of a block of rows, into out."""
        product(block.X, w[: self.n], out)
        if self.intercept:
            out += w[-1]
        return out

    def at(self, w: Array, *, curved: bool = False) -> Point:
        """The objective at w; curved: with the samples' curvatures."""
        return self._read(w, w, None, curved=curved)[0]

    def along(self, point: Point, p: Array) -> tuple[Point, Array]:
        """The objective at w + p, and the change of the scores X p (m,), from one reading of X."""
        return self._read(point.w + p, p, point.z)

    def _read(
        self, w: Array, p: Array, origin: Array | None, *, curved: bool = False
    ) -> tuple[Point, Array]:
        """The objective at w, where the scores are those of p plus `origin` (m,).

        X is read once: block by block, while it is in the cache.
        """
        m, moves = len(self.data.y), bool(p.any())
        u, r = np.empty(m) if moves else np.zeros(m), np.empty(m)
        z = u if origin is None else np.empty(m)
        weights = np.empty(m) if curved else None
        evaluate = self.model.evaluate if curved else self.model.evaluate_value

        def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
            g, sums = np.zeros(self.n), np.zeros(4)
            for block in blocks:
                rows, out = block.rows, block.out
                if moves:  # else at zero, where every fit begins
                    self._scores(block, p, u[rows])
                if origin is not None:
                    np.add(origin[rows], u[rows], out=z[rows])
                evaluate(z[rows], block.y, out)
                if weights is not None:
                    np.multiply(block.s, out[2], out=weights[rows])
                slopes = np.multiply(block.s, out[1], out=r[rows])
                losses = np.multiply(block.s, out[0], out=out[0])
                g += combination(slopes, block.X)
                sums += _sums(slopes, losses, out[1])
            return g, sums

        g, sums = self.team.add(part, self.data, self.model.rows)
        return Point(*self._value(w, g, sums), z, r, weights), u

    def value(self, w: Array) -> Value:
        """The objective at w, from one reading of X and without arrays of X's length."""

        def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
            g, sums = np.zeros(self.n), np.zeros(4)
            for block in blocks:
                out = block.out
                self.model.evaluate_value(self._scores(block, w, out[-1]), block.y, out[:-1])
                losses = np.multiply(block.s, out[0], out=out[0])
                slopes = np.multiply(block.s, out[1], out=out[1])
                g += combination(slopes, block.X)
                sums += _sums(slopes, losses, out[1])
            return g, sums

        return Value(*self._value(w, *self.team.add(part, self.data, self.model.rows + 1)))

    def _value(
        self, w: Array, g: Array | float, sums: Array | float
    ) -> tuple[Array, float, Array, float, float, float, float, float]:
        """The fields of a value at w from X'r and the sums over the samples (see `_sums`)."""
        total, mean, size, slopes = np.asarray(sums)
        penalty = self.penalty(w[: self.n])
        gradient = self._penalised(w, g, total)
        inward = self.inward_gradient(w, gradient)
        return (
            w,
            float(mean) + penalty,
            gradient,
            float(np.abs(gradient).max(initial=0.0)),
            self.largest(inward),
            float(slopes),
            float(size) + penalty,
            4 * EPS * float(np.abs(w) @ self.coordinates.size),
        )

    def penalty(self, theta: Array) -> float:
        """l2/2 |theta|^2; the root goes in first, because the square of theta may overflow."""
        root = np.sqrt(self.l2) * theta
        return 0.5 * float(root @ root)

    def _penalised(self, w: Array, g: Array | float, total: Array | float) -> Array:
        """The gradient (k,) from X'r and the sum of r."""
        gradient = np.empty(self.k)
        np.add(g, self.l2 * w[: self.n], out=gradient[: self.n])
        if self.intercept:
            gradient[-1] = total
        return gradient

    def gradient(self, w: Array, *, rough: bool = False) -> Array:
        """The gradient (k,) at w, from one reading of X and without arrays of X's length.

        rough: the slopes are computed in single precision.
        """

        def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
            g, total = np.zeros(self.n), 0.0
            for block in blocks:
                z, y, out = self._scores(block, w, block.out[0]), block.y, block.out[1:]
                if rough:
                    out = out.view(np.float32)[:, : len(y)]
                    out[-1], out[-2] = z, y
                    z, y, out = out[-1], out[-2], out[:-2]
                self.model.evaluate_slope(z, y, out)
                slopes = np.multiply(block.s, out[0], out=block.out[0])
                g += combination(slopes, block.X)
                total += float(slopes.sum())
            return g, total

        return self._penalised(w, *self.team.add(part, self.data, self.model.rows + 3))

    def quadratic(self, w: Array) -> Quadratic:
        """f to second order at w, where w is phi (see `inward_sample`), from one reading of X."""

        def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
            g, H = np.zeros(self.k), np.zeros((self.k, self.k))
            sums = np.zeros(6)
            scratch = None
            for block in blocks:
                out = block.out
                self.model.evaluate(self._scores(block, w, out[-1]), block.y, out[:-1])
                losses = np.multiply(block.s, out[0], out=out[0])
                mean, size = float(losses.sum()), float(np.abs(losses, out=losses).sum())
                weights = np.multiply(block.s, out[2], out=out[2])
                bend = float(weights.sum())
                slopes = np.multiply(block.s, out[1], out=out[0])
                g += combination(slopes, block.X)
                total, squares = float(slopes.sum()), float(slopes @ out[1])
                steep = float(np.abs(slopes, out=slopes).sum())
                sums += (total, mean, squares, bend, steep, size)
                scratch = np.empty_like(block.X) if scratch is None else scratch
                H += weighted_gram(block.X, weights, scratch[: len(block.y)])
            return g, H, sums

        g, H, sums = self.team.add(part, self.data, self.model.rows + 1)
        total, mean, squares, bend, slopes, size = map(float, np.asarray(sums))
        penalty, gradient = self.penalty(w), self._penalised(w, g, total)
        H = self._curved(np.asarray(H))
        return Quadratic(w, mean + penalty, gradient, H, squares, bend, slopes, size + penalty)

    def hessian(self, point: Point) -> tuple[Array, Array]:
        """The Hessian (k, k) and the gradient (k,) with respect to phi.

        The gradient is computed again from the centred columns: taken from the user's
        gradient it would lose the digits that large column means cost.
        """
        weights = self.weights(point)

        def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
            g, H, whole = np.zeros(self.k), np.zeros((self.k, self.k)), None
            for block in blocks:
                whole = self.scaled(block, np.float64, whole)
                A = whole[: len(block.y)]
                g += point.r[block.rows] @ A
                H += weighted_gram(A, weights[block.rows], A)
            return g, H

        if self._columns is None:
            g, H = map(np.asarray, self.team.add(part, self.data, 0))
        else:
            g, H = point.r @ self._columns, weighted_gram(self._columns, weights)
        g[: self.n] += self.l2 * point.w[: self.n] * self.coordinates.unit
        return self._curved(H), g

    def weights(self, point: Point) -> Array:
        """The curvatures of the samples, (m,): the Hessian is their Gram matrix."""
        if point.weights is not None:
            return point.weights
        return self.data.s * self.model.curvature(point.z, self.data.y)

    def inward_gradient(self, w: Array, g: Array) -> Array:
        """The gradient (k,) with respect to phi from the user's g at w, without reading X."""
        c = self.coordinates
        if not self.intercept:
            return g * c.unit
        theta = np.where(c.factor > 0, g[:-1] - c.centre * g[-1], self.l2 * w[:-1])
        return np.append(theta * c.unit, g[-1])

    def largest(self, inward: Array) -> float:
        """The largest entry of a gradient with respect to phi, by the columns' own units."""
        relief = self.coordinates.relief
        entries = np.abs(inward if relief is None else inward * relief)
        return float(entries.max(initial=0.0))

    def gram(self, weights: Array, dtype: type = np.float64) -> Array:
        """A' diag(weights) A plus the penalty, shape (k, k); A holds the scaled columns.

        In float32 it takes half the time; that serves where it only shapes the steps.
        """

        def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
            H, A = np.zeros((self.k, self.k)), None
            for block in blocks:
                A = self.scaled(block, dtype, A)
                used = A[: len(block.y)]
                H += weighted_gram(used, weights[block.rows], used)
            return (H,)

        return self._curved(np.asarray(self.team.add(part, self.data, 0)[0]))

    def gram_diagonal(self, weights: Array) -> Array:
        """The diagonal of that Gram matrix, (k,), in m k operations."""

        def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
            total, A = np.zeros(self.k), None
            for block in blocks:
                A = self.scaled(block, np.float64, A)
                used = A[: len(block.y)]
                total += weights[block.rows] @ np.square(used, out=used)
            return (total,)

        total = np.asarray(self.team.add(part, self.data, 0)[0])
        total[: self.n] += self._bends
        return total

    def _curved(self, H: Array) -> Array:
        """H with the penalty's curvature added in place."""
        n, k = self.n, self.k
        H.reshape(-1)[: n * k : k + 1] += self._bends
        return H

    @cached_property
    def _bends(self) -> Array:
        """The penalty's curvature in every coordinate, (n,)."""
        return np.asarray((np.sqrt(self.l2) * self.coordinates.unit) ** 2)

    @cached_property
    def _columns(self) -> Array | None:
        """A of all rows, where they are no more than one block."""
        X, y, s = self.data.X, self.data.y, self.data.s
        if X.size > BLOCK:
            return None
        block = Block(slice(0, len(y)), X, y, s, y[None])
        return np.asarray(self.scaled(block, np.float64, None))

    def scores_of(self, block: Block, w: Array) -> Array:
        """The scores of a block of rows, (rows,)."""
        return self._scores(block, w, np.empty(len(block.y)))

    def scaled(self, block: Block, dtype: type, buffer: Numbers | None) -> Numbers:
        """A buffer whose first rows are a block of A, with ones for the intercept."""
        c, count = self.coordinates, len(block.y)
        whole = np.empty((count, self.k), dtype) if buffer is None else buffer
        A = whole[:count]
        np.multiply(block.X, c.factor, out=A[:, : self.n], casting="same_kind")
        if self.intercept:
            A[:, : self.n] -= c.shift.astype(dtype)
            A[:, self.n] = 1.0
        return whole


def make_objective(
    model: LinearModel, data: Data, mean: Array, l2: float, intercept: bool, team: Team
) -> Objective:
    """The objective, with coordinates fitted to the columns, whose means (n,) are known."""
    return Objective(model, data, l2, intercept, fitted(data.X, mean, l2, intercept), team)


def _sums(slopes: Array, losses: Array, scratch: Array) -> tuple[float, float, float, float]:
    """Of the weighted slopes and losses of a block: both sums, then both of their sizes."""
    total, mean = float(slopes.sum()), float(losses.sum())
    size = float(np.abs(losses, out=losses).sum())
    return total, mean, size, float(np.abs(slopes, out=scratch).sum())
