"""Damped Newton's method for convex and non-convex costs."""

from dataclasses import dataclass

import numpy as np

from ..algebra.direction import RowSpace, cholesky_step, modified_step, row_space
from ..algebra.search import DECREASE, FAR, NEAR, search
from ..model import Array
from ..objective.ray import Ray
from ..objective.scores import Objective
from ..objective.values import Point, Stop, settled
from ..result import Record
from ..verdict.outcome import Outcome
from ..verdict.recession import Limits, Recession, apparent_recession, first_certain, slope_limits
from ..verdict.stopping import Rule

MAX_ITER = 200
PATIENCE = 4  # Newton's method needs so few steps that a longer run asks for a diagnosis
STALL = 3  # steps at rounding level without progress
LEFT = 0.1  # of the slope at the end of a whole step: more is worth a longer step,
LONGEST = 5.0  # of at most so many times the length


def minimise(objective: Objective, start: Point, tol: float, max_iter: int) -> Outcome:
    """Newton steps from `start` until the gradient's largest entry is at most tol.

    A small gradient alone is no proof of a minimiser: on separable data it tends to zero while
    the iterates run away with steps of constant length.  So a convex run ends only when the
    steps have become short as well, or a direction of recession explains why they have not.

    Source: Nocedal and Wright (2006), chapters 3 and 6.
    """
    point, t, steps = start, 0.0, _Steps()
    history: list[Record] = []
    best, stall, goal = start, 0, Rule(tol, objective)
    space: RowSpace | None = None
    H: Array | None = None
    limits: Limits | None = None

    def end(at: Point, stop: Stop, recession: Recession | None = None) -> Outcome:
        deficient = space is not None and space.deficient
        return Outcome(at, tuple(history), stop, recession, deficient)

    while True:
        history.append(Record(len(history), point.cost, point.norm, t))
        small = goal.small(point.largest, point.slopes)
        if (
            small
            and objective.model.convex
            and steps.settled(point)
            and _near(objective, point, H, goal)
        ):
            return end(point, Stop.TOLERANCE)

        H, g = objective.hessian(point)
        phi = cholesky_step(H, g)
        if phi is None:
            space = space or row_space(objective.gram(objective.data.s))
            phi = modified_step(H, g, space)
        p = objective.coordinates.outward(phi)
        last = len(history) > max_iter
        t, moved, u = _step(objective, point, p, float(g @ phi), stay=small or last)
        steps = steps.then(u)
        near = small and goal.close(-float(g @ phi), point.size)
        if near and (not objective.model.convex or steps.settled(point)):
            return end(point, Stop.TOLERANCE)
        if small and not last:
            t, moved, _ = _step(objective, point, p, float(g @ phi))

        stuck = t == 0 or not moved.finite()
        if objective.model.convex and (small or stuck or last or steps.endless(objective)):
            limits = limits or slope_limits(objective.model, objective.data.y)
            recession = _diagnose(objective, limits, point, p, steps)
            if recession is not None:
                return end(point, Stop.NO_MINIMISER, recession)
        if last:
            return end(point, Stop.UNSETTLED if small else Stop.LIMIT)
        level = -float(g @ phi) <= point.rounding
        if stuck:
            stop = Stop.ROUNDING if level or not small else Stop.UNSETTLED
            if not (np.isfinite(p).all() and moved.finite()):
                stop = Stop.OVERFLOW
            return end(best if best.largest < point.largest else point, stop)

        at_rounding = level or steps.sizes[-1] <= point.sway
        stall = stall + 1 if at_rounding and moved.largest > 0.5 * best.largest else 0
        best = moved if moved.largest < best.largest or not at_rounding else best
        if stall >= STALL:
            return end(best, Stop.ROUNDING)
        point = moved


def _step(
    objective: Objective, point: Point, p: Array, slope: float, *, stay: bool = False
) -> tuple[float, Point, Array]:
    """How much of the step p is taken, the point there, and the change of the scores X p (m,).

    slope: of the objective along p.  The whole step is nearly always right, so its end is computed
    first, with all that the next step needs; where it is not, or is too short, a search on cached
    scores tells how much.  stay: no step is taken, the change of the scores alone is wanted.
    """
    if not stay:
        moved = objective.at(point.w + p, curved=True)
        change, end = moved.cost - point.cost, float(moved.gradient @ p)
        falls = FAR * slope <= end and change <= DECREASE * slope and change < 0
        close = abs(change) <= point.rounding and abs(end) <= -NEAR * slope
        if slope < 0 and moved.finite() and (falls or close):
            u = moved.z - point.z
            if objective.model.convex and end < LEFT * slope:
                t, moved = _lengthened(Ray(objective, point, p, u), moved, end / slope)
                return t, moved, u
            return 1.0, moved, u
    u = objective.scores(p)
    t = 0.0 if stay else search(Ray(objective, point, p, u)) or 0.0
    return t, objective.at(point.w + t * p, curved=True) if t > 0 else point, u


def _lengthened(ray: Ray, whole: Point, left: float) -> tuple[float, Point]:
    """A length of the step and the point there, about where the slope along it vanishes.

    left: the share of the slope that is left at the end of the whole step.  Where samples are
    nearly separated the cost falls like exp(-t), and whole steps stop short again and again.  Two
    secants on cached scores find the length; a cost that is not lower there is not taken.
    """
    slope = ray.slope(0.0)
    if not slope < 0:  # it may underflow
        return 1.0, whole
    t = min(1.0 / (1.0 - left), LONGEST)
    then = ray.slope(t) / slope
    if then < left:
        t = min(max(t + then * (t - 1.0) / (left - then), 1.0), LONGEST)
    longer = ray.objective.at(ray.origin.w + t * ray.p, curved=True)
    if not (longer.finite() and longer.cost < whole.cost):
        return 1.0, whole
    return t, longer


def _near(objective: Objective, point: Point, H: Array | None, goal: Rule) -> bool:
    """Whether the decrement is small enough by the last Hessian; if not, a new one tells."""
    g = objective.inward_gradient(point.w, point.gradient)
    phi = None if H is None else cholesky_step(H, g)
    return phi is not None and goal.close(-float(g @ phi), point.size)


@dataclass(frozen=True)
class _Steps:
    """The largest changes of score of the last few full Newton steps."""

    sizes: tuple[float, ...] = ()
    count: int = 0

    def then(self, u: Array) -> "_Steps":
        size = float(np.abs(u).max(initial=0.0))
        return _Steps((*self.sizes[-2:], size), self.count + 1)

    def settled(self, point: Point) -> bool:
        """The last step was short against the scores."""
        return bool(self.sizes) and settled(self.sizes[-1], point.z)

    def endless(self, objective: Objective) -> bool:
        """There were several steps, and they do not become shorter.

        With a penalty only the intercept can run away: that is seen where the gradient is small.
        """
        if objective.l2 > 0 or self.count <= PATIENCE:
            return False
        return 2 * self.sizes[-1] >= self.sizes[-2]

    def constant(self) -> bool:
        """The last three steps were of about the same length: convergence is not quadratic."""
        return len(self.sizes) == 3 and 2 * min(self.sizes) >= max(self.sizes) > 0


def _diagnose(
    objective: Objective, limits: Limits, point: Point, p: Array, steps: _Steps
) -> Recession | None:
    """Try the directions that would show that no minimiser exists.

    The iterates themselves, in the end, point into a direction of recession, and so do the
    Newton steps, in which the samples that are not separated come to rest.
    """
    found = first_certain(objective, limits, point.w, p)
    if found is not None or not steps.constant() or steps.settled(point):
        return found
    return apparent_recession(objective, limits, p)
