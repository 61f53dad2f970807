"""The Cauchy (Lorentzian) loss: the logarithm of 1 plus a square."""

from derive.notation import POSITIVE, Axis, Problem, Sum, data, define, log, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, meaning="targets")
s = data("s", domain=POSITIVE, meaning="scale of the residuals")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions")
r = define("r", i, y[i] - z[i], meaning="residuals")

PROBLEM = Problem(
    name="cauchy",
    title="Cauchy regression",
    data=(X, y, s),
    parameters=(theta,),
    definitions=(z, r),
    cost=s() ** 2 / (2 * m) * Sum(log(1 + (r[i] / s()) ** 2), i),
    prediction=z,
    summary="The mean of s^2/2 log(1 + (r/s)^2) over the residuals r.",
    sources=(
        (
            "P. W. Holland and R. E. Welsch (1977), Robust regression using iteratively "
            "reweighted least-squares, Communications in Statistics A 6(9)"
        ),
    ),
)
