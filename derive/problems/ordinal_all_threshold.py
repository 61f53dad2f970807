"""Ordered classes by thresholds on one score: one logistic loss for each threshold."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, log, parameter, sigmoid

m, n, q = Axis("m", "samples"), Axis("n", "features"), Axis("q", "thresholds")
i, j, k = m.index("i"), n.index("j"), q.index("k")

X = data("X", m, n, meaning="features, one row per sample")
Y = data("Y", m, q, domain=UNIT, meaning="1 where the class lies above the threshold, else 0")
theta = parameter("theta", n, meaning="weights")
b = parameter("b", q, meaning="thresholds")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
S = define("S", i, k, z[i] - b[k], meaning="how far the scores lie above the thresholds")
H = define(
    "H", i, k, sigmoid(S[i, k]), meaning="predicted probabilities of a class above the threshold"
)

PROBLEM = Problem(
    name="ordinal_all_threshold",
    title="Ordinal regression with all thresholds",
    data=(X, Y),
    parameters=(theta, b),
    definitions=(z, S, H),
    cost=-1 / m * Sum(Sum(Y[i, k] * log(H[i, k]) + (1 - Y[i, k]) * log(1 - H[i, k]), k), i),
    prediction=z,
    summary="The mean log loss of the questions whether a class lies above each threshold.",
    sources=(("J. D. M. Rennie and N. Srebro (2005), Loss functions for preference levels"),),
)
