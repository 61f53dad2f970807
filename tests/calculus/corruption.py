"""Systematic corruptions of a formula: what a wrong rule would write."""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation import cos, exp
from derive.notation import matrix as mx
from derive.notation.expression import (
    ONE,
    Add,
    Apply,
    Delta,
    Diff,
    Element,
    Entry,
    Expr,
    Index,
    Indicator,
    Mul,
    Num,
    Pow,
    Sum,
    add,
    mul,
)
from derive.notation.matrix_parts import with_operands
from derive.notation.tree import at, free_indices, put, subterms


def corrupted(e: Expr) -> Iterator[tuple[str, Expr]]:
    """Copies of a formula with one mistake each: sign, factor, index, dropped term, ..."""
    yield "sign", -e
    yield "factor", 2 * e
    yield "term", e + 1
    letters = free_indices(e)
    for path, node in subterms(e):
        for name, new in _wrong(node, letters):
            if path and not isinstance(new, Entry) and _is_wrt(e, path):
                continue  # one differentiates by an entry and by nothing else
            yield f"{name} at {path}", put(e, path, new)


def _is_wrt(e: Expr, path) -> bool:
    return isinstance(at(e, path[:-1]), Diff) and path[-1] == 1


def _wrong(node: Expr, letters: tuple[Index, ...]) -> Iterator[tuple[str, Expr]]:
    match node:
        case Num(value):
            yield "number", Num(value + 1)
            yield "sign of a number", Num(-value)
        case Add(args):
            for number in range(len(args)):
                rest = (*args[:number], *args[number + 1 :])
                yield "dropped term", add(*rest)
                yield "sign of a term", add(*args[:number], -args[number], *args[number + 1 :])
        case Mul(args):
            for number in range(len(args)):
                yield "dropped factor", mul(*args[:number], *args[number + 1 :])
                yield (
                    "inverted factor",
                    mul(*args[:number], args[number] ** -1, *args[number + 1 :]),
                )
        case Pow(base, Num(value)):
            yield "exponent", Pow(base, Num(value + 1))
        case Apply(function, arg):
            yield "function", (cos if function.name == "exp" else exp)(arg)
            yield "argument", function(arg + 1)
        case Sum():
            yield "lower limit", Sum(node.body, (node.index, node.lower + 1, node.upper))
            yield "body", Sum(node.body * 2, (node.index, node.lower, node.upper))
        case Delta():
            yield "delta left out", ONE
        case Indicator(index, lower):
            yield "indicator left out", ONE
            yield "indicator later", Indicator(index, lower + 1)
        case Entry(tensor, indices):
            for number, k in enumerate(indices):
                for other in letters:
                    if other != k and other.axis == k.axis:
                        new = (*indices[:number], other, *indices[number + 1 :])
                        yield "index", Entry(tensor, new)
        case Element(mat, indices):
            for name, new in corrupted_mat(mat):
                if new.axes == mat.axes:
                    yield name, Element(new, indices)
            if len(indices) == 2 and mat.axes == mat.axes[::-1] and indices[0] != indices[1]:
                yield "transposed", Element(mat, indices[::-1])


def corrupted_mat(mat: mx.Mat) -> Iterator[tuple[str, mx.Mat]]:
    """The same for matrix formulas."""
    yield "matrix sign", mx.MMul((mx.Scalar(Num(-1)), mat))
    yield "matrix factor", mx.MMul((mx.Scalar(Num(2)), mat))
    match mat:
        case mx.MAdd(args) | mx.MMul(args) if len(args) > 1:
            for number in range(len(args)):
                rest = (*args[:number], *args[number + 1 :])
                yield "dropped", rest[0] if len(rest) == 1 else type(mat)(rest)
        case mx.MPow(base, exponent):
            yield "power", mx.MPow(base, exponent + 1)
        case mx.MApply(_, arg):
            yield "function left out", arg
        case mx.ScaleRows(_, arg) | mx.ScaleCols(arg, _):
            yield "weights left out", arg
        case mx.Diag(arg):
            yield "not diagonal", mx.Outer(arg, mx.Ones(arg.axes[0]))
        case mx.Mask(axis, lower):
            yield "mask left out", mx.Ones(axis)
            yield "mask later", mx.Mask(axis, lower + 1)
        case mx.Ones(axis):
            yield "ones", mx.Mask(axis, 2)
        case _:
            pass
    for number, operand in enumerate(mx.operands(mat)):
        for name, new in corrupted_mat(operand):
            if new.axes == operand.axes:
                yield f"{name} in operand {number}", _with_operand(mat, number, new)


def _with_operand(mat: mx.Mat, number: int, new: mx.Mat) -> mx.Mat:
    operands = mx.operands(mat)
    return with_operands(mat, (*operands[:number], new, *operands[number + 1 :]))
