"""Matrix factorisation where only some entries were observed, as for recommendations."""

from fractions import Fraction

from derive.notation import BINARY, NONNEGATIVE, Axis, Problem, Sum, data, parameter

m, n, K = Axis("m", "users"), Axis("n", "items"), Axis("K", "factors")
i, j, c = m.index("i"), n.index("j"), K.index("c")

M = data("M", m, n, domain=BINARY, meaning="1 where an entry of Y was observed")
Y = data("Y", m, n, meaning="ratings; what is not observed does not matter")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="weight of the penalty")
U = parameter("U", m, K, meaning="factors of the users")
V = parameter("V", n, K, meaning="factors of the items")

loss = Sum(M[i, j] * (Y[i, j] - Sum(U[i, c] * V[j, c], c)) ** 2, i, j)
penalty = Sum(U[i, c] ** 2, i, c) + Sum(V[j, c] ** 2, j, c)

PROBLEM = Problem(
    name="masked_matrix_factorisation",
    title="Matrix factorisation with missing entries",
    data=(M, Y, lambda_),
    parameters=(U, V),
    cost=Fraction(1, 2) * loss + lambda_() / 2 * penalty,
    summary="The squared error of the observed ratings, with a penalty on the factors.",
    sources=(
        (
            "R. Salakhutdinov and A. Mnih (2007), Probabilistic matrix factorization, NIPS 20, "
            "equation 4"
        ),
        "Y. Koren, R. Bell and C. Volinsky (2009), Computer 42(8):30, equation 2",
    ),
)
