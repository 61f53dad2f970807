"""The tangent loss: it punishes wrong labels and margins that are too large."""

from derive.notation import Axis, Problem, Sum, atan, data, define, parameter
from derive.notation.interval import SIGNS

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=SIGNS, meaning="labels: -1 or 1")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
s = define("s", i, y[i] * z[i], meaning="margins")

PROBLEM = Problem(
    name="tangent",
    title="Tangent loss",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, s),
    cost=1 / m * Sum((2 * atan(s[i]) - 1) ** 2, i),
    prediction=z,
    summary="The mean of (2 arctan(yz) - 1)^2 over the margins yz.",
    sources=(
        (
            "H. Masnadi-Shirazi, V. Mahadevan and N. Vasconcelos (2010), On the design of robust "
            "classifiers for computer vision, CVPR"
        ),
    ),
)
