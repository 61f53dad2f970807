"""Matrix formulas as plain text; the conventions stand in `text`.

Scalars inside are index formulas, whose own texts may hold matrix formulas: the writer of
scalars is handed in, so that neither file imports the other in a circle.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.notation import matrix as mx
from derive.notation.expression import ONE, Expr, Mul, Num, mul
from derive.notation.piece import ATOM, POWER, PREFIX, PRODUCT, SUM, Piece, gap, join, spelled
from derive.notation.tree import is_number

ScalarWriter = Callable[[Expr], Piece]


def written(write: ScalarWriter, mat: mx.Mat) -> Piece:
    """The matrix formula as a text; `write` writes the scalars in it."""
    match mat:
        case mx.Sym(tensor):
            return Piece(spelled(tensor.name), ATOM)
        case mx.Scalar(inner):
            return write(inner)
        case mx.MAdd(args):
            return Piece("".join(_mat_term(write, arg, k) for k, arg in enumerate(args)), SUM)
        case mx.MMul(args):
            minus, rest = _without_sign(mat)
            if minus:
                return join(SUM, "-", written(write, rest).held(PRODUCT))
            return _entrywise(write, args)
        case mx.MPow(base, exponent):
            if is_number(exponent, -1):
                return join(PRODUCT, "1/", written(write, base).held(POWER))
            power = ".^" if len(base.axes) > 1 else "^"
            return join(POWER, written(write, base).held(ATOM), power, write(exponent).held(ATOM))
        case mx.MApply(function, arg):
            return join(ATOM, f"{function.name}(", written(write, arg), ")")
        case mx.Transpose(arg):
            return join(POWER, written(write, arg).held(ATOM), "'")
        case mx.MatMul() | mx.Outer() | mx.ScaleRows() | mx.ScaleCols():
            return Piece(_chain(_matrix_factors(write, mat)), PREFIX)
        case mx.Dot(left, right):
            return _dot(write, left, right)
        case mx.Diag(arg):
            return join(ATOM, "diag(", written(write, arg), ")")
        case mx.DiagPart(arg):
            return join(ATOM, "diagonal(", written(write, arg), ")")
        case mx.Trace(arg):
            return join(ATOM, "tr(", written(write, arg), ")")
        case mx.Identity(axis):
            return Piece(f"I_{axis.letter}", ATOM)
        case mx.Ones(axis):
            return Piece(f"1_{axis.letter}", ATOM)
        case mx.Mask(axis, lower):
            return Piece(f"1_{{{lower}..{axis.letter}}}", ATOM)
        case mx.Einsum(pairs, _, output):
            letters = [letter for _, part in pairs for letter in part]
            space = "" if all(len(letter) == 1 for letter in letters) else " "
            inputs = ",".join(space.join(part) for _, part in pairs)
            named = ", ".join(written(write, operand).text for operand, _ in pairs)
            return Piece(f"einsum({inputs}->{space.join(output)}: {named})", ATOM)
        case _:
            raise TypeError(f"{type(mat).__name__} is no matrix formula")


def _without_sign(mat: mx.Mat) -> tuple[bool, mx.Mat]:
    """Whether the leading coefficient is negative, and the formula without its sign."""
    match mat:
        case mx.Scalar(Num(value)) if value < 0:
            return True, mx.Scalar(Num(-value))
        case mx.Scalar(Mul((Num(value), *rest))) if value < 0:
            return True, mx.Scalar(mul(*rest) if value == -1 else mul(Num(-value), *rest))
        case mx.MMul((first, *rest)) if rest:
            minus, positive = _without_sign(first)
            if not minus:
                return False, mat
            left = [] if positive == mx.Scalar(ONE) else [positive]
            args = (*left, *rest)
            return True, args[0] if len(args) == 1 else mx.MMul(args)
        case _:
            return False, mat


def _mat_term(write: ScalarWriter, mat: mx.Mat, number: int) -> str:
    minus, positive = _without_sign(mat)
    sign = (" - " if minus else " + ") if number else "-" * minus
    return sign + written(write, positive).held(PRODUCT).text


def _entrywise(write: ScalarWriter, args: tuple[mx.Mat, ...]) -> Piece:
    """Leading scalars by juxtaposition, then the entrywise product with `*` and `/`."""
    count = next((k for k, arg in enumerate(args) if arg.axes), len(args) - 1)
    head = ""
    for scalar in args[:count]:
        factor = written(write, scalar).held(POWER).text
        head += (gap(head, factor) if head else "") + factor
    if len(args) - count == 1:
        tail = written(write, args[-1]).held(PREFIX).text
    else:
        tail = _entrywise_arrays(write, args[count:])
    return Piece(head + gap(head, tail) + tail if head else tail, PRODUCT)


def _entrywise_arrays(write: ScalarWriter, args: tuple[mx.Mat, ...]) -> str:
    segments: list[tuple[list[str], list[str]]] = []
    for arg in args:
        inverse = isinstance(arg, mx.MPow) and is_number(arg.exponent, -1)
        if not segments or (segments[-1][1] and not inverse):
            segments.append(([], []))
        operand = arg.base if inverse and isinstance(arg, mx.MPow) else arg
        segments[-1][inverse].append(written(write, operand).held(POWER).text)
    texts = []
    for above, under in segments:
        below = under[0] if len(under) == 1 else f"({'*'.join(under)})"
        whole = ("*".join(above) or "1") + (f"/{below}" if under else "")
        texts.append(f"({whole})" if under and len(segments) > 1 else whole)
    return "*".join(texts)


def _matrix_factors(write: ScalarWriter, mat: mx.Mat) -> tuple[str, ...]:
    """The factors of a product of matrices; which two are multiplied first makes no difference."""
    match mat:
        case mx.MatMul(left, right):
            return _matrix_factors(write, left) + _matrix_factors(write, right)
        case mx.ScaleRows(weights, arg):
            return (written(write, mx.Diag(weights)).text, *_matrix_factors(write, arg))
        case mx.ScaleCols(arg, weights):
            return (*_matrix_factors(write, arg), written(write, mx.Diag(weights)).text)
        case mx.Outer(left, right):
            return (*_matrix_factors(write, left), written(write, right).held(ATOM).text + "'")
        case _:
            return (written(write, mat).held(POWER).text,)


def _chain(factors: tuple[str, ...]) -> str:
    out = factors[0]
    for factor in factors[1:]:
        tight = out.endswith("'") and not re.match(r"\w+\(", factor)
        out += factor if tight else f" {factor}"
    return out


def _dot(write: ScalarWriter, left: mx.Mat, right: mx.Mat) -> Piece:
    inner = written(write, left).text
    if left == right and "|" not in inner and not isinstance(left, mx.Ones):
        return Piece(f"|{inner}|^2", POWER)
    ones = isinstance(left, mx.Ones) and not isinstance(right, mx.Ones)
    first = "1'" if ones else written(write, left).held(ATOM).text + "'"
    product = _chain((first, *_matrix_factors(write, right)))
    return Piece(f"tr({product})", ATOM) if len(left.axes) > 1 else Piece(product, PREFIX)
