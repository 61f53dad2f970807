"""The choice of method for linear models, from the shape of the data and the certificate.

Convex, many rows: most of the work on few rows (`samples`). Convex, many columns: secant steps,
which need no Hessian (`secant`); where they do not suffice, one Hessian in single precision shapes
the steps that follow. Else, and wherever the observed rate is poor or no minimiser seems to exist:
Newton's method, which tells why.
"""

from dataclasses import replace

import numpy as np

from . import newton, samples, secant
from .outcome import Outcome, Stop
from .result import Record
from .samples import Run
from .start import Start

MAX_ITER = newton.MAX_ITER
SAMPLES = "samples of the rows"
COLUMNS = 64  # from so many columns on secant steps are cheaper than Newton's
PASSES = 12  # readings of X for which a Hessian of so many columns is exchanged, and twice as many
# for twice the columns


def minimise(start: Start, tol: float, max_iter: int) -> Outcome:
    """From `start` until the gradient's largest entry is at most tol."""
    objective = start.objective
    run: Run | None = None
    way = "Newton's method"
    if objective.model.convex:
        if samples.levels(len(objective.data.y), objective.k) != ():
            run, way = samples.minimise(objective, start.w, tol, max_iter), SAMPLES
        elif objective.k >= COLUMNS:
            run, way = _by_secants(start, tol, max_iter), "secant steps"
    if run is not None and run.settled:
        return Outcome(run.point, run.history, Stop.TOLERANCE, way=way)
    return _by_newton(start, run, tol, max_iter, way)


def _by_newton(start: Start, run: Run | None, tol: float, max_iter: int, way: str) -> Outcome:
    """Newton's method from the start, or from the point of a run that is lower."""
    if run is None:
        found = newton.minimise(start.objective, start.point, tol, max_iter)
        return replace(found, way="Newton's method")
    point = start.objective.at(run.point.w)
    if not (point.finite() and point.cost <= start.point.cost):
        point, run = start.point, replace(run, history=())
    count = max(len(run.history) - 1, 0)
    rest = newton.minimise(start.objective, point, tol, max(1, max_iter - count))
    later = (replace(record, iteration=count + record.iteration) for record in rest.history)
    history = (*run.history[:-1], *later)
    return replace(rest, history=history, way=f"{way}, then Newton's method")


def _by_secants(start: Start, tol: float, max_iter: int) -> Run | None:
    """Secant steps over all rows; if they are many, steps with one Hessian."""
    objective = start.objective
    history = [Record(0, start.point.cost, start.point.norm, 0.0)]
    limit = min(max_iter, max(PASSES, PASSES * objective.k // COLUMNS // 2))
    reached = secant.minimise(objective, start.point, tol, limit, history)
    point = reached.point
    scale = 1.0 + float(np.abs(point.z).max(initial=0.0))
    settled = point.norm <= tol and reached.change <= newton.SETTLED * scale
    run = Run(point, tuple(history), settled)
    if settled or len(history) > max_iter:
        return run
    H = objective.gram(objective.weights(point), np.float32)
    if (inverse := samples.inverted(H)) is None:
        return run
    before = tuple(history[:-1])
    return samples.over_all_rows(objective, point.w, inverse, 0.0, tol, max_iter, before) or run
