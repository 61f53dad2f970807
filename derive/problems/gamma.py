"""Gamma regression with log link: positive targets with a constant coefficient of variation."""

from derive.notation import POSITIVE, Axis, Problem, Sum, data, define, exp, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=POSITIVE, meaning="positive targets")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="logarithms of the means")
mu = define("mu", i, exp(z[i]), meaning="predicted means")

PROBLEM = Problem(
    name="gamma",
    title="Gamma regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, mu),
    cost=1 / m * Sum(y[i] * exp(-z[i]) + z[i], i),
    prediction=mu,
    summary="The mean of y/mu + log(mu) for means mu = exp(z): the negative log-likelihood of the "
    "gamma distribution times its dispersion, without the terms that do not depend on the "
    "weights.",
    sources=("P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, chapter 8",),
)
