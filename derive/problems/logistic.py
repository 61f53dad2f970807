"""Logistic regression: the log loss of a sigmoid of a linear score."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, log, parameter, sigmoid

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, sigmoid(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="logistic",
    title="Logistic regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, h),
    cost=-1 / m * Sum(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i]), i),
    prediction=h,
    summary="The mean log loss (cross-entropy) of labels y under predicted probabilities h.",
    sources=("D. R. Cox (1958), The regression analysis of binary sequences, JRSS B 20(2)",),
)
