"""Logistic regression with smoothed labels."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, log, parameter, sigmoid

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1")
eps = data("eps", domain=UNIT, latex=r"\varepsilon", meaning="weight of the uniform distribution")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
q = define("q", i, (1 - eps()) * y[i] + eps() / 2, meaning="smoothed labels")
h = define("h", i, sigmoid(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="label_smoothing",
    title="Logistic regression with smoothed labels",
    data=(X, y, eps),
    parameters=(theta,),
    definitions=(z, q, h),
    cost=-1 / m * Sum(q[i] * log(h[i]) + (1 - q[i]) * log(1 - h[i]), i),
    prediction=h,
    summary="The mean log loss of labels that were mixed with the uniform distribution.",
    sources=(
        (
            "C. Szegedy et al. (2016), Rethinking the Inception architecture for computer vision, "
            "CVPR, section 7"
        ),
    ),
)
