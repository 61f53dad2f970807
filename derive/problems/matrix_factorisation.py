"""Matrix factorisation: a matrix as the product of two thin ones, in the Frobenius norm."""

from derive.notation import Axis, Problem, Sum, data, parameter

m, n, K = Axis("m", "rows"), Axis("n", "columns"), Axis("K", "factors")
i, j, c = m.index("i"), n.index("j"), K.index("c")

Y = data("Y", m, n, meaning="the matrix to approximate")
U = parameter("U", m, K, meaning="one row of factors for each row of Y")
V = parameter("V", n, K, meaning="one row of factors for each column of Y")

PROBLEM = Problem(
    name="matrix_factorisation",
    title="Matrix factorisation",
    data=(Y,),
    parameters=(U, V),
    cost=Sum((Y[i, j] - Sum(U[i, c] * V[j, c], c)) ** 2, i, j),
    summary="The squared distance of Y from a matrix of rank at most K. Not convex in U and V "
    "together; its minima are truncated singular value decompositions.",
    sources=("C. Eckart and G. Young (1936), Psychometrika 1:211, equation 8",),
)
