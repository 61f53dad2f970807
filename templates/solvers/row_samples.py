"""The choice of method for costs of any form: for a mean over many rows, begin with few of them.

The minimiser over a sample of rows lies within its statistical error of that over all rows, so
secant steps are taken on every 64th and every 8th row before all of them are read; the pairs of
steps and changes of gradient go from one to the next, because the curvature is about the same.
Newton's method in a trust region takes the other cases, and those where secant steps are slow.

Source: Byrd, Chin, Nocedal and Wu (2012), Sample size selection in optimization methods for
machine learning.
"""

import numpy as np

from . import lbfgs, trust_region
from .outcome import Stop
from .packing import Objective, Point, Run
from .result import Record
from .search import FAR

MANY = 2_000  # rows from which on secant steps are tried first
SHARES = (64, 8)  # one in so many rows
FEWEST = 500  # rows of a sample
ERROR = 0.1  # the part of a sample's error to which its minimum is worth knowing
STEPS = 200  # secant steps on a sample
PATIENCE = 300  # secant steps on all rows of a convex cost before Newton's method is tried
CURVED = 3_000  # the same for other costs, along whose valleys Newton's steps need many products


def minimise(
    objective: Objective, start: Point, tol: float, max_iter: int, history: list[Record]
) -> Run:
    """Steps from `start`, recorded in `history` if they are over all rows, until norm <= tol."""
    count = objective.data.count
    if count < MANY:
        return trust_region.minimise(objective, start, tol, max_iter, history)
    pairs = lbfgs.no_pairs()
    point = start
    for share in SHARES if len(history) == 1 else ():
        if count // share >= max(FEWEST, start.x.size):
            point = _on_sample(objective.sample(count // share), point, tol, pairs)
    if point is not start:
        point = objective.at(point.x)
        if not point.cost < start.cost:
            point = start
            pairs.clear()
        else:
            history.append(Record(len(history), point.cost, point.norm, 1.0))
    if objective.model.convex and pairs:
        point = _by_gradients(objective, point, tol, max_iter, history, pairs)
    patience = PATIENCE if objective.model.convex else CURVED
    limit = min(max_iter, len(history) + patience)
    run = lbfgs.minimise(objective, point, tol, limit, history, pairs)
    if run.stop is not Stop.LIMIT or len(history) > max_iter:
        return run
    return trust_region.minimise(objective, run.point, tol, max_iter, history)


def _by_gradients(
    objective: Objective,
    start: Point,
    tol: float,
    max_iter: int,
    history: list[Record],
    pairs: lbfgs.Pairs,
) -> Point:
    """Secant steps of length one, while the slopes alone tell that a convex cost falls.

    Its slope along a step only grows; where the slope at the end is small against that at the
    beginning, on either side of zero, the step is as good as a line search's.
    """
    if any(p.target.bounded or p.facts for p in objective.model.parameters):
        return start
    x, g, norm = start.x, objective.slope(start), start.norm
    while norm > tol and len(history) <= max_iter:
        p = -lbfgs.inverse_times(pairs, g)
        moved = x + objective.scale * p
        outer = objective.gradient(moved)
        after = objective.scale * outer
        if not abs(float(after @ p)) <= FAR * abs(float(g @ p)):
            break
        pairs.append((p, after - g))
        x, g, norm = moved, after, float(np.abs(outer).max(initial=0.0))
        history.append(Record(len(history), np.nan, norm, 1.0))
    if x is start.x:
        return start
    point = objective.at(x)
    if not point.cost <= start.cost + start.noise:
        return start
    history[-1] = Record(len(history) - 1, point.cost, point.norm, 1.0)
    return point


def _on_sample(sample: Objective, start: Point, tol: float, pairs: lbfgs.Pairs) -> Point:
    """The minimiser over some rows, to a part of their own statistical error."""
    first = sample.at(start.x)
    if not first.finite():
        return start
    half = sample.sample(sample.data.count // 2).at(start.x)
    error = float(np.abs(half.gradient - first.gradient).max())
    aim = max(tol, ERROR * error) if np.isfinite(error) else tol
    record = [Record(0, first.cost, first.norm, 0.0)]
    return lbfgs.minimise(sample, first, aim, STEPS, record, pairs).point
