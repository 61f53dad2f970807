"""The squared error of a sigmoid: the cost that is not convex."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, parameter, sigmoid

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, sigmoid(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="sigmoid_squares",
    title="Squared error of a sigmoid",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, h),
    cost=1 / (2 * m) * Sum((h[i] - y[i]) ** 2, i),
    prediction=h,
    summary="Half the mean squared difference between labels and predicted probabilities; "
    "smooth, but not convex in the weights.",
    sources=("C. M. Bishop (1995), Neural Networks for Pattern Recognition, section 6.1",),
)
