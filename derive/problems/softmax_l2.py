"""Softmax regression with an l2 penalty on all weights."""

from derive.notation import NONNEGATIVE, UNIT, Axis, Problem, Sum, data, define, exp, log, parameter

m, n, K = Axis("m", "samples"), Axis("n", "features"), Axis("K", "classes")
i, j, c, d = m.index("i"), n.index("j"), K.index("c"), K.index("d")

X = data("X", m, n, meaning="features, one row per sample")
Y = data("Y", m, K, domain=UNIT, meaning="labels: rows with a single 1, or rows of probabilities")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="strength of the penalty")
Theta = parameter("Theta", n, K, meaning="weights, one column per class")

Z = define("Z", i, c, Sum(X[i, j] * Theta[j, c], j), meaning="scores")
P = define("P", i, c, exp(Z[i, c]) / Sum(exp(Z[i, d]), d), meaning="predicted probabilities")

PROBLEM = Problem(
    name="softmax_l2",
    title="Softmax regression with an l2 penalty",
    data=(X, Y, lambda_),
    parameters=(Theta,),
    definitions=(Z, P),
    cost=1 / m * Sum(log(Sum(exp(Z[i, c]), c)) - Sum(Y[i, c] * Z[i, c], c), i)
    + lambda_() / 2 * Sum(Sum(Theta[j, c] ** 2, c), j),
    prediction=P,
    summary="The mean log loss of K classes and half the squared length of the weights.",
    sources=("C. M. Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.4",),
)
