"""Newton's method in the space of the samples, for fewer samples than columns and a penalty.

With l2 > 0 the minimiser combines the rows of X: theta = X'a. So the m numbers a are looked for
instead of the n coefficients: with the kernel K = X X' the scores are z = K a + b and the penalty
is l2/2 a'K a. With r and W the slopes and curvatures of the weighted losses and q = r + l2 a,
which is zero at the minimum, a Newton step changes a by da and the scores by u = K da + db:

    l2 da = -q - W u,    sum(r + W u) = 0

so that t = sqrt(W) u solves (l2 I + sqrt(W) K sqrt(W)) t = sqrt(W) (l2 db - K q): systems of m
equations, however many columns there are. K is computed once, from centred columns if there is an
intercept and in units of the largest one: a unit for each column would change the penalty.

What columns much smaller than the largest one add to K is lost in rounding. The gradient is always
that of X itself, so this shows, and the run is given back unsettled.

Source: Hastie and Tibshirani (2004), Efficient quadratic regularization for expression arrays,
Biostatistics 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..algebra.search import search
from ..data.blocks import BLOCK, Block
from ..model import Array
from ..objective.scores import Objective
from ..objective.values import BAND, Point, settled
from ..result import Record
from ..verdict.stopping import Rule
from .samples import Run

STEPS = 40
STALL = 2  # steps that do not shorten the gradient: rounding
SMALLEST = 1e-290  # of the penalty in these units; below it digits are lost
FEW = 400  # samples up to which this costs no more than secant steps, even on good columns


def possible(objective: Objective) -> bool:
    """Whether the minimiser combines rows, and they are fewer than the columns."""
    if not (len(objective.data.y) < objective.n and objective.model.convex):
        return False
    unit = _unit(objective)
    return float(objective.l2) * unit * unit > SMALLEST  # a product overflows to inf, a power not


def cheap(objective: Objective) -> bool:
    """Whether the kernel and the systems cost so little that no other steps need be tried first."""
    return possible(objective) and len(objective.data.y) <= FEW


def minimise(
    objective: Objective, start: Point, tol: float, max_iter: int, before: tuple[Record, ...]
) -> Run:
    """Newton steps in a, from the combination of rows that `start` suggests, or from zeros.

    before: the history until `start`, which is recorded last in it.
    """
    dual = _Dual(objective, *_kernel(objective))
    b = 0.0
    if objective.intercept:
        b = float(start.w[-1] + objective.coordinates.centre @ start.w[:-1])
    at = dual.at(-start.r / dual.penalty, b)
    zeros = dual.at(np.zeros_like(at.a), 0.0)
    at = at if at.cost <= zeros.cost else zeros
    history = list(before)
    goal = Rule(tol, objective)
    best, worse, short, near, t = np.inf, 0, False, False, 1.0
    for _ in range(STEPS):
        gradient = dual.gradient(at)
        norm = float(np.abs(gradient).max(initial=0.0))
        history.append(Record(len(history), at.cost, norm, t))
        worse = worse + 1 if short and not norm < best else 0
        best = min(norm, best)
        da, db, u = dual.step(at)
        ray = _Ray(dual, at, da, u)
        small = goal.small(dual.largest(gradient), float(np.abs(at.r).sum()))
        near = small and goal.close(-ray.slope(0.0), at.rounding / BAND)
        if near or worse == STALL or len(history) > max_iter:
            break
        short = settled(float(np.abs(u).max()), at.z)
        found = search(ray) if np.isfinite(u).all() else None
        if found is None:
            break
        t = found
        at = dual.at(at.a + t * da, at.b + t * db)
    point = objective.at(dual.outward(at))
    history[-1] = Record(len(history) - 1, point.cost, point.norm, t)
    return Run(point, tuple(history), near and goal.small(point.largest, point.slopes))


@dataclass(frozen=True)
class _At:
    """The cost at (a, b): scores z, slopes r and curvatures weights, all (m,); Ka = K a."""

    a: Array
    b: float
    Ka: Array
    z: Array
    r: Array
    weights: Array
    cost: float
    rounding: float


@dataclass(frozen=True)
class _Dual:
    """The objective as a function of a (m,) and the intercept of centred columns b."""

    objective: Objective
    K: Array
    unit: float

    @cached_property
    def penalty(self) -> float:
        """l2 in units of the largest column."""
        return float(self.objective.l2) * self.unit**2

    def at(self, a: Array, b: float) -> _At:
        """The cost at (a, b), from K alone."""
        o = self.objective
        Ka = self.K @ a
        z = Ka + b
        out = np.empty((o.model.rows, z.size))
        o.model.evaluate(z, o.data.y, out)
        losses, slopes, bends = o.data.s * out[:3]
        held = 0.5 * self.penalty * float(a @ Ka)
        rounding = BAND * (float(np.abs(losses).sum()) + held)
        return _At(a, b, Ka, z, slopes, bends, float(losses.sum()) + held, rounding)

    def step(self, at: _At) -> tuple[Array, float, Array]:
        """The Newton step da, db, and the change of the scores u (m,)."""
        q = at.r + self.penalty * at.a
        root = np.sqrt(at.weights)
        system = root[:, None] * self.K
        system *= root
        system.reshape(-1)[:: len(q) + 1] += self.penalty
        right = np.stack([-root * (self.K @ q), self.penalty * root], axis=1)
        try:
            first, second = np.linalg.solve(system, right).T
        except np.linalg.LinAlgError:
            first = second = np.full_like(q, np.nan)
        db = 0.0
        if self.objective.intercept:
            bend = float(root @ second)  # zero where no sample has curvature
            db = -float(at.r.sum() + root @ first) / (bend if bend > 0 else 1.0)
        da = -(q + root * (first + db * second)) / self.penalty
        return da, db, self.K @ da + db

    def gradient(self, at: _At) -> Array:
        """The gradient (k,) in the user's units, from one reading of X."""
        o = self.objective
        total = float(at.r.sum())
        inner = _combined(o, at.r + self.penalty * at.a)
        if not o.intercept:
            return inner
        return np.append(inner + o.coordinates.centre * total, total)

    def largest(self, gradient: Array) -> float:
        """The largest entry of a gradient (k,) in the user's units, by the columns' own units."""
        inward = self.objective.inward_gradient(np.zeros_like(gradient), gradient)
        return self.objective.largest(inward)

    def outward(self, at: _At) -> Array:
        """The parameters (k,) in the user's units."""
        o = self.objective
        theta = self.unit * (self.unit * _combined(o, at.a))
        if not o.intercept:
            return theta
        return np.append(theta, at.b - o.coordinates.centre @ theta)


@dataclass(frozen=True)
class _Ray:
    """The cost on a half line, from cached scores."""

    dual: _Dual
    origin: _At
    da: Array
    u: Array

    def cost(self, t: float) -> float:
        """At a + t da."""
        o, at = self.dual.objective, self.origin
        z = at.z + t * self.u
        losses = o.data.s * o.model.loss(z, o.data.y)
        return float(losses.sum()) + 0.5 * self.dual.penalty * self._square(t)

    def slope(self, t: float) -> float:
        """Its derivative by t."""
        o, at = self.dual.objective, self.origin
        slopes = o.data.s * o.model.slope(at.z + t * self.u, o.data.y)
        along = self.da @ at.Ka + t * (self.da @ self._further)
        return float(slopes @ self.u) + self.dual.penalty * float(along)

    def _square(self, t: float) -> float:
        a, da, at = self.origin.a, self.da, self.origin
        return float(a @ at.Ka + 2 * t * (da @ at.Ka) + t * t * (da @ self._further))

    @cached_property
    def _further(self) -> Array:
        return self.dual.K @ self.da


def _unit(objective: Objective) -> float:
    """The power of two that makes the largest column about one."""
    return float(objective.coordinates.unit.min())


def _kernel(objective: Objective) -> tuple[Array, float]:
    """K (m, m) of the columns, centred if there is an intercept, in units of the largest one."""
    X, c, unit = objective.data.X, objective.coordinates, _unit(objective)
    m, n = X.shape
    K, width = np.zeros((m, m)), max(1, BLOCK // m)
    for first in range(0, n, width):
        part = slice(first, first + width)
        A = (X[:, part] - c.centre[part]) * np.where(c.factor[part] > 0, unit, 0.0)
        K += A @ A.T  # the same array twice: NumPy calls the symmetric product
    return K, unit


def _combined(objective: Objective, v: Array) -> Array:
    """The centred columns' products with v (m,), shape (n,): X'v less what the means have of it."""

    def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
        total = np.zeros(objective.n)
        for block in blocks:
            total += v[block.rows] @ block.X
        return (total,)

    c, total = objective.coordinates, np.asarray(objective.team.add(part, objective.data, 0)[0])
    return np.where(c.factor > 0, total - c.centre * float(v.sum()), 0.0)
