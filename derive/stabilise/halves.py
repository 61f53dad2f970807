r"""Products of an exponential with data that may be large or small, multiplied from both sides.

In c e^{t} the exponential alone may underflow or overflow where the product does neither; in
e^{t/2} c e^{t/2} no part does. So with c t^2 and c t t.
"""

from __future__ import annotations

import math

from derive.calculus.polynomial import shortest
from derive.notation.expression import MINUS_ONE, Add, Apply, Entry, Expr, Mul, Num, Pow, mul
from derive.notation.functions import exp
from derive.notation.tree import children, rebuild


def halved(e: Expr) -> Expr:
    """`e` with every such product taken from both sides."""
    parts = children(e)
    inside = rebuild(e, tuple(halved(part) for part in parts)) if parts else e
    if not isinstance(inside, Mul):
        return inside
    inside = Mul(tuple(part for f in inside.args for part in _factors(f)))
    large = [f for f in inside.args if unbounded(f)]
    grown = [f for f in inside.args if _exponential(f)]
    if not large or not grown:
        return inside
    halves = [exp(shortest(f.arg / 2)) for f in grown if isinstance(f, Apply)]
    rest = [f for f in inside.args if f not in large and f not in grown]
    sign = [f for f in rest if f == MINUS_ONE]
    return mul(*sign, *halves, *large, *(f for f in rest if f not in sign), *halves)


def _factors(e: Expr) -> tuple[Expr, ...]:
    """A square as two factors: c t t is right where t^2 alone overflows."""
    match e:
        case Pow(base, Num(value)) if value == 2 and isinstance(base, Entry | Add | Apply):
            return (base, base)
    return (e,)


def unbounded(e: Expr) -> bool:
    """Data, and numbers, whose size is not bounded by 1; a number plus such data."""
    match e:
        case Num(value):
            return abs(value) > 1
        case Entry(tensor, _):
            return -math.inf in (tensor.domain.low, -tensor.domain.high)
        case Pow(base, Num(value)) if value > 0:
            return unbounded(base)
    parts = children(e)
    return (
        bool(parts)
        and any(unbounded(p) for p in parts)
        and all(isinstance(p, Num) or unbounded(p) for p in parts)
        and not isinstance(e, Apply)
    )


def _exponential(e: Expr) -> bool:
    return isinstance(e, Apply) and e.function == exp and not isinstance(e.arg, Num)
