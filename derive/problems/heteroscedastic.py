"""Regression of mean and variance: both depend on the features."""

from derive.notation import Axis, Problem, Sum, data, define, exp, parameter

m, n, p = (
    Axis("m", "samples"),
    Axis("n", "features of the mean"),
    Axis("p", "features of the variance"),
)
i, j, q = m.index("i"), n.index("j"), p.index("q")

X = data("X", m, n, meaning="features of the mean, one row per sample")
Z = data("Z", m, p, meaning="features of the variance, one row per sample")
y = data("y", m, meaning="targets")
beta = parameter("beta", n, meaning="weights of the mean")
alpha = parameter("alpha", p, meaning="weights of the logarithm of the variance")

mu = define("mu", i, Sum(X[i, j] * beta[j], j), meaning="predicted means")
s = define("s", i, Sum(Z[i, q] * alpha[q], q), meaning="logarithms of the variances")

PROBLEM = Problem(
    name="heteroscedastic",
    title="Heteroscedastic regression",
    data=(X, Z, y),
    parameters=(beta, alpha),
    definitions=(mu, s),
    cost=1 / (2 * m) * Sum(s[i] + (y[i] - mu[i]) ** 2 * exp(-s[i]), i),
    prediction=mu,
    summary="The mean negative log-likelihood of normal targets whose log variance is linear as "
    "well, without the constant log(2 pi)/2.",
    sources=(
        (
            "A. C. Harvey (1976), Estimating regression models with multiplicative "
            "heteroscedasticity, Econometrica 44(3)"
        ),
    ),
)
