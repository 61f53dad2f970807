"""The choice of method for costs of any form: for a mean over many rows, begin with few of them.

The minimiser over a sample of rows lies within its statistical error of that over all rows, so
secant steps are taken on every 64th and every 8th row before all of them are read; the pairs of
steps and changes of gradient go from one to the next, because the curvature is about the same.
Far from the minimiser of a convex cost single precision tells where to go; the end is in double.
Newton's method in a trust region takes the other cases, and those where secant steps are slow.

Source: Byrd, Chin, Nocedal and Wu (2012), Sample size selection in optimization methods for
machine learning.
"""

from dataclasses import replace

import numpy as np

from . import lbfgs, trust_region
from .model import EPS, EXACT, TRUSTED, Array
from .outcome import Stop
from .packing import Objective, Point, Run
from .result import Record

MANY = 2_000  # rows from which on secant steps are tried first
SHARES = (64, 8)  # one in so many rows
FEWEST = 500  # rows of a sample
ERROR = 0.1  # the part of a sample's error to which its minimum is worth knowing
STEPS = 200  # secant steps on a sample
PATIENCE = 300  # secant steps on all rows of a convex cost before Newton's method is tried
CURVED = 3_000  # the same for other costs, along whose valleys Newton's steps need many products
ROUNDED = 12  # steps over all rows in single precision


def first(objective: Objective, x: Array) -> Point:
    """The start, which `minimise` needs only roughly where it will begin with few rows."""
    if objective.model.convex and objective.data.count >= MANY:
        rough = objective.rounded().at(x)
        if rough.finite():
            return rough
    return objective.at(x)


def minimise(
    objective: Objective, start: Point, tol: float, max_iter: int, history: list[Record]
) -> Run:
    """Steps from `start`, recorded in `history` if they are over all rows, until norm <= tol.

    The costs of the first steps are recorded to the digits of single precision.
    """
    count = objective.data.count
    if count < MANY:
        return trust_region.minimise(objective, start, tol, max_iter, history)
    pairs = lbfgs.no_pairs()
    point = start
    if len(history) == 1:
        point = _by_samples(objective, start, tol, max_iter, history, pairs)
    if point.unit > EPS and point.norm <= tol:
        point = objective.at(point.x)
        # The run may end here, so its last record has all digits.
        history[-1] = replace(history[-1], cost=point.cost, gradient_norm=point.norm)
    patience = PATIENCE if objective.model.convex else CURVED
    limit = min(max_iter, len(history) + patience)
    run = lbfgs.minimise(objective, point, tol, limit, history, pairs)
    if run.stop is not Stop.LIMIT or len(history) > max_iter:
        return run
    return trust_region.minimise(objective, run.point, tol, max_iter, history)


def _by_samples(
    objective: Objective,
    start: Point,
    tol: float,
    max_iter: int,
    history: list[Record],
    pairs: lbfgs.Pairs,
) -> Point:
    """Steps on samples of the rows, then over all rows as far as single precision goes."""
    count = objective.data.count
    shares = [share for share in SHARES if count // share >= max(FEWEST, start.x.size)]
    if not shares:
        return start
    error = _rounding(objective.sample(count // shares[0]), start)
    usual = objective.rounded() if error < np.inf else objective
    point = start
    for share in shares:
        point = _on_sample(usual.sample(count // share), point, tol, pairs)
    point = usual.at(point.x)
    if not point.cost < start.cost:
        pairs.clear()
        return start
    history.append(Record(len(history), point.cost, point.norm, 1.0))
    if usual is objective:
        return point
    limit = min(max_iter, len(history) + ROUNDED)
    return lbfgs.minimise(usual, point, max(tol, TRUSTED * error), limit, history, pairs).point


def _rounding(sample: Objective, start: Point) -> float:
    """The error of a convex cost's gradient in single precision; infinite where it may harm."""
    if not sample.model.convex:
        return np.inf
    exact, rough = sample.at(start.x), sample.rounded().at(start.x)
    if not (rough.finite() and rough.unit > EPS):
        return np.inf
    # In the coordinates of the steps, where all entries count alike.
    size = float(np.linalg.norm(sample.slope(exact)))
    harmless = np.linalg.norm(sample.slope(exact) - sample.slope(rough)) <= EXACT * size
    return float(np.abs(exact.gradient - rough.gradient).max()) if harmless else np.inf


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
