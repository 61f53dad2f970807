"""Logistic regression with labels -1 and +1: the logistic loss of the margin."""

from fractions import Fraction

from derive.notation import (
    Axis,
    Interval,
    Problem,
    Sum,
    data,
    define,
    parameter,
    sigmoid,
    softplus,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=Interval(Fraction(-1), Fraction(1)), meaning="labels: -1 or +1")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
p = define("p", i, sigmoid(z[i]), meaning="predicted probabilities of the label +1")

PROBLEM = Problem(
    name="logistic_signs",
    title="Logistic regression with labels -1 and +1",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, p),
    cost=1 / m * Sum(softplus(-y[i] * z[i]), i),
    prediction=p,
    summary="The mean logistic loss of the margins y z.",
    sources=("T. Hastie et al. (2009), The Elements of Statistical Learning, section 10.5",),
)
