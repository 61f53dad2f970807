"""Expectile regression: asymmetric least squares."""

from derive.notation import OPEN_UNIT, Axis, Problem, Sum, data, define, parameter, relu

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
tau = data("tau", domain=OPEN_UNIT, meaning="level of the expectile")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")
r = define("r", i, y[i] - z[i], meaning="residuals")
q = define("q", 1 - tau(), meaning="weight of the targets below their predictions")

PROBLEM = Problem(
    name="expectile",
    title="Expectile regression",
    data=(X, y, tau),
    parameters=(theta,),
    definitions=(z, r, q),
    cost=1 / (2 * m) * Sum(tau() * relu(r[i]) ** 2 + q() * relu(-r[i]) ** 2, i),
    prediction=z,
    summary="Half the mean squared residual, weighted by tau where the target lies above the "
    "prediction and by 1 - tau where it lies below.",
    sources=(
        (
            "W. K. Newey and J. L. Powell (1987), Asymmetric least squares estimation and "
            "testing, Econometrica 55(4)"
        ),
    ),
)
