"""Maximum entropy: the exponential family over a finite set, in its natural parameters."""

from derive.notation import Axis, Problem, Sum, data, define, exp, log, parameter

m, n = Axis("m", "outcomes"), Axis("n", "features")
i, r, j = m.index("i"), m.index("r"), n.index("j")

F = data("F", m, n, meaning="features, one row per outcome")
t = data("t", n, meaning="means of the features that were observed")
theta = parameter("theta", n, meaning="natural parameters")

z = define("z", i, Sum(F[i, j] * theta[j], j), meaning="scores")
p = define("p", i, exp(z[i]) / Sum(exp(z[r]), r), meaning="fitted probabilities of the outcomes")

PROBLEM = Problem(
    name="maximum_entropy",
    title="Maximum entropy",
    data=(F, t),
    parameters=(theta,),
    definitions=(z, p),
    cost=log(Sum(exp(z[i]), i)) - Sum(t[j] * theta[j], j),
    prediction=p,
    summary="The log partition function less the inner product of parameters and observed means; "
    "at the minimum the fitted means are those observed.",
    sources=(
        (
            "A. L. Berger et al. (1996), A maximum entropy approach to natural language "
            "processing, Computational Linguistics 22(1)"
        ),
    ),
)
