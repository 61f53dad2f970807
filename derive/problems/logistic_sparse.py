"""Logistic regression on sparse features, such as the words of texts, with an l2 penalty."""

from derive.notation import (
    NONNEGATIVE,
    UNIT,
    Axis,
    Problem,
    Sum,
    data,
    define,
    log,
    parameter,
    sigmoid,
)

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, facts=("sparse",), meaning="features, one row per sample, most of them 0")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="strength of the penalty")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, sigmoid(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="logistic_sparse",
    title="Logistic regression on sparse features",
    data=(X, y, lambda_),
    parameters=(theta,),
    definitions=(z, h),
    cost=-1 / m * Sum(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i]), i)
    + lambda_() / 2 * Sum(theta[j] ** 2, j),
    prediction=h,
    summary="The mean log loss and half the squared length of the weights; X may be sparse.",
    sources=(
        (
            "C.-J. Lin, R. C. Weng and S. S. Keerthi (2008), Trust region Newton method for "
            "logistic regression, JMLR 9"
        ),
    ),
)
