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
    Bound("binomial", "curvature", 5.5, 5.0),
    Bound("cauchit", "loss", 3.0, 4.0),
    Bound("cauchy", "slope", 3.5, 3.5),
    Bound("cauchy", "curvature", 8.0, 7.5),
    Bound("complementary_log_log", "loss", 3.0, 4.5),
    Bound("complementary_log_log", "curvature", 3.0, 4.5),
    Bound("exponential_loss", "loss", 1.5, None),
    Bound("exponential_loss", "slope", 1.5, None),
    Bound("exponential_loss", "curvature", 1.5, None),
    Bound("exponential_survival", "loss", 4.0, 9.0),
    Bound("exponential_survival", "curvature", 3.0, 4.0),
    Bound("gamma", "loss", 4.5, 11.0),
    Bound("gamma", "curvature", 4.0, 4.0),
    Bound("geman_mcclure", "loss", 3.5, 4.0),
    Bound("geman_mcclure", "slope", 6.5, 3.5),
    Bound("geometric", "loss", 3.0, 3.0),
    Bound("geometric", "slope", 6.0, 5.0),
    Bound("geometric", "curvature", 5.5, 4.5),
    Bound("huber", "slope", 1.5, 1.5),
    Bound("inverse_gaussian", "slope", 7.0, 6.5),
    Bound("inverse_gaussian", "curvature", 3.0, 4.0),
    Bound("label_smoothing", "loss", 2.0, None),
    Bound("label_smoothing", "curvature", 3.0, 3.5),
    Bound("least_squares", "loss", 3.0, 3.0),
    Bound("least_squares", "slope", 1.5, 1.5),
    Bound("least_squares", "curvature", 0.0, 0.0),
    Bound("log_cosh_loss", "loss", 3.5, 5.0),
    Bound("log_cosh_loss", "slope", 2.0, 2.0),
    Bound("log_log", "loss", 2.5, 4.5),
    Bound("log_log", "slope", 2.5, 8.5),
    Bound("log_log", "curvature", 2.5, 4.5),
    Bound("logistic", "loss", 2.0, 3.0),
    Bound("logistic", "slope", 3.0, 4.5),
    Bound("logistic", "curvature", 3.0, 3.0),
    Bound("logistic_signs", "loss", 2.5, None),
    Bound("logistic_signs", "slope", 2.5, None),
    Bound("logistic_signs", "curvature", 3.5, None),
    Bound("logistic_weighted", "curvature", 5.5, 4.5),
    Bound("negative_binomial_known", "slope", 5.5, 4.5),
    Bound("poisson", "slope", 1.5, 2.5),
    Bound("poisson", "curvature", 1.5, 1.5),
    Bound("poisson_offset", "curvature", 7.5, None),
    Bound("probit", "curvature", 2.5, 3.0),
    Bound("pseudo_huber", "loss", 5.0, 4.5),
    Bound("pseudo_huber", "slope", 3.0, 3.0),
    Bound("pseudo_huber", "curvature", 6.0, 7.5),
    Bound("sigmoid_squares", "slope", 3.5, 10.0),
    Bound("sigmoid_squares", "curvature", 2.5, 4.0),
    Bound("student_t", "slope", 3.0, 4.5),
    Bound("student_t", "curvature", 4.5, 6.0),
    Bound("tangent", "slope", 4.5, 4.0),
    Bound("tangent", "curvature", 3.5, 5.0),
    Bound("weighted_least_squares", "slope", 2.0, 2.5),
    Bound("weighted_least_squares", "curvature", 0.0, 0.0),
)
