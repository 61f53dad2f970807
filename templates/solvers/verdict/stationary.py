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

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..algebra.conjugate import Step, steihaug
from ..model import EPS, Array
from ..objective.parameters import Objective, Point
from .curvature import samples
from .stopping import EACH, MOST

FORCING = 1e-2  # the residual of a Newton step, relative
FAR = 1e4  # lengths of u, or of a step that gains the cost: no quadratic is seen beyond
SAME = 0.2  # by how much the curvature may change along a Newton step near a minimiser
POLISHED = 3  # Newton steps that leave what falls for ever alone in the gradient
PROBES = 8  # points a rounding away whose costs tell the rounding of the cost
GRIDS = (None, 2.0**10, 2.0**4)  # directions are also tried rounded to these
LONG = 2.0**10  # how far out, in lengths of x, a cost that falls for ever must not rise,
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
        """Whether no more can be gained in float64."""
        return self.step.predicted <= self.noise


def promise(objective: Objective, point: Point, damping: float = 0.0) -> Promise:
    """What a Newton step from a point promises, where the objective is scaled at that point.

    damping: added to all curvature, where some of it is zero to working precision.
    """
    some = next(samples(objective), objective)
    step = steihaug(
        lambda v: some.product(point, v) + damping * v,
        objective.slope(point),
        _reach(objective, point),
        FORCING,
    )
    return Promise(step, objective.size(point.cost), noise(objective, point))


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


def attained(objective: Objective, point: Point) -> tuple[bool, Point]:
    """Whether a convex cost has its minimum near a point, and where Newton's steps lead.

    Curvature over some of the rows is no more than that over all: where it gives steps that are
    short against how it changes, so does the whole.
    """
    if bool((objective.penalty > 0).all()):
        return True, point
    reach = _reach(objective, point)
    for some in (*samples(objective), objective):
        here = point
        for left in reversed(range(POLISHED)):
            step = steihaug(_product(some, here), objective.slope(here), reach, FORCING)
            moved = objective.step(here, step.p)
            if step.cut or not moved.finite():
                break
            still = np.array_equal(moved.x, here.x)
            if not (still or _alike(some, here, moved, step.p)):
                break
            here = moved
            if still or left == 0:
                return True, here
    return False, point


def _product(objective: Objective, point: Point) -> Callable[[Array], Array]:
    return lambda v: objective.product(point, v)


def _alike(objective: Objective, here: Point, there: Point, p: Array) -> bool:
    """Whether the curvature along p is about the same at both ends."""
    a, b = (float(p @ objective.product(point, p)) for point in (here, there))
    return a > 0 and abs(b - a) <= SAME * a


def falls_for_ever(objective: Objective, point: Point, weights: Array) -> Array | None:
    """A direction (k,) along which a convex cost seems to fall for ever, or None.

    A convex cost's slope along a line never falls: if it was negative on the way to the point, and
    far out is still not positive, the cost has no minimum on this line. weights: sizes (k,) of the
    parameters by the columns of the data, in which directions are rounded.
    """
    for d in _directions(objective, point, weights):
        size = float(np.linalg.norm(d / weights))
        away = float(np.linalg.norm(point.x / weights)) or 1.0
        if not (size > 0 and np.isfinite(size)):
            continue
        d = d * (away / size)
        before, after = objective.at(point.x - d), objective.at(point.x + LONG * d)
        if not (before.finite() and after.finite()):
            continue
        fell = -float(before.gradient @ d)
        rest = np.abs(before.gradient) @ np.abs(d)
        if fell > NEVER * rest and float(after.gradient @ d) <= NEVER * fell:
            return d
    return None


def _directions(objective: Objective, point: Point, weights: Array) -> Iterator[Array]:
    """The Newton step and the way to the point, also rounded, in the user's units."""
    step = steihaug(
        _product(objective, point), objective.slope(point), _reach(objective, point), FORCING
    )
    for d in (objective.scale * step.p, point.x):
        relative = d / weights
        largest = float(np.abs(relative).max(initial=0.0))
        if not (0 < largest < np.inf):
            continue
        for grid in GRIDS:
            rounded = relative if grid is None else np.round(relative / largest * grid) / grid
            free = objective.even(np.where(objective.penalty > 0, 0.0, rounded * weights))
            if free.any():
                yield free
