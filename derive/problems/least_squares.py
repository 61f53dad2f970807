"""Linear least squares: half the mean squared error of a linear prediction."""

from derive.notation import Axis, Problem, Sum, data, define, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")

PROBLEM = Problem(
    name="least_squares",
    title="Linear least squares",
    data=(X, y),
    parameters=(theta,),
    definitions=(z,),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i),
    prediction=z,
    summary="Half the mean squared difference between linear predictions and targets.",
    sources=("A.-M. Legendre (1805), Nouvelles méthodes pour la détermination des orbites",),
)
