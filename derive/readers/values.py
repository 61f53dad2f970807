"""What a piece of a text stands for, and how such values combine: shapes decide.

A vector is a column until it is transposed; so u' v is a number, u v' a matrix, and u v nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from derive.notation.algebra import Array, axes_of, delta, entrywise, outer, product, shape, times
from derive.notation.expression import ONE, Axis, Expr, Index, Pow, divide, negative
from derive.readers.complaint import Text, joined
from derive.readers.surface import Span


@dataclass(frozen=True)
class Value:
    """A formula or an array, and where it was written.

    Attributes:
        what: The formula of a scalar, or the array.
        row: Whether a vector was transposed.
        unit: Whether it is this scalar times an identity matrix whose size its neighbours give.
    """

    what: Array | Expr
    span: Span
    row: bool = False
    unit: bool = False

    @property
    def axes(self) -> tuple[Axis, ...]:
        return axes_of(self.what)

    @property
    def scalar(self) -> bool:
        return not self.axes and not self.unit

    @property
    def kind(self) -> Literal["scalar", "column", "row", "matrix", "array", "identity"]:
        if self.unit:
            return "identity"
        if len(self.axes) == 1:
            return "row" if self.row else "column"
        if len(self.axes) > 2:
            return "array"
        return "matrix" if self.axes else "scalar"


def sized(value: Value, axis: Axis) -> Value:
    """The multiple of the identity over this axis."""
    coefficient = value.what
    if isinstance(coefficient, Array):
        raise TypeError("a multiple of the identity is known by its factor")

    def entry(k: tuple[Index, ...]) -> Expr:
        return times(coefficient, delta(k[0], k[1]))

    return Value(Array((axis, axis), entry), value.span)


def told(value: Value, text: Text) -> str:
    """`X is (m, n)`, for the text of an error."""
    name = text.at(value.span)
    match value.kind:
        case "identity":
            return f"{name} is an identity matrix"
        case "scalar":
            return f"{name} is a scalar"
        case "row":
            return f"{name} is a row over {shape(value.axes)}"
        case _:
            return f"{name} is {shape(value.axes)}"


def transposed(value: Value, span: Span, text: Text) -> Value:
    """The transpose."""
    if value.unit or value.scalar:
        return Value(value.what, span, unit=value.unit)
    if len(value.axes) > 2:
        raise text.error(span, f"{told(value, text)}: only vectors and matrices are transposed",
                         "write it with indices")  # fmt: skip
    if len(value.axes) == 1:
        return Value(value.what, span, row=not value.row)
    return Value(value.what.T, span) if isinstance(value.what, Array) else value


def negated(value: Value, span: Span) -> Value:
    """Minus the value."""
    what = negative(value.what) if isinstance(value.what, Expr) else -value.what
    return Value(what, span, value.row, value.unit)


def added(a: Value, b: Value, sign: str, span: Span, text: Text) -> Value:
    """a + b or a - b; a scalar is added to every entry of a vector, not of a matrix."""
    if sign == "-":
        combine: Callable[[Expr, Expr], Expr] = lambda u, v: u - v  # noqa: E731
    else:
        combine = lambda u, v: u + v  # noqa: E731
    if a.unit and b.unit:
        return Value(entrywise(combine, a.what, b.what, sign), span, unit=True)
    if a.unit or b.unit:
        other = b if a.unit else a
        if other.kind != "matrix" or other.axes[0] != other.axes[1]:
            raise text.error(
                span, f"{told(other, text)}, no square matrix, so the identity matrix has no size",
                "add a multiple of I to a square matrix",
            )  # fmt: skip
        a, b = (sized(v, other.axes[0]) if v.unit else v for v in (a, b))
    if a.axes and b.axes and (a.axes != b.axes or a.row != b.row):
        raise text.error(
            span, f"these cannot be added: {told(a, text)}, {told(b, text)}",
            "add arrays of one shape; X' is the transpose",
        )  # fmt: skip
    for scalar, array in ((a, b), (b, a)):
        if scalar.scalar and len(array.axes) > 1:
            matrix, number = text.at(array.span), text.at(scalar.span)
            raise text.error(
                span, f"{told(array, text)}, {told(scalar, text)}: two readings",
                f"write {matrix} {sign} {number} I for a multiple of the identity, or "
                f"{matrix} {sign} {number} ones(..., ...) for every entry",
            )  # fmt: skip
    return Value(entrywise(combine, a.what, b.what, sign), span, a.row or b.row)


def multiplied(a: Value, b: Value, span: Span, text: Text) -> Value:
    """a b side by side: scalars scale, matrices and vectors multiply."""
    if a.unit or b.unit:
        unit, other = (a, b) if a.unit else (b, a)
        if other.scalar or other.unit:
            return Value(times(_factor(a), _factor(b)), span, unit=True)
        if unit.what == ONE:
            return Value(other.what, span, other.row)
        scaled = entrywise(times, unit.what, other.what, "*")
        return Value(scaled, span, other.row)
    if a.scalar or b.scalar:
        return Value(entrywise(lambda u, v: u * v, a.what, b.what, "*"), span, a.row or b.row)
    left, right = a.kind, b.kind
    if (left, right) == ("column", "row"):
        return Value(outer(a.what, b.what), span)
    ends = a.axes[-1:] == b.axes[:1]
    if (left, right) in {("row", "column"), ("row", "matrix"), ("matrix", "column"),
                         ("matrix", "matrix")} and ends:  # fmt: skip
        return Value(product(a.what, b.what), span, row=(left, right) == ("row", "matrix"))
    raise text.error(span, *_no_product(a, b, text))


def chained(factors: Sequence[tuple[str, Value]], text: Text) -> Value:
    """A product of several factors; each comes with the sign before it, " " or "*".

    Numbers go to the front, in their order, and so does every inner product; the others multiply
    from the right, as A (B v) is computed.
    """
    scalars: list[Value] = []
    run: list[Value] = []
    so_far: Value | None = None
    for sign, factor in factors:
        if factor.scalar:
            scalars.append(factor)
            continue
        if so_far is None:
            run, so_far = [factor], factor
            continue
        span = joined(so_far.span, factor.span)
        if sign == "*":
            raise text.error(span, *_star(so_far, factor, text))
        run.append(factor)
        so_far = multiplied(so_far, factor, span, text)
        if so_far.scalar:
            scalars += _from_the_right(run, text)
            so_far = None
    if so_far is not None:
        scalars += _from_the_right(run, text)
    out = scalars[0]
    for value in scalars[1:]:
        out = multiplied(out, value, joined(out.span, value.span), text)
    first, last = factors[0][1].span, factors[-1][1].span
    return replace(out, span=joined(first, last))


def _from_the_right(run: Sequence[Value], text: Text) -> list[Value]:
    """The numbers that come out of a product of arrays, then the array that is left, if one is."""
    numbers: list[Value] = []
    out: Value | None = None
    for value in reversed(run):
        out = value if out is None else multiplied(value, out, joined(value.span, out.span), text)
        if out.scalar:
            numbers.insert(0, out)
            out = None
    return numbers if out is None else [*numbers, out]


def _star(a: Value, b: Value, text: Text) -> tuple[str, str]:
    u, v = text.at(a.span), text.at(b.span)
    product_ = f"{_at(u)}' {_at(v)}" if a.kind == b.kind == "column" else f"{_at(u)} {_at(v)}"
    return (
        f"* between two arrays has two readings: {told(a, text)}, {told(b, text)}",
        f"write {_at(u)} .* {_at(v)} entry by entry, or {product_} for the product",
    )


def _factor(value: Value) -> Expr:
    if isinstance(value.what, Array):
        raise TypeError("a factor of an identity matrix is a scalar")
    return value.what


def _no_product(a: Value, b: Value, text: Text) -> tuple[str, str]:
    """Why two arrays do not multiply, and what would."""
    wrong = f"there is no product of these: {told(a, text)}, {told(b, text)}"
    u, v = text.at(a.span), text.at(b.span)
    if a.kind == b.kind == "column":
        readings = f"write {_at(u)}' {_at(v)} for the inner product" if a.axes == b.axes else ""
        entry = f"{u} .* {v} entry by entry" if a.axes == b.axes else ""
        return wrong, ", ".join(filter(None, (readings, entry, f"{u} {_at(v)}' for the matrix")))
    if "array" in (a.kind, b.kind):
        return wrong, "write it with indices"
    trials = []
    for first, second, how in (
        (_turned(a), b, f"{_at(u)}' {v}"),
        (a, _turned(b), f"{u} {_at(v)}'"),
        (b, a, f"{_at(v)} {_at(u)}"),
        (_turned(b), a, f"{_at(v)}' {u}"),
        (b, _turned(a), f"{v} {_at(u)}'"),
    ):
        if _fits(first, second):
            trials.append(how)
    hint = f"did you mean {' or '.join(trials[:2])}?" if trials else "compare the axes"
    return wrong, hint


def _turned(value: Value) -> Value:
    if len(value.axes) == 2 and isinstance(value.what, Array):
        return Value(value.what.T, value.span)
    return Value(value.what, value.span, row=not value.row)


def _fits(a: Value, b: Value) -> bool:
    kinds = {("row", "column"), ("row", "matrix"), ("matrix", "column"), ("matrix", "matrix")}
    return (a.kind, b.kind) in kinds and a.axes[-1:] == b.axes[:1]


def _at(source: str) -> str:
    """In brackets where an operator stands inside."""
    simple = re.fullmatch(r"\w+'?(\[[^\]]*\])?", source)
    closed = source.startswith(("(", "[")) and source.endswith((")", "]"))
    return source if simple or closed else f"({source})"


def entry_by_entry(a: Value, b: Value, sign: str, span: Span, text: Text) -> Value:
    """`.*`, `./` and `.^`: arrays of one shape, or a scalar with an array."""
    combine = {".*": lambda u, v: u * v, "./": divide, ".^": Pow}[sign]
    if sign == ".^" and not b.scalar:
        raise text.error(span, f"the exponent is no scalar: {told(b, text)}",
                         "raise every entry to the same power")  # fmt: skip
    if a.unit or b.unit or (a.axes and b.axes and (a.axes != b.axes or a.row != b.row)):
        raise text.error(
            span, f"{sign} needs one shape: {told(a, text)}, {told(b, text)}",
            "combine arrays over the same axes, or a scalar and an array",
        )  # fmt: skip
    return Value(entrywise(combine, a.what, b.what, sign), span, a.row or b.row)


def divided(a: Value, b: Value, span: Span, text: Text) -> Value:
    """a / b by a scalar."""
    if not b.scalar or not isinstance(b.what, Expr):
        u, v = text.at(a.span), text.at(b.span)
        readings = f"write {u} ./ {v} to divide entry by entry"
        if b.kind == "matrix":
            readings += f", or inv({v}) {u} or {u} inv({v})"
        raise text.error(span, f"one divides by a scalar: {told(b, text)}", readings)
    denominator = b.what
    if isinstance(a.what, Expr):
        return Value(divide(a.what, denominator), span, unit=a.unit)
    array = a.what
    return Value(Array(array.axes, lambda k: divide(array.at(k), denominator)), span, a.row)
