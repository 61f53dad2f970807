"""The meaning of a formula as it was written: a value for every tree, or an error at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from derive.notation import algebra
from derive.notation.algebra import Array, ShapeError
from derive.notation.expression import (
    ONE,
    PI,
    Cases,
    Delta,
    Expr,
    Index,
    Indicator,
    Num,
    Pow,
    Product,
    Sum,
    When,
)
from derive.notation.functions import exp
from derive.readers import values as v
from derive.readers.calls import called
from derive.readers.entries import compared, indexed, letter
from derive.readers.surface import (
    Big,
    Binary,
    Branches,
    Call,
    Indexed,
    Minus,
    Name,
    Number,
    Surface,
    Test,
    Transposed,
)
from derive.readers.values import Value
from derive.readers.walk import last_sums
from derive.readers.world import World, summed, unknown

PRODUCTS = (" ", "*", "@")


def meaning(tree: Surface, world: World) -> Value:
    """What the tree stands for."""
    try:
        return _meaning(tree, world)
    except ShapeError as error:
        raise world.error(tree.span, error.wrong, error.todo) from None


def scalar(tree: Surface, world: World, role: str) -> Expr:
    """The formula of a tree that must be a number."""
    value = meaning(tree, world)
    if not value.scalar or not isinstance(value.what, Expr):
        wrong = f"{role} must be a number: {v.told(value, world.text)}"
        raise world.error(tree.span, wrong, "sum over its entries, or take one of them")
    return value.what


def _meaning(tree: Surface, world: World) -> Value:
    match tree:
        case Number(value, span):
            return Value(Num(value), span)
        case Name():
            return _name(tree, world)
        case Indexed():
            return indexed(tree, world, meaning)
        case Minus(Number(value, _), span):
            return Value(Num(-value), span)
        case Minus(arg, span):
            return v.negated(meaning(arg, world), span)
        case Transposed(Number(), span):
            wrong = "a number has no transpose, and a vector of ones needs its size"
            raise world.error(span, wrong, "write 1_n' u or sum(u) for the sum of the entries")
        case Transposed(arg, span):
            return v.transposed(meaning(arg, world), span, world.text)
        case Binary("^", base, exponent, _):
            return _power(tree, base, exponent, world)
        case Binary():
            return _combined(tree, world)
        case Call():
            return called(tree, world, meaning)
        case Big():
            return _big(tree, world)
        case Branches():
            return _branches(tree, world)


def _name(tree: Name, world: World) -> Value:
    name = tree.name
    if name in world.locals:
        return replace(world.locals[name], span=tree.span)
    if name in world.tensors:
        return Value(algebra.operand(world.tensors[name]), tree.span)
    if name in world.axes and name not in world.letters:
        return Value(world.axes[name], tree.span)
    if name == "pi":
        return Value(PI, tree.span)
    if name == "e":
        return Value(exp(1), tree.span)
    if name == "I":
        return Value(ONE, tree.span, unit=True)
    raise unknown(tree, world)


def _combined(tree: Binary, world: World) -> Value:
    if tree.operator in PRODUCTS:
        factors = [(sign, meaning(part, world)) for sign, part in _factors(tree)]
        return replace(v.chained(factors, world.text), span=tree.span)
    a, span, text = meaning(tree.left, world), tree.span, world.text
    if tree.operator in ("+", "-"):
        # A letter of the sum that has just ended is asked about where it is used once more.
        world = replace(world, closed={**world.closed, **dict(last_sums(tree.left))})
        return v.added(a, meaning(tree.right, world), tree.operator, span, text)
    b = meaning(tree.right, world)
    if tree.operator == "/":
        return v.divided(a, b, span, text)
    return v.entry_by_entry(a, b, tree.operator, span, text)


def _factors(tree: Surface) -> Iterator[tuple[str, Surface]]:
    """The factors of a product from the left, each with the sign before it."""
    if isinstance(tree, Binary) and tree.operator in PRODUCTS:
        yield from _factors(tree.left)
        yield tree.operator, tree.right
    else:
        yield " ", tree


def _power(tree: Surface, base: Surface, exponent: Surface, world: World) -> Value:
    """base ^ exponent: of a number; a norm squared; the inverse of a matrix."""
    span = tree.span
    if isinstance(base, Name) and base.name == "e" and "e" not in (*world.tensors, *world.locals):
        return Value(exp(scalar(exponent, world, "the exponent")), span)
    power = scalar(exponent, world, "the exponent")
    half = power.value / 2 if isinstance(power, Num) else Fraction(1, 2)
    if isinstance(base, Call) and base.name in ("bars", "norm", "normF") and half.denominator == 1:
        inner = meaning(base.args[0], world)
        if inner.axes:
            called(base, world, meaning)  # refuses the bars of a matrix
            squared = algebra.norm2(inner.what)
            return Value(squared if half == 1 else Pow(squared, Num(half)), span)
    value = meaning(base, world)
    if value.scalar and isinstance(value.what, Expr):
        return Value(Pow(value.what, power), span)
    shown, text = world.text.at(base.span), world.text.at(exponent.span)
    if value.kind == "matrix" and power == Num(Fraction(-1)):
        return called(Call("inv", (base,), span), world, meaning)
    readings = [f"{shown}.^{text} entry by entry"]
    if value.kind == "column":
        bare = shown[1:-1] if shown.startswith("(") and shown.endswith(")") else shown
        readings.append(f"|{bare}|^{text} for the norm")
    elif value.kind == "matrix":
        readings.append(f"{shown} {shown} for the product of matrices")
    wrong = f"a power of an array has more than one reading: {v.told(value, world.text)}"
    raise world.error(span, wrong, f"write {' or '.join(readings)}")


def _big(tree: Big, world: World) -> Value:
    """A sum or product over letters, the first one outermost."""
    limits: list[tuple[Index, int, object]] = []
    inner = world
    for limit in tree.limits:
        bound = summed(limit, tree.body, inner)
        if bound[0].letter in world.letters:
            letter, kind = bound[0].letter, "product" if tree.kind == "prod" else "sum"
            wrong = f"{letter} already has a meaning here; this {kind} would hide it"
            raise world.error(limit.letter.span, wrong, f"take another letter for the inner {kind}")
        limits.append(bound)
        inner = inner.bind((bound[0],))
    body = meaning(tree.body, inner)
    make: Callable[..., Expr] = Sum if tree.kind == "sum" else Product
    if body.unit:
        raise world.error(tree.body.span, "the identity matrix has no size here", "write eye(n)")
    if tree.kind == "prod" and not body.scalar:
        wrong = f"a product of arrays over an index: {v.told(body, world.text)}"
        raise world.error(tree.span, wrong, "take the product of numbers")

    def over(e: Expr) -> Expr:
        for k, lower, upper in reversed(limits):
            e = make(e, (k.plain, lower, upper))
        return e

    what = body.what
    if isinstance(what, Array):
        return Value(Array(what.axes, lambda k: over(what.at(k))), tree.span, body.row)
    return Value(over(what), tree.span)


def _branches(tree: Branches, world: World) -> Value:
    match tree.branches:
        case ((test, Number(value)),) if value == 1 and isinstance(test.left, Name):
            if test.left.name in world.letters:
                return _letter_test(test, tree, world)
        case _:
            pass
    branches = tuple(
        (
            When(
                scalar(test.left, world, "a side of a test"),
                test.relation,
                scalar(test.right, world, "a side of a test"),
            ),
            scalar(value, world, "the value of a case"),
        )
        for test, value in tree.branches
    )
    return Value(Cases(branches, scalar(tree.otherwise, world, "the value of a case")), tree.span)


def _letter_test(test: Test, tree: Branches, world: World) -> Value:
    """[i = j] and [j >= 2]: 1 where the letters say so, else 0."""
    left = letter(test.left, world)
    match test.relation, test.right:
        case "=", _:
            return Value(Delta(*compared(test.left, test.right, world)), tree.span)
        case ">=", Number(bound) if bound.denominator == 1 and bound >= 1:
            return Value(Indicator(left, int(bound)), tree.span)
        case _:
            raise world.error(
                tree.span, "this comparison of an index is not known",
                f"write [{left.letter} >= 2], or [{left.letter} = k] with another letter k",
            )  # fmt: skip
