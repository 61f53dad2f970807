"""A line search for the strong Wolfe conditions."""

import math
from dataclasses import dataclass

from ..algebra.search import DECREASE, FAR, NEAR
from ..model import Array
from ..objective.parameters import Objective, Point
from ..objective.values import Stop

TRIALS = 60
LONGER = 4.0


@dataclass(frozen=True)
class Found:
    """The step t and its point; t = 0 where there is none, and then why.

    endless: the cost fell as fast as in the beginning, however long the step.
    """

    t: float
    point: Point
    trouble: Stop
    endless: bool = False


def search(objective: Objective, origin: Point, p: Array) -> Found:
    """A t > 0 with f(u + t p) <= f(u) + c1 t f' and |f'(u + t p)| <= c2 |f'(u)|.

    A bracket shrinks around such a t: at its low end f is low enough but still falls too fast,
    at its high end f is too high, rises too fast, or is not finite (Nocedal and Wright 2006,
    section 3.5).  Close to rounding the slope alone decides: the approximate Wolfe conditions
    of Hager and Zhang (2005), and where the cost at the start is not known.  If no such t is
    found, the low end is taken.
    """
    first = _along(objective, origin, p)
    low, low_slope, low_point = 0.0, first, origin
    high, high_slope = math.inf, math.nan
    trouble, t = Stop.ROUNDING if math.isfinite(first) else Stop.OVERFLOW, 1.0
    if not first < 0:
        return Found(0.0, origin, trouble)
    for _ in range(TRIALS):
        moved = objective.step(origin, t * p)
        slope = _along(objective, moved, p) if moved.finite() else math.nan
        change = moved.cost - origin.cost
        close = not abs(change) > origin.band and slope <= -NEAR * first
        if moved.finite() and (change <= DECREASE * t * first or close):
            if abs(slope) <= -FAR * first:
                return Found(t, moved, trouble)
            if slope < 0:
                low, low_slope, low_point = t, slope, moved
            else:
                high, high_slope = t, slope
        else:
            trouble = moved.trouble
            high, high_slope = t, math.nan
            if not moved.finite():
                t = low + (high - low) / 16
                continue
        t = _between(low, low_slope, high, high_slope)
        if t in (low, high):
            break
    return Found(low, low_point, trouble, endless=high == math.inf)


def _between(low: float, low_slope: float, high: float, high_slope: float) -> float:
    """Where the slope vanishes if it is linear, kept off the ends; else the middle."""
    if high == math.inf:
        return min(LONGER * low, 1e300)
    share = low_slope / (low_slope - high_slope) if high_slope > 0 else 0.5
    return low + min(max(share, 0.05), 0.95) * (high - low)


def _along(objective: Objective, point: Point, p: Array) -> float:
    return float(objective.slope(point) @ p)
