"""Newton's method is iteratively reweighted least squares; a step size that needs no tuning."""

from dataclasses import replace
from fractions import Fraction

from derive.notation import NONNEGATIVE, Axis, Definition, Diff, Expr, Num, Sum, data, define
from derive.notation import exp, log, softplus
from derive.notation.story import Claim, Move, Rewrite, Story, To
from derive.problems.logistic import PROBLEM, X, h, i, j, m, n, theta, y, z

J = PROBLEM.cost_definition
k, l = n.index("k"), n.index("l")
v = data("v", n, meaning="any direction")

w = define("w", i, h[i] * (1 - h[i]), meaning="weights of the samples")
r = define("r", i, z[i] + (y[i] - h[i]) / w[i], meaning="working response")
s = define("s", i, Sum(X[i, j] * v[j], j), meaning="change of the scores along v")
g = define("g", k, 1 / m * Sum((h[i] - y[i]) * X[i, k], i), meaning="gradient")
L = define("L", 1 / (4 * m) * Sum(Sum(X[i, j] ** 2, j), i), meaning="bound of the curvature")
d = define("d", j, -g[j] / L(), meaning="the step with step size 1/L")
u = define("u", i, Sum(X[i, j] * d[j], j), meaning="change of the scores by the step")

GRADIENT = Diff(J(), theta[k])
HESSIAN = Diff(GRADIENT, theta[l])
QUARTER, HALF, ZERO = Num(Fraction(1, 4)), Num(Fraction(1, 2)), Num(Fraction(0))
EIGHTH = Num(Fraction(1, 8))

NEWTON = (
    Claim(
        "N1", "the Hessian", HESSIAN, ("cite-T3", "fold-w", "matrix-form"),
        text="Every sample counts with the variance $w_i = h_i(1 - h_i)$ of its prediction.",
    ),
    Claim(
        "N2", "Newton's equation is that of weighted least squares",
        Sum(HESSIAN * theta[l], l) - GRADIENT,
        (
            Rewrite(("cite-N1",), "N1"), Rewrite(("cite-T2",), "the gradient"),
            "interchange", "fold-z", "common-factor", "join-sums",
            To(
                1 / m * Sum(X[i, k] * w[i] * (z[i] + (y[i] - h[i]) / w[i]), i),
                "take out $X_{ik} w_i$",
            ),
            "fold-r", "matrix-form",
        ),
        text="Newton's step $\\theta^{+}$ solves $H(\\theta^{+} - \\theta) = -g$, hence "
        "$H\\theta^{+} = H\\theta - g = X^{\\mathsf T} W r/m$ with $H = X^{\\mathsf T} W X/m$: the "
        "normal equations of least squares with weights $w$ and targets $r$. Solving them again "
        "and again is iteratively reweighted least squares.",
    ),
)  # fmt: skip

CURVATURE = (
    Claim(
        "C1", "the curvature of a sample is at most $1/4$", h[i] * (1 - h[i]),
        (
            To(QUARTER - (h[i] - HALF) ** 2, "complete the square"),
            To(QUARTER, "a square is not negative", "<="),
        ),
    ),
    Claim(
        "C2", "curvature along a direction", Sum(Sum(v[k] * HESSIAN * v[l], l), k),
        (
            "cite-T3", "interchange",
            Rewrite(("swap-sums",), "interchange the sums", once=True), "fold-s", "equal-factors",
        ),
        ends=1 / m * Sum(h[i] * (1 - h[i]) * s[i] ** 2, i),
    ),
    Claim(
        "C3", "the cost is convex", Sum(Sum(v[k] * HESSIAN * v[l], l), k),
        (Rewrite(("cite-C2",), "C2"), To(ZERO, "no factor is negative", ">=")),
    ),
    Claim(
        "C4", "the curvature is bounded", Sum(Sum(v[k] * HESSIAN * v[l], l), k),
        (
            Rewrite(("cite-C2",), "C2"),
            Rewrite(("cite-C1",), "C1"),
            ("pull-out", "cancel-numbers"), "unfold-s", "matrix-form",
        ),
        text="$v^{\\mathsf T} H v \\le |Xv|^2/(4m)$ for all weights and all labels.",
    ),
    Claim(
        "C5", "a bound by the data alone", 1 / (4 * m) * Sum(s[i] ** 2, i),
        (
            "unfold-s", Rewrite(("cauchy-schwarz",), "Cauchy--Schwarz inequality"), "pull-out",
            "fold-L",
        ),
        ends=L() * Sum(v[j] ** 2, j),
    ),
)  # fmt: skip


def cost_at(change: Definition) -> Expr:
    """The cost after the scores have changed by the entries of a definition."""
    new = z[i] + change[i]
    return 1 / m * Sum(softplus(new) - y[i] * new, i)


STORY = Story(
    name="second_order",
    title="Newton's method, reweighted least squares, and a step that needs no tuning",
    problem=replace(PROBLEM, data=(X, y, v), definitions=(z, h, w, r, s, g, L, d, u)),
    claims=NEWTON+CURVATURE,
)
