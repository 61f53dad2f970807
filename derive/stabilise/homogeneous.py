r"""Scales that cancel: a max(0, v/a) = max(0, v) for a > 0, where v/a alone might overflow."""

from __future__ import annotations

from derive.notation.domain import range_of
from derive.notation.expression import MINUS_ONE, Apply, Expr, Mul, Pow, mul
from derive.notation.functions import absolute, relu
from derive.notation.tree import children, rebuild


def scales_cancelled(e: Expr) -> Expr:
    """`e` with every such product simplified."""
    parts = children(e)
    inside = rebuild(e, tuple(scales_cancelled(part) for part in parts)) if parts else e
    if not isinstance(inside, Mul):
        return inside
    for place, arg in enumerate(inside.args):
        for other, factor in enumerate(inside.args):
            found = _cancelled(arg, factor) if place != other else None
            if found is not None:
                args = (found if k == place else a for k, a in enumerate(inside.args) if k != other)
                return scales_cancelled(mul(*args))
    return inside


def _cancelled(e: Expr, scale: Expr) -> Expr | None:
    """f(v) for f(v/a), where the scale a is positive."""
    match e:
        case Apply(function, Mul(args)) if function in (relu, absolute):
            below = Pow(scale, MINUS_ONE)
            if below in args and range_of(scale).positive:
                return function(mul(*(a for a in args if a != below)))
    return None
