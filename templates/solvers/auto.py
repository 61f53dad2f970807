"""The choice of method for convex linear models: most of the work on few rows, or on few numbers.

Many rows: the minimiser over a sample of m' rows lies within its statistical error, of order
sqrt(k/m'), of the minimiser over all rows, so far from the solution most rows only confirm what a
few say.  Newton steps are taken on every 512th, 64th and 8th row, each level only as far as its
own error allows.  Many columns: secant steps, which need no Hessian; where they do not suffice, one
Hessian in single precision.  Either way the rest are readings of all rows for gradients alone, with
that Hessian, corrected by secant pairs, as the shape of the steps.

The result is the minimiser over all rows, to the tolerance.  A sample that misleads (sorted or
clustered rows) only costs time: where the observed rate is poor, Newton's method takes over.

Sources: Byrd, Chin, Nocedal and Wu (2012), Sample size selection in optimization methods for
machine learning; Nocedal and Wright (2006), chapter 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from . import newton, secant
from .direction import cholesky_step
from .model import Array
from .objective import Objective, Point, Ray
from .outcome import Outcome, Stop
from .result import Record
from .search import search

MAX_ITER = newton.MAX_ITER
EVERY = (512, 64, 8)  # levels: every so manyth row
ROWS = 1000  # the fewest rows of a level
PER_COLUMN = 12  # the fewest rows of a level per column
STEPS = 12  # Newton steps on one level
SHARE = 0.1  # of a level's statistical error, to which its cost is minimised
SLOW = 0.3  # a gradient that falls by less than this factor, twice: the Hessian misleads
COLUMNS = 64  # from so many columns on secant steps are cheaper than Newton's
PASSES = 12  # readings of X for which a Hessian of so many columns is exchanged, and twice as many
# for twice the columns


def levels(m: int, k: int) -> tuple[int, ...]:
    """The strides of the levels that m rows of k columns permit."""
    return tuple(every for every in EVERY if m // every >= max(ROWS, PER_COLUMN * k))


def minimise(objective: Objective, start: Point, tol: float, max_iter: int) -> Outcome:
    """From `start` until the gradient's largest entry is at most tol."""
    run = Run(start, (Record(0, start.cost, start.norm, 0.0),), settled=False)
    if objective.model.convex and start.norm > tol:
        if (strides := levels(objective.data.X.shape[0], start.w.size)) != ():
            run = _by_samples(objective, run, strides, tol, max_iter)
        elif start.w.size >= COLUMNS:
            run = _by_secants(objective, run, tol, max_iter)
    if run.settled:
        return Outcome(run.point, run.history, Stop.TOLERANCE)
    rest = newton.minimise(objective, run.point, tol, max(1, max_iter + 1 - len(run.history)))
    count = len(run.history) - 1
    later = (replace(record, iteration=count + record.iteration) for record in rest.history[1:])
    return replace(rest, history=(*run.history, *later))


@dataclass(frozen=True)
class Run:
    """The point reached over all rows, how, and whether it is the minimiser to the tolerance."""

    point: Point
    history: tuple[Record, ...]
    settled: bool


def _by_samples(
    objective: Objective, run: Run, strides: Sequence[int], tol: float, max_iter: int
) -> Run:
    """Newton steps on samples of the rows, then steps over all of them."""
    w, H = run.point.w, None
    for every in strides:
        found = _on_sample(objective.sample(every), w)
        w, H = (w, H) if found is None else found
    return run if H is None else _on_all_rows(objective, run, w, H, tol, max_iter)


def _by_secants(objective: Objective, run: Run, tol: float, max_iter: int) -> Run:
    """Secant steps over all rows; if they are many, steps with one Hessian."""
    history = [*run.history]
    limit = min(max_iter, max(PASSES, PASSES * run.point.w.size // COLUMNS // 2))
    reached = secant.minimise(objective, run.point, tol, limit, history)
    point = reached.point
    scale = 1.0 + float(np.abs(point.z).max(initial=0.0))
    settled = point.norm <= tol and reached.change <= newton.SETTLED * scale
    run = Run(point, tuple(history), settled)
    if settled:
        return run
    H = objective.gram(objective.weights(point), np.float32)
    return _on_all_rows(objective, run, point.w, H, tol, max_iter)


def _on_sample(sample: Objective, w: Array) -> tuple[Array, Array] | None:
    """The minimiser over a sample, to its own error, with the Hessian on the way there.

    None where the sample has no usable minimiser: it may be separable although all rows are not.
    """
    H = None
    for _ in range(STEPS):
        point = sample.at(w)
        if not point.finite():
            return None
        H, g = sample.hessian(point)
        phi = cholesky_step(H, g)
        if phi is None:
            return None
        p = sample.coordinates.outward(phi)
        decrement = -float(g @ phi)
        t = search(Ray(sample, point, p, sample.scores(p)))
        if t is None:
            return w, H
        w = w + t * p
        if decrement <= SHARE * _error(sample, point, H.shape[0]):
            return w, H
    return None


def _error(sample: Objective, point: Point, k: int) -> float:
    """The statistical error of the sample's minimum: the dispersion times k/m'.

    The dispersion is the mean square of the slopes over the mean curvature: one for a
    likelihood, the variance of the noise for least squares.
    """
    s = sample.data.s
    squares = float((point.r * point.r / s).sum())
    curvature = float((s * sample.model.curvature(point.z, sample.data.y)).sum())
    return squares / curvature * k / s.size if curvature > 0 else 0.0


def _on_all_rows(
    objective: Objective, run: Run, w: Array, H: Array, tol: float, max_iter: int
) -> Run:
    """Steps with the sample's inverse Hessian and secant pairs; each reads all rows once.

    A step is kept if it shortens the gradient, as that inverse measures it; otherwise the sample
    has misled and what was reached goes to Newton's method.  The cost is not needed on the way.
    """
    history = [*run.history]
    inverse = _inverse(H)
    if inverse is None:
        return run
    outer = objective.gradient(w)
    g = objective.inward_gradient(w, outer)
    size = float(g @ inverse @ g)
    pairs: list[tuple[Array, Array]] = []
    settled, slow = False, 0
    while np.isfinite(outer).all():
        norm = float(np.abs(outer).max(initial=0.0))
        history.append(Record(len(history), np.nan, norm, 1.0))
        if (norm <= tol and settled) or slow == 2 or len(history) > max_iter:
            break
        phi = -secant.inverse_times(pairs, g, inverse)
        p = objective.coordinates.outward(phi)
        settled = float(np.abs(p) @ objective.coordinates.size) <= newton.SETTLED
        moved = w + p
        outer = objective.gradient(moved)
        after = objective.inward_gradient(moved, outer)
        now = float(after @ inverse @ after)
        if not now < size:
            break
        if float((after - g) @ phi) > 0:
            pairs.append((phi, after - g))
        slow = slow + 1 if now > SLOW * SLOW * size else 0
        w, g, size = moved, after, now
    point = objective.at(w)
    if not (point.finite() and point.cost <= run.point.cost + run.point.rounding):
        return run
    history[-1] = Record(len(history) - 1, point.cost, point.norm, 1.0)
    return Run(point, tuple(history), settled and point.norm <= tol)


def _inverse(H: Array) -> Array | None:
    """H^-1, or None where H is not safely positive definite."""
    if not np.isfinite(H).all() or cholesky_step(H, np.zeros(len(H))) is None:
        return None
    return np.asarray(np.linalg.inv(H), dtype=np.float64)
