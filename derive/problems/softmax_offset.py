"""Softmax regression with known offsets of the scores, such as log priors."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, exp, log, parameter

m, n, K = Axis("m", "samples"), Axis("n", "features"), Axis("K", "classes")
i, j, c, d = m.index("i"), n.index("j"), K.index("c"), K.index("d")

X = data("X", m, n, meaning="features, one row per sample")
Y = data("Y", m, K, domain=UNIT, meaning="labels: rows with a single 1, or rows of probabilities")
O = data("O", m, K, meaning="offsets of the scores")
Theta = parameter("Theta", n, K, meaning="weights, one column per class")

Z = define("Z", i, c, Sum(X[i, j] * Theta[j, c], j) + O[i, c], meaning="scores")
P = define("P", i, c, exp(Z[i, c]) / Sum(exp(Z[i, d]), d), meaning="predicted probabilities")

PROBLEM = Problem(
    name="softmax_offset",
    title="Softmax regression with offsets",
    data=(X, Y, O),
    parameters=(Theta,),
    definitions=(Z, P),
    cost=1 / m * Sum(log(Sum(exp(Z[i, c]), c)) - Sum(Y[i, c] * Z[i, c], c), i),
    prediction=P,
    summary="The mean log loss of K classes whose scores have a known part.",
    sources=("A. K. Menon et al. (2021), Long-tail learning via logit adjustment, ICLR",),
)
