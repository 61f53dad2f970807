"""What the generated functions reach, in ulp: one row each, held by the tests.

A row says: no wrong value, no warning, and the conditioned error within `whole` where all data are
whole numbers and within `other` where they are not (None: nothing is claimed). A better form of a
function shows here as a smaller number or as a new row.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    cost: str
    function: str
    whole: float
    other: float | None


BOUNDS = (
    Bound("cauchit", "loss", 4.0, 4.0),
    Bound("exponential_loss", "loss", 1.0, None),
    Bound("exponential_loss", "slope", 1.0, None),
    Bound("exponential_loss", "curvature", 1.0, None),
    Bound("huber", "slope", 1.0, 1.0),
    Bound("least_squares", "loss", 2.0, 2.0),
    Bound("least_squares", "slope", 1.0, 1.0),
    Bound("least_squares", "curvature", 0.0, 0.0),
    Bound("log_cosh_loss", "slope", 2.0, 2.0),
    Bound("logistic", "loss", 3.0, 3.0),
    Bound("logistic", "curvature", 5.0, 5.0),
    Bound("logistic_signs", "loss", 2.5, None),
    Bound("logistic_signs", "slope", 3.0, None),
    Bound("logistic_signs", "curvature", 5.0, None),
    Bound("logistic_weighted", "loss", 4.0, 4.0),
    Bound("poisson", "curvature", 1.0, 1.0),
    Bound("weighted_least_squares", "slope", 2.0, 2.0),
    Bound("weighted_least_squares", "curvature", 0.0, 0.0),
)
