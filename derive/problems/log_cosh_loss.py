"""The logarithm of the hyperbolic cosine of the residuals."""

from derive.notation import Axis, Problem, Sum, data, define, log_cosh, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")
r = define("r", i, y[i] - z[i], meaning="residuals")

PROBLEM = Problem(
    name="log_cosh_loss",
    title="Log-cosh regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, r),
    cost=1 / m * Sum(log_cosh(r[i]), i),
    prediction=z,
    summary="The mean of log(cosh(r)) over the residuals r: r^2/2 near 0, |r| - log(2) far away.",
    sources=(
        (
            "P. J. Green (1990), Bayesian reconstructions from emission tomography data, IEEE TMI "
            "9(1)"
        ),
    ),
)
