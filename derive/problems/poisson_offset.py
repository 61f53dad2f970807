"""Poisson regression with exposures: rates per unit of time or of population."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, exp, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=NONNEGATIVE, meaning="counts")
o = data("o", m, meaning="offsets: logarithms of the exposures")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="logarithms of the rates")
mu = define("mu", i, exp(z[i] + o[i]), meaning="predicted means")

PROBLEM = Problem(
    name="poisson_offset",
    title="Poisson regression with exposures",
    data=(X, y, o),
    parameters=(theta,),
    definitions=(z, mu),
    cost=1 / m * Sum(mu[i] - y[i] * (z[i] + o[i]), i),
    prediction=mu,
    summary="The mean negative log-likelihood of Poisson counts with means exp(z + o), without "
    "the term log y! that does not depend on the weights.",
    sources=("P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, section 6.3",),
)
