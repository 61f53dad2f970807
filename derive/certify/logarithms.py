"""Logarithms: taken apart over products, powers and exponentials; log-sum-exp."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from derive.calculus.polynomial import shortest
from derive.certify.context import Context, Recurse
from derive.certify.shapes import UNKNOWN, Shape
from derive.notation.expression import (
    Add,
    Apply,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    add,
    mul,
)
from derive.notation.facts import normal
from derive.notation.functions import FUNCTIONS, SLOT, Elementwise, exp, log
from derive.notation.problem import definition_of
from derive.notation.tree import children, kinds_in, rebuild, replace_tensor, subterms
from derive.record import Reason

SAME = "same-function"
"""The rule by which a formula is looked at as it is written otherwise."""


def logarithm(c: Context, e: Apply, arg: Expr, shape: Recurse) -> Shape:
    """log of products, powers and exponentials taken apart; log-sum-exp; rows of the table."""
    found = _apart(c, e, arg, shape)
    if found.known or not isinstance(arg, Add | Apply):
        return found
    for other in rewritten(c, arg):
        again = shape(other)
        if again.known:
            return again.because() if again.flat else again.because(equal(e, other))
    return UNKNOWN


def equal(e: Expr, other: Expr) -> Reason:
    """That a formula is another one, written otherwise."""
    return Reason(SAME, "{0} is {1}.", (e, other))


def rewritten(c: Context, arg: Expr) -> Iterator[Expr]:
    """Other ways to write log(arg): log Phi(u), log Phi(-u) for log(1 - Phi(u)), -e^u."""
    plain = _unfolded(c, arg)
    for function in sorted(_functions(plain), key=lambda f: f.name):
        for one in function.identities(SLOT):
            turned = _read_as(plain, one.left, one.right)
            if turned is not None:
                yield log(turned)
    for left, row in _rows():
        named = _read_as(plain, left, row(SLOT))
        if named is not None:
            yield named
    short = shortest(plain)
    if short != arg and not isinstance(short, Add):
        yield log(short)


def spelled(c: Context, e: Apply) -> Expr:
    """log(arg) with the functions in it written by exponentials: log cosh u as log-sum-exp."""
    return log(_by_definitions(_unfolded(c, e.arg)))


@cache
def _rows() -> tuple[tuple[Expr, Elementwise], ...]:
    """The rows that are logarithms, and of what: log Phi of Phi, log G of G and of 1 - e^(-e^t)."""
    found: list[tuple[Expr, Elementwise]] = []
    for row in FUNCTIONS:
        match row.definition(SLOT) if row.definition is not None else None:
            case Apply(function, inner) if function == log:
                found += [(left, row) for left in dict.fromkeys((inner, _by_definitions(inner)))]
    return tuple(found)


def _unfolded(c: Context, e: Expr) -> Expr:
    """The names in `e` replaced by what they stand for, down to sums, letters and functions."""
    match e:
        case Entry():
            definition = definition_of(e.tensor, c.definitions)
            known = definition is not None and not isinstance(definition.body, Sum)
            return _unfolded(c, definition.at(e)) if definition is not None and known else e
        case Add() | Mul() | Pow() | Apply():
            return rebuild(e, tuple(_unfolded(c, child) for child in children(e)))
    return e


def _by_definitions(e: Expr) -> Expr:
    """Functions that are defined by exponentials spelled out: cosh, 1 - e^(-e^t)."""
    match e:
        case Apply(function, arg) if function.definition is not None and not function.kinks:
            body = function.definition(_by_definitions(arg))
            return body if kinds_in(body) <= SPELLED else e
        case Add() | Mul() | Pow() | Apply():
            return rebuild(e, tuple(_by_definitions(child) for child in children(e)))
    return e


SPELLED = frozenset((Add, Mul, Pow, Apply, Num, Entry, Sum))
"""What a function may be made of to be spelled out: no cases."""


def _read_as(e: Expr, left: Expr, right: Expr) -> Expr | None:
    """`right` for the argument u for which `left`, a formula in the slot, is `e`."""
    if type(left) is not type(e) or not _functions(left) <= _functions(e):
        return None
    for u in dict.fromkeys(node.arg for _, node in subterms(e) if isinstance(node, Apply)):
        if normal(_put(left, u)) == normal(e):
            return _put(right, u)
    return None


def _functions(e: Expr) -> frozenset[Elementwise]:
    return frozenset(node.function for _, node in subterms(e) if isinstance(node, Apply))


def _put(e: Expr, u: Expr) -> Expr:
    return replace_tensor(e, lambda entry: u if entry == SLOT else None)


def _apart(c: Context, e: Apply, arg: Expr, shape: Recurse) -> Shape:
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
