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


def confirmed(objective: Objective, outcome: Outcome) -> Outcome:
    """The outcome, with what is proved of its point.

    A run that rounding ended has converged if its gradient is zero to working precision.  And a
    small gradient of a convex cost is only that of a minimiser if there is one: where that is not
    proved, Newton's method goes on, until it is or until a direction of recession is found.
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
    if not outcome.converged:
        return outcome
    # At a point that is far out there may be no curvature left to see.
    for w in (point.w, np.zeros_like(point.w)):
        further = newton.minimise(objective, objective.at(w), 0.0, STEPS)
        if further.stop is Stop.NO_MINIMISER:
            return replace(outcome, stop=Stop.NO_MINIMISER, recession=further.recession)
        end = further.point
        lower = end.cost <= point.cost + point.rounding
        if lower and (proof(objective, end) is not None or not end.gradient.any()):
            return replace(outcome, deficient=outcome.deficient or further.deficient)
    return replace(outcome, stop=Stop.UNSETTLED)


def _recession(objective: Objective, point: Value) -> Recession | None:
    """The intercept alone or the way to the point, if the cost certainly falls for ever there."""
    return first_certain(objective, slope_limits(objective.model, objective.data.y), point.w)
