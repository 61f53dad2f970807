"""Cox regression: the partial likelihood of event times, with risk sets as a 0/1 matrix."""

from derive.notation import BINARY, Axis, Problem, Sum, data, define, exp, log, parameter

m, n = Axis("m", "subjects"), Axis("n", "features")
i, k, j = m.index("i"), m.index("k"), n.index("j")

X = data("X", m, n, meaning="features, one row per subject")
delta = data("delta", m, domain=BINARY, meaning="1 where the event was seen, 0 where censored")
R = data("R", m, m, domain=BINARY, meaning="1 in row i for those at risk at the time of subject i")
theta = parameter("theta", n, meaning="log hazard ratios")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="log relative hazards")

PROBLEM = Problem(
    name="cox",
    title="Cox proportional hazards",
    data=(X, delta, R),
    parameters=(theta,),
    definitions=(z,),
    cost=-Sum(delta[i] * (z[i] - log(Sum(R[i, k] * exp(z[k]), k))), i),
    prediction=z,
    summary="Minus the log partial likelihood, ties in the way of Breslow. Every subject is at "
    "risk at its own time: R_ii = 1.",
    sources=(
        "D. R. Cox (1972), J. R. Statist. Soc. B 34:187, equation 12",
        "N. E. Breslow (1974), Biometrics 30:89",
    ),
)
