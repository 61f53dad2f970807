"""Tobit regression: targets below a limit of 0 are seen as 0."""

from derive.notation import (
    BINARY,
    NONNEGATIVE,
    Axis,
    Cases,
    Definition,
    Problem,
    Sum,
    When,
    data,
    define,
    exp,
    log_normal_cdf,
    parameter,
)
from derive.notation.expression import ONE, ZERO

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=NONNEGATIVE, meaning="targets, 0 where censored")
d = data("d", m, domain=BINARY, meaning="1 if the target was seen, 0 if censored")
theta = parameter("theta", n, meaning="weights")
s = parameter("s", meaning="logarithm of the standard deviation")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="predictions without a limit")
w = define("w", i, (y[i] - z[i]) * exp(-s()), meaning="standardised residuals")
u = define("u", i, z[i] * exp(-s()), meaning="standardised predictions")

seen = Definition(d, (i,), Cases(((When(y[i], ">", ZERO), ONE),), ZERO))

PROBLEM = Problem(
    name="tobit",
    title="Tobit regression",
    data=(X, y, d),
    parameters=(theta, s),
    definitions=(z, w, u),
    cost=1 / m * Sum(d[i] * (w[i] ** 2 / 2 + s()) - (1 - d[i]) * log_normal_cdf(-u[i]), i),
    prediction=z,
    ties=(seen,),
    summary="The mean negative log-likelihood of normal targets that are censored at 0, without "
    "the constant log(2 pi)/2.",
    sources=(
        (
            "J. Tobin (1958), Estimation of relationships for limited dependent variables, "
            "Econometrica 26(1)"
        ),
    ),
)
