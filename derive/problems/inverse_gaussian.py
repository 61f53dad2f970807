"""Inverse Gaussian regression with log link."""

from derive.notation import POSITIVE, Axis, Problem, Sum, data, define, exp, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=POSITIVE, meaning="positive targets")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="logarithms of the means")
mu = define("mu", i, exp(z[i]), meaning="predicted means")

PROBLEM = Problem(
    name="inverse_gaussian",
    title="Inverse Gaussian regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, mu),
    cost=1 / m * Sum(y[i] / 2 * exp(-2 * z[i]) - exp(-z[i]), i),
    prediction=mu,
    summary="The mean of y/(2 mu^2) - 1/mu for means mu = exp(z): the negative log-likelihood of "
    "the inverse Gaussian distribution times its dispersion, without the terms that do "
    "not depend on the weights.",
    sources=("P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, table 2.1",),
)
