"""The modified Huber loss: the squared hinge, straight below a margin of -1."""

from derive.notation import Axis, Problem, Sum, data, define, parameter
from derive.notation.functions import smooth_relu
from derive.notation.interval import SIGNS

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=SIGNS, meaning="labels: -1 or 1")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
s = define("s", i, 1 - y[i] * z[i], meaning="shortfall of the margin: positive where it is below 1")

PROBLEM = Problem(
    name="modified_huber",
    title="Modified Huber loss",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, s),
    cost=8 / m * Sum(smooth_relu(s[i] / 2), i),
    prediction=z,
    summary="The mean of 0 for margins yz above 1, (1 - yz)^2 down to -1, and -4yz below.",
    sources=(
        (
            "T. Zhang (2004), Solving large scale linear prediction problems using stochastic "
            "gradient descent algorithms, ICML"
        ),
    ),
)
