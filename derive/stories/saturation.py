"""Quadratic cost against cross-entropy: why learning slows down where a sigmoid saturates."""

from dataclasses import replace
from fractions import Fraction

from derive.notation import (
    NONNEGATIVE,
    OPEN_UNIT,
    UNIT,
    Diff,
    Interval,
    Num,
    Sum,
    data,
    define,
    exp,
    log,
    sigmoid,
)
from derive.notation.functions import absolute
from derive.notation.story import ByCases, Claim, Rewrite, Story, To
from derive.problems.logistic_wb import PROBLEM, X, b, h, i, m, n, w, y, z

J = PROBLEM.cost_definition
C = define("C", 1 / (2 * m) * Sum((h[i] - y[i]) ** 2, i), meaning="quadratic cost")
k = n.index("k")

t = data("t", meaning="score of one sample")
r = data("r", domain=UNIT, meaning="label of one sample")
epsilon = data("epsilon", domain=OPEN_UNIT, meaning="a small number")
d = data("d", domain=NONNEGATIVE, meaning="how much larger the score is")
S = sigmoid(t())
QUADRATIC = Num(Fraction(1, 2)) * (S - r()) ** 2
LOG_LOSS = -(r() * log(S) + (1 - r()) * log(1 - S))
QUARTER = Num(Fraction(1, 4))
FACTOR = S * (1 - S)
FAR = -log(epsilon()) + d()
FAR_FACTOR = sigmoid(FAR) * (1 - sigmoid(FAR))

ABOVE, BELOW = Interval(low=Fraction(0)), Interval(high=Fraction(0), high_open=True)

STORY = Story(
    name="saturation",
    title="Quadratic cost against cross-entropy",
    problem=replace(PROBLEM, data=(X, y, t, r, epsilon, d), definitions=(z, h, C)),
    summary="The gradient of the quadratic cost carries the factor $\\sigma'(z)$, that of the "
    "cross-entropy does not; where the sigmoid saturates, the factor is almost $0$ and learning "
    "by the quadratic cost slows down, however wrong the prediction is.",
    sources=("M. A. Nielsen (2015), Neural Networks and Deep Learning, chapter 3",),
    claims=(
        Claim(
            "Q1", "quadratic cost, by the weights", Diff(C(), w[k]),
            (
                ("unfold-C", "linearity"), "power-rule", ("derivative",), "cite-L4",
                ("pull-out", "cancel-numbers"), "matrix-form",
            ),
            text="With the factor $h_i(1-h_i) = \\sigma'(z_i)$.",
        ),
        Claim(
            "Q2", "quadratic cost, by the bias", Diff(C(), b()),
            (
                ("unfold-C", "linearity"), "power-rule", ("derivative",), "cite-L5",
                ("pull-out", "cancel-numbers"), "matrix-form",
            ),
        ),
        Claim(
            "Q3", "cross-entropy, by the weights", Diff(J(), w[k]), ("cite-T2", "matrix-form"),
            text="Without that factor: the larger the error $h_i - y_i$, the faster it learns.",
        ),
        Claim("Q4", "cross-entropy, by the bias", Diff(J(), b()), ("cite-T3", "matrix-form")),
        Claim(
            "Q5", "slope of the quadratic loss of one sample", Diff(QUADRATIC, t()),
            (("constant-factor", "power-rule"), ("derivative",)),
            ends=(S - r()) * FACTOR,
        ),
        Claim(
            "Q6", "slope of the log loss of one sample", Diff(LOG_LOSS, t()),
            (("derivative",), "simplify"), ends=S - r(),
        ),
        Claim(
            "Q7", "the ratio of the slopes", Diff(QUADRATIC, t()) / Diff(LOG_LOSS, t()),
            (
                "cite-Q5", "cite-Q6", Rewrite(("simplify",), "cancel $\\sigma(t) - r$"),
                To(FACTOR, r"take out $\sigma(t)$"),
            ),
            text="Where the prediction $\\sigma(t)$ is not yet the label $r$, the quadratic "
            "cost learns slower by the factor $\\sigma'(t) = \\sigma(t)(1-\\sigma(t)) \\le 1/4$.",
        ),
        Claim(
            "Q8", "the factor is at most a quarter", FACTOR,
            (
                To(QUARTER - (S - Fraction(1, 2)) ** 2, "complete the square"),
                To(QUARTER, "a square is not negative", "<="),
            ),
        ),
        Claim(
            "Q9", "small where the score is large", exp(-absolute(t())),
            (
                "unfold-absolute", "decided-test",
                To(exp(-t()) / (1 + exp(-t())), "a larger denominator", ">="),
                To(1 - 1 / (1 + exp(-t())), "common denominator"),
                "fold-sigmoid",
                To(FACTOR, r"$\sigma(t) < 1$", ">="),
            ),
            given=((t, ABOVE),),
        ),
        Claim(
            "Q10", "small where the score is very negative", exp(-absolute(t())),
            (
                "unfold-absolute", "decided-test",
                To(exp(t()) / (1 + exp(t())), "a larger denominator", ">="),
                To(1 / (1 + exp(-t())), "divide by $e^t$"),
                "fold-sigmoid",
                To(FACTOR, r"$1 - \sigma(t) < 1$", ">="),
            ),
            given=((t, BELOW),),
        ),
        Claim(
            "Q11", r"$\sigma(t)(1-\sigma(t)) \le e^{-|t|}$", exp(-absolute(t())),
            (ByCases(("Q9", "Q10"), FACTOR, ">="),),
        ),
        Claim(
            "Q12", "the limit of the ratio is 0", FAR_FACTOR,
            (
                To(1 - sigmoid(FAR), r"$\sigma < 1$", "<="),
                "unfold-sigmoid",
                To(exp(-FAR), r"$1 - \sigma(u) = e^{-u}/(1 + e^{-u})$, a larger denominator", "<="),
                Rewrite(("distribute",), "the sign goes into the bracket"),
                ("exp-sum", "exp-log"),
                To(epsilon(), r"$e^{-d} \le 1$", "<="),
            ),
            text=r"For every $\varepsilon \in (0, 1)$ the ratio is at most $\varepsilon$ from "
            r"$t = \log(1/\varepsilon)$ on (here $t = \log(1/\varepsilon) + d$ with $d \ge 0$): "
            r"its limit for $t \to \infty$ is $0$, and with Q11 also for $t \to -\infty$.",
        ),
    ),
)  # fmt: skip
