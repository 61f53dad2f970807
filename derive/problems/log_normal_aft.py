"""Log-normal regression of survival times, some of them censored."""

from derive.notation import BINARY, Axis, Problem, Sum, data, define, exp, log_normal_cdf, parameter

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
    name="log_normal_aft",
    title="Log-normal accelerated failure times",
    data=(X, u, d),
    parameters=(theta, s),
    definitions=(z, w),
    cost=1 / m * Sum(d[i] * (w[i] ** 2 / 2 + s()) - (1 - d[i]) * log_normal_cdf(-w[i]), i),
    prediction=z,
    summary="The mean negative log-likelihood of log times z + exp(s) w with w of the normal "
    "distribution, without the constant log(2 pi)/2.",
    sources=(
        (
            "J. D. Kalbfleisch and R. L. Prentice (2002), The Statistical Analysis of Failure "
            "Time Data, chapter 3"
        ),
    ),
)
