"""The pseudo-Huber loss: a parabola near 0, straight lines far away, smooth between."""

from derive.notation import POSITIVE, Axis, Problem, Sum, data, define, parameter, sqrt

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
delta = data("delta", domain=POSITIVE, meaning="size of a residual that is large")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")
r = define("r", i, y[i] - z[i], meaning="residuals")

PROBLEM = Problem(
    name="pseudo_huber",
    title="Pseudo-Huber regression",
    data=(X, y, delta),
    parameters=(theta,),
    definitions=(z, r),
    cost=delta() ** 2 / m * Sum(sqrt(1 + (r[i] / delta()) ** 2) - 1, i),
    prediction=z,
    summary="The mean of delta^2 (sqrt(1 + (r/delta)^2) - 1) over the residuals r.",
    sources=(
        (
            "R. Hartley and A. Zisserman (2003), Multiple View Geometry in Computer Vision, "
            "appendix 6.8"
        ),
    ),
)
