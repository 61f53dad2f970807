"""Tweedie regression: amounts that are zero with positive probability."""

from derive.notation import NONNEGATIVE, Axis, Interval, Problem, Sum, data, define, exp, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=NONNEGATIVE, meaning="amounts, zeros among them")
p = data("p", domain=Interval(1, 2, True, True), meaning="power of the mean in the variance")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="logarithms of the means")
mu = define("mu", i, exp(z[i]), meaning="predicted means")

PROBLEM = Problem(
    name="tweedie",
    title="Tweedie regression",
    data=(X, y, p),
    parameters=(theta,),
    definitions=(z, mu),
    cost=1
    / m
    * Sum(exp((2 - p()) * z[i]) / (2 - p()) - y[i] * exp((1 - p()) * z[i]) / (1 - p()), i),
    prediction=mu,
    summary="The mean of mu^(2-p)/(2-p) - y mu^(1-p)/(1-p) for means mu = exp(z): the negative "
    "log-likelihood times the dispersion, without the terms that do not depend on the "
    "weights.",
    sources=("B. Jørgensen (1987), Exponential dispersion models, JRSS B 49(2)",),
)
