"""Losses of a margin that stand in for counting errors: each bounds the zero-one loss."""

from fractions import Fraction

from derive.notation import Cases, Diff, Expr, Interval, Problem, When, data, exp, log, parameter
from derive.notation.expression import ONE, ZERO, expr
from derive.notation.functions import relu
from derive.notation.interval import NONNEGATIVE, POSITIVE, negate, point
from derive.notation.story import ByCases, Claim, Move, Rewrite, Story, To

t = parameter("t", meaning="margin: the score times the label -1 or 1")
g = data("g", domain=Interval(-1, 0), meaning="a slope between those on both sides of the kink")
u = data("u", meaning="a step away from the margin 1")

TWO = expr(2)
HALF = expr(Fraction(1, 2))
ZERO_ONE = Cases(((When(t(), "<=", ZERO), ONE),), ZERO)
HINGE = relu(1 - t())
SMOOTH_HINGE = Cases(
    ((When(t(), "<=", ZERO), HALF - t()), (When(t(), "<", ONE), HALF * (1 - t()) ** 2)), ZERO
)
SQUARED_HINGE = HINGE**2
SQUARED = (1 - t()) ** 2
EXPONENTIAL = exp(-t())
NATURAL = log(1 + exp(-t()))
LOGISTIC = NATURAL / log(TWO)

PROBLEM = Problem(
    name="surrogates",
    title="The logistic loss of a margin, base 2",
    data=(g, u),
    parameters=(t,),
    cost=LOGISTIC,
    letter="C",
)

ERROR, RIGHT = negate(NONNEGATIVE), POSITIVE
BELOW_ONE, ABOVE_ONE = Interval(high=1, high_open=True), Interval(low=1, low_open=True)
PUT_IN = Rewrite(("given-value", "decided-test", "exp-zero"), "put in the margin")
SLOPES = ("sum-rule", "constant", "constant-factor", "itself", "chain-exp", "power-rule")


def above(label: str, name: str, loss: Expr, error: tuple[Move, ...], right: str) -> list[Claim]:
    """The zero-one loss is at most `loss`: where it is 1, where it is 0, hence everywhere."""
    cases = (f"{label}1", f"{label}2")
    return [
        Claim(
            cases[0], f"{name}, margin not positive", ZERO_ONE,
            (Rewrite(("decided-test",), r"$t \le 0$: an error"), *error), loss, ((t, ERROR),),
        ),
        Claim(
            cases[1], f"{name}, margin positive", ZERO_ONE,
            (Rewrite(("decided-test",), "$t > 0$: no error"), To(loss, right, "<=")), loss,
            ((t, RIGHT),),
        ),
        Claim(
            label, f"{name} bounds the zero-one loss", ZERO_ONE,
            (ByCases(cases, loss, "<="),), loss,
        ),
    ]  # fmt: skip


def slope(
    label: str, name: str, loss: Expr, where: Interval | None, *route: Move, text: str = ""
) -> Claim:
    """The derivative of a loss, perhaps on one side of a kink only."""
    given = ((t, where),) if where is not None else ()
    return Claim(label, name, Diff(loss, t()), route, given=given, text=text)


BOUNDS = (
    *above(
        "R15a", "hinge", HINGE,
        (To(1 - t(), r"$-t \ge 0$", "<="), To(HINGE, r"$1 - t$ is positive")),
        "a maximum with $0$ is not negative",
    ),
    *above(
        "R15b", "smoothed hinge, doubled", 2 * SMOOTH_HINGE,
        (To(1 - 2 * t(), r"$-t \ge 0$", "<="), To(2 * SMOOTH_HINGE, "its branch for $t \\le 0$")),
        "no branch is negative",
    ),
    *above(
        "R15c", "squared hinge", SQUARED_HINGE,
        (To((1 - t()) ** 2, r"$1 - t \ge 1$", "<="), To(SQUARED_HINGE, "$1 - t$ is positive")),
        "a square is not negative",
    ),
    *above(
        "R15d", "squared error", SQUARED, (To(SQUARED, r"$1 - t \ge 1$", "<="),),
        "a square is not negative",
    ),
    *above(
        "R15e", "exponential loss", EXPONENTIAL,
        (To(exp(ZERO), "$e^0 = 1$"), To(EXPONENTIAL, r"$-t \ge 0$, and $e^u$ increases", "<=")),
        "an exponential is positive",
    ),
    *above(
        "R15f", "logistic loss, base 2", LOGISTIC,
        (
            To(log(TWO) / log(TWO), "a quotient of equals"),
            To(LOGISTIC, r"$e^{-t} \ge 1$, and the logarithm increases", "<="),
        ),
        r"$1 + e^{-t} > 1$ has a positive logarithm",
    ),
)  # fmt: skip

WITNESSES = (
    Claim(
        "R15g", "the smoothed hinge itself is no bound", SMOOTH_HINGE,
        (PUT_IN, To(ONE, "one half is below one", "<")), ONE, ((t, point(0)),),
        text="At $t = 0$ the zero-one loss is $1$: the smoothed hinge has to be doubled.",
    ),
    Claim(
        "R15h", "the natural logarithm gives no bound", NATURAL,
        (PUT_IN, To(ONE, "$2 < e$", "<")), ONE, ((t, point(0)),),
        text="At $t = 0$ the zero-one loss is $1$: hence the base 2.",
    ),
    Claim(
        "R15i", "what squared error charges for a score of 50", SQUARED, (PUT_IN,), expr(2401),
        ((t, point(50)),),
        text="Label 1 and score 50: a right answer, and the surer it is the more it costs.",
    ),
    Claim(
        "R15j", "what counting errors charges for a score of 50", ZERO_ONE,
        (Rewrite(("decided-test",), "$50 > 0$: no error"),), ZERO, ((t, point(50)),),
    ),
)  # fmt: skip

SUBGRADIENT = (
    slope(
        "R15k", "derivative of the hinge", HINGE, None,
        Rewrite(("chain-relu",), r"chain rule for $t \ne 1$"), SLOPES,
        text="At $t = 1$ there is a corner, and no derivative.",
    ),
    slope("R15k1", "hinge below the corner", HINGE, BELOW_ONE, "positive-part", SLOPES),
    slope("R15k2", "hinge above the corner", HINGE, ABOVE_ONE, "no-positive-part", "constant"),
    Claim(
        "R15l1", "subgradients at the corner, before it", HINGE,
        (
            "positive-part",
            To(-g() * (1 - t()), r"$(1 + g)(1 - t) \ge 0$", ">="),
            To(g() * (t() - 1), "the sign goes into the bracket"),
        ),
        g() * (t() - 1), ((t, negate(Interval(low=-1))),),
    ),
    Claim(
        "R15l2", "subgradients at the corner, after it", HINGE,
        ("no-positive-part", To(g() * (t() - 1), r"$g \le 0$ and $t > 1$", ">=")),
        g() * (t() - 1), ((t, ABOVE_ONE),),
    ),
    Claim(
        "R15l", "subgradients at the corner", HINGE,
        (ByCases(("R15l1", "R15l2"), g() * (t() - 1), ">="),), g() * (t() - 1),
        text="Every line of slope $-1 \\le g \\le 0$ through the corner stays below the hinge: "
        "each such $g$ is a subgradient at $t = 1$.",
    ),
)  # fmt: skip

SMOOTH = (
    slope("R15m1", "smoothed hinge, error", SMOOTH_HINGE, Interval(high=0, high_open=True),
          "decided-test", SLOPES),
    slope("R15m2", "smoothed hinge, between", SMOOTH_HINGE, Interval(0, 1, True, True),
          "decided-test", SLOPES),
    slope("R15m3", "smoothed hinge, sure", SMOOTH_HINGE, ABOVE_ONE, "decided-test", "constant",
          text="The slopes of the three pieces meet: $-1$ at $t = 0$ and $0$ at $t = 1$."),
    slope("R15n1", "squared hinge below 1", SQUARED_HINGE, BELOW_ONE, "positive-part", SLOPES,
          To(-2 * HINGE, "$1 - t$ is positive")),
    slope("R15n2", "squared hinge above 1", SQUARED_HINGE, ABOVE_ONE, "no-positive-part",
          "constant", To(-2 * HINGE, "$1 - t$ is negative")),
    Claim("R15n3", "squared hinge at 1, difference quotient from the left",
          relu(1 - (1 + u())) ** 2 / u(), ("positive-part", To(u(), "cancel $u$")), u(),
          ((u, negate(POSITIVE)),)),
    Claim("R15n4", "squared hinge at 1, difference quotient from the right",
          relu(1 - (1 + u())) ** 2 / u(), ("no-positive-part", To(ZERO, "$0^2/u = 0$")), ZERO,
          ((u, POSITIVE),),
          text="Both quotients tend to $0$ with $u$, so the derivative at $t = 1$ is $0$, and "
          r"everywhere it is $-2\max(0, 1-t)$."),
    slope("R15o", "derivative of the squared error", SQUARED, None, SLOPES),
    slope("R15p", "derivative of the exponential loss", EXPONENTIAL, None, SLOPES),
    slope("R15q", "derivative of the logistic loss", LOGISTIC, None, "derivative",
          To(-1 / log(TWO) * (1 - 1 / (1 + exp(-t()))), "$e^{-t} = (1 + e^{-t}) - 1$"),
          "fold-sigmoid"),
)  # fmt: skip

STORY = Story(
    name="surrogates",
    title="Losses that bound the zero-one loss",
    problem=PROBLEM,
    summary="Written in the margin t, the score times the label -1 or 1; an error is t <= 0. "
    "Each loss is proved to bound the zero-one loss from above, in the two cases t <= 0 and t > 0.",
    sources=(
        "Bartlett, Jordan, McAuliffe (2006), Convexity, classification, and risk bounds, JASA 101",
        "J. D. M. Rennie, N. Srebro (2005), Loss functions for preference levels (smoothed hinge)",
    ),
    claims=(*BOUNDS, *WITNESSES, *SUBGRADIENT, *SMOOTH),
)
