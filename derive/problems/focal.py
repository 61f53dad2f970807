"""The focal loss: samples that are already right count less."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, log, parameter, sigmoid
from derive.notation.interval import SIGNS

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=SIGNS, meaning="labels: -1 or 1")
g = data("g", domain=NONNEGATIVE, latex=r"\gamma", meaning="focus: 0 is the log loss")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
p = define("p", i, sigmoid(y[i] * z[i]), meaning="predicted probabilities of the true labels")

PROBLEM = Problem(
    name="focal",
    title="Focal loss",
    data=(X, y, g),
    parameters=(theta,),
    definitions=(z, p),
    cost=-1 / m * Sum((1 - p[i]) ** g() * log(p[i]), i),
    prediction=z,
    summary="The mean of -(1 - p)^gamma log(p), p the predicted probability of the true label.",
    sources=("T.-Y. Lin et al. (2017), Focal loss for dense object detection, ICCV, equation 4",),
)
