"""Weighted least squares: precise measurements count more."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
c = data("c", m, domain=NONNEGATIVE, meaning="weights, such as inverse variances")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")

PROBLEM = Problem(
    name="weighted_least_squares",
    title="Weighted least squares",
    data=(X, y, c),
    parameters=(theta,),
    definitions=(z,),
    cost=1 / (2 * m) * Sum(c[i] * (z[i] - y[i]) ** 2, i),
    prediction=z,
    summary="Half the mean weighted squared difference between predictions and targets.",
    sources=("T. Hastie et al. (2009), The Elements of Statistical Learning, section 4.4.1",),
)
