"""Binomial regression: k successes in each of several groups of trials."""

from derive.notation import NONNEGATIVE, Axis, Problem, Sum, data, define, log, parameter, sigmoid

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
y = data("y", m, domain=NONNEGATIVE, meaning="successes")
N = data("N", m, domain=NONNEGATIVE, meaning="trials")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="scores")
h = define("h", i, sigmoid(z[i]), meaning="predicted probabilities")

PROBLEM = Problem(
    name="binomial",
    title="Binomial regression",
    data=(X, y, N),
    parameters=(theta,),
    definitions=(z, h),
    cost=-1 / m * Sum((N[i] - y[i]) * log(1 - h[i]) + y[i] * log(h[i]), i),
    prediction=h,
    summary="The mean negative log-likelihood of y successes in N trials, without the binomial "
    "coefficients.",
    sources=("P. McCullagh and J. A. Nelder (1989), Generalized Linear Models, section 4.4",),
)
