"""Tikhonov regularisation: least squares and the squared length of L x."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, parameter

m, n, p = Axis("m", "measurements"), Axis("n", "unknowns"), Axis("p", "conditions on the unknowns")
i, j, r = m.index("i"), n.index("j"), p.index("r")

A = data("A", m, n, meaning="what the unknowns do to the measurements")
b = data("b", m, meaning="measurements")
L = data("L", p, n, meaning="what should be small, such as differences of neighbours")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="strength of the penalty")
x = parameter("x", n, meaning="unknowns")

z = define("z", i, Sum(A[i, j] * x[j], j), meaning="predicted measurements")
s = define("s", r, Sum(L[r, j] * x[j], j), meaning="roughness")

PROBLEM = Problem(
    name="tikhonov",
    title="Tikhonov regularisation",
    data=(A, b, L, lambda_),
    parameters=(x,),
    definitions=(z, s),
    cost=Sum((z[i] - b[i]) ** 2, i) / 2 + lambda_() / 2 * Sum(s[r] ** 2, r),
    prediction=z,
    summary="Half the squared error and half the squared length of L x, which favours smooth "
    "solutions.",
    sources=("P. C. Hansen (1998), Rank-Deficient and Discrete Ill-Posed Problems, section 5.1",),
)
