"""Exponential regression of survival times, some of them censored."""

from derive.notation import BINARY, POSITIVE, Axis, Problem, Sum, data, define, exp, parameter

m, n = Axis("m", "samples"), Axis("n", "features")
i, j = m.index("i"), n.index("j")

X = data("X", m, n, meaning="features, one row per sample")
t = data("t", m, domain=POSITIVE, meaning="times to the event or to the end of observation")
d = data("d", m, domain=BINARY, meaning="1 if the event was seen, 0 if censored")
theta = parameter("theta", n, meaning="weights")

z = define("z", i, Sum(X[i, j] * theta[j], j), meaning="logarithms of the rates")
r = define("r", i, exp(z[i]), meaning="predicted rates")

PROBLEM = Problem(
    name="exponential_survival",
    title="Exponential survival regression",
    data=(X, t, d),
    parameters=(theta,),
    definitions=(z, r),
    cost=1 / m * Sum(t[i] * r[i] - d[i] * z[i], i),
    prediction=r,
    summary="The mean negative log-likelihood of exponential times with rates exp(z); a censored "
    "time is only known to be exceeded.",
    sources=(
        (
            "J. D. Kalbfleisch and R. L. Prentice (2002), The Statistical Analysis of Failure "
            "Time Data, chapter 3"
        ),
    ),
)
