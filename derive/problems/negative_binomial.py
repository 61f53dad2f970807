"""Negative binomial regression: counts that vary more than a Poisson distribution allows."""

from derive.notation import (
    COUNTS,
    Axis,
    Problem,
    Sum,
    data,
    define,
    exp,
    log_gamma,
    parameter,
    softplus,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=COUNTS, meaning="counts")
theta = parameter("theta", n, meaning="weights")
tau = parameter("tau", meaning="logarithm of the size r: the variance is mean + mean^2/r")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="logarithms of the means")
r = define("r", exp(tau()), meaning="size")

PROBLEM = Problem(
    name="negative_binomial",
    title="Negative binomial regression",
    data=(X, y),
    parameters=(theta, tau),
    definitions=(z, r),
    cost=1 / m * Sum(
        log_gamma(y[i] + 1) + log_gamma(r()) - log_gamma(y[i] + r())
        + (y[i] + r()) * softplus(z[i] - tau()) - y[i] * (z[i] - tau()),
        i,
    ),
    summary="The mean negative log-likelihood of counts with mean e^z and size r = e^tau; with "
    "log(r + e^z) = tau + softplus(z - tau) nothing overflows.",
    sources=("J. M. Hilbe (2011), Negative binomial regression, 2nd edition, section 8.2",),
)  # fmt: skip
