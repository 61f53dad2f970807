"""Generalised least squares: errors that are correlated."""

from derive.notation import Axis, Problem, Sum, data, define, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, l, j = m.index("i"), m.index("l"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
P = data(
    "P",
    m,
    m,
    facts=("symmetric", "positive definite"),
    meaning="precision: the inverse covariance of the errors",
)
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")
r = define("r", i, z[i] - y[i], meaning="residuals")

PROBLEM = Problem(
    name="generalised_least_squares",
    title="Generalised least squares",
    data=(X, y, P),
    parameters=(theta,),
    definitions=(z, r),
    cost=Sum(r[i] * Sum(P[i, l] * r[l], l), i) / 2,
    prediction=z,
    summary="Half the squared length of the residuals in the metric of their precision matrix.",
    sources=(
        (
            "A. C. Aitken (1935), On least squares and linear combination of observations, "
            "Proceedings of the Royal Society of Edinburgh 55"
        ),
    ),
)
