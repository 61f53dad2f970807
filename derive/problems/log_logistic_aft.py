"""Log-logistic regression of survival times, some of them censored."""

from derive.notation import BINARY, Axis, Problem, Sum, data, define, exp, parameter, softplus

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
u = data("u", m, meaning="logarithms of the times")
d = data("d", m, domain=BINARY, meaning="1 if the event was seen, 0 if censored")
theta = parameter("theta", n, meaning="weights")
s = parameter("s", meaning="logarithm of the scale")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="locations: predicted log times")
w = define("w", i, (u[i] - z[i]) * exp(-s()), meaning="standardised log times")

PROBLEM = Problem(
    name="log_logistic_aft",
    title="Log-logistic accelerated failure times",
    data=(X, u, d),
    parameters=(theta, s),
    definitions=(z, w),
    cost=1 / m * Sum((1 + d[i]) * softplus(w[i]) - d[i] * (w[i] - s()), i),
    prediction=z,
    summary="The mean negative log-likelihood of log times z + exp(s) w with w of the logistic "
    "distribution.",
    sources=(
        (
            "J. D. Kalbfleisch and R. L. Prentice (2002), The Statistical Analysis of Failure "
            "Time Data, chapter 3"
        ),
    ),
)
