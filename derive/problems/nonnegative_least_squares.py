"""Nonnegative least squares by weights that are exponentials."""

from derive.notation import Axis, Problem, Sum, data, define, exp, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
a = parameter("a", n, meaning="logarithms of the weights")

z = define("z", i, Sum(X[i, j] * exp(a[j]), j), meaning="predictions")

PROBLEM = Problem(
    name="nonnegative_least_squares",
    title="Nonnegative least squares",
    data=(X, y),
    parameters=(a,),
    definitions=(z,),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i),
    prediction=z,
    summary="Half the mean squared error of predictions with positive weights exp(a).",
    sources=("C. L. Lawson and R. J. Hanson (1974), Solving Least Squares Problems, chapter 23",),
)
