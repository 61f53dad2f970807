"""Huber regression: squares for small residuals, straight lines for large ones."""

from fractions import Fraction

from derive.notation import Axis, Cases, Num, Problem, Sum, When, data, define, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")
e = define("e", i, z[i] - y[i], meaning="residuals")

C = Num(Fraction("1.345"))  # 95 % of the efficiency of least squares at normal errors
LEFT, RIGHT = When(e[i], "<=", -C), When(e[i], ">=", C)
LOSS = Cases(((LEFT, -C * e[i] - C**2 / 2), (RIGHT, C * e[i] - C**2 / 2)), e[i] ** 2 / 2)

PROBLEM = Problem(
    name="huber",
    title="Huber regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, e),
    cost=1 / m * Sum(LOSS, i),
    prediction=z,
    summary="The mean of e^2/2 for residuals e between -1.345 and 1.345 and of straight lines "
    "beyond, so that outliers pull with bounded force.",
    sources=("P. J. Huber (1964), Robust estimation of a location parameter, Ann. Math. Stat. 35",),
)
