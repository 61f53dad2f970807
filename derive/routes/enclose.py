"""Formulas without letters, enclosed: intervals that hold the value, narrow enough to decide."""

from __future__ import annotations

from typing import Any

from mpmath.ctx_iv import MPIntervalContext

from derive.notation.expression import Add, Apply, Constant, Expr, Mul, Num, Pow
from derive.record import Sign

PRECISIONS = (64, 128, 256, 512, 1024)
"""Bits that are tried in turn; a difference that they do not decide stays undecided."""

PRIMITIVES = ("exp", "log", "sqrt", "sin", "cos")


def shown_by_enclosure(left: Expr, right: Expr, sign: Sign) -> bool:
    """Whether `left` sign `right`, strictly, for two formulas that are numbers."""
    for bits in PRECISIONS:
        intervals = MPIntervalContext()
        intervals.prec = bits
        gap = enclosure(left - right, intervals)
        if gap is None:
            return False
        if sign in ("<", "<=") and gap.b < 0:
            return True
        if sign in (">", ">=") and gap.a > 0:
            return True
    return False


def enclosure(e: Expr, intervals: Any) -> Any:
    """An interval that holds the value of `e`, or None where `e` is no number of this kind."""
    match e:
        case Num(value):
            return intervals.mpf(value.numerator) / value.denominator
        case Constant("pi"):
            return intervals.pi
        case Add(args) | Mul(args):
            parts = [enclosure(a, intervals) for a in args]
            if any(part is None for part in parts):
                return None
            total = parts[0]
            for part in parts[1:]:
                total = total + part if isinstance(e, Add) else total * part
            return total
        case Pow(base, Num(value)) if value.denominator == 1:
            inside = enclosure(base, intervals)
            if inside is None or (value < 0 and 0 in inside):
                return None
            return inside ** int(value)
        case Apply(function, _) if function.hypothesis:
            return None
        case Apply(function, arg) if function.definition is not None and not function.kinks:
            return enclosure(function.definition(arg), intervals)
        case Apply(function, arg) if function.exact in PRIMITIVES:
            inside = enclosure(arg, intervals)
            if inside is None or not _inside(function.exact, inside):
                return None
            return getattr(intervals, function.exact)(inside)
    return None


def _inside(name: str, values: Any) -> bool:
    """Whether the whole interval lies in the function's domain."""
    if name == "log":
        return bool(values.a > 0)
    return bool(values.a >= 0) if name == "sqrt" else True
