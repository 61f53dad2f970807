"""The Rayleigh quotient, stationary at the eigenvectors."""

from derive.notation import Axis, Problem, Sum, data, parameter

n = Axis("n", "coordinates")
j, k = n.index("j"), n.index("k")

A = data("A", n, n, facts=("symmetric",), meaning="a symmetric matrix")
x = parameter("x", n, meaning="direction")

PROBLEM = Problem(
    name="rayleigh_quotient",
    title="Rayleigh quotient",
    data=(A,),
    parameters=(x,),
    cost=Sum(x[j] * A[j, k] * x[k], j, k) / Sum(x[j] ** 2, j),
    summary="Its stationary points are the eigenvectors of A, its values there the eigenvalues. "
    "Not defined at x = 0.",
    sources=("R. A. Horn and C. R. Johnson (2013), Matrix Analysis, theorem 4.2.2",),
)
