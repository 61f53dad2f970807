"""Ridge regression: least squares with an l2 penalty."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="strength of the penalty")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")

PROBLEM = Problem(
    name="ridge",
    title="Ridge regression",
    data=(X, y, lambda_),
    parameters=(theta,),
    definitions=(z,),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i) + lambda_() / 2 * Sum(theta[j] ** 2, j),
    prediction=z,
    summary="Half the mean squared error and half the squared length of the weights.",
    sources=("A. E. Hoerl and R. W. Kennard (1970), Ridge regression, Technometrics 12(1)",),
)
