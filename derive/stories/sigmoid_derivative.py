"""The derivative of the sigmoid, twice; its symmetry; and what its inverse is."""

from derive.notation import Diff, Problem, exp, log, parameter, sigmoid
from derive.notation.story import Claim, Rewrite, Story, To

z = parameter("z", meaning="score")

PROBLEM = Problem(
    name="sigmoid_derivative",
    title="The sigmoid",
    data=(),
    parameters=(z,),
    cost=sigmoid(z()),
    letter="h",
)

BELOW = 1 + exp(-z())
PRODUCT = 1 / BELOW * (exp(-z()) / BELOW)
LAST = sigmoid(z()) * (1 - sigmoid(z()))
TO_SIGMOIDS = (
    To(PRODUCT, "one factor for each power"),
    To(1 / BELOW * ((BELOW - 1) / BELOW), "add and subtract $1$"),
    To(1 / BELOW * (1 - 1 / BELOW), "divide term by term"),
    "fold-sigmoid",
)

STORY = Story(
    name="sigmoid_derivative",
    title="The derivative of the sigmoid",
    problem=PROBLEM,
    summary="Two ways to the derivative, the symmetry about 0, and the log-odds as the inverse.",
    claims=(
        Claim(
            "R1a", "derivative by the quotient rule", Diff(sigmoid(z()), z()),
            (
                "unfold-sigmoid",
                Rewrite(("quotient-rule",), "quotient rule with numerator $1$"),
                Rewrite(("sum-rule", "constant", "chain-exp", "constant-factor", "itself"),
                        r"$1' = 0$ and $(e^{-z})' = -e^{-z}$"),
                *TO_SIGMOIDS,
            ),
            ends=LAST,
        ),
        Claim(
            "R1b", "derivative by the chain rule", Diff(sigmoid(z()), z()),
            (
                "unfold-sigmoid",
                Rewrite(("power-rule",), "chain rule for $u^{-1}$ with $u = 1 + e^{-z}$"),
                Rewrite(("sum-rule", "constant", "chain-exp", "constant-factor", "itself"),
                        "$(e^{-z})' = -e^{-z}$"),
                *TO_SIGMOIDS,
            ),
            ends=LAST,
        ),
        Claim(
            "R1c", "symmetry", sigmoid(-z()),
            (
                "unfold-sigmoid",
                To(exp(-z()) / BELOW, "multiply above and below by $e^{-z}$"),
                To(1 - 1 / BELOW, "add and subtract $1$ above"),
                "fold-sigmoid",
            ),
            ends=1 - sigmoid(z()),
            text=r"So $1 - \sigma(z) = \sigma(-z)$: the probability of the other class is the "
            "sigmoid of the opposite score.",
        ),
        Claim(
            "R1d", "log-odds", log(sigmoid(z()) / (1 - sigmoid(z()))),
            (
                "unfold-sigmoid",
                To(log(1 / BELOW / (exp(-z()) / BELOW)), "common denominator"),
                To(log(exp(z())), "the denominators cancel"),
                "log-exp",
            ),
            ends=z(),
            text="The sigmoid turns a score into a probability; the log-odds of that probability "
            "give the score back.",
        ),
    ),
)  # fmt: skip
