"""Kernel ridge regression in its dual weights."""

from fractions import Fraction

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, parameter

m = Axis("m", "samples")
i, r = m.index("i"), m.index("r")

K = data("K", m, m, facts=("positive semidefinite",), meaning="kernel of every pair of samples")
y = data("y", m, meaning="targets")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="weight of the penalty")
alpha = parameter("alpha", m, meaning="weight of every sample")

f = define("f", i, Sum(K[i, r] * alpha[r], r), meaning="predicted targets")

PROBLEM = Problem(
    name="kernel_ridge",
    title="Kernel ridge regression",
    data=(K, y, lambda_),
    parameters=(alpha,),
    definitions=(f,),
    cost=Fraction(1, 2) * Sum((y[i] - f[i]) ** 2, i)
    + lambda_() / 2 * Sum(alpha[i] * K[i, r] * alpha[r], i, r),
    prediction=f,
    summary="Squared error plus the squared norm of the function in the kernel's space.",
    sources=(
        (
            "C. Saunders, A. Gammerman and V. Vovk (1998), Ridge regression learning algorithm in "
            "dual variables, ICML"
        ),
        (
            "T. Hastie, R. Tibshirani and J. Friedman (2009), The Elements of Statistical "
            "Learning, equations 5.50 to 5.55"
        ),
    ),
)
