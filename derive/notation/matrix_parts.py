"""Parts of matrix formulas: rebuilt, walked, and as a printer wants them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derive.notation.expression import Num
from derive.notation.matrix import (
    Choice,
    Det,
    Diag,
    DiagPart,
    Dot,
    Einsum,
    Inverse,
    Kron,
    KronRows,
    LogDet,
    MAdd,
    MApply,
    Mat,
    MatMul,
    MMul,
    MPow,
    MPower,
    Ones,
    Outer,
    RowProduct,
    ScaleCols,
    ScaleRows,
    Trace,
    Transpose,
    operands,
)


def norm_power(mat: Mat) -> tuple[Mat, Fraction] | None:
    """u and k where the formula is |u|^k: a power or the root of an inner product u'u."""
    match mat:
        case Dot(left, right) if left == right and left.axes and not isinstance(left, Ones):
            return left, Fraction(2)
        case MPow(base, Num(value)) if not base.axes:
            inner = norm_power(base)
            # |u|^2 to the power 1/2 is |u|; other roots of powers are left alone.
            return None if inner is None else (inner[0], inner[1] * value)
        case MApply(function, arg) if function.name == "sqrt":
            inner = norm_power(arg)
            return None if inner is None else (inner[0], inner[1] / 2)
    return None


def quotient(args: tuple[Mat, ...]) -> tuple[tuple[Mat, ...], tuple[Mat, ...], tuple[Mat, ...]]:
    """The scalars above and below the bar, and the rest, of a product with scalar divisors."""
    above: list[Mat] = []
    below: list[Mat] = []
    for arg in args:
        if arg.axes:
            continue
        match arg:
            case MPow(base, Num(value)) if value < 0:
                below.append(base if value == -1 else MPow(base, Num(-value)))
            case _:
                above.append(arg)
    return tuple(above), tuple(below), tuple(arg for arg in args if arg.axes)


def entrywise_quotient(args: tuple[Mat, ...]) -> tuple[tuple[Mat, ...], tuple[Mat, ...]]:
    """The factors above and below the bar where entrywise factors are powers below zero."""
    above: list[Mat] = []
    below: list[Mat] = []
    for arg in args:
        match arg:
            case MPow(base, Num(value)) if arg.axes and value < 0:
                below.append(base if value == -1 else MPow(base, Num(-value)))
            case _:
                above.append(arg)
    return tuple(above), tuple(below)


def with_operands(mat: Mat, parts: tuple[Mat, ...]) -> Mat:
    """The node with other matrix formulas directly inside it."""
    match mat:
        case MAdd() | MMul():
            return replace(mat, args=parts)
        case Choice():
            return replace(mat, parts=parts)
        case MPower():
            return replace(mat, base=parts[0], exponent=parts[1])
        case MatMul() | Dot() | Outer() | Kron() | KronRows():
            return replace(mat, left=parts[0], right=parts[1])
        case ScaleRows():
            return ScaleRows(*parts)
        case ScaleCols():
            return ScaleCols(*parts)
        case MPow():
            return replace(mat, base=parts[0])
        case MApply() | Transpose() | Diag() | DiagPart() | Trace() | Inverse():
            return replace(mat, arg=parts[0])
        case LogDet() | Det() | RowProduct():
            return replace(mat, arg=parts[0])
        case Einsum(pairs, _, _):
            named = zip(parts, (letters for _, letters in pairs), strict=True)
            return replace(mat, operands=tuple(named))
        case _:
            return mat


def walk(mat: Mat) -> Iterator[Mat]:
    """All matrix formulas inside `mat`, itself first."""
    yield mat
    for part in operands(mat):
        yield from walk(part)
