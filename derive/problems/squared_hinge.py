"""The squared hinge loss of the L2 support vector machine."""

from derive.notation import Axis, Problem, Sum, data, define, parameter
from derive.notation.functions import relu
from derive.notation.interval import SIGNS

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=SIGNS, meaning="labels: -1 or 1")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
s = define("s", i, 1 - y[i] * z[i], meaning="shortfall of the margin: positive where it is below 1")

PROBLEM = Problem(
    name="squared_hinge",
    title="Squared hinge loss",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, s),
    cost=1 / (2 * m) * Sum(relu(s[i]) ** 2, i),
    prediction=z,
    summary="Half the mean square of what the margin y z lacks to 1.",
    sources=("C. Cortes and V. Vapnik (1995), Support-vector networks, Machine Learning 20(3)",),
)
