"""The choice of method for linear models, from the shape of the data and the certificate.

Convex, many rows: most of the work on few rows (`samples`). Convex, many columns: secant steps,
which need no Hessian (`secant`); where they do not suffice, one Hessian in single precision shapes
the steps that follow. With a penalty and fewer samples than columns, Newton's method among the
samples (`gram`): at once if they are few, else in the place of that Hessian. Else, and wherever the
observed rate is poor or no minimiser seems to exist: Newton's method, which tells why. Least
squares that are cheap to factorise, or need it (`linear_least_squares`), come before all others.
"""

from dataclasses import replace

import numpy as np

from ..algebra.direction import reciprocal
from ..model import Array
from ..objective.scores import Objective
from ..objective.start import Start
from ..objective.values import Point, Stop
from ..result import Record
from ..verdict.outcome import Outcome
from ..verdict.recession import Recession, first_certain, slope_limits
from . import gram, linear_least_squares, newton, samples, secant
from .samples import Run

MAX_ITER = newton.MAX_ITER
SAMPLES = "samples of the rows"
COLUMNS = 64  # from so many columns on secant steps are cheaper than Newton's
PASSES = 12  # readings of X for which a Hessian of so many columns is exchanged, and twice as many
# for twice the columns
SEEN = 2_000  # rows that show how a Gram matrix is conditioned,
ILL = 1e-10  # and the ratio of its eigenvalues below which X itself is factorised
PATIENCE = 64  # and the same for Newton's method among the samples
AMONG_SAMPLES = "Newton's method among the samples"


def minimise(start: Start, tol: float, max_iter: int) -> Outcome:
    """From `start` until the gradient's largest entry is at most tol."""
    objective = start.objective
    run: Run | None = None
    way = "Newton's method"
    few = gram.possible(objective)
    if not few and (linear_least_squares.cheap(objective) or _ill_conditioned(objective)):
        factored = linear_least_squares.minimise(start, tol)
        if factored is not None:
            return factored
    if objective.model.convex:
        if samples.levels(len(objective.data.y), objective.k) != ():
            run, way = samples.minimise(objective, start.w, tol, max_iter), SAMPLES
        elif objective.k >= COLUMNS:
            run, way = _of_many_columns(start, tol, max_iter)
    if run is not None and run.settled:
        return Outcome(run.point, run.history, Stop.TOLERANCE, way=way)
    if run is not None and (found := _endless(objective, run.point.w)) is not None:
        return Outcome(run.point, run.history, Stop.NO_MINIMISER, found, way=way)
    if objective.model.quadratic:
        before = () if run is None else run.history
        factored = linear_least_squares.minimise(start, tol, before)
        if factored is not None:
            return factored if run is None else replace(factored, way=f"{way}, then {factored.way}")
    return _by_newton(start, run, tol, max_iter, way)


def _ill_conditioned(objective: Objective) -> bool:
    """Whether a least-squares problem of few columns needs more digits than its Gram matrix has."""
    if not objective.model.quadratic or objective.k >= COLUMNS:
        return False
    some = objective.sample(max(1, len(objective.data.y) // SEEN))
    G = some.gram(some.data.s)
    scale = reciprocal(np.sqrt(G.diagonal()))
    values = np.linalg.eigvalsh(scale[:, None] * G * scale)
    return bool(values[0] <= ILL * values[-1])


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


def _endless(objective: Objective, w: Array) -> Recession | None:
    """Whether the cost certainly falls for ever, along the intercept alone or the way to w."""
    return first_certain(objective, slope_limits(objective.model, objective.data.y), w)


def _of_many_columns(start: Start, tol: float, max_iter: int) -> tuple[Run, str]:
    """Newton's method among few samples, or secant steps; where one does not do, the other."""
    objective, point = start.objective, start.point
    history: tuple[Record, ...] = (Record(0, point.cost, point.norm, 0.0),)
    first = gram.cheap(objective)
    if first:
        run = gram.minimise(objective, point, tol, max_iter, history)
        if run.settled or len(run.history) > max_iter:
            return run, AMONG_SAMPLES
        at = objective.at(run.point.w)
        point, history = at if at.finite() and at.cost <= point.cost else point, run.history
    run, reached = _by_secants(objective, point, tol, max_iter, history)
    way = f"{AMONG_SAMPLES}, then secant steps" if first else "secant steps"
    if run.settled or len(run.history) > max_iter:
        return run, way
    if not first and gram.possible(objective):
        run = gram.minimise(objective, reached, tol, max_iter, run.history)
        return run, f"{way}, then {AMONG_SAMPLES}"
    if _endless(objective, reached.w) is not None:
        return run, way
    H = objective.gram(objective.weights(reached), np.float32)
    if (inverse := samples.inverted(H)) is None:
        return run, way
    before, scale = run.history[:-1], samples.Scale(reached.slopes, reached.size)
    rest = samples.over_all_rows(objective, reached.w, inverse, 0.0, tol, max_iter, before, scale)
    return rest or run, way


def _by_secants(
    objective: Objective, start: Point, tol: float, max_iter: int, before: tuple[Record, ...]
) -> tuple[Run, Point]:
    """Some secant steps over all rows, after a history that ends with the start."""
    history = list(before)
    passes = max(PASSES, PASSES * objective.k // COLUMNS // 2)
    if gram.possible(objective):
        passes = min(passes, PATIENCE)
    limit = min(max_iter, len(before) - 1 + passes)
    reached = secant.minimise(objective, start, tol, limit, history)
    return Run(reached.point, tuple(history), reached.near), reached.point
