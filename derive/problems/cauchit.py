"""Cauchit regression: a binary response whose link forgives outlying scores."""

from derive.notation import (
    UNIT,
    Axis,
    Problem,
    Sum,
    cauchy_cdf,
    data,
    define,
    log_cauchy_cdf,
    parameter,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, cauchy_cdf(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="cauchit",
    title="Cauchit regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, h),
    cost=-1 / m * Sum(y[i] * log_cauchy_cdf(z[i]) + (1 - y[i]) * log_cauchy_cdf(-z[i]), i),
    prediction=h,
    summary="The mean log loss of labels y under the distribution function C of Cauchy's "
    "distribution; 1 - C(z) is C(-z).",
    sources=(
        (
            "R. Koenker and J. Yoon (2009), Parametric links for binary choice models, Journal of "
            "Econometrics 152(2)"
        ),
    ),
)
