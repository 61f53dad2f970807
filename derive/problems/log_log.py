"""Log-log regression: the mirror image of the complementary log-log link."""

from derive.notation import UNIT, Axis, Problem, Sum, data, define, exp, log_gumbel_cdf, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=UNIT, meaning="labels: 0 or 1, or a probability between them")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, exp(-exp(-z[i])), meaning="predicted probabilities")

PROBLEM = Problem(
    name="log_log",
    title="Log-log regression",
    data=(X, y),
    parameters=(theta,),
    definitions=(z, h),
    cost=1 / m * Sum(y[i] * exp(-z[i]) - (1 - y[i]) * log_gumbel_cdf(-z[i]), i),
    prediction=h,
    summary="The mean log loss of labels y under the probabilities exp(-exp(-z)), whose logarithm "
    "is -exp(-z).",
    sources=("P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, section 4.3",),
)
