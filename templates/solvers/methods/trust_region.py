"""Newton's method in a trust region, with steps from conjugate gradients."""

import math
from collections.abc import Callable

import numpy as np

from ..algebra.conjugate import Step, steihaug
from ..model import Array
from ..objective.parameters import Objective, Point, Run
from ..objective.values import Stop
from ..result import Record

MAX_ITER = 1_000
ACCEPT = 1e-3  # share of the predicted decrease that a step must bring
POOR, GOOD = 0.25, 0.75  # shares at which the region shrinks or grows
GROWTH = 3.0
LARGEST = 1e150  # its square is still finite
TINY = 1e-300
REFUSED = 400  # shrinkages of the region in turn
STALL = 10  # steps at rounding level without a smaller gradient
FORCING = 0.1  # the residual of conjugate gradients, relative, at most


def minimise(
    objective: Objective, start: Point, tol: float, max_iter: int, history: list[Record]
) -> Run:
    """Steps from `start`, recorded in `history`, until the gradient is as small as tol asks for.

    Source: Nocedal and Wright (2006), algorithms 4.1 and 7.2 (Steihaug 1983).  Where the
    change of cost is close to rounding, the slopes at both ends of a step tell the decrease.
    """
    point = best = start
    first = max(float(np.linalg.norm(objective.slope(start))), TINY)
    # Curvature is one after scaling, and then this is how long a Newton step is.
    radius = min(first if (objective.scale != 1).any() else max(first, 1.0), LARGEST)
    stall, refused, trouble = 0, 0, Stop.ROUNDING
    while True:
        if objective.steep(point) <= tol:
            return Run(point, Stop.TOLERANCE)
        if len(history) > max_iter:
            return Run(point, Stop.LIMIT)
        g = objective.slope(point)
        forcing = min(FORCING, math.sqrt(float(np.linalg.norm(g)) / first))
        step = steihaug(_product(objective, point), g, radius, forcing)
        moved = objective.step(point, step.p)
        if np.array_equal(moved.x, point.x):
            return Run(best, trouble)
        if stall >= STALL or refused >= REFUSED:
            return Run(best, Stop.ROUNDING)
        length = float(np.linalg.norm(step.p))
        if not math.isfinite(length):
            return Run(best, Stop.OVERFLOW)
        if not moved.finite():
            trouble, radius, refused = moved.trouble, length / 16, refused + 1
            continue
        fell = _decrease(objective, point, moved, step)
        ratio = fell / step.predicted if step.predicted > 0 else -math.inf
        if ratio > GOOD and step.cut:
            radius *= GROWTH
            if radius > LARGEST:
                return Run(best, Stop.OVERFLOW)
        elif not ratio >= POOR:
            radius = length / 4
        if not ratio > ACCEPT:
            trouble, refused = Stop.ROUNDING, refused + 1
            continue
        refused = 0
        at_rounding = step.predicted <= point.noise
        steep, least = objective.steep(moved), objective.steep(best)
        stall = stall + 1 if at_rounding and steep > 0.5 * least else 0
        best = moved if steep < least or not at_rounding else best
        point = moved
        history.append(Record(len(history), point.cost, point.norm, length))


def _product(objective: Objective, point: Point) -> Callable[[Array], Array]:
    return lambda v: objective.product(point, v)


def _decrease(objective: Objective, point: Point, moved: Point, step: Step) -> float:
    """How much the cost fell: from the costs, or close to rounding from the slopes.

    The mean of the slopes at both ends times the step is exact for a quadratic.
    """
    fell = point.cost - moved.cost
    if max(abs(fell), step.predicted) > point.band:
        return fell
    return -0.5 * float((objective.slope(point) + objective.slope(moved)) @ step.p)
