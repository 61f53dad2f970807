"""Kernel logistic regression: a log loss on functions of a kernel's space."""

from derive.notation import (
    NONNEGATIVE,
    UNIT,
    Axis,
    Problem,
    Sum,
    data,
    define,
    parameter,
    sigmoid,
    softplus,
)

m = Axis("m", "samples")
i, r = m.index("i"), m.index("r")

K = data("K", m, m, facts=("positive semidefinite",), meaning="kernel of every pair of samples")
y = data("y", m, domain=UNIT, meaning="labels, 0 or 1")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="weight of the penalty")
alpha = parameter("alpha", m, meaning="weight of every sample")

f = define("f", i, Sum(K[i, r] * alpha[r], r), meaning="scores")
p = define("p", i, sigmoid(f[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="kernel_logistic",
    title="Kernel logistic regression",
    data=(K, y, lambda_),
    parameters=(alpha,),
    definitions=(f, p),
    cost=1 / m * Sum(softplus(f[i]) - y[i] * f[i], i)
    + lambda_() / 2 * Sum(alpha[i] * K[i, r] * alpha[r], i, r),
    prediction=p,
    summary="Mean log loss plus the squared norm of the function in the kernel's space.",
    sources=(
        (
            "J. Zhu and T. Hastie (2005), Kernel logistic regression and the import vector "
            "machine, J. Comput. Graph. Statist. 14:185, equation 7"
        ),
    ),
)
