"""The perspective t f(x/t) of a convex function f, convex in x and t > 0 together."""

from __future__ import annotations

from collections.abc import Callable

from derive.calculus.dependence import depends
from derive.certify.context import Context, Recurse
from derive.certify.shapes import UNKNOWN, Shape
from derive.notation.expression import (
    MINUS_ONE,
    Add,
    Entry,
    Expr,
    Mul,
    Pow,
    Sum,
    Tensor,
    mul,
)
from derive.notation.problem import definition_of
from derive.notation.tree import children
from derive.record import Reason


def perspective(c: Context, e: Mul, fixed: Callable[[Tensor], Recurse]) -> Shape:
    """t f(x/t) with t > 0 a parameter: t log sum_i e^(x_i/t) is convex in x and t.

    What stands beside t must know t and x by the ratios u/t alone, with u linear in x, and bend
    one way in x while t stands still, as `fixed` tells.
    """
    for t in e.args:
        if not isinstance(t, Entry) or t.tensor not in c.moving or not c.range(t).positive:
            continue
        rest = mul(*(a for a in e.args if a is not t))
        if c.still(rest) or not depends(rest, t.tensor, c.definitions):
            continue
        if not _by_ratios(c, rest, t):
            continue
        inner = fixed(t.tensor)(rest)
        if inner.kind in ("convex", "concave"):
            words = (
                f"{{0}} is {{1}} times a function of ratios to {{1}} that is {inner.kind}: its "
                f"perspective, which is {inner.kind} in the parameters jointly."
            )
            said = Reason("perspective", words, (e, t), c.assumed(t))
            return inner.because(said)
    return UNKNOWN


def _by_ratios(c: Context, e: Expr, t: Entry) -> bool:
    """Whether every parameter that moves stands in some u/t with u linear."""
    if c.still(e):
        return True
    match e:
        case Mul(args) if Pow(t, MINUS_ONE) in args:
            rest = [a for a in args if a != Pow(t, MINUS_ONE)]
            return len(rest) == len(args) - 1 and _linear(c, mul(*rest), t)
        case Entry():
            definition = definition_of(e.tensor, c.definitions)
            return definition is not None and _by_ratios(c, definition.at(e), t)
    parts = children(e)
    return bool(parts) and all(_by_ratios(c, part, t) for part in parts)


def _linear(c: Context, e: Expr, t: Entry) -> bool:
    """Whether `e` is linear in the parameters that move, without a constant and without t."""
    match e:
        case Entry(tensor, _):
            definition = definition_of(tensor, c.definitions)
            if definition is None:
                return tensor in c.moving and tensor != t.tensor
            return _linear(c, definition.at(e), t)
        case Sum():
            return _linear(c, e.body, t)
        case Add(args):
            return all(_linear(c, a, t) for a in args)
        case Mul(args):
            moving = [a for a in args if not c.still(a)]
            return len(moving) == 1 and _linear(c, moving[0], t)
    return False
