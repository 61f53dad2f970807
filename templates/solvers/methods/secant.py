"""The limited-memory secant method for linear models with many columns: one reading of X a step.

A step along p needs the scores u = X p for its line search and the gradient X'r at its end. The
step of length one is nearly always right, so both are computed in one reading, block by block;
where the line search wants another length, it works on the cached scores z + t u.

Far from the minimiser single precision tells as well where to go, in half the time: the first
steps read a rounded copy of X, if X is not so large that a copy of it would be a burden.

Sources: Liu and Nocedal (1989); Nocedal and Wright (2006), algorithm 7.5.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..algebra import recursion
from ..algebra.recursion import Pair
from ..algebra.search import DECREASE, FAR, search
from ..model import EXACT, MANY, TRUSTED, Array
from ..objective.ray import Ray
from ..objective.scores import Objective
from ..objective.values import Point
from ..result import Record
from ..verdict.recession import first_certain, slope_limits
from ..verdict.stopping import Rule

MEMORY = 12  # pairs kept
STALL = 50  # steps at rounding level without a smaller gradient
SMALLER = 0.9
LOOK = (
    64  # steps after which the point is looked at as a direction of recession, then twice as many
)
SAMPLE = 1000  # rows that show the size of the columns
COPIED = (1 << 20, 1 << 26)  # entries of X between which a copy in single precision pays


def inverse_times(pairs: Sequence[Pair], g: Array, inverse: Array) -> Array:
    """The inverse Hessian that the pairs make of `inverse` (a matrix or its diagonal), times g."""
    return recursion.inverse_times(
        pairs, g, lambda q: inverse * q if inverse.ndim == 1 else inverse @ q
    )


@dataclass(frozen=True)
class Reached:
    """The point reached, and whether the stopping rule holds there."""

    point: Point
    near: bool


def minimise(
    objective: Objective, start: Point, tol: float, limit: int, history: list[Record]
) -> Reached:
    """At most `limit` steps from `start`, recorded in `history`, in the scaled coordinates.

    The costs of steps in single precision are recorded to its digits.
    """
    inverse = _diagonal(objective, start)
    pairs: deque[Pair] = deque(maxlen=MEMORY)
    point, goal = start, Rule(tol, objective)
    fits = COPIED[0] <= objective.data.X.size <= COPIED[1] and len(start.z) < MANY
    if fits and objective.model.convex:
        rough = objective.rounded()
        if rough is not None:
            first, error = rough.at(start.w), np.inf
            if first.finite():
                lost = objective.inward_gradient(start.w, first.gradient - start.gradient)
                error = objective.largest(lost) / first.slopes if first.slopes > 0 else np.inf
            if error * start.slopes <= EXACT * start.largest:
                aim = replace(goal, tol=max(tol, TRUSTED * error))
                found = _steps(rough, first, inverse, pairs, aim, limit, history).point
                point = objective.at(found.w)
            del rough
    return _steps(objective, point, inverse, pairs, goal, limit, history)


def _steps(
    objective: Objective,
    point: Point,
    inverse: Array,
    pairs: deque[Pair],
    goal: Rule,
    limit: int,
    history: list[Record],
) -> Reached:
    """Steps until the stopping rule holds, `limit` were recorded, or the cost falls for ever."""
    look, best, stall = LOOK, point, 0
    g = objective.inward_gradient(point.w, point.gradient)
    while True:
        phi = -inverse_times(pairs, g, _along(pairs, inverse))
        near = goal.met(point, -float(g @ phi))
        if near or len(history) > limit:
            break
        if objective.model.convex and len(history) >= look:
            look *= 2
            if first_certain(objective, slope_limits(objective.model, objective.data.y), point.w):
                break
        found = _step(objective, point, objective.coordinates.outward(phi))
        if found is None or stall == STALL:
            point = best
            break
        t, moved = found
        after = objective.inward_gradient(moved.w, moved.gradient)
        s, y = t * phi, after - g
        if float(s @ y) > 0 and float(y @ (inverse * y)) > 0:  # products may underflow
            pairs.append((s, y))
        at_rounding = abs(moved.cost - point.cost) <= point.rounding
        stall = stall + 1 if at_rounding and moved.largest > SMALLER * best.largest else 0
        best = moved if moved.largest < best.largest or not at_rounding else best
        point, g = moved, after
        history.append(Record(len(history), point.cost, point.norm, t))
    return Reached(point, near)


def _diagonal(objective: Objective, point: Point) -> Array:
    """1 over the Hessian's diagonal, from some of the rows: it only shapes the steps."""
    some = objective.sample(max(1, len(point.z) // SAMPLE))
    squares = np.abs(some.gram_diagonal(some.weights(some.at(point.w))))
    # Without curvature, a step of length one is as good as any: the search finds its length.
    usual = float(squares.max(initial=0.0)) or point.largest or 1.0
    return np.asarray(1.0 / np.where(squares > 0, squares, usual), dtype=np.float64)


def _along(pairs: Sequence[Pair], inverse: Array) -> Array:
    """The diagonal, scaled by what the last pair shows of it."""
    if not pairs:
        return inverse
    s, y = pairs[-1]
    return inverse * (float(s @ y) / float(y @ (inverse * y)))


def _step(objective: Objective, point: Point, p: Array) -> tuple[float, Point] | None:
    """The length of the step and its end; None where none descends."""
    moved, u = objective.along(point, p)
    ray = Ray(objective, point, p, u)
    slope = ray.slope(0.0)
    end = float(moved.gradient @ p)
    enough = moved.cost - point.cost <= DECREASE * slope
    if slope < 0 and moved.finite() and enough and FAR * slope <= end <= -FAR * slope:
        return 1.0, moved
    t = search(ray)
    if t is None:
        return None
    moved = objective.at(point.w + t * p)
    return (t, moved) if moved.finite() else None
