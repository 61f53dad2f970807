"""The cost of one sample, split by its label: two branches, their limits, one formula for both."""

from derive.notation import (
    BINARY,
    OPEN_UNIT,
    POSITIVE,
    Cases,
    Expr,
    Problem,
    When,
    data,
    exp,
    log,
    parameter,
)
from derive.notation.expression import ONE, ZERO
from derive.notation.interval import point
from derive.notation.story import ByCases, Claim, Move, Rewrite, Story, To

y = data("y", domain=BINARY, meaning="label: 0 or 1")
h = parameter("h", domain=OPEN_UNIT, meaning="predicted probability of label 1")

# Letters of the limits: every h below e^-M is r e^-M, every h above e^-eps is e^(-eps s).
M = data("M", domain=POSITIVE, meaning="a bound, as large as one likes")
eps = data("epsilon", latex=r"\varepsilon", domain=POSITIVE, meaning="a distance, however small")
r = data("r", domain=OPEN_UNIT, meaning="a share")
s = data("s", domain=OPEN_UNIT, meaning="a share")

PROBLEM = Problem(
    name="split_cost",
    title="The log loss of one sample",
    data=(y, M, eps, r, s),
    parameters=(h,),
    cost=-(y() * log(h()) + (1 - y()) * log(1 - h())),
    letter="C",
)
C = PROBLEM.cost_definition()

NEAR_ZERO, NEAR_ONE = r() * exp(-M()), exp(-(eps() * s()))

PUT_IN = Rewrite(("given-value",), "put in the label")
SPLIT = Cases(((When(y(), "=", ONE), -log(h())),), -log(1 - h()))


def grows(label: str, title: str, goal: Expr, first: tuple[Move, ...], text: str) -> Claim:
    """-log of something below e^-M is above M."""
    route = (
        *first,
        To(-log(exp(-M())), r"$r < 1$, and the logarithm increases", ">"),
        "log-exp",
    )
    return Claim(label, title, goal, route, M(), text=text)


def vanishes(label: str, title: str, goal: Expr, first: tuple[Move, ...], text: str) -> list[Claim]:
    """-log of something between e^-eps and 1 lies between 0 and eps."""
    taken = (*first, "log-exp")
    return [
        Claim(f"{label}1", title, goal, (*taken, To(eps(), "$s < 1$", "<")), eps()),
        Claim(
            f"{label}2", f"{title}, from above", goal,
            (*taken, To(ZERO, r"$\varepsilon s$ is positive", ">")), ZERO, text=text,
        ),
    ]  # fmt: skip


def below_one(e: Expr) -> Move:
    """1 - (1 - e) = e under the logarithm."""
    return To(-log(e), "$1 - (1 - u) = u$")


STORY = Story(
    name="split_cost",
    title="The cost of one sample: two branches and one formula",
    problem=PROBLEM,
    summary="For label 1 the cost is -log h, for label 0 it is -log(1 - h): no cost for a "
    "certain and right prediction, a cost beyond every bound for a certain and wrong one.",
    claims=(
        Claim("R2a", "label 1", C, ("unfold-C", PUT_IN), -log(h()), ((y, point(1)),)),
        Claim("R2b", "label 0", C, ("unfold-C", PUT_IN), -log(1 - h()), ((y, point(0)),)),
        Claim(
            "R2c", "the combined formula is the split one", C,
            (ByCases(("R2a", "R2b"), SPLIT),), SPLIT,
            text="For a label that is 0 or 1 the one formula says what the two branches say.",
        ),
        grows(
            "R2d", "label 1, prediction near 0", -log(NEAR_ZERO), (),
            r"For every bound $M$ the cost exceeds $M$ as soon as $0 < h < e^{-M}$: such an $h$ "
            r"is $r e^{-M}$ with $0 < r < 1$. That is $-\log h \to \infty$ as $h \to 0$.",
        ),
        *vanishes(
            "R2e", "label 1, prediction near 1", -log(NEAR_ONE), (),
            r"The cost is between $0$ and $\varepsilon$ as soon as $e^{-\varepsilon} < h < 1$: "
            r"such an $h$ is $e^{-\varepsilon s}$ with $0 < s < 1$. "
            r"That is $-\log h \to 0$ as $h \to 1$.",
        ),
        grows(
            "R2f", "label 0, prediction near 1", -log(1 - (1 - NEAR_ZERO)),
            (below_one(NEAR_ZERO),),
            r"Here $h = 1 - r e^{-M}$: for every bound $M$ the cost exceeds $M$ as soon as "
            r"$1 - e^{-M} < h < 1$. That is $-\log(1-h) \to \infty$ as $h \to 1$.",
        ),
        *vanishes(
            "R2g", "label 0, prediction near 0", -log(1 - (1 - NEAR_ONE)),
            (below_one(NEAR_ONE),),
            r"Here $h = 1 - e^{-\varepsilon s}$: the cost is between $0$ and $\varepsilon$ as "
            r"soon as $0 < h < 1 - e^{-\varepsilon}$. That is $-\log(1-h) \to 0$ as $h \to 0$.",
        ),
    ),
)  # fmt: skip
