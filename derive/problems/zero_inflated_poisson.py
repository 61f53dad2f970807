"""Zero-inflated Poisson regression: some zeros are no counts at all."""

from derive.notation import (
    BINARY,
    COUNTS,
    Axis,
    Cases,
    Definition,
    Problem,
    Sum,
    When,
    data,
    define,
    exp,
    log,
    parameter,
    sigmoid,
)
from derive.notation.expression import ONE, ZERO

m, n, q = (
    Axis("m", "samples"),
    Axis("n", "features of the counts"),
    Axis("q", "features of the zeros"),
)
i, j, k = m.index("i"), n.index("j"), q.index("k")

X = data("X", m, n, meaning="features of the counts, one row per sample")
G = data("G", m, q, meaning="features of the zeros, one row per sample")
y = data("y", m, domain=COUNTS, meaning="counts")
o = data("o", m, domain=BINARY, meaning="1 where the count is 0, else 0")
beta = parameter("beta", n, meaning="weights of the log mean")
gamma = parameter("gamma", q, meaning="weights of the log odds of an extra zero")

z = define("z", i, Sum(X[i, j] * beta[j], j), meaning="logarithms of the means")
g = define("g", i, Sum(G[i, k] * gamma[k], k), meaning="log odds of an extra zero")
mu = define("mu", i, exp(z[i]), meaning="means of the Poisson counts")
p = define("p", i, sigmoid(g[i]), meaning="probabilities of an extra zero")
r = define("r", i, sigmoid(-g[i] - mu[i]), meaning="probabilities that a zero is a count")
c = define("c", i, 1 - o[i], meaning="0 where the count is 0, else 1")

zero = Definition(o, (i,), Cases(((When(y[i], "=", ZERO), ONE),), ZERO))

PROBLEM = Problem(
    name="zero_inflated_poisson",
    title="Zero-inflated Poisson regression",
    data=(X, G, y, o),
    parameters=(beta, gamma),
    definitions=(z, g, mu, p, r, c),
    cost=1
    / m
    * Sum(o[i] * (log(1 - r[i]) - log(p[i])) + c[i] * (mu[i] - y[i] * z[i] - log(1 - p[i])), i),
    prediction=mu,
    ties=(zero,),
    summary="The mean negative log-likelihood of counts that are 0 with probability p and Poisson "
    "otherwise, without the term log y!; by Bayes' theorem a 0 has the probability p/(1 - r).",
    sources=("D. Lambert (1992), Zero-inflated Poisson regression, Technometrics 34(1)",),
)
