"""The methods of `fit` by name: each one can be asked for, and "auto" chooses."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from ..objective.start import Start
from ..objective.values import Stop
from ..result import Record
from ..verdict.outcome import Outcome
from . import auto, descent, gram, newton, samples, secant

SECANT_STEPS = 10_000


class Method(NamedTuple):
    """A way from a start to the point where the gradient is at most tol, and its usual limit."""

    minimise: Callable[[Start, float, int], Outcome]
    max_iter: int


def _newton(start: Start, tol: float, max_iter: int) -> Outcome:
    return newton.minimise(start.objective, start.point, tol, max_iter)


def _samples(start: Start, tol: float, max_iter: int) -> Outcome:
    """The samples of `auto`, refused where it would not take them."""
    _need_convex(start, "samples")
    objective = start.objective
    m, k = len(objective.data.y), objective.k
    if not samples.levels(m, k):
        wrong = f"{m} rows are too few for samples of them to tell {k} parameters"
        start.asked.refuse("method = 'samples'", wrong, 'pass method="auto"')
    found = auto.minimise(start, tol, max_iter)
    return replace(found, way="") if found.way == auto.SAMPLES else found


def _gram(start: Start, tol: float, max_iter: int) -> Outcome:
    objective = start.objective
    if not gram.possible(objective):
        wrong = "it is for convex costs with l2 > 0 and fewer samples than columns"
        start.asked.refuse("method = 'gram'", wrong, 'pass method="auto"')
    run = gram.minimise(objective, start.point, tol, max_iter, ())
    if run.settled:
        return Outcome(run.point, run.history, Stop.TOLERANCE)
    stop = Stop.LIMIT if len(run.history) > max_iter else Stop.ROUNDING
    return Outcome(run.point, run.history, stop)


def _lbfgs(start: Start, tol: float, max_iter: int) -> Outcome:
    first = start.point
    history = [Record(0, first.cost, first.norm, 0.0)]
    found = secant.minimise(start.objective, first, tol, max_iter, history)
    stop = Stop.LIMIT if len(history) > max_iter else Stop.ROUNDING
    return Outcome(found.point, tuple(history), Stop.TOLERANCE if found.near else stop)


def _gradient_descent(start: Start, tol: float, max_iter: int) -> Outcome:
    return descent.minimise(start.objective, start.point, tol, max_iter, descent.none)


def _accelerated(start: Start, tol: float, max_iter: int) -> Outcome:
    _need_convex(start, "accelerated_gradient")
    return descent.minimise(start.objective, start.point, tol, max_iter, descent.nesterov)


def _need_convex(start: Start, method: str) -> None:
    if not start.objective.model.convex:
        wrong = "it is for convex costs, and this one has no certificate that it is convex"
        start.asked.refuse(f"method = {method!r}", wrong, 'pass method="newton" or "lbfgs"')


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "auto": Method(auto.minimise, auto.MAX_ITER),
        "newton": Method(_newton, newton.MAX_ITER),
        "samples": Method(_samples, auto.MAX_ITER),
        "gram": Method(_gram, auto.MAX_ITER),
        "lbfgs": Method(_lbfgs, SECANT_STEPS),
        "gradient_descent": Method(_gradient_descent, descent.MAX_ITER),
        "accelerated_gradient": Method(_accelerated, descent.MAX_ITER),
    }
)
