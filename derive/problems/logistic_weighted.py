"""Logistic regression with weighted samples: a weight of 2 counts a sample twice."""

from derive.notation import (
    NONNEGATIVE,
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

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
c = data("c", m, domain=NONNEGATIVE, meaning="weights of the samples")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, sigmoid(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="logistic_weighted",
    title="Logistic regression with weighted samples",
    data=(X, y, c),
    parameters=(theta,),
    definitions=(z, h),
    cost=-1 / m * Sum(c[i] * (y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i])), i),
    prediction=h,
    summary="The log loss in which each sample counts by its weight, divided by their number.",
    sources=("P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, section 2.1",),
)
