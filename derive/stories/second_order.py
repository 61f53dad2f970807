"""Newton's method is iteratively reweighted least squares; a step size that needs no tuning."""

from dataclasses import replace
from fractions import Fraction

from derive.notation import (
    NONNEGATIVE,
    Axis,
    Definition,
    Diff,
    Expr,
    Num,
    Sum,
    Tensor,
    data,
    define,
    exp,
    log,
    softplus,
)
from derive.notation.expression import add
from derive.notation.story import Claim, Rewrite, Story, To
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
            To(1 / m * Sum(QUARTER * s[i] ** 2, i), "C1", "<="),
            "pull-out", To(1 / (4 * m) * Sum(s[i] ** 2, i), "collect the numbers"),
            "unfold-s", "matrix-form",
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


J_plus = define("J_plus", cost_at(u), latex="J^{+}", meaning="cost after the step")
J_v = define("Jv", cost_at(s), latex="J_v", meaning="cost at the weights theta + v")

T = Axis("T", "steps")
t = T.index("t")
a = data("a", domain=NONNEGATIVE, meaning="gap to the minimum after the last step")
q = data("q", T, domain=NONNEGATIVE, meaning="how much larger the gap after step t is")
p = data("p", T, domain=NONNEGATIVE, meaning="what is to spare in the bound of step t")
b = data("b", domain=NONNEGATIVE, meaning="squared distance to the minimiser after the last step")
e = define("e", t, a() + q[t], meaning="gap to the minimum after step t")
c = define("c", t, 2 / L() * (e[t] + p[t]), meaning="what the squared distance loses in step t")
D = define("D", b() + Sum(c[t], t), meaning="squared distance at the start")

ONE_PLUS = 1 + exp(-z[i])
NORM = Sum(g[k] ** 2, k)
LOSS = softplus(z[i]) - y[i] * z[i]
DROP = -1 / (2 * L()) * NORM
TARGET = v  # the minimiser is theta + v


def slope(direction: Tensor | Definition) -> Expr:
    """g'v."""
    return Sum(g[k] * direction[k], k)


def by_the_scores(label: str, direction: Tensor | Definition, image: Definition) -> Claim:
    """The change of the cost to first order, seen from the scores."""
    return Claim(
        label, "to first order", J() + slope(direction),
        (
            Rewrite(("cite-E1",), "E1"), "unfold-g", "pull-out",
            Rewrite(("swap-sums",), "interchange the sums", once=True),
            f"fold-{image.tensor.name}", "common-factor", "join-sums",
        ),
        ends=1 / m * Sum(LOSS + (h[i] - y[i]) * image[i], i),
    )  # fmt: skip


DESCENT = (
    Claim(
        "E1", "the cost by the scores", J(),
        (
            "unfold-J", ("unfold-h", "unfold-sigmoid"),
            To(
                -1 / m * Sum(
                    y[i] * log(1 / ONE_PLUS) + (1 - y[i]) * log(exp(-z[i]) / ONE_PLUS), i
                ),
                "common denominator",
            ),
            ("log-product", "log-power", "log-exp"),
            To(-1 / m * Sum(y[i] * z[i] - z[i] - log(ONE_PLUS), i), "multiply out and collect"),
            To(
                -1 / m * Sum(y[i] * z[i] - z[i] - log(exp(-z[i]) * (1 + exp(z[i]))), i),
                "$1 + e^{-z} = e^{-z}(1 + e^z)$",
            ),
            ("log-product", "log-exp"),
            To(-1 / m * Sum(y[i] * z[i] - log(1 + exp(z[i])), i), "$z$ cancels"),
            "fold-softplus", "absorb-sign",
        ),
        ends=1 / m * Sum(softplus(z[i]) - y[i] * z[i], i),
    ),
    by_the_scores("E2", v, s),
    Claim(
        "E3", "the cost lies above its tangents", J_v(),
        (
            "unfold-Jv",
            Rewrite(("tangent-softplus",), "softplus is convex: it lies above its tangents"),
            "fold-h", To(1 / m * Sum(LOSS + (h[i] - y[i]) * s[i], i), "collect"),
            Rewrite(("back-E2",), "E2"),
        ),
        ends=J() + slope(v),
        text="$J(\\theta + v) \\ge J(\\theta) + g^{\\mathsf T}v$ for every $v$.",
    ),
    by_the_scores("E4", d, u),
    Claim(
        "E5", "and below a parabola", J() + slope(d) + 1 / m * EIGHTH * Sum(u[i] ** 2, i),
        (
            Rewrite(("cite-E4",), "E4"), "common-factor", "join-sums",
        ),
    ),
    Claim(
        "F1", "the slope along the step", slope(d),
        ("unfold-d", "pull-out", "equal-factors"),
        ends=-1 / L() * NORM,
    ),
    Claim(
        "F2", "the length of the step", Sum(d[k] ** 2, k),
        (
            "unfold-d", To(Sum(g[k] ** 2 / L() ** 2, k), "square it"), "pull-out",
        ),
    ),
    Claim(
        "E6", "a step of size $1/L$ lowers the cost", J_plus(),
        (
            "unfold-J_plus",
            Rewrite(("parabola-softplus",), "Taylor's formula, $\\sigma' \\le 1/4$"), "fold-h",
            To(
                1 / m * Sum(add(LOSS, (h[i] - y[i]) * u[i], EIGHTH * u[i] ** 2), i), "collect"
            ),
            Rewrite(("back-E5",), "E5"),
            "unfold-u", Rewrite(("cauchy-schwarz",), "Cauchy--Schwarz inequality"), "pull-out",
            To(
                J() + slope(d) + 1 / (4 * m) * Sum(Sum(X[i, j] ** 2, j), i) / 2
                * Sum(d[j] ** 2, j),
                "collect the numbers",
            ),
            "fold-L", Rewrite(("cite-F1", "cite-F2"), "F1, F2"), To(J() + DROP, "collect"),
        ),
        text="$J(\\theta - g/L) \\le J(\\theta) - |g|^2/(2L)$: no step size has to be searched.",
    ),
    Claim(
        "E7", "distances to any point",
        L() / 2 * (Sum(v[k] ** 2, k) - Sum((d[k] - v[k]) ** 2, k)),
        (
            "join-sums", To(L() / 2 * Sum(2 * d[k] * v[k] - d[k] ** 2, k), "multiply out"),
            "unfold-d", "simplify", "pull-out",
            To(-1 / (2 * L()) * Sum(g[k] ** 2 + 2 * L() * g[k] * v[k], k), "collect"),
            "sum-term-by-term", "pull-out", To(DROP - slope(v), "cancel"),
        ),
    ),
    Claim(
        "E8", "one step of gradient descent", J_plus() - J_v(),
        (
            Rewrite(("cite-E6",), "E6"), Rewrite(("cite-E3",), "E3"),
            To(DROP - slope(v), "J cancels"),
            Rewrite(("back-E7",), "E7"),
        ),
        text="With $\\theta + v$ a minimiser, the gap after the step is at most $L/2$ times what "
        "the squared distance to the minimiser has lost.",
    ),
)  # fmt: skip

TELESCOPE = (
    Claim(
        "B1", "the last gap, counted once for each step", 1 / T * Sum(a(), t),
        ("constant-sum",), ends=a(),
    ),
    Claim(
        "B2", "gradient descent converges", a(),
        (
            Rewrite(("back-B1",), "B1", once=True),
            To(1 / T * Sum(a() + q[t], t), "no gap is below the last: E6", "<="),
            "fold-e",
            To(1 / T * Sum(e[t] + p[t], t), "what is to spare is not negative", "<="),
            To(1 / T * Sum(L() / 2 * (2 / L() * (e[t] + p[t])), t), "times $L/2$ and $2/L$"),
            "fold-c", "pull-out",
            To(L() / (2 * T) * Sum(c[t], t), "collect the numbers"),
            To(L() / (2 * T) * (b() + Sum(c[t], t)), "distances are not negative", "<="),
            "fold-D",
        ),
        ends=L() / (2 * T) * D(),
        text="After $T$ steps of size $1/L$ the cost is within $L|\\theta_0 - \\theta^*|^2/(2T)$ "
        "of its minimum: the losses of the squared distance add up to at most its value at the "
        "start.",
    ),
)  # fmt: skip

STORY = Story(
    name="second_order",
    title="Newton's method, reweighted least squares, and a step that needs no tuning",
    problem=replace(
        PROBLEM,
        data=(X, y, v, a, q, p, b),
        definitions=(z, h, w, r, s, g, L, d, u, J_plus, J_v, e, c, D),
    ),
    summary="Newton's step is a weighted least-squares fit. The curvature of the log loss is at "
    "most $1/4$ per sample, which bounds the Hessian; a gradient step of size $1/L$ then lowers "
    "the cost without any search, and the gap to the minimum after $T$ steps is at most "
    "$L|\\theta_0 - \\theta^*|^2/(2T)$.",
    sources=(
        "P. J. Green (1984), Iteratively reweighted least squares, JRSS B 46(2)",
        "Yu. Nesterov (2004), Introductory Lectures on Convex Optimization, Theorem 2.1.14",
    ),
    claims=NEWTON + CURVATURE + DESCENT + TELESCOPE,
)
