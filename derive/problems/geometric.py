"""Geometric regression: counts of failures before the first success."""

from derive.notation import (
    NONNEGATIVE,
    Axis,
    Problem,
    Sum,
    data,
    define,
    exp,
    log,
    parameter,
    sigmoid,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=NONNEGATIVE, meaning="counts")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="logarithms of the means")
q = define("q", i, sigmoid(z[i]), meaning="probabilities of a failure")
k = define("k", i, y[i] + 1, meaning="trials")
mu = define("mu", i, exp(z[i]), meaning="predicted means")

PROBLEM = Problem(
    name="geometric",
    title="Geometric regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, q, k, mu),
    cost=-1 / m * Sum(k[i] * log(1 - q[i]) + y[i] * z[i], i),
    prediction=mu,
    summary="The mean of -y log(mu) - (y + 1) log(1 - q) for q = mu/(mu + 1), mu = exp(z): the "
    "negative log-likelihood of the geometric distribution with mean mu.",
    sources=("J. M. Hilbe (2011), Negative Binomial Regression, second edition",),
)
