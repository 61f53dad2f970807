"""The savage loss: bounded, so that outliers cannot dominate."""

from derive.notation import Axis, Problem, Sum, data, define, parameter, sigmoid
from derive.notation.interval import SIGNS

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=SIGNS, meaning="labels: -1 or 1")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
p = define("p", i, sigmoid(2 * y[i] * z[i]), meaning="predicted probabilities of the true labels")

PROBLEM = Problem(
    name="savage",
    title="Savage loss",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, p),
    cost=1 / m * Sum((1 - p[i]) ** 2, i),
    prediction=z,
    summary="The mean of (1 - p)^2 = 1/(1 + exp(2yz))^2 over the margins yz.",
    sources=(
        (
            "H. Masnadi-Shirazi and N. Vasconcelos (2008), On the design of loss functions for "
            "classification, NIPS"
        ),
    ),
)
