"""The squared error of a sigmoid is not convex: a witness, the region, two local minima."""

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from derive.notation import (
    OPEN_UNIT,
    UNIT,
    Diff,
    Expr,
    Interval,
    Num,
    Problem,
    data,
    define,
    log,
    parameter,
    sigmoid,
)
from derive.notation.interval import point
from derive.notation.story import Claim, Story, To

t = data("t", meaning="score of one sample")
r = data("r", domain=UNIT, meaning="label of one sample")
q = data("q", domain=OPEN_UNIT, meaning="predicted probability of one sample")
theta = parameter("theta", meaning="the one weight")

S = sigmoid(t())
LOSS = Num(Fraction(1, 2)) * (S - r()) ** 2

a = define("a", sigmoid(theta()), meaning="predicted probability of the three samples at 1")
c = define("c", sigmoid(20 * theta()), meaning="predicted probability of the sample at 20")
SLOPE = Fraction(1, 4) * (
    2 * (a() - 1) * a() * (1 - a()) + a() ** 2 * (1 - a()) + 20 * c() ** 2 * (1 - c())
)
g = define("g", SLOPE, meaning="slope of the cost")

PROBLEM = Problem(
    name="outlier",
    title="Four samples, one weight",
    data=(t, r, q),
    parameters=(theta,),
    definitions=(a, c, g),
    cost=Fraction(1, 8) * ((a() - 1) ** 2 + (a() - 1) ** 2 + a() ** 2 + c() ** 2),
    summary="Half the mean squared error of sigma(x theta) on the samples x = 1, 1, 1, 20 with "
    "labels y = 1, 1, 0, 0.",
)

J = PROBLEM.cost_definition
ZERO = Num(Fraction(0))
CURVATURE = S * (1 - S) * (S * (1 - S) + (1 - 2 * S) * (S - r()))

Sign = Literal["<", ">"]


def curvature_at_label_zero(h: Expr) -> Expr:
    """h^2 (1-h) (2-3h): the curvature for y = 0 at the prediction h."""
    return h**2 * (1 - h) * (2 - 3 * h)


def curvature_at_label_one(h: Expr) -> Expr:
    """h (1-h)^2 (3h-1): the curvature for y = 1 at the prediction h."""
    return h * (1 - h) ** 2 * (3 * h - 1)


def between(low: Fraction | int, high: Fraction | int) -> Interval:
    """The open interval."""
    return Interval(Fraction(low), Fraction(high), True, True)


def slope_at(label: str, place: Fraction, sign: Sign) -> Claim:
    """The sign of the cost's slope at one weight."""
    return Claim(
        label, f"slope at ${place}$", g(),
        (
            ("unfold-g", "unfold-a", "unfold-c"), "given-value",
            To(ZERO, "enclose every exponential", sign),
        ),
        given=((theta, point(place)),),
    )  # fmt: skip


HALF = Fraction(1, 2)
TOLD = "the sign of each factor"
AT_LOG_9 = sigmoid(log(Num(Fraction(9))))
STORY = Story(
    name="nonconvexity",
    title="The squared error of a sigmoid is not convex",
    problem=PROBLEM,
    summary="Its curvature is negative wherever the prediction is far from the label, and four "
    "samples with one weight already have two different local minima.",
    sources=("C. M. Bishop (1995), Neural Networks for Pattern Recognition, section 6.1",),
    claims=(
        Claim(
            "N1", "slope of the squared error of one sample", Diff(LOSS, t()),
            (("constant-factor", "power-rule"), ("derivative",)),
        ),
        Claim(
            "N2", "its curvature", Diff(Diff(LOSS, t()), t()),
            ("cite-N1", ("derivative",), To(CURVATURE, "take out the common factor")),
        ),
        Claim(
            "N3", "for $y = 0$", CURVATURE,
            ("given-value", To(curvature_at_label_zero(S), "collect")), given=((r, point(0)),),
            text="With $h = \\sigma(t)$ the curvature is $h^2(1-h)(2-3h)$.",
        ),
        Claim(
            "N4", "for $y = 1$", CURVATURE,
            ("given-value", To(curvature_at_label_one(S), "collect")), given=((r, point(1)),),
            text="With $h = \\sigma(t)$ the curvature is $h(1-h)^2(3h-1)$.",
        ),
        Claim(
            "N5", "the prediction at $t = \\log 9$", AT_LOG_9,
            ("unfold-sigmoid", ("exp-minus", "exp-log")), ends=Num(Fraction(9, 10)),
        ),
        Claim(
            "N6", "a witness: negative curvature at $t = \\log 9$",
            curvature_at_label_zero(AT_LOG_9),
            (
                "cite-N5",
                To(ZERO, "it is negative", "<"),
            ),
            text="For $y = 0$ and $h = 9/10$ the curvature is $-567/10000$: a convex function has "
            "no such point.",
        ),
        Claim(
            "N7", "$y = 0$: negative curvature for $2/3 < h < 1$", curvature_at_label_zero(q()),
            (To(ZERO, TOLD, "<"),), given=((q, between(Fraction(2, 3), 1)),),
        ),
        Claim(
            "N8", "$y = 0$: positive curvature for $0 < h < 2/3$", curvature_at_label_zero(q()),
            (To(ZERO, TOLD, ">"),), given=((q, between(0, Fraction(2, 3))),),
        ),
        Claim(
            "N9", "$y = 1$ mirrors $y = 0$", curvature_at_label_one(q()),
            (To(curvature_at_label_zero(1 - q()), "$h$ and $1 - h$ change places"),),
            text="Hence for $y = 1$ the curvature is negative for $0 < h < 1/3$ and positive for "
            "$1/3 < h < 1$.",
        ),
        Claim(
            "N10", "slope of the cost of the four samples", Diff(J(), theta()),
            (("unfold-J", "derivative"), ("cite-L2", "cite-L3"), To(SLOPE, "collect"), "fold-g"),
        ),
        slope_at("N11", Fraction(-1), "<"),
        slope_at("N12", Fraction(0), ">"),
        slope_at("N13", HALF, "<"),
        replace(
            slope_at("N14", Fraction(1), ">"),
            text="On $[-1, 0]$ the cost falls at the left end and rises at the right end, so its "
            "minimum over $[-1, 0]$ lies inside: a local minimum. The same holds on $[1/2, 1]$: "
            "there are two local minima, and between them a hill.",
        ),
        Claim(
            "N15", "a low cost at $-1/10$", J(),
            (
                "unfold-J", ("unfold-a", "unfold-c"), "given-value",
                To(Num(Fraction(1, 8)), "enclose every exponential", "<"),
            ),
            given=((theta, point(Fraction(-1, 10))),),
        ),
        Claim(
            "N16", "a high cost from $1/2$ on", J(),
            (
                "unfold-J",
                To(
                    Fraction(1, 8) * c() ** 2 + Fraction(1, 12)
                    + Fraction(3, 8) * (a() - Fraction(2, 3)) ** 2,
                    "complete the square",
                ),
                To(Fraction(1, 8) * c() ** 2 + Fraction(1, 12), "a square is not negative", ">="),
                "unfold-c",
                To(
                    Fraction(1, 8) * sigmoid(Num(Fraction(10))) ** 2 + Fraction(1, 12),
                    r"$\sigma$ increases, $20\theta \ge 10$", ">=",
                ),
                To(Num(Fraction(1, 5)), "enclose the exponential", ">"),
            ),
            given=((theta, Interval(low=HALF)),),
            text="The local minimum in $(-1, 0)$ costs less than $1/8$, the one in $(1/2, 1)$ more "
            "than $1/5$: gradient descent that starts at $1$ is stuck in the worse one.",
        ),
    ),
)  # fmt: skip
