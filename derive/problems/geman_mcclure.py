"""The Geman-McClure loss: a square that saturates."""

from derive.notation import Axis, Problem, Sum, data, define, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")
r = define("r", i, y[i] - z[i], meaning="residuals")

PROBLEM = Problem(
    name="geman_mcclure",
    title="Geman-McClure regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, r),
    cost=1 / m * Sum(r[i] ** 2 / (2 * (1 + r[i] ** 2)), i),
    prediction=z,
    summary="The mean of r^2/(2 (1 + r^2)) over the residuals r.",
    sources=(
        (
            "S. Geman and D. E. McClure (1987), Statistical methods for tomographic image "
            "reconstruction, Bulletin of the ISI 52(4)"
        ),
    ),
)
