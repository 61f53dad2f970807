"""Logistic regression with random effects, penalised as in a mixed model."""

from derive.notation import (
    POSITIVE,
    UNIT,
    Axis,
    Problem,
    Sum,
    data,
    define,
    log,
    parameter,
    sigmoid,
)

m, n, q = Axis("m", "samples"), Axis("n", "features"), Axis("q", "groups")
i, j, k = m.index("i"), n.index("j"), q.index("k")

X = data("X", m, n, meaning="features, one row per sample")
G = data("G", m, q, meaning="design of the random effects, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
s = data("s", domain=POSITIVE, meaning="variance of the random effects")
beta = parameter("beta", n, meaning="fixed effects")
b = parameter("b", q, meaning="random effects")

z = define("z", i, Sum(X[i, j] * beta[j], j) + Sum(G[i, k] * b[k], k), meaning="scores")
h = define("h", i, sigmoid(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="logistic_mixed",
    title="Logistic regression with random effects",
    data=(X, G, y, s),
    parameters=(beta, b),
    definitions=(z, h),
    cost=-Sum(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i]), i) + 1 / (2 * s()) * Sum(b[k] ** 2, k),
    prediction=h,
    summary="The negative log-likelihood of labels given the random effects, and minus the "
    "logarithm of their normal density, without its constant: Green's penalised "
    "likelihood.",
    sources=(
        (
            "N. E. Breslow and D. G. Clayton (1993), Approximate inference in generalized linear "
            "mixed models, JASA 88(421), section 2.1"
        ),
    ),
)
