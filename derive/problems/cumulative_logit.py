"""Ordered classes whose cumulative probabilities are logistic (proportional odds)."""

from derive.notation import (
    BINARY,
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
    log_gumbel_cdf,
    parameter,
    sigmoid,
)
from derive.notation.expression import ONE, ZERO

m, n, q = Axis("m", "samples"), Axis("n", "features"), Axis("q", "gaps between thresholds")
i, j, k = m.index("i"), n.index("j"), q.index("k")

X = data("X", m, n, meaning="features, one row per sample")
U = data("U", m, q, domain=BINARY, meaning="1 for the gaps below the class's upper threshold")
L = data("L", m, q, domain=BINARY, meaning="1 for the gaps below the class's lower threshold")
u = data("u", m, domain=BINARY, meaning="1 unless the class is the highest")
l = data("l", m, domain=BINARY, meaning="1 unless the class is the lowest")
G = data("G", m, q, domain=BINARY, meaning="1 for the gap in which the class lies")
theta = parameter("theta", n, meaning="weights")
b = parameter("b", meaning="lowest threshold")
g = parameter("g", q, meaning="logarithms of the gaps")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
s = define(
    "s", i, b() + Sum(U[i, k] * exp(g[k]), k) - z[i], meaning="upper thresholds above the scores"
)
t = define(
    "t", i, b() + Sum(L[i, k] * exp(g[k]), k) - z[i], meaning="lower thresholds above the scores"
)
a = define("a", i, sigmoid(s[i]), meaning="predicted probabilities of the class or a lower one")
c = define("c", i, sigmoid(t[i]), meaning="predicted probabilities of a lower class")
w = define("w", i, Sum(G[i, k] * g[k], k), meaning="logarithm of the class's gap")

# All follow from the gaps below the class and the one in which it lies.
upper = Definition(U, (i, k), Cases(((When(L[i, k] + G[i, k], ">", ZERO), ONE),), ZERO))
lowest = Definition(l, (i,), Cases(((When(L[i, 1] + G[i, 1], ">", ZERO), ONE),), ZERO))
highest = Definition(u, (i,), 1 - L[i, -1])

PROBLEM = Problem(
    name="cumulative_logit",
    title="Cumulative logit regression",
    data=(X, U, L, u, l, G),
    parameters=(theta, b, g),
    definitions=(z, s, t, a, c, w),
    cost=-1
    / m
    * Sum(u[i] * log(a[i]) + l[i] * log(1 - c[i]) + u[i] * l[i] * log_gumbel_cdf(w[i]), i),
    prediction=z,
    ties=(upper, lowest, highest),
    summary="The mean of -log(a - c), which is -log(a) - log(1 - c) - log(1 - exp(-gap)) for a "
    "class between two thresholds; the thresholds are b and the gaps exp(g) above it.",
    sources=("P. McCullagh (1980), Regression models for ordinal data, JRSS B 42(2)",),
)
