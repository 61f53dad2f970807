"""Newton's method in a trust region, with steps from conjugate gradients."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .model import Array
from .outcome import Stop
from .packing import Objective, Point, Run
from .result import Record

MAX_ITER = 1_000
ACCEPT = 1e-3  # share of the predicted decrease that a step must bring
POOR, GOOD = 0.25, 0.75  # shares at which the region shrinks or grows
GROWTH = 3.0
LARGEST = 1e150  # its square is still finite
TINY = 1e-300
STALL = 10  # steps at rounding level without a smaller gradient
FORCING = 0.1  # the residual of conjugate gradients, relative, at most


def minimise(
    objective: Objective, start: Point, tol: float, max_iter: int, history: list[Record]
) -> Run:
    """Steps from `start`, recorded in `history`, until the gradient's largest entry is <= tol.

    Source: Nocedal and Wright (2006), algorithms 4.1 and 7.2 (Steihaug 1983).  Where the
    change of cost is close to rounding, the slopes at both ends of a step tell the decrease.
    """
    point = best = start
    first = max(float(np.linalg.norm(objective.slope(start))), TINY)
    # Curvature is one after scaling, and then this is how long a Newton step is.
    radius = min(first if (objective.scale != 1).any() else max(first, 1.0), LARGEST)
    stall, trouble = 0, Stop.ROUNDING
    while True:
        if point.norm <= tol:
            return Run(point, Stop.TOLERANCE)
        if len(history) > max_iter:
            return Run(point, Stop.LIMIT)
        g = objective.slope(point)
        forcing = min(FORCING, math.sqrt(float(np.linalg.norm(g)) / first))
        step = steihaug(_product(objective, point), g, radius, forcing)
        moved = objective.step(point, step.p)
        if np.array_equal(moved.x, point.x):
            return Run(best, trouble)
        if stall >= STALL:
            return Run(best, Stop.ROUNDING)
        length = float(np.linalg.norm(step.p))
        if not math.isfinite(length):
            return Run(best, Stop.OVERFLOW)
        if not moved.finite():
            trouble, radius = moved.trouble, length / 16
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
            trouble = Stop.ROUNDING
            continue
        at_rounding = step.predicted <= point.noise
        stall = stall + 1 if at_rounding and moved.norm > 0.5 * best.norm else 0
        best = moved if moved.norm < best.norm or not at_rounding else best
        point = moved
        history.append(Record(len(history), point.cost, point.norm, length))


@dataclass(frozen=True)
class Step:
    """A step p (k,), the decrease that the quadratic model predicts, and its least curvature.

    cut: the region's boundary ended it, or negative curvature did.
    """

    p: Array
    predicted: float
    cut: bool


def steihaug(product: Callable[[Array], Array], g: Array, radius: float, forcing: float) -> Step:
    """Minimise g'p + p'Hp/2 over |p| <= radius by conjugate gradients from p = 0.

    product(v) is H v.  Ends when the residual is at most forcing |g|, at the boundary, or
    along a direction of negative curvature, which is followed to the boundary (Steihaug 1983).
    For a singular H the directions without curvature are left alone unless g needs them.
    """
    unit = float(np.abs(g).max())
    if unit == 0:
        return Step(np.zeros_like(g), 0.0, cut=False)
    step = _steihaug(product, g / unit, radius / unit, forcing)  # no square overflows
    return Step(unit * step.p, unit * (unit * step.predicted), step.cut)


def _steihaug(product: Callable[[Array], Array], g: Array, radius: float, forcing: float) -> Step:
    p, Hp = np.zeros_like(g), np.zeros_like(g)
    r, d = g, -g
    wanted = forcing * float(np.linalg.norm(g))
    for _ in range(5 * g.size + 20):
        Hd = product(d)
        curvature = float(d @ Hd)
        if not math.isfinite(curvature):  # overflow: fall back on the gradient
            Hd, curvature = np.zeros_like(g), 0.0
        square = float(r @ r)
        a = square / curvature if curvature > 0 else 0.0
        if curvature <= 0 or not np.linalg.norm(p + a * d) < radius:
            t = _to_boundary(p, d, radius)
            p, Hp = p + t * d, Hp + t * Hd
            return Step(p, -float(g @ p + 0.5 * (p @ Hp)), cut=True)
        p, Hp = p + a * d, Hp + a * Hd
        r = g + Hp
        rest = float(r @ r)
        if math.sqrt(rest) <= wanted:
            break
        d = (rest / square) * d - r
    return Step(p, -float(g @ p + 0.5 * (p @ Hp)), cut=False)


def _to_boundary(p: Array, d: Array, radius: float) -> float:
    """The t >= 0 with |p + t d| = radius; p'd >= 0, as in conjugate gradients."""
    size = float(np.linalg.norm(d))
    if size == 0:
        return 0.0
    along = float(p @ d) / size
    room = max(radius - float(np.linalg.norm(p)), 0.0) * (radius + float(np.linalg.norm(p)))
    return room / (along + math.sqrt(along * along + room)) / size if room > 0 else 0.0


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
