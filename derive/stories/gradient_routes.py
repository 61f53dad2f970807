"""Four ways to the gradient of the log loss; all end in the same line."""

from derive.notation import Diff, Expr, Sum, exp, log
from derive.notation.story import Claim, Rewrite, Story, To
from derive.problems.logistic import PROBLEM, X, h, i, m, n, theta, y, z

J = PROBLEM.cost_definition
k = n.index("k")
GOAL = Diff(J(), theta[k])
LAST = 1 / m * Sum((h[i] - y[i]) * X[i, k], i)


def mean(body: Expr) -> Expr:
    """The cost with another summand: -(1/m) sum_i body, under the derivative."""
    return Diff(-1 / m * Sum(body, i), theta[k])


ONE_PLUS = 1 + exp(-z[i])
LOG_H, LOG_NOT_H = log(1 / ONE_PLUS), log(exp(-z[i]) / ONE_PLUS)

STORY = Story(
    name="gradient_routes",
    title="Four ways to the gradient of the log loss",
    problem=PROBLEM,
    claims=(
        Claim(
            "R4", "four steps through partial derivatives", GOAL,
            (
                ("unfold-J", "linearity"),
                Rewrite(("derivative",), "chain rule through $h$"),
                "common-factor",
                "cite-L3",
                "clear-denominators",
                "simplify",
                "absorb-sign",
                "matrix-form",
            ),
            ends=LAST,
        ),
        Claim(
            "R5", "one chain of labelled equalities", GOAL,
            (
                ("unfold-J", "linearity"),
                ("sum-rule", "constant-factor"),
                Rewrite(
                    ("chain-log", "sum-rule", "constant", "constant-factor"),
                    r"chain rule, $\log'(u) = 1/u$",
                ),
                "unfold-h",
                "chain-sigmoid",
                "fold-h",
                "unfold-z",
                ("sum-derivative", "constant-factor", "variable", "sum-delta"),
                Rewrite(("simplify",), "distribute and cancel"),
                "absorb-sign",
                "matrix-form",
            ),
            ends=LAST,
        ),
        Claim(
            "R6", "softplus", GOAL,
            (
                "unfold-J",
                ("unfold-h", "unfold-sigmoid"),
                To(mean(y[i] * LOG_H + (1 - y[i]) * LOG_NOT_H), "common denominator"),
                ("log-product", "log-power", "log-exp"),
                To(mean(y[i] * z[i] - z[i] - log(ONE_PLUS)), "multiply out and collect"),
                To(
                    mean(y[i] * z[i] - z[i] - log(exp(-z[i]) * (1 + exp(z[i])))),
                    "$1 + e^{-z} = e^{-z}(1 + e^z)$",
                ),
                ("log-product", "log-exp"),
                To(mean(y[i] * z[i] - log(1 + exp(z[i]))), "$z$ cancels"),
                "linearity",
                Rewrite(("derivative",), "sum rule; chain rule"),
                "common-factor",
                "cite-L2",
                To(-1 / m * Sum((y[i] - 1 / (1 + exp(-z[i]))) * X[i, k], i), "divide by $e^z$"),
                ("fold-sigmoid", "fold-h"),
                "absorb-sign",
                "matrix-form",
            ),
            ends=LAST,
        ),
        Claim(
            "R7", "log-odds", GOAL,
            (
                "unfold-J",
                To(mean(y[i] * (log(h[i]) - log(1 - h[i])) + log(1 - h[i])), "collect $y_i$"),
                "unfold-h",
                "unfold-sigmoid",
                To(
                    mean(y[i] * (LOG_H - LOG_NOT_H) + log(1 - 1 / ONE_PLUS)),
                    "common denominator",
                ),
                ("log-product", "log-power", "log-exp"),
                To(mean(y[i] * z[i] + log(1 - 1 / ONE_PLUS)), "the log-odds are the score"),
                ("fold-sigmoid", "fold-h"),
                "linearity",
                ("derivative",),
                ("cite-L2", "cite-L3"),
                "simplify",
                "absorb-sign",
                "matrix-form",
            ),
            ends=LAST,
        ),
    ),
)  # fmt: skip
