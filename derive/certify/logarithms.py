"""Logarithms: taken apart over products, powers and exponentials; log-sum-exp."""

from __future__ import annotations

from derive.certify.context import Context, Recurse
from derive.certify.shapes import UNKNOWN, Shape
from derive.notation.expression import Add, Apply, Entry, Expr, Mul, Pow, Product, Sum, add, mul
from derive.notation.functions import exp, log
from derive.notation.problem import definition_of
from derive.record import Reason


def logarithm(c: Context, e: Apply, arg: Expr, shape: Recurse) -> Shape:
    """log of products, powers and exponentials taken apart; log-sum-exp."""
    match arg:
        case Entry():
            definition = definition_of(arg.tensor, c.definitions)
            return UNKNOWN if definition is None else shape(log(definition.at(arg)))
        case Apply(function, inner) if function == exp:
            return shape(inner)
        case Mul(args) if all(c.range(a).nonnegative for a in args):
            return shape(add(*map(log, args)))
        case Pow(base, exponent) if c.still(exponent) and c.range(base).nonnegative:
            return shape(mul(exponent, log(base)))
        case Product() if c.range(arg.body).nonnegative:
            return shape(Sum(log(arg.body), (arg.index, arg.lower, arg.upper)))
    inner_reasons = log_convex(c, arg, shape)
    if inner_reasons is None:
        return UNKNOWN
    words = "{0} is the logarithm of a sum of exponentials with nonnegative weights, hence "
    said = Reason("log-sum-exp", words + "convex.", (e,), c.assumed(arg))
    return Shape("convex", inner_reasons).because(said)


def log_convex(c: Context, e: Expr, shape: Recurse) -> tuple[Reason, ...] | None:
    """Why log e is convex: sums, products and powers of exponentials of convex functions."""
    definitions = c.definitions
    if c.still(e):
        return () if c.range(e).nonnegative else None
    match e:
        case Apply(function, arg) if function == exp:
            inner = shape(arg)
            return inner.reasons if inner.flat or inner.kind == "convex" else None
        case Add(args) | Mul(args):
            found = [log_convex(c, a, shape) for a in args]
            parts = [part for part in found if part is not None]
            whole = tuple(reason for part in parts for reason in part)
            return whole if len(parts) == len(found) else None
        case Sum():
            return log_convex(c, e.body, shape)
        case Pow(base, exponent) if c.still(exponent):
            known = c.range(exponent).nonnegative
            return log_convex(c, base, shape) if known else None
        case Entry():
            definition = definition_of(e.tensor, definitions)
            return None if definition is None else log_convex(c, definition.at(e), shape)
    return None
