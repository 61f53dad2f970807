"""A mixture of Gaussian densities with one variance each, by its negative log likelihood."""

from derive.notation import PI, Axis, Problem, Sum, data, define, exp, log, parameter

m, n, K = Axis("m", "samples"), Axis("n", "features"), Axis("K", "components")
i, j, c, d = m.index("i"), n.index("j"), K.index("c"), K.index("d")

X = data("X", m, n, meaning="samples, one per row")
alpha = parameter("alpha", K, meaning="scores of the components; their softmax are the weights")
M = parameter("M", K, n, meaning="means, one row per component")
s = parameter("s", K, meaning="logarithms of the variances")

D = define("D", i, c, Sum((X[i, j] - M[c, j]) ** 2, j), meaning="squared distances to the means")
S = define(
    "S", i, c, alpha[c] - (n * (log(2 * PI) + s[c]) + exp(-s[c]) * D[i, c]) / 2,
    meaning="log densities of the components, with their scores",
)  # fmt: skip
P = define(
    "P", i, c, exp(S[i, c]) / Sum(exp(S[i, d]), d), meaning="responsibilities of the components"
)

PROBLEM = Problem(
    name="gaussian_mixture",
    title="Mixture of Gaussians",
    data=(X,),
    parameters=(alpha, M, s),
    definitions=(D, S, P),
    cost=log(Sum(exp(alpha[c]), c)) - 1 / m * Sum(log(Sum(exp(S[i, c]), c)), i),
    prediction=P,
    summary="The negative mean log likelihood of samples under a mixture of spherical Gaussians, "
    "its weights and variances free of constraints: softmax of alpha, exp of s.",
    sources=("C. M. Bishop (2006), Pattern Recognition and Machine Learning, section 9.2",),
)
