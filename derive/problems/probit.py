"""Probit regression: the log loss of a normal distribution function of a linear score."""

from derive.notation import (
    UNIT,
    Axis,
    Phi,
    Problem,
    Sum,
    data,
    define,
    log_normal_cdf,
    parameter,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, Phi(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="probit",
    title="Probit regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, h),
    cost=-1 / m * Sum(y[i] * log_normal_cdf(z[i]) + (1 - y[i]) * log_normal_cdf(-z[i]), i),
    prediction=h,
    summary="The mean log loss of labels y under the probabilities of a normal distribution; "
    "1 - Phi(z) is Phi(-z).",
    sources=("C. I. Bliss (1934), The method of probits, Science 79(2037)",),
)
