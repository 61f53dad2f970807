"""The trace ratio of discriminant analysis."""

from derive.notation import Axis, Problem, Sum, data, parameter

n, K = Axis("n", "features"), Axis("K", "directions")
j, k, c = n.index("j"), n.index("k"), K.index("c")

A = data("A", n, n, facts=("symmetric",), meaning="scatter within the classes")
B = data("B", n, n, facts=("symmetric", "positive definite"), meaning="total scatter")
V = parameter("V", n, K, meaning="directions, one per column")

PROBLEM = Problem(
    name="trace_ratio",
    title="Trace ratio",
    data=(A, B),
    parameters=(V,),
    cost=Sum(V[j, c] * A[j, k] * V[k, c], j, k, c) / Sum(V[j, c] * B[j, k] * V[k, c], j, k, c),
    summary="tr(V'AV)/tr(V'BV), small for directions that hold classes together and keep them "
    "apart; the orthogonality of V is a constraint that is not part of the cost.",
    sources=(
        (
            "H. Wang, S. Yan, D. Xu, X. Tang and T. Huang (2007), Trace ratio vs. ratio trace for "
            "dimensionality reduction, CVPR, equation 1"
        ),
    ),
)
