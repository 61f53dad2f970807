"""The log loss is convex: the Hessian, the tangent, stationary points, separable classes."""

from dataclasses import replace
from fractions import Fraction

from derive.notation import POSITIVE, Diff, Expr, Num, Sum, data, define, exp, log, sigmoid
from derive.notation.interval import BINARY, point
from derive.notation.story import ByCases, Claim, Move, Rewrite, Story, To
from derive.problems.logistic import PROBLEM, X, h, i, j, m, n, theta, y, z

v = data("v", n, meaning="any direction")
phi = data("phi", n, meaning="any other weights")
q = data("q", m, domain=POSITIVE, meaning="how far $v$ moves each score to the side of its class")

u = define("u", i, Sum(X[i, j] * v[j], j), meaning="change of the scores along $v$")
s = define("s", i, Sum(X[i, j] * phi[j], j), meaning="scores of the other weights")
g = define("g", i, sigmoid(s[i]), meaning="probabilities of the other weights")
K = define(
    "K", -1 / m * Sum(y[i] * log(g[i]) + (1 - y[i]) * log(1 - g[i]), i),
    meaning=r"cost of the other weights, $J(\varphi)$",
)  # fmt: skip

k, l = n.index("k"), n.index("l")
gamma = define(
    "gamma", k, 1 / m * Sum((h[i] - y[i]) * X[i, k], i), meaning="entries of the gradient"
)

J = PROBLEM.cost_definition
ZERO = Num(Fraction(0))
HESSIAN = Diff(Diff(J(), theta[k]), theta[l])
QUADRATIC = Sum(Sum(v[k] * HESSIAN * v[l], l), k)
SQUARES = 1 / m * Sum(h[i] * (1 - h[i]) * u[i] ** 2, i)


def loss(score: Expr) -> Expr:
    """The log loss of a sample as a function of its score: log(1 + e^z) - y z."""
    return log(1 + exp(score)) - y[i] * score


def mean_log_loss(score: Expr) -> tuple[Move, ...]:
    """From a cost whose probabilities are unfolded to the mean of log(1 + e^z) - y z."""
    below = 1 + exp(-score)
    return (
        To(
            -1 / m * Sum(y[i] * log(1 / below) + (1 - y[i]) * log(exp(-score) / below), i),
            "common denominator",
        ),
        ("log-product", "log-power", "log-exp"),
        To(-1 / m * Sum(y[i] * score - score - log(below), i), "multiply out and collect"),
        To(
            -1 / m * Sum(y[i] * score - score - log(exp(-score) * (1 + exp(score))), i),
            "$1 + e^{-u} = e^{-u}(1 + e^u)$",
        ),
        ("log-product", "log-exp"),
        To(-1 / m * Sum(y[i] * score - log(1 + exp(score)), i), "the score cancels"),
        "absorb-sign",
    )  # fmt: skip


RATIO = (1 + exp(z[i])) / (1 + exp(s[i]))
MOVED = exp(s[i] - z[i]) * RATIO
MEAN_OF_LOGS = (1 - h[i]) * log(RATIO) + h[i] * log(MOVED)
MEAN_OF_TANGENTS = (1 - h[i]) * (RATIO - 1) + h[i] * (MOVED - 1)
GAP = h[i] * (s[i] - z[i]) + log(1 + exp(z[i])) - log(1 + exp(s[i]))
TANGENT = log(1 + exp(z[i])) + h[i] * (s[i] - z[i])
ALONG = Sum((phi[k] - theta[k]) * Diff(J(), theta[k]), k)
SIDE = 2 * y[i] - 1
STRICT = -sigmoid(-SIDE * z[i])
SWAP = Rewrite(("swap-sums",), "interchange the sums", once=True)

STORY = Story(
    name="convexity",
    title="The log loss is convex",
    problem=replace(PROBLEM, data=(X, y, v, phi, q), definitions=(z, h, u, s, g, K, gamma)),
    summary="Its Hessian is positive semidefinite everywhere; it lies above its tangents, so every "
    "stationary point is a global minimum; and there is none where the classes are separable.",
    sources=(
        "S. Boyd and L. Vandenberghe (2004), Convex Optimization, sections 3.1.3 and 3.1.4",
        "A. Albert and J. A. Anderson (1984), On the existence of estimates, Biometrika 71",
    ),
    claims=(
        Claim(
            "C1", "the Hessian's quadratic form is a sum of squares", QUADRATIC,
            (
                "cite-T3", "pull-out", "interchange", "fold-u", SWAP, "fold-u",
                To(SQUARES, "collect"),
            ),
        ),
        Claim(
            "C2", "the Hessian is positive semidefinite", QUADRATIC,
            ("cite-C1", To(ZERO, "no term is negative", ">=")),
            text="For every $X$, every $\\theta$ and every direction $v$: the cost is convex.",
        ),
        Claim(
            "C3", "every weight is positive", h[i] * (1 - h[i]),
            (To(ZERO, r"$0 < \sigma < 1$", ">"),),
        ),
        Claim(
            "C4", "the quadratic form is at least each of its terms", QUADRATIC,
            ("cite-C1", "one-term"),
            text="Where $v'Hv = 0$, every $(Xv)_i^2$ is $0$, because its weight is positive by C3: "
            "then $Xv = 0$.",
        ),
        Claim(
            "C5", "flat exactly along the null space of $X$", SQUARES,
            (
                "given-value", To(1 / m * Sum(ZERO, i), "every term is $0$"),
                ("empty-sum", "arithmetic"),
            ),
            ends=ZERO, given=((u.tensor, point(0)),),
            text="With C4: $v'Hv = 0$ if and only if $Xv = 0$. So the Hessian is positive definite "
            "and the cost strictly convex if and only if $X$ has full column rank.",
        ),
        Claim(
            "C6", "the cost by its scores", J(), ("unfold-J", "unfold-h", "unfold-sigmoid",
            *mean_log_loss(z[i])),
        ),
        Claim(
            "C7", "the cost of the other weights", K(), ("unfold-K", "unfold-g", "unfold-sigmoid",
            *mean_log_loss(s[i])),
        ),
        Claim(
            "C8", "a weighted mean of two logarithms", MEAN_OF_LOGS,
            (("log-product", "log-power", "log-exp"), To(GAP, "collect")),
        ),
        Claim(
            "C9", "the same mean of their tangents", MEAN_OF_TANGENTS,
            ("unfold-h", "unfold-sigmoid", "exp-sum", To(ZERO, "common denominator")),
        ),
        Claim(
            "C10", "$\\log(1 + e^z)$ lies above its tangent", log(1 + exp(s[i])),
            (
                To(-1 * GAP + TANGENT, "add and subtract the tangent"),
                "back-C8",
                Rewrite(("log-tangent",), r"$\log u \le u - 1$ in the first mean"),
                Rewrite(("log-tangent",), r"$\log u \le u - 1$ again"),
                "cite-C9",
            ),
            ends=TANGENT,
        ),
        Claim(
            "C11", "the loss of a sample lies above its tangent", loss(s[i]),
            ("cite-C10", To(loss(z[i]) + (h[i] - y[i]) * (s[i] - z[i]), "collect")),
        ),
        Claim(
            "C12", "the derivative along $\\varphi - \\theta$", ALONG,
            (
                ("cite-T2", "unfold-gamma"), "pull-out", SWAP,
                To(
                    1 / m * Sum(
                        (h[i] - y[i]) * Sum(X[i, k] * phi[k] - X[i, k] * theta[k], k), i
                    ),
                    "multiply out",
                ),
                ("sum-term-by-term", "pull-out"), ("fold-s", "fold-z"),
            ),
            ends=1 / m * Sum((h[i] - y[i]) * (s[i] - z[i]), i),
        ),
        Claim(
            "C13", "the cost lies above its tangents", K(),
            (
                "cite-C7", "cite-C11",
                To(
                    1 / m * Sum(loss(z[i]), i)
                    + 1 / m * Sum((h[i] - y[i]) * (s[i] - z[i]), i),
                    "the sum term by term",
                ),
                "back-C6", "back-C12",
            ),
            ends=J() + ALONG,
            text="$J(\\varphi) \\ge J(\\theta) + \\nabla J(\\theta)'(\\varphi - \\theta)$ for all "
            "$\\theta$ and $\\varphi$.",
        ),
        Claim(
            "C14", "at a stationary point", J() + Sum((phi[k] - theta[k]) * gamma[k], k),
            ("given-value",), ends=J(),
            given=((gamma.tensor, point(0)),),
            text="With C13: where the gradient is $0$, $J(\\varphi) \\ge J(\\theta)$ for every "
            "$\\varphi$. Every stationary point is a global minimum.",
        ),
        Claim(
            "C15", "the derivative along $v$", Sum(Diff(J(), theta[k]) * v[k], k),
            (("cite-T2", "unfold-gamma"), "pull-out", SWAP, "fold-u"),
        ),
        Claim(
            "C16", "a sample of class 1", STRICT,
            (
                "given-value", "unfold-sigmoid",
                To(1 / (1 + exp(-z[i])) - 1, "common denominator"),
                ("fold-sigmoid", "fold-h"), To((h[i] - y[i]) * SIDE, "$y_i = 1$"),
            ),
            given=((y, point(1)),),
        ),
        Claim(
            "C17", "a sample of class 0", STRICT,
            ("given-value", "fold-h", To((h[i] - y[i]) * SIDE, "$y_i = 0$")),
            given=((y, point(0)),),
        ),
        Claim(
            "C18", "a sample of either class", STRICT,
            (ByCases(("C16", "C17"), (h[i] - y[i]) * SIDE),), given=((y, BINARY),),
        ),
        Claim(
            "C19", "separable classes: the cost falls along $v$ wherever one stands",
            1 / m * Sum((h[i] - y[i]) * SIDE * q[i], i),
            ("back-C18", To(ZERO, r"$\sigma > 0$ and $q_i > 0$", "<")),
            given=((y, BINARY),),
            text="Where $v$ separates the classes, $(Xv)_i = (2y_i - 1)\\,q_i$ with $q_i > 0$, and "
            "this is the derivative along $v$ of C15. It is never $0$: no $\\theta$ is "
            "stationary, and the cost has no minimiser.",
        ),
    ),
)  # fmt: skip
