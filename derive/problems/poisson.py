"""Poisson regression: counts whose log mean is linear in the features."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, exp, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=NONNEGATIVE, meaning="counts (or rates)")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="logarithms of the means")
mu = define("mu", i, exp(z[i]), meaning="predicted means")

PROBLEM = Problem(
    name="poisson",
    title="Poisson regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, mu),
    cost=1 / m * Sum(mu[i] - y[i] * z[i], i),
    prediction=mu,
    summary="The mean negative log-likelihood of Poisson counts, without the term log y! that "
    "does not depend on the weights.",
    sources=("J. A. Nelder and R. W. M. Wedderburn (1972), Generalized linear models, JRSS A",),
)
