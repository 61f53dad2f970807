"""The Michaelis-Menten curve of enzyme kinetics, fitted by least squares."""

from derive.notation import POSITIVE, Axis, Problem, Sum, data, define, exp, parameter

m = Axis("m", "measurements")
i = m.index("i")

c = data("c", m, domain=POSITIVE, meaning="concentrations of the substrate")
y = data("y", m, meaning="measured velocities")
V = parameter("V", meaning="largest velocity")
k = parameter("k", meaning="logarithm of the concentration of half the largest velocity")

d = define("d", i, exp(k()) + c[i], meaning="denominator")
z = define("z", i, V() * c[i] / d[i], meaning="predicted velocities")

PROBLEM = Problem(
    name="michaelis_menten",
    title="Michaelis-Menten kinetics",
    data=(c, y),
    parameters=(V, k),
    definitions=(d, z),
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i),
    prediction=z,
    summary="Half the mean squared error of the curve V c/(exp(k) + c).",
    sources=(
        (
            "D. M. Bates and D. G. Watts (1988), Nonlinear Regression Analysis and Its "
            "Applications, chapter 2"
        ),
    ),
)
