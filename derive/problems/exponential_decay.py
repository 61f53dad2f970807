"""An exponential decay fitted by least squares."""

from derive.notation import Axis, Problem, Sum, data, define, exp, parameter

m = Axis("m", "measurements")
i = m.index("i")

t = data("t", m, meaning="times")
y = data("y", m, meaning="measurements")
a = parameter("a", meaning="value at time 0")
k = parameter("k", meaning="rate of decay")

s = define("s", i, exp(-k() * t[i]), meaning="what is left of 1")
z = define("z", i, a() * s[i], meaning="predictions")

PROBLEM = Problem(
    name="exponential_decay",
    title="Exponential decay",
    data=(t, y),
    parameters=(a, k),
    definitions=(s, z),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i),
    prediction=z,
    summary="Half the mean squared error of the curve a exp(-k t).",
    sources=(
        (
            "D. M. Bates and D. G. Watts (1988), Nonlinear Regression Analysis and Its "
            "Applications, chapter 2"
        ),
    ),
)
