"""The exponential loss of AdaBoost: e to the minus margin."""

from derive.notation import Axis, Problem, Sum, data, define, exp, parameter
from derive.notation.interval import SIGNS

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=SIGNS, meaning="labels: -1 or 1")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")

PROBLEM = Problem(
    name="exponential_loss",
    title="Exponential loss",
    data=(X, y),
    parameters=(theta,),
    definitions=(z,),
    cost=1 / m * Sum(exp(-y[i] * z[i]), i),
    prediction=z,
    summary="The mean of e to the power -y z, the loss that AdaBoost minimises over its weights.",
    sources=("Y. Freund and R. E. Schapire (1997), A decision-theoretic generalization, JCSS 55",),
)
