"""D-optimal design: weights of experiments that make the information's determinant large."""

from derive.notation import Axis, Problem, Sum, data, define, exp, log, logdet, parameter

m, n = Axis("m", "experiments"), Axis("n", "coefficients")
i, j, k = m.index("i"), n.index("j"), n.index("k")

X = data("X", m, n, meaning="one possible experiment per row")
u = parameter("u", m, meaning="logarithms of the weights, up to a constant")

w = define("w", i, exp(u[i]), meaning="weights before they are made to sum to one")
A = define("A", j, k, Sum(w[i] * X[i, j] * X[i, k], i), meaning="information matrix")

PROBLEM = Problem(
    name="d_optimal_design",
    title="D-optimal design",
    data=(X,),
    parameters=(u,),
    definitions=(w, A),
    cost=n * log(Sum(w[i], i)) - logdet(A),
    summary="Minus log det X' diag(p) X for the shares p = w / sum(w): the volume of the "
    "confidence ellipsoid of a linear regression. A constant added to u changes nothing.",
    sources=(
        "S. Boyd and L. Vandenberghe (2004), Convex Optimization, equation 7.26",
        (
            "J. Kiefer and J. Wolfowitz (1959), Optimum designs in regression problems, Annals of "
            "Mathematical Statistics 30(2)"
        ),
    ),
)
