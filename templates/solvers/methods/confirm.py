"""The last word on a run: what every method's point must pass before it is called converged."""

from dataclasses import replace

import numpy as np

from ..objective.scores import Objective
from ..objective.values import Stop, Value
from ..verdict.existence import proof
from ..verdict.outcome import Outcome
from ..verdict.recession import Recession, first_certain, slope_limits
from ..verdict.stopping import at_precision
from . import newton

STEPS = 60  # of Newton's method, which sees curvature, where no proof was found at the point


def confirmed(objective: Objective, outcome: Outcome, tol: float) -> Outcome:
    """The outcome, with what is proved of its point.

    A run that rounding ended has converged if its gradient is zero to working precision.  And a
    small gradient of a convex cost is only that of a minimiser if there is one: where that is not
    proved, Newton's method goes on, until it is or until a direction of recession is found.  It
    also has a try where a run was lost: far out, where rounding leaves no way on.
    """
    if outcome.stop in {Stop.ROUNDING, Stop.UNSETTLED} and at_precision(objective, outcome.point):
        outcome = replace(outcome, stop=Stop.PRECISION)
    if not objective.model.convex or outcome.stop is Stop.NO_MINIMISER:
        return outcome
    if objective.model.quadratic and outcome.deficient is not None:
        return outcome  # a parabola in every direction has a minimiser
    point = outcome.point
    # With more columns than rows a direction of recession is the usual case, and quickly seen.
    wide = objective.k > len(objective.data.y)
    if wide and (recession := _recession(objective, point)) is not None:
        return replace(outcome, stop=Stop.NO_MINIMISER, recession=recession)
    if outcome.converged and (found := proof(objective, point)) is not None:
        return replace(outcome, deficient=outcome.deficient or found.deficient)
    if not wide and (recession := _recession(objective, point)) is not None:
        return replace(outcome, stop=Stop.NO_MINIMISER, recession=recession)
    lost = outcome.stop in {Stop.ROUNDING, Stop.UNSETTLED, Stop.OVERFLOW}
    if not (outcome.converged or lost):
        return outcome
    # At a point that is far out there may be no curvature left to see.
    for w in (point.w, np.zeros_like(point.w)):
        further = newton.minimise(objective, objective.at(w), tol if lost else 0.0, STEPS)
        if further.stop is Stop.NO_MINIMISER:
            return replace(outcome, stop=Stop.NO_MINIMISER, recession=further.recession)
        end = further.point
        lower = end.cost <= point.cost + point.rounding
        if not (lower and (proof(objective, end) is not None or not end.gradient.any())):
            continue
        if not lost:
            return replace(outcome, deficient=outcome.deficient or further.deficient)
        if further.converged:
            return _continued(outcome, further)
    return replace(outcome, stop=Stop.UNSETTLED) if outcome.converged else outcome


def _continued(outcome: Outcome, further: Outcome) -> Outcome:
    """The end of Newton's method, after the history of the run that it mended."""
    count = len(outcome.history)
    later = (replace(record, iteration=count + record.iteration) for record in further.history)
    way = f"{outcome.way or 'what was asked for'}, then Newton's method"
    return replace(further, history=(*outcome.history, *later), way=way)


def _recession(objective: Objective, point: Value) -> Recession | None:
    """The intercept alone or the way to the point, if the cost certainly falls for ever there."""
    return first_certain(objective, slope_limits(objective.model, objective.data.y), point.w)
