"""A-optimal design: weights of experiments that make the mean variance of estimates small."""

from derive.notation import Axis, Problem, Sum, data, define, exp, inverse, parameter

m, n = Axis("m", "experiments"), Axis("n", "coefficients")
i, j, k = m.index("i"), n.index("j"), n.index("k")

X = data("X", m, n, meaning="one possible experiment per row")
u = parameter("u", m, meaning="logarithms of the weights, up to a constant")

w = define("w", i, exp(u[i]), meaning="weights before they are made to sum to one")
A = define("A", j, k, Sum(w[i] * X[i, j] * X[i, k], i), meaning="information matrix")

PROBLEM = Problem(
    name="a_optimal_design",
    title="A-optimal design",
    data=(X,),
    parameters=(u,),
    definitions=(w, A),
    cost=Sum(w[i], i) * Sum(inverse(A)[j, j], j),
    summary="The trace of (X' diag(p) X)^-1 for the shares p = w / sum(w): the sum of the "
    "variances of a linear regression's coefficients. A constant added to u changes nothing.",
    sources=("S. Boyd and L. Vandenberghe (2004), Convex Optimization, section 7.5.2",),
)
