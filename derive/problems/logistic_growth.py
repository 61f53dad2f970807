"""The logistic growth curve, fitted by least squares."""

from derive.notation import Axis, Problem, Sum, data, define, parameter, sigmoid

m = Axis("m", "measurements")
i = m.index("i")

t = data("t", m, meaning="times")
y = data("y", m, meaning="measured sizes")
a = parameter("a", meaning="limit of the growth")
r = parameter("r", meaning="rate of growth")
c = parameter("c", meaning="rate times the time of half the limit")

s = define("s", i, sigmoid(r() * t[i] - c()), meaning="share of the limit")
z = define("z", i, a() * s[i], meaning="predicted sizes")

PROBLEM = Problem(
    name="logistic_growth",
    title="Logistic growth",
    data=(t, y),
    parameters=(a, r, c),
    definitions=(s, z),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i),
    prediction=z,
    summary="Half the mean squared error of the curve a/(1 + exp(c - r t)).",
    sources=("G. A. F. Seber and C. J. Wild (1989), Nonlinear Regression, chapter 7",),
)
