"""Optimal transport with an entropy penalty, by its dual potentials."""

from derive.notation import NONNEGATIVE, POSITIVE, Axis, Problem, Sum, data, define, exp, parameter

m, n = Axis("m", "sources"), Axis("n", "targets")
i, j = m.index("i"), n.index("j")

C = data("C", m, n, meaning="costs of transport")
a = data("a", m, domain=NONNEGATIVE, meaning="masses at the sources")
b = data("b", n, domain=NONNEGATIVE, meaning="masses at the targets")
eps = data("eps", domain=POSITIVE, latex=r"\varepsilon", meaning="strength of the entropy")
f = parameter("f", m, meaning="potentials of the sources")
g = parameter("g", n, meaning="potentials of the targets")

P = define("P", i, j, exp((f[i] + g[j] - C[i, j]) / eps()), meaning="transport plan")

PROBLEM = Problem(
    name="optimal_transport",
    title="Entropic optimal transport",
    data=(C, a, b, eps),
    parameters=(f, g),
    definitions=(P,),
    cost=eps() * Sum(Sum(P[i, j], j), i) - Sum(a[i] * f[i], i) - Sum(b[j] * g[j], j),
    prediction=P,
    summary="The negative dual of transport with an entropy penalty; its gradient says what the "
    "plan's rows and columns lack to the masses.",
    sources=("G. Peyré and M. Cuturi (2019), Computational Optimal Transport, proposition 4.4",),
)
