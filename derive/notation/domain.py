"""Where the value of a formula lies, from the declared domains: intervals, never a guess."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from derive.notation import interval as iv
from derive.notation.expression import (
    Add,
    Apply,
    Axis,
    Cases,
    Constant,
    Delta,
    Entry,
    Expr,
    Indicator,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    Tensor,
)
from derive.notation.interval import Interval
from derive.notation.tree import same

if TYPE_CHECKING:  # making a definition asks for ranges
    from derive.notation.problem import Definition

Known: TypeAlias = "Mapping[Tensor, tuple[Definition, Interval]]"
"""Definitions by their tensors, with their ranges."""

ZERO_ONE = Interval(0, 1, integer=True)
ABOUT_PI = Interval(Fraction(333, 106), Fraction(22, 7), True, True)
"""Two of the continued fraction's convergents, one on each side."""


def range_of(e: Expr, definitions: tuple[Definition, ...] = ()) -> Interval:
    """An interval that holds every value of `e`.

    Operands are treated as independent, so x - x gives the whole line: the answer may be too
    wide, never too narrow.
    """
    return _range(e, _known(definitions) if definitions else {})


@lru_cache(maxsize=1024)
def _known(definitions: tuple[Definition, ...]) -> Known:
    """The ranges of some definitions, one after the other: each uses only earlier ones."""
    known: dict[Tensor, tuple[Definition, Interval]] = {}
    for definition in definitions:
        known[definition.tensor] = definition, _range(definition.body, known)
    return known


def _range(e: Expr, known: Known) -> Interval:
    match e:
        case Num(value):
            return Interval(value, value, integer=value.denominator == 1)
        case Axis():
            return Interval(1, math.inf, integer=True)
        case Constant():
            return ABOUT_PI
        case Entry(tensor, indices):
            if tensor not in known:
                return tensor.domain
            definition, values = known[tensor]
            # x_i x_j is a square where both letters are the same.
            whole = len(set(indices)) == len(indices)
            return values if whole else _range(definition.at(e), known)
        case Add(args):
            total = iv.point(0)
            for arg in args:
                total = iv.add(total, _range(arg, known))
            return total
        case Mul(args):
            return _product_range(args, known)
        case Pow(base, exponent):
            return _power_range(_range(base, known), exponent)
        case Apply(function, arg):
            return _apply_range(function.name, e, _range(arg, known))
        case Sum():
            return _sum_range(_range(e.body, known), e.lower)
        case Delta() | Indicator():
            return ZERO_ONE
        case Product():
            return _factors_range(_range(e.body, known))
        case Cases(branches, otherwise):
            hull = _range(otherwise, known)
            for _, branch in branches:
                hull = iv.hull(hull, _range(branch, known))
            return hull
        case _:
            return iv.REAL


def _product_range(args: tuple[Expr, ...], known: Known) -> Interval:
    """Equal factors are powers, so that x * x is not negative."""
    total = iv.point(1)
    rest = list(args)
    while rest:
        first = rest.pop(0)
        count = 1 + sum(same(first, other) for other in rest)
        rest = [other for other in rest if not same(first, other)]
        total = iv.multiply(total, iv.integer_power(_range(first, known), count))
    return total


def _power_range(base: Interval, exponent: Expr) -> Interval:
    if isinstance(exponent, Num) and exponent.value.denominator == 1:
        return iv.integer_power(base, int(exponent.value))
    if base.positive:
        return iv.POSITIVE
    return iv.NONNEGATIVE if base.nonnegative else iv.REAL


def _apply_range(name: str, e: Apply, arg: Interval) -> Interval:
    """The row's range, narrowed where the function is known exactly at the ends."""
    values = e.function.range
    if name == "sqrt" and arg.positive:
        return iv.POSITIVE
    if name == "log" and arg.low >= 1:
        return Interval(low=0, low_open=arg.low > 1 or arg.low_open)
    if name == "log" and arg.high <= 1:
        return Interval(high=0, high_open=arg.high < 1 or arg.high_open)
    if name == "exp" and (arg.high <= 0 or arg.low >= 0):
        below, above = Interval(0, 1, True, arg.high_open), Interval(1, math.inf, arg.low_open)
        return below if arg.high <= 0 else above
    return values


def _factors_range(body: Interval) -> Interval:
    """A product of any number of factors from an interval."""
    if body.within(iv.UNIT):
        return Interval(0, 1, body.low > 0 or body.low_open, body.high_open and body.high == 1)
    if body.positive:
        return iv.POSITIVE
    return iv.NONNEGATIVE if body.nonnegative else iv.REAL


def _sum_range(body: Interval, lower: int) -> Interval:
    """A sum of at least one term (none is possible when it starts past position 1)."""
    low: iv.End = -math.inf
    high: iv.End = math.inf
    if body.low >= 0:
        low = body.low if lower == 1 else Fraction(0)
    if body.high <= 0:
        high = body.high if lower == 1 else Fraction(0)
    return Interval(
        low, high, body.low_open and lower == 1, body.high_open and lower == 1, body.integer
    )
