"""Softmax regression: the log loss of K classes with one linear score each."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, exp, log, parameter

m, n, K = Axis("m", "samples"), Axis("n", "features"), Axis("K", "classes")
i, j, c, d = m.index("i"), n.index("j"), K.index("c"), K.index("d")

X = data("X", m, n, meaning="features, one row per sample")
Y = data("Y", m, K, domain=UNIT, meaning="labels: rows with a single 1, or rows of probabilities")
Theta = parameter("Theta", n, K, meaning="weights, one column per class")

Z = define("Z", i, c, Sum(X[i, j] * Theta[j, c], j), meaning="scores")
P = define("P", i, c, exp(Z[i, c]) / Sum(exp(Z[i, d]), d), meaning="predicted probabilities")

PROBLEM = Problem(
    name="softmax",
    title="Softmax regression",
    data=(X, Y),
    parameters=(Theta,),
    definitions=(Z, P),
    cost=1 / m * Sum(log(Sum(exp(Z[i, c]), c)) - Sum(Y[i, c] * Z[i, c], c), i),
    prediction=P,
    summary="The mean log loss of labels Y, whose rows sum to 1, under the probabilities P.",
    sources=("J. S. Bridle (1990), Probabilistic interpretation of network outputs, NATO ASI F68",),
)
