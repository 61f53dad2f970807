"""Smoothed quantile regression: the check loss with its corner rounded."""

from derive.notation import (
    OPEN_UNIT,
    POSITIVE,
    Axis,
    Problem,
    Sum,
    data,
    define,
    parameter,
    softplus,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
q = data("q", domain=OPEN_UNIT, meaning="the quantile sought: 1/2 for the median")
alpha = data("alpha", domain=POSITIVE, meaning="width of the rounded corner")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predicted quantiles")
e = define("e", i, y[i] - z[i], meaning="residuals")

PROBLEM = Problem(
    name="quantile_smoothed",
    title="Smoothed quantile regression",
    data=(X, y, q, alpha),
    parameters=(theta,),
    definitions=(z, e),
    cost=1 / m * Sum(q() * e[i] + alpha() * softplus(-e[i] / alpha()), i),
    prediction=z,
    summary="The mean of q e + alpha log(1 + exp(-e/alpha)), which tends to the check loss "
    "max(q e, (q - 1) e) as alpha tends to 0.",
    sources=("S. Zheng (2011), Gradient descent algorithms for quantile regression, IJMLC 2(3)",),
)
