"""Complementary log-log regression: whether an event of a Poisson process was seen."""

from derive.notation import (
    UNIT,
    Axis,
    Problem,
    Sum,
    data,
    define,
    exp,
    gumbel_cdf,
    log_gumbel_cdf,
    parameter,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, gumbel_cdf(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="complementary_log_log",
    title="Complementary log-log regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, h),
    cost=-1 / m * Sum(y[i] * log_gumbel_cdf(z[i]) - (1 - y[i]) * exp(z[i]), i),
    prediction=h,
    summary="The mean log loss of labels y under the probabilities 1 - exp(-exp(z)), the "
    "distribution function of Gumbel's distribution of minima; log(1 - h) is -exp(z).",
    sources=("P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, section 4.3",),
)
