"""Negative binomial regression with known dispersion: counts that vary more than Poisson's."""

from derive.notation import (
    NONNEGATIVE,
    POSITIVE,
    Axis,
    Problem,
    Sum,
    data,
    define,
    exp,
    log,
    parameter,
    sigmoid,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=NONNEGATIVE, meaning="counts")
r = data("r", domain=POSITIVE, meaning="size: the variance is mu + mu^2/r")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="logarithms of the means")
q = define("q", i, sigmoid(z[i] - log(r())), meaning="mu/(mu + r)")
mu = define("mu", i, exp(z[i]), meaning="predicted means")

PROBLEM = Problem(
    name="negative_binomial_known",
    title="Negative binomial regression with known dispersion",
    data=(X, y, r),
    parameters=(theta,),
    definitions=(z, q, mu),
    cost=-1 / m * Sum((y[i] + r()) * log(1 - q[i]) + y[i] * z[i], i),
    prediction=mu,
    summary="The mean of -y log(mu) - (y + r) log(1 - q) for q = mu/(mu + r), mu = exp(z): the "
    "negative log-likelihood of the negative binomial distribution, without the terms "
    "that do not depend on the weights (log gamma functions of y and r among them).",
    sources=(
        (
            "J. F. Lawless (1987), Negative binomial and mixed Poisson regression, Canadian "
            "Journal of Statistics 15(3)"
        ),
    ),
)
