"""Factorisation machine of order two: interactions of features through a matrix of rank K."""

from fractions import Fraction

from derive.notation import Axis, Problem, Sum, data, define, parameter

m, n, K = Axis("m", "samples"), Axis("n", "features"), Axis("K", "factors")
i, j, c = m.index("i"), n.index("j"), K.index("c")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
b = parameter("b", meaning="intercept")
w = parameter("w", n, meaning="weights")
V = parameter("V", n, K, meaning="factors of the features")

pairs = Fraction(1, 2) * Sum(
    Sum(X[i, j] * V[j, c], j) ** 2 - Sum(X[i, j] ** 2 * V[j, c] ** 2, j), c
)
z = define("z", i, b() + Sum(X[i, j] * w[j], j) + pairs, meaning="predicted targets")

PROBLEM = Problem(
    name="factorisation_machine",
    title="Factorisation machine",
    data=(X, y),
    parameters=(b, w, V),
    definitions=(z,),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i),
    prediction=z,
    summary="Squared error of a linear model with an interaction v_j'v_k of every two features.",
    sources=("S. Rendle (2010), Factorization machines, ICDM, equations 1 and 5",),
)
