"""Functions and powers of formulas, and derivatives of the primitive functions by their laws."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.judge.exact import blocks
from derive.judge.exact.blocks import Block, Jet
from derive.judge.exact.elements import UnsupportedError
from derive.judge.exact.terms import MalformedTermError
from derive.notation.expression import (
    ONE,
    PI,
    ZERO,
    Add,
    Apply,
    Cases,
    Expr,
    Mul,
    Num,
    Pow,
    When,
    add,
    mul,
    negative,
)
from derive.notation.functions import Elementwise

if TYPE_CHECKING:
    from derive.judge.exact.reading import Active, Reading


def _row(name: str) -> Elementwise:
    """A row that says nothing but the name of a primitive function."""
    return Elementwise(name, "", lambda t: t, "", exact=name)


exp, log, sin, cos, atan, erf, digamma, trigamma = map(
    _row, ("exp", "log", "sin", "cos", "atan", "erf", "digamma", "trigamma")
)

TWO, HALF = Num(Fraction(2)), Num(Fraction(1, 2))
MINUS_HALF = Num(Fraction(-1, 2))

Slope = Callable[[Expr], Expr]

SLOPES: dict[str, Slope] = {
    "exp": lambda t: exp(t),
    "log": lambda t: 1 / t,
    "sin": lambda t: cos(t),
    "cos": lambda t: -sin(t),
    "atan": lambda t: 1 / (1 + t**2),
    "erf": lambda t: mul(TWO, Pow(PI, MINUS_HALF), exp(-(t**2))),
    "lgamma": lambda t: digamma(t),
    "digamma": lambda t: trigamma(t),
}
"""The derivatives of the primitive functions: `law_check` compares them with power series."""


def number(e: Expr) -> Fraction | None:
    """The rational number that an exponent is, where it is made of numbers alone."""
    match e:
        case Num(value):
            return value
        case Add(args) | Mul(args):
            values = [number(a) for a in args]
            out = Fraction(isinstance(e, Mul))
            for one in values:
                if one is None:
                    return None
                out = out * one if isinstance(e, Mul) else out + one
            return out
        case Pow(base, exponent):
            a, b = number(base), number(exponent)
            if a is None or b is None or b.denominator != 1 or (a == 0 and b < 0):
                return None
            return a ** int(b)
    return None


def power(r: Reading, base: Expr, exponent: Expr, active: Active, wide: bool) -> Jet:
    """base ** exponent."""
    share = number(exponent)
    if share is None:
        made = Pow(base, exponent)
        return r.value(
            r.terms.expanded(made, lambda: exp(mul(exponent, log(base)))), active, wide=wide
        )
    if share.denominator == 1:
        return blocks.jet_power(r.value(base, active, wide=wide), int(share))
    own = Pow(base, Num(share))
    inner = number(base.exponent) if isinstance(base, Pow) else None
    if isinstance(base, Pow) and inner is not None and inner.denominator == 1 and inner % 2 == 0:
        # (x^2)^(1/2) is |x|: its square root in the field would have no sign.
        x = base.base

        def size() -> Expr:
            return Pow(Cases(((When(x, ">=", ZERO), x),), negative(x)), Num(inner * share))

        return r.value(r.terms.expanded(own, size), active, wide=wide)
    number_known = number(base)
    if number_known is not None and number_known <= 0:
        raise UnsupportedError("a root of a number that is not positive")
    return _known(
        r, base, active, wide,
        lambda at: r.laws.apply("power", at, share),
        lambda: r.terms.expanded(own, lambda: mul(Num(share), Pow(base, Num(share - 1)))),
    )  # fmt: skip


def function(r: Reading, e: Apply, active: Active, wide: bool) -> Jet:
    """A function of the table: by its definition, or a primitive by its laws."""
    row, arg = e.function, e.arg
    if row.definition is not None:
        definition = row.definition
        return r.value(r.terms.expanded(e, lambda: definition(arg)), active, wide=wide)
    name = row.exact
    if name == "sqrt":
        return power(r, arg, HALF, active, wide)
    if name == "erfc":
        return r.value(r.terms.expanded(e, lambda: add(ONE, negative(erf(arg)))), active, wide=wide)
    if name not in SLOPES and name != "trigamma":
        raise MalformedTermError(
            f"{row.name} has neither a definition nor an exact name known here"
        )

    def slope() -> Expr:
        if name not in SLOPES:
            raise UnsupportedError(f"a derivative of {name}")
        return r.terms.expanded(e, lambda: SLOPES[name](arg))

    return _known(r, arg, active, wide, lambda at: r.laws.apply(name, at), slope)


def _known(
    r: Reading,
    arg: Expr,
    active: Active,
    wide: bool,
    apply: Callable[[Block], Block],
    slope: Callable[[], Expr],
) -> Jet:
    """f(a) with its derivatives: that by the last epsilon is f'(a) times the derivative of a."""
    moved = r.value(arg, active, wide=wide)
    value = apply(r.value(arg, wide=True)[0])
    out: Jet = {0: value if wide else value.draws(r.narrow)}
    for count, variable in enumerate(active):
        flag = 1 << variable.bit
        inner = {mask ^ flag: b for mask, b in moved.items() if mask & flag and mask < 2 * flag}
        if inner:
            outer = r.value(slope(), active[:count], wide=wide)
            for mask, block in blocks.jet_times(outer, inner).items():
                out[mask | flag] = block
    return out
