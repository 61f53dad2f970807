"""How a formula bends as a function of the parameters, and how functions hand that on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from derive.calculus.dependence import pending
from derive.calculus.derivatives import chain_rule
from derive.calculus.lemmas import QUIET, differentiation, settle
from derive.calculus.rewrite import Line
from derive.certify.signs import jumps, nonnegative, nonpositive, smooth
from derive.errors import DeriveError
from derive.notation.expression import Apply, Diff, Expr, Num
from derive.notation.functions import SLOT_TENSOR, Elementwise
from derive.notation.interval import Interval
from derive.notation.tree import replace_tensor, subterms
from derive.record import Reason, Rule, Scope

Kind = Literal["constant", "affine", "convex", "concave", "unknown"]
Way = Literal["increasing", "decreasing"]

OPPOSITE: dict[Kind, Kind] = {
    "constant": "constant",
    "affine": "affine",
    "convex": "concave",
    "concave": "convex",
    "unknown": "unknown",
}


SUM_OF_CONVEX = Reason("sum", "Sums of convex functions with nonnegative weights are convex.")
SUM_OF_CONCAVE = Reason("sum", "Sums of concave functions with nonnegative weights are concave.")
TURNED = Reason("sign", "A concave function times a negative number is convex.")
CONCLUSIONS = (SUM_OF_CONCAVE, TURNED, SUM_OF_CONVEX)


@dataclass(frozen=True)
class Shape:
    """How a formula bends, jointly in all parameters that move, and why."""

    kind: Kind
    reasons: tuple[Reason, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anything could be shown."""
        return self.kind != "unknown"

    @property
    def flat(self) -> bool:
        """Constant or affine."""
        return self.kind in ("constant", "affine")

    def because(self, *reasons: Reason) -> Shape:
        """The same with more reasons."""
        return replace(self, reasons=said_once((*self.reasons, *reasons)))


UNKNOWN = Shape("unknown")
CONSTANT = Shape("constant")
AFFINE = Shape("affine")


def said_once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Every sentence where it is said first; those about sums conclude, so they come last."""
    once = tuple(dict.fromkeys(reasons))
    last = [reason for reason in once if reason in CONCLUSIONS]
    return (*(reason for reason in once if reason not in CONCLUSIONS), *last)


def scaled(shape: Shape, values: Interval) -> Shape:
    """A constant factor from an interval times a formula."""
    if shape.flat or values.nonnegative:
        return shape
    if values.high <= 0:
        turned = replace(shape, kind=OPPOSITE[shape.kind])
        return turned.because(TURNED) if turned.kind == "convex" else turned
    return UNKNOWN


def added(shapes: Iterable[Shape]) -> Shape:
    """The sum of formulas."""
    parts = tuple(shapes)
    kinds = {part.kind for part in parts}
    reasons = tuple(reason for part in parts for reason in part.reasons)
    if "unknown" in kinds or {"convex", "concave"} <= kinds:
        return UNKNOWN
    for kind in ("convex", "concave", "affine"):
        if kind in kinds:
            return Shape(kind).because(*reasons)
    return CONSTANT


@dataclass(frozen=True)
class Outer:
    """A function of one variable on an interval: how it bends, and which way it goes."""

    bend: Literal["convex", "concave"]
    way: Way | None


def composed(outer: Outer, inner: Shape) -> Shape:
    """A function of a formula that is not constant.

    A convex function of an affine formula is convex; so is a convex increasing one of a convex
    formula and a convex decreasing one of a concave formula.
    """
    same: Kind = outer.bend
    if inner.kind == "affine":
        return Shape(same, inner.reasons)
    if inner.kind not in ("convex", "concave"):
        return UNKNOWN
    keeps = outer.way == "increasing" and inner.kind == same
    turns = outer.way == "decreasing" and inner.kind == OPPOSITE[same]
    return Shape(same, inner.reasons) if keeps or turns else UNKNOWN


@cache
def function_outers(function: Elementwise, values: Interval) -> tuple[Outer, ...]:
    """What a function does on an interval, by its row or by its second derivative."""
    stated = tuple(bend for bend, where in function.bends if values.within(where.closure()))
    bends = stated or _by_second_derivative(function, values)
    return tuple(Outer(bend, _way(function, values)) for bend in bends)


def _by_second_derivative(
    function: Elementwise, values: Interval
) -> tuple[Literal["convex", "concave"], ...]:
    """How a function without kinks bends inside of an interval, hence with its ends."""
    inside = Interval(
        max(values.low, function.domain.low), min(values.high, function.domain.high), True, True
    )
    known = values.within(function.domain.closure()) and inside.low < inside.high
    if function.kinks or function.hypothesis or not known:
        return ()
    t = replace(SLOT_TENSOR, domain=inside)()
    slope = _at(function.derivative(SLOT_TENSOR()), inside)
    line = Line("derivative", differentiation(_chain_rules(slope)), quiet=QUIET)
    if not smooth(slope, ()) or jumps(slope, ()):
        return ()
    try:
        steps = settle(Diff(slope, t), (line,), Scope())
    except DeriveError:
        return ()
    curvature = steps[-1].after if steps else Diff(slope, t)
    if pending(curvature):
        return ()
    if nonnegative(curvature, ()):
        return ("convex",)
    return ("concave",) if nonpositive(curvature, ()) else ()


def _chain_rules(e: Expr) -> dict[Elementwise, Rule]:
    """The chain rules of the functions in a formula."""
    found = (node.function for _, node in subterms(e) if isinstance(node, Apply))
    return {function: chain_rule(function) for function in dict.fromkeys(found)}


def _way(function: Elementwise, values: Interval) -> Way | None:
    """Whether it goes up or down; a function that bends one way is continuous, kinks or not."""
    if function.monotone is not None:
        return function.monotone
    slope = _at(function.derivative(SLOT_TENSOR()), values)
    if nonnegative(slope, ()):
        return "increasing"
    return "decreasing" if nonpositive(slope, ()) else None


def _at(e: Expr, values: Interval) -> Expr:
    """A row's formula for an argument from an interval."""
    narrow = replace(SLOT_TENSOR, domain=values)()
    return replace_tensor(e, lambda entry: narrow if entry.tensor == SLOT_TENSOR else None)


def power_outer(values: Interval, exponent: Expr, powers: Interval) -> Outer | None:
    """t^p on an interval; `powers` holds p, which does not depend on the parameters."""
    whole = isinstance(exponent, Num) and exponent.value.denominator == 1
    if not whole and not values.nonnegative:
        return None
    p = exponent.value if isinstance(exponent, Num) else None
    if values.nonnegative:
        if powers.low >= 1:
            return Outer("convex", "increasing")
        if powers.low >= 0 and powers.high <= 1:
            return Outer("concave", "increasing")
        return Outer("convex", "decreasing") if powers.high <= 0 else None
    if p is None or p == 0:
        return None
    even = p % 2 == 0
    if p > 0 and even:
        return Outer("convex", "decreasing" if values.high <= 0 else None)
    if p > 0 and values.high <= 0:
        return Outer("concave", "increasing")
    if p < 0 and values.high <= 0:
        return Outer("convex", "increasing") if even else Outer("concave", "decreasing")
    return None
