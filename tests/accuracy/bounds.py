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
    whole: float | None
    other: float | None


BOUNDS = (
    Bound("binomial", "loss", 2.0, 2.0),
    Bound("binomial", "curvature", 3.0, 4.0),
    Bound("cauchit", "loss", 1.5, 3.0),
    Bound("cauchit", "slope", 3.5, 4.0),
    Bound("cauchit", "curvature", 4.0, 5.5),
    Bound("cauchy", "slope", 2.0, 2.5),
    Bound("cauchy", "curvature", 5.5, 3.5),
    Bound("complementary_log_log", "loss", 2.0, 3.0),
    Bound("complementary_log_log", "slope", 2.0, 4.0),
    Bound("complementary_log_log", "curvature", 2.0, 3.0),
    Bound("expectile", "loss", None, 1.5),
    Bound("expectile", "slope", None, 1.0),
    Bound("exponential_loss", "loss", 1.0, None),
    Bound("exponential_loss", "slope", 1.0, None),
    Bound("exponential_loss", "curvature", 1.0, None),
    Bound("exponential_survival", "loss", 3.0, 2.5),
    Bound("exponential_survival", "slope", 2.0, 2.5),
    Bound("exponential_survival", "curvature", 2.0, 2.5),
    Bound("gamma", "loss", 3.5, 3.0),
    Bound("gamma", "slope", 2.5, 2.0),
    Bound("gamma", "curvature", 3.0, 2.5),
    Bound("geman_mcclure", "loss", 2.0, 2.0),
    Bound("geman_mcclure", "slope", 4.0, 2.5),
    Bound("geman_mcclure", "curvature", 8.0, 6.5),
    Bound("geometric", "loss", 2.0, 2.0),
    Bound("geometric", "slope", 2.0, 2.0),
    Bound("geometric", "curvature", 4.0, 3.5),
    Bound("huber", "slope", 0.5, 1.0),
    Bound("inverse_gaussian", "slope", 5.0, 3.0),
    Bound("inverse_gaussian", "curvature", 2.5, 3.0),
    Bound("label_smoothing", "loss", 1.5, 2.0),
    Bound("label_smoothing", "slope", 1.5, 3.0),
    Bound("label_smoothing", "curvature", 2.5, 2.0),
    Bound("least_squares", "loss", 2.0, 1.5),
    Bound("least_squares", "slope", 1.0, 1.0),
    Bound("least_squares", "curvature", 0.0, 0.0),
    Bound("log_cosh_loss", "loss", 1.5, 1.0),
    Bound("log_cosh_loss", "slope", 1.0, 1.0),
    Bound("log_cosh_loss", "curvature", 3.0, 3.0),
    Bound("log_log", "loss", 2.0, 3.0),
    Bound("log_log", "slope", 2.5, 2.5),
    Bound("log_log", "curvature", 2.0, 3.0),
    Bound("logistic", "loss", 1.5, 2.0),
    Bound("logistic", "slope", 2.0, 2.0),
    Bound("logistic", "curvature", 1.5, 2.0),
    Bound("logistic_signs", "loss", 1.5, None),
    Bound("logistic_signs", "slope", 1.5, None),
    Bound("logistic_signs", "curvature", 2.5, None),
    Bound("logistic_weighted", "loss", 2.0, 2.0),
    Bound("logistic_weighted", "slope", 2.0, 3.5),
    Bound("logistic_weighted", "curvature", 2.5, 3.0),
    Bound("modified_huber", "loss", 2.0, None),
    Bound("modified_huber", "slope", 1.0, None),
    Bound("negative_binomial_known", "slope", 2.0, 2.5),
    Bound("poisson", "loss", 2.0, 1.5),
    Bound("poisson", "slope", 1.0, 1.5),
    Bound("poisson", "curvature", 1.0, 1.0),
    Bound("poisson_offset", "slope", 1.0, 2.5),
    Bound("poisson_offset", "curvature", 1.0, 1.0),
    Bound("probit", "loss", 1.5, 2.0),
    Bound("probit", "slope", 3.0, 2.5),
    Bound("probit", "curvature", 2.0, 2.0),
    Bound("pseudo_huber", "loss", 2.5, 2.0),
    Bound("pseudo_huber", "slope", 2.0, 2.5),
    Bound("pseudo_huber", "curvature", 3.5, 4.5),
    Bound("quantile_smoothed", "slope", None, 6.0),
    Bound("quantile_smoothed", "curvature", None, 3.5),
    Bound("sigmoid_squares", "loss", 2.5, 6.5),
    Bound("sigmoid_squares", "slope", 2.5, 4.0),
    Bound("sigmoid_squares", "curvature", 1.5, 3.0),
    Bound("smoothed_hinge", "loss", 2.0, None),
    Bound("smoothed_hinge", "slope", 1.0, None),
    Bound("squared_hinge", "loss", 2.0, None),
    Bound("squared_hinge", "slope", 1.0, None),
    Bound("student_t", "slope", 1.5, 3.0),
    Bound("student_t", "curvature", 3.0, 4.5),
    Bound("tangent", "loss", 2.5, None),
    Bound("tangent", "slope", 3.5, None),
    Bound("tangent", "curvature", 2.0, None),
    Bound("weighted_least_squares", "loss", 1.5, 2.0),
    Bound("weighted_least_squares", "slope", 0.5, 1.5),
    Bound("weighted_least_squares", "curvature", 0.0, 0.0),
    Bound("welsch", "curvature", 2.0, None),
)
