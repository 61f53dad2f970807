"""The negative log-likelihood of a multivariate Gaussian in its mean and covariance."""

from derive.notation import (
    Axis,
    Problem,
    Sum,
    data,
    define,
    inverse,
    logdet,
    parameter,
)

m, n = Axis("m", "samples"), Axis("n", "variables")
i, j, k = m.index("i"), n.index("j"), n.index("k")

X = data("X", m, n, meaning="one sample per row")
mu = parameter("mu", n, meaning="the mean")
Sigma = parameter("Sigma", n, n, facts=("positive definite",), meaning="the covariance matrix")

R = define("R", i, j, X[i, j] - mu[j], meaning="deviations from the mean")

PROBLEM = Problem(
    name="gaussian_mean_covariance",
    title="Mean and covariance of a Gaussian",
    data=(X,),
    parameters=(mu, Sigma),
    definitions=(R,),
    cost=m / 2 * logdet(Sigma) + Sum(R[i, j] * inverse(Sigma)[j, k] * R[i, k], i, j, k) / 2,
    summary="The negative log-likelihood of independent Gaussian samples, without its constant; "
    "the minimiser is the mean and the covariance of the samples.",
    sources=(
        (
            "T. W. Anderson (2003), An Introduction to Multivariate Statistical Analysis, "
            "3rd edition, equation 3.2.2"
        ),
    ),
)
