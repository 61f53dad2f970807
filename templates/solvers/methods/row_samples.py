"""The choice of method for costs of any form: for a mean over many rows, begin with few of them.

The minimiser over a sample of rows lies within its statistical error of that over all rows, so
secant steps are taken on every 64th and every 16th row before all of them are read; the pairs of
steps and changes of gradient go from one to the next, because the curvature is about the same.
Far from the minimiser of a convex cost single precision tells where to go; the end is in double.
Newton's method in a trust region takes the other cases, and those where secant steps are slow.

Source: Byrd, Chin, Nocedal and Wu (2012), Sample size selection in optimization methods for
machine learning.
"""

from dataclasses import replace

import numpy as np

from ..algebra.search import FAR
from ..model import EPS, EXACT, TRUSTED, Array
from ..objective.correlations import correlated
from ..objective.parameters import Objective, Point, Run
from ..objective.values import Stop
from ..result import Record
from . import lbfgs, trust_region

MANY = 2_000  # rows from which on secant steps are tried first
SHARES = (64, 16)  # one in so many rows
FEWEST = 500  # rows of a sample
ERROR = 0.1  # the part of a sample's error to which its minimum is worth knowing
STEPS = 200  # secant steps on a sample
PATIENCE = 300  # secant steps on all rows of a convex cost before Newton's method is tried
CURVED = 3_000  # the same for other costs, along whose valleys Newton's steps need many products
ROUNDED = 50  # steps over all rows in single precision
FALLING = 3  # steps that tell how fast the gradient falls
SLOW = 0.7  # a gradient that near rounding falls by less than this factor is left to double
HOPED = 2.0  # times tol: below it a gradient is expected small enough for a step in double
NOISE = 3.0  # times the error of single precision: such a gradient still tells where to go
MISLED = 0.5  # the part of the decrease over a sample that all rows must show


def first(objective: Objective, x: Array) -> Point:
    """The start, which `minimise` needs only roughly where it will begin with few rows.

    At zeros, the start by default, it is that over some of the rows.
    """
    if objective.model.convex and (shares := _shares(objective)):
        whole = objective if x.any() else _one_in(objective, shares[0])
        rough = whole.rounded().at(x)
        if rough.finite():
            return rough
    return objective.at(x)


def minimise(
    objective: Objective, start: Point, tol: float, max_iter: int, history: list[Record]
) -> Run:
    """Steps from `start`, recorded in `history` if over all rows, until the gradient is small.

    The costs of the first steps are recorded to the digits of single precision, or as NaN where
    they were not needed.
    """
    if objective.data.count < MANY:
        return trust_region.minimise(objective, start, tol, max_iter, history)
    objective = correlated(objective, start)
    pairs = lbfgs.no_pairs()
    point = start
    if len(history) == 1:
        point = _by_samples(objective, start, tol, max_iter, history, pairs)
    if point.unit > EPS and (objective.steep(point) <= tol or len(history) > max_iter):
        point = objective.at(point.x)
        # The run may end here, so its last record has all digits.
        history[-1] = replace(history[-1], cost=point.cost, gradient_norm=point.norm)
    patience = PATIENCE if objective.model.convex else CURVED
    limit = min(max_iter, len(history) + patience)
    run = lbfgs.minimise(objective, point, tol, limit, history, pairs)
    if run.stop is not Stop.LIMIT or len(history) > max_iter:
        return run
    return trust_region.minimise(objective, run.point, tol, max_iter, history)


def _shares(objective: Objective) -> tuple[int, ...]:
    """One in how many rows the samples have that are large enough to begin with."""
    count, least = objective.data.count, max(FEWEST, objective.penalty.size)
    return tuple(n for n in SHARES if count // n >= least) if count >= MANY else ()


def _one_in(objective: Objective, share: int) -> Objective:
    return objective.sample(objective.data.count // share)


def _by_samples(
    objective: Objective,
    start: Point,
    tol: float,
    max_iter: int,
    history: list[Record],
    pairs: lbfgs.Pairs,
) -> Point:
    """Steps on samples of the rows, then over all rows as far as single precision goes."""
    shares = _shares(objective)
    if not shares:
        return start
    error = _rounding(_one_in(objective, shares[0]), start)
    usual = objective.rounded() if error < np.inf else objective
    point = start
    for share in shares[:-1]:
        point = _on_sample(_one_in(usual, share), point, tol, pairs)
    point, wanted = _on_last(_one_in(usual, shares[-1]), start, point, tol, pairs)
    point = usual.at(point.x)
    if not point.cost < wanted:  # the sample may mislead
        start = objective.at(start.x)
        history[0] = replace(history[0], cost=start.cost, gradient_norm=start.norm)
        if not point.cost < start.cost:
            pairs.clear()
            return start
    history.append(Record(len(history), point.cost, point.norm, 1.0))
    if usual is objective:
        return point
    limit = min(max_iter, len(history) + ROUNDED)
    return _in_single(usual, point, error, tol, limit, history, pairs)


def _in_single(
    usual: Objective,
    point: Point,
    error: float,
    tol: float,
    limit: int,
    history: list[Record],
    pairs: lbfgs.Pairs,
) -> Point:
    """Steps in single precision, until one in double precision is expected to be the last.

    error: that of single precision in the gradient over the fewest rows; over all of them it is
    smaller, if those of different rows have nothing to do with each other. Where the gradient no
    longer falls, the run goes back to where it was least.  As long as steps of length one do, the
    cost is not computed.
    """
    norms, known, best = [usual.steep(point)], len(pairs) > 0, (point, tuple(pairs))
    enough = max(tol, NOISE * error / float(np.sqrt(SHARES[0])))
    while norms[-1] > enough and len(history) <= limit:
        moved = _by_gradient(usual, point, pairs) if known else None
        if moved is not None:
            history.append(Record(len(history), moved.cost, moved.norm, 1.0))
        else:
            before, known = len(pairs), False
            moved = lbfgs.minimise(usual, point, tol, len(history), history, pairs).point
            if moved is point or len(pairs) < before:  # no way on
                break
        point = moved
        norms.append(usual.steep(point))
        best = (point, tuple(pairs)) if norms[-1] <= min(norms) else best
        if len(norms) > FALLING:
            rate = float((norms[-1] / norms[-1 - FALLING]) ** (1 / FALLING))
            lost = rate > SLOW and norms[-1] <= TRUSTED * error
            if lost or rate * norms[-1] <= HOPED * tol:
                break
    point, known_then = best
    pairs.clear()
    pairs.extend(known_then)
    return point


def _by_gradient(usual: Objective, point: Point, pairs: lbfgs.Pairs) -> Point | None:
    """A secant step of length one without a look at the cost; None if it is not as hoped.

    The cost is convex: where the slope along the step is smaller at its end, and so is the
    gradient as the shape measures it, it leads towards the minimiser.
    """

    def size(g: Array) -> float:
        return float(g @ g) if usual.shape is None else float(g @ usual.shape(g))

    g = usual.slope(point)
    p = -lbfgs.inverse_times(pairs, g, usual.shape)
    moved = usual.step(point, p, cost=False)
    after = usual.slope(moved)
    if not (
        moved.finite() and size(after) < size(g) and abs(float(after @ p)) <= -FAR * float(g @ p)
    ):
        return None
    if float((after - g) @ p) > 0:
        pairs.append((p, after - g))
    return moved


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
    lost = exact.gradient - rough.gradient
    return sample.steepness(lost, exact.cost) if harmless else np.inf


def _on_last(
    sample: Objective, start: Point, point: Point, tol: float, pairs: lbfgs.Pairs
) -> tuple[Point, float]:
    """The minimiser over some rows, and below which cost all rows agree that it is better."""
    before = sample.at(start.x).cost
    point = _on_sample(sample, point, tol, pairs)
    return point, before - MISLED * (before - point.cost)


def _on_sample(sample: Objective, start: Point, tol: float, pairs: lbfgs.Pairs) -> Point:
    """The minimiser over some rows, to a part of their own statistical error."""
    first = sample.at(start.x)
    if not first.finite():
        return start
    half = sample.sample(sample.data.count // 2).at(start.x)
    error = sample.steepness(half.gradient - first.gradient, first.cost)
    aim = max(tol, ERROR * error) if np.isfinite(error) else tol
    record = [Record(0, first.cost, first.norm, 0.0)]
    return lbfgs.minimise(sample, first, aim, STEPS, record, pairs).point
