"""Metric learning by a log-determinant divergence: a Mahalanobis distance from pairs."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, logdet, parameter

m, n = Axis("m", "pairs"), Axis("n", "features")
i, j, k = m.index("i"), n.index("j"), n.index("k")

X = data("X", m, n, meaning="the difference of the two points of a pair, one pair per row")
y = data("y", m, meaning="target of the squared distance")
lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="strength of the divergence")
M = parameter("M", n, n, facts=("positive definite",), meaning="the matrix of the distance")

d = define("d", i, Sum(X[i, j] * M[j, k] * X[i, k], j, k), meaning="squared distances")

PROBLEM = Problem(
    name="metric_learning",
    title="Learning a Mahalanobis distance",
    data=(X, y, lambda_),
    parameters=(M,),
    definitions=(d,),
    cost=1 / (2 * m) * Sum((d[i] - y[i]) ** 2, i) + lambda_() * (Sum(M[j, j], j) - logdet(M)),
    prediction=d,
    summary="Squared errors of Mahalanobis distances, and the log-determinant divergence of their "
    "matrix from the identity, without its constant.",
    sources=(
        (
            "J. V. Davis, B. Kulis, P. Jain, S. Sra and I. S. Dhillon (2007), "
            "Information-theoretic metric learning, International Conference on Machine "
            "Learning, equation 3.3"
        ),
    ),
)
