"""Regression with errors of Student's t distribution."""

from derive.notation import POSITIVE, Axis, Problem, Sum, data, define, log, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
nu = data("nu", domain=POSITIVE, meaning="degrees of freedom")
s = data("s", domain=POSITIVE, meaning="scale of the residuals")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")
r = define("r", i, y[i] - z[i], meaning="residuals")

PROBLEM = Problem(
    name="student_t",
    title="Student-t regression",
    data=(X, y, nu, s),
    parameters=(theta,),
    definitions=(z, r),
    cost=(nu() + 1) / (2 * m) * Sum(log(1 + (r[i] / s()) ** 2 / nu()), i),
    prediction=z,
    summary="The mean negative log-likelihood of residuals r under a t distribution of known "
    "degrees of freedom nu and scale s, without the terms that do not depend on the "
    "weights.",
    sources=(
        (
            "K. L. Lange, R. J. A. Little and J. M. G. Taylor (1989), Robust statistical modeling "
            "using the t distribution, JASA 84(408)"
        ),
    ),
)
