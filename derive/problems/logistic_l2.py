"""Logistic regression with an l2 penalty that leaves the first weight, the intercept, alone."""

from derive.notation import (
    NONNEGATIVE,
    UNIT,
    Axis,
    Problem,
    Sum,
    data,
    define,
    log,
    parameter,
    sigmoid,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample, a column of ones first")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="strength of the penalty")
theta = parameter("theta", n, meaning="weights, the intercept first")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, sigmoid(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="logistic_l2",
    title="Logistic regression with an l2 penalty",
    data=(X, y, lambda_),
    parameters=(theta,),
    definitions=(z, h),
    cost=-1 / m * Sum(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i]), i)
    + lambda_() / 2 * Sum(theta[j] ** 2, (j, 2, n)),
    prediction=h,
    summary="The mean log loss and half the squared length of the weights, the first one left out.",
    sources=(
        "S. le Cessie and J. C. van Houwelingen (1992), Ridge estimators, Applied Statistics 41(1)",
    ),
)
