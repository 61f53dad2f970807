"""Whether a point of a cost of any form is a minimiser to the tolerance, and whether there is one.

What is measured is the gain g'H^-1 g / 2 that a Newton step promises, with coordinates in which the
curvature at this very point is about one: a share of the cost, which has no units.

    small: twice the gain is at most 4 tol^2 for each parameter, and never more than 128 tol^2,
    times the size of the cost;
    at precision: it is no more than what rounding does to the cost.

A convex cost may fall for ever while its gradient tends to zero. Then Newton's steps stay as long
as they were, for the curvature shrinks with the gradient; near a minimiser it hardly changes over
the length of a step.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..algebra.conjugate import Step, steihaug
from ..model import EPS, Array
from ..objective.parameters import Objective, Point
from .curvature import SETTLED, Curvature, samples
from .stopping import EACH, MOST

FORCING = 1e-4  # the residual of a Newton step, relative
FAR = 1e2  # lengths of u, or of a step that gains the cost: no quadratic is seen beyond
SAME = 0.2  # by how much the curvature may change along a Newton step near a minimiser
POLISHED = 3  # Newton steps that leave what falls for ever alone in the gradient
ROUGH = 1e-9  # rounding of the cost, as a share of its size, behind which a minimum may hide
PROBES = 8  # points a rounding away whose costs tell the rounding of the cost
GRIDS = (None, 2.0**10, 2.0**4)  # directions are also tried rounded to these
LONG = 2.0**10  # how far out, in lengths of x, a cost that falls for ever must not rise,
ROUNDED = 64.0  # units of rounding that a gradient may have
SEEN = 1e3  # times what counts as no curvature: certainly some
VISIBLE = 1e-6  # of the cost, by which it must have fallen over the way to x
NEVER = 1e-9  # by more than this, against how it fell on the way to x


@dataclass(frozen=True)
class Promise:
    """A Newton step (k,) in the solver's coordinates, and the gain that it promises."""

    step: Step
    size: float
    noise: float

    def small(self, tol: float) -> bool:
        """Whether the rule for tol holds."""
        return 2 * self.step.predicted <= self.share(tol) * self.size

    def share(self, tol: float) -> float:
        """The share of the cost's size that twice the gain may be."""
        return min(EACH * self.step.p.size, MOST) * tol * tol

    @property
    def at_precision(self) -> bool:
        """Whether no more can be gained in float64, of a cost that it holds well or that is 0."""
        exact = self.size <= self.noise * SEEN
        return self.step.predicted <= self.noise and (exact or self.noise <= ROUGH * self.size)


def promise(objective: Objective, point: Point, damping: float = 0.0) -> Promise:
    """What a Newton step from a point promises, where the objective is scaled at that point.

    damping: added to all curvature, where some of it is zero to working precision.
    """
    some = next(samples(objective), objective)
    step = _newton(objective, some, point, damping)
    return Promise(step, objective.size(point.cost), noise(objective, point))


def _newton(objective: Objective, some: Objective, point: Point, damping: float = 0.0) -> Step:
    """The Newton step with the Hessian over some of the rows, which is known to its rounding."""
    g = objective.slope(point)
    size = float(np.linalg.norm(g))
    bend = float(np.linalg.norm(some.product(point, g / size))) if size > 0 else 1.0
    damping = max(damping, EPS * (8 + point.x.size) * min(bend, 1.0))
    return steihaug(
        lambda v: some.product(point, v) + damping * v,
        g,
        _reach(objective, point),
        FORCING,
    )


def _reach(objective: Objective, point: Point) -> float:
    u = float(np.linalg.norm(point.x / objective.scale))
    return FAR * max(u, float(np.sqrt(objective.size(point.cost))), 1e-150)


def noise(objective: Objective, point: Point) -> float:
    """What rounding does to the cost: to the terms it is made of, or to the parameters."""
    random = np.random.Generator(np.random.PCG64(3))
    least = max(abs(point.cost), objective.level if np.isfinite(objective.level) else 0.0)
    found = 32 * EPS * least
    for _ in range(PROBES):
        x = point.x * (1 + 2 * EPS * random.integers(-1, 2, point.x.size))
        change = abs(objective.at(objective.even(x)).cost - point.cost)
        found = max(found, change) if np.isfinite(change) else found
    return found


def attained(objective: Objective, point: Point, weights: Array) -> tuple[bool, Point]:
    """Whether a convex cost has its minimum near a point, and where Newton's steps lead.

    Curvature over some of the rows is no more than that over all: where it gives steps that are
    short against how it changes, so does the whole. weights: see `falls_for_ever`.
    """
    if bool((objective.penalty > 0).all()):
        return True, point
    for some in (*samples(objective), objective):
        here = point
        for left in reversed(range(POLISHED)):
            if objective.steep(here) <= ROUNDED * EPS:
                return True, here
            step = _newton(objective, some, here)
            moved = objective.step(here, step.p)
            if step.cut or not moved.finite():
                break
            still = np.array_equal(moved.x, here.x)
            if not (still or _alike(some, here, moved, step.p)):
                break
            short = _length(moved.x - here.x, weights) <= SETTLED * _length(here.x, weights)
            here = moved
            if still or (left == 0 and short):
                return True, here
    return False, point


def vanished(objective: Objective, point: Point, seen: Curvature) -> bool:
    """Whether a direction without curvature at a point has curvature at zeros.

    A direction in which nothing ever changes has none anywhere: here the cost has flattened.
    """
    if seen.sign > 0:
        return False
    zeros = objective.at(np.zeros_like(point.x))
    bend = float(seen.v @ objective.product(zeros, seen.v)) if zeros.finite() else 0.0
    return bend > SEEN * seen.level


def leads_outwards(objective: Objective, point: Point, weights: Array) -> bool:
    """Whether the Newton step from a point is long, and away from zero."""
    step = _newton(objective, objective, point)
    there = point.x + objective.scale * step.p
    return step.cut or _length(there, weights) > (1 + SETTLED) * _length(point.x, weights)


def _length(x: Array, weights: Array) -> float:
    return float(np.linalg.norm(x / weights))


def _alike(objective: Objective, here: Point, there: Point, p: Array) -> bool:
    """Whether the curvature along p is about the same at both ends."""
    a, b = (float(p @ objective.product(point, p)) for point in (here, there))
    return a > 0 and abs(b - a) <= SAME * a


def falls_for_ever(objective: Objective, point: Point, weights: Array, v: Array) -> Array | None:
    """A direction (k,) along which a convex cost seems to fall for ever, or None.

    A convex cost's slope along a line never falls: if it was negative on the way to the point, and
    far out is still not positive, the cost has no minimum on this line. weights: sizes (k,) of the
    parameters by the columns of the data, in which directions are rounded. v: a direction (k,)
    without curvature in the solver's coordinates.
    """
    for d in _directions(objective, point, weights, v):
        size, away = _length(d, weights), _length(point.x, weights) or 1.0
        if not (size > 0 and np.isfinite(size)):
            continue
        d = d * (away / size)
        before, after = objective.at(point.x - d), objective.at(point.x + LONG * d)
        if not (before.finite() and after.finite()):
            continue
        fell = -float(before.gradient @ d)
        if fell > VISIBLE * abs(before.cost) and float(after.gradient @ d) <= NEVER * fell:
            return d
    return None


def _directions(objective: Objective, point: Point, weights: Array, v: Array) -> Iterator[Array]:
    """The Newton step, the way to the point and +-v, also rounded, in the user's units."""
    step = _newton(objective, objective, point)
    flat = objective.scale * v
    for d in (objective.scale * step.p, point.x, flat, -flat):
        relative = d / weights
        largest = float(np.abs(relative).max(initial=0.0))
        if not (0 < largest < np.inf):
            continue
        for grid in GRIDS:
            rounded = relative if grid is None else np.round(relative / largest * grid) / grid
            free = objective.even(np.where(objective.penalty > 0, 0.0, rounded * weights))
            if free.any():
                yield free
