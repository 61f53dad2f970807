"""Variants of the log loss: a penalty, weights, labels -1 and +1, soft labels."""

from dataclasses import replace
from fractions import Fraction

from derive.notation import (
    NONNEGATIVE,
    OPEN_UNIT,
    Diff,
    Interval,
    Num,
    Sum,
    data,
    define,
    exp,
    log,
)
from derive.notation.interval import BINARY, point
from derive.notation.story import ByCases, Claim, Rewrite, Story, To
from derive.problems.logistic import PROBLEM, X, h, i, j, m, n, theta, y, z

lambda_ = data("lambda_", domain=NONNEGATIVE, meaning="strength of the penalty")
c = data("c", m, domain=NONNEGATIVE, meaning="weights of the samples")
s = data("s", m, domain=Interval(Fraction(-1), Fraction(1)), meaning="labels -1 or +1")

LOG_LOSS = y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i])
A = define(
    "A", -1 / m * Sum(LOG_LOSS, i) + lambda_() / 2 * Sum(theta[j] ** 2, (j, 2, n)),
    meaning="cost with a penalty on every weight but the first",
)  # fmt: skip
B = define("B", -1 / m * Sum(c[i] * LOG_LOSS, i), meaning="cost with weighted samples")
M = define(
    "M", 1 / m * Sum(log(1 + exp(-s[i] * z[i])), i), meaning="cost with labels $-1$ and $+1$"
)

J = PROBLEM.cost_definition
k, l = n.index("k"), n.index("l")
ZERO = Num(Fraction(0))
SIDE = 2 * y[i] - 1
MARGIN_LOSS = log(1 + exp(-SIDE * z[i]))
ENTROPY = -(y[i] * log(y[i]) + (1 - y[i]) * log(1 - y[i]))

MEAN_OF_LOGS = y[i] * log(h[i] / y[i]) + (1 - y[i]) * log((1 - h[i]) / (1 - y[i]))
SLOPES = ("clear-denominators", "simplify", "absorb-sign")

STORY = Story(
    name="variants",
    title="Penalty, weighted samples and other labels",
    problem=replace(PROBLEM, data=(X, y, lambda_, c, s), definitions=(z, h, A, B, M)),
    summary="What changes when the log loss is penalised or weighted, and what does not change "
    "when its labels are written $-1$ and $+1$ or are probabilities.",
    sources=(
        "T. Hastie et al. (2009), The Elements of Statistical Learning, sections 4.4 and 10.5",
    ),
    claims=(
        Claim(
            "V1", "gradient with a penalty", Diff(A(), theta[k]),
            (
                "unfold-A", "linearity", ("derivative", "sum-delta"), "common-factor", "cite-L3",
                *SLOPES, "matrix-form",
            ),
            text="The mask $[k \\ge 2]$ leaves the intercept $\\theta_1$ unpenalised.",
        ),
        Claim(
            "V2", "Hessian with a penalty", Diff(Diff(A(), theta[k]), theta[l]),
            ("cite-V1", "linearity", ("derivative",), "cite-L3", "matrix-form"),
            text="The penalty adds $\\lambda$ to the diagonal, from the second place on.",
        ),
        Claim(
            "V3", "gradient with weighted samples", Diff(B(), theta[k]),
            (
                "unfold-B", "linearity", ("derivative",), "common-factor", "cite-L3", *SLOPES,
                "matrix-form",
            ),
            text="A weight of $2$ counts a sample twice, a weight of $0$ leaves it out.",
        ),
        Claim(
            "V4", "Hessian with weighted samples", Diff(Diff(B(), theta[k]), theta[l]),
            ("cite-V3", "linearity", ("derivative",), "cite-L3", "matrix-form"),
        ),
        Claim(
            "V5", "a sample of class 1", -LOG_LOSS,
            (
                "given-value", ("unfold-h", "unfold-sigmoid"), "log-power",
                To(MARGIN_LOSS, "$2y_i - 1 = 1$"),
            ),
            given=((y, point(1)),),
        ),
        Claim(
            "V6", "a sample of class 0", -LOG_LOSS,
            (
                "given-value", ("unfold-h", "unfold-sigmoid"),
                To(-log(1 / (1 + exp(z[i]))), "common denominator"),
                "log-power",
                To(MARGIN_LOSS, "$2y_i - 1 = -1$"),
            ),
            given=((y, point(0)),),
        ),
        Claim(
            "V7", "a sample of either class: its log loss by its margin", -LOG_LOSS,
            (ByCases(("V5", "V6"), MARGIN_LOSS),), given=((y, BINARY),),
        ),
        Claim(
            "V8", "labels $s = 2y - 1$ give the same cost", 1 / m * Sum(MARGIN_LOSS, i),
            ("back-V7", To(-1 / m * Sum(LOG_LOSS, i), "the sign leaves the sum"), "fold-J"),
            ends=J(), given=((y, BINARY),),
        ),
        Claim(
            "V9", "gradient with labels $-1$ and $+1$", Diff(M(), theta[k]),
            (
                "unfold-M", "linearity", ("derivative",), "cite-L2",
                To(
                    1 / m * Sum(-s[i] / (1 + exp(s[i] * z[i])) * X[i, k], i),
                    "divide by $e^{-sz}$",
                ),
            ),
        ),
        Claim(
            "V10", "soft labels: the gradient is the same", Diff(J(), theta[k]),
            ("cite-T2", "matrix-form"),
            text="The derivation never used that $y_i$ is $0$ or $1$: any $y_i$ in $[0, 1]$ "
            "will do.",
        ),
        Claim(
            "V11", "a soft label mixes the two hard ones", -LOG_LOSS,
            (To(-log(h[i]) * y[i] + -log(1 - h[i]) * (1 - y[i]), "collect"),),
            text="A share $y_i$ of the loss for class 1 and a share $1 - y_i$ of that for class 0.",
        ),
        Claim(
            "V12", "loss and entropy of a soft label", MEAN_OF_LOGS,
            (("log-product", "log-power"), To(LOG_LOSS + ENTROPY, "collect")),
            given=((y, OPEN_UNIT),),
        ),
        Claim(
            "V13", "the mean of the logarithms is not positive", MEAN_OF_LOGS,
            (
                Rewrite(("log-tangent",), r"$\log u \le u - 1$"),
                Rewrite(("log-tangent",), r"$\log u \le u - 1$ again"),
                To(ZERO, "collect"),
            ),
            given=((y, OPEN_UNIT),),
        ),
        Claim(
            "V14", "a soft label is best predicted by itself", -LOG_LOSS,
            (
                To(-1 * (LOG_LOSS + ENTROPY) + ENTROPY, "add and subtract the entropy"),
                "back-V12",
                "cite-V13",
                "arithmetic",
            ),
            ends=ENTROPY, given=((y, OPEN_UNIT),),
            text="The loss is never below the entropy of the label, and reaches it at $h_i = y_i$.",
        ),
    ),
)  # fmt: skip
