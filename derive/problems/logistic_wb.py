"""Logistic regression with the bias apart: scores X w + b."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, log, parameter, sigmoid

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
w = parameter("w", n, meaning="weights")
b = parameter("b", meaning="bias (intercept)")

z = define("z", i, Sum(X[i, j] * w[j], j) + b(), meaning="scores")
h = define("h", i, sigmoid(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="logistic_wb",
    title="Logistic regression with weights and bias",
    data=(X, y),
    parameters=(w, b),
    definitions=(z, h),
    cost=-1 / m * Sum(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i]), i),
    prediction=h,
    summary="The mean log loss of labels y, with the bias b apart from the weights w.",
    sources=("M. A. Nielsen (2015), Neural Networks and Deep Learning, chapter 3",),
)
