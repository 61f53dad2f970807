"""Matrix formulas as plain text; the conventions stand in `text`.

Scalars inside are index formulas, whose own texts may hold matrix formulas: the writer of
scalars is handed in, so that neither file imports the other in a circle.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from math import prod

from derive.notation import matrix as mx
from derive.notation import matrix_parts as parts_of
from derive.notation.bands import Band, Unit, last_row
from derive.notation.expression import ONE, Add, Axis, Expr, Index, Mul, Num, Pow, mul
from derive.notation.facts import flipped
from derive.notation.piece import ATOM, POWER, PREFIX, PRODUCT, SUM, Piece, gap, join, spelled
from derive.notation.rows import row

ScalarWriter = Callable[[Expr], Piece]


def written(write: ScalarWriter, mat: mx.Mat) -> Piece:
    """The matrix formula as a text; `write` writes the scalars in it."""
    norm = parts_of.norm_power(mat)
    if norm is not None and norm[1] > 0 and not isinstance(norm[0], mx.Ones):
        return _norm(write, *norm)
    match mat:
        case mx.Sym(tensor):
            return Piece(spelled(tensor.name), ATOM)
        case mx.Scalar(inner):
            return write(one_quotient(inner))
        case mx.MAdd(args):
            return Piece("".join(_mat_term(write, arg, k) for k, arg in enumerate(args)), SUM)
        case mx.MMul(args):
            minus, rest = _without_sign(mat)
            if minus:
                return join(SUM, "-", written(write, rest).held(PRODUCT))
            return _entrywise(write, args)
        case mx.MPow(base, exponent):
            if isinstance(exponent, Num) and exponent.value < 0 and exponent.value.denominator == 1:
                below = base if exponent.value == -1 else mx.MPow(base, Num(-exponent.value))
                return join(PRODUCT, "1/", written(write, below).held(POWER))
            power = ".^" if len(base.axes) > 1 else "^"
            return join(POWER, written(write, base).held(ATOM), power, write(exponent).held(ATOM))
        case mx.MPower(base, powers):
            above = written(write, powers).held(ATOM)
            return join(POWER, written(write, base).held(ATOM), ".^", above)
        case mx.MApply(function, arg):
            return join(ATOM, f"{function.name}(", written(write, arg), ")")
        case mx.Choice(relations, parts):
            texts = [written(write, part).text for part in parts]
            tests = [
                f"{texts[3 * k + 2]} if {texts[3 * k]} {sign} {texts[3 * k + 1]}; "
                for k, sign in enumerate(relations)
            ]
            return Piece(f"{{{''.join(tests)}{texts[-1]} otherwise}}", ATOM)
        case mx.Transpose(arg):
            return join(POWER, written(write, arg).held(ATOM), "'")
        case mx.Outer(left, right) if len(left.axes) == 2:
            return join(PREFIX, "vec(", written(write, left), ") vec(", written(write, right), ")'")
        case mx.MatMul() | mx.Outer() | mx.ScaleRows() | mx.ScaleCols():
            return Piece(_chain(_matrix_factors(write, mat)), PREFIX)
        case mx.Dot(left, right):
            return _dot(write, left, right)
        case mx.Diag(arg) if len(arg.axes) == 2:
            return join(ATOM, "diag(vec(", written(write, arg), "))")
        case mx.Diag(arg):
            return join(ATOM, "diag(", written(write, arg), ")")
        case mx.DiagPart(arg):
            return join(ATOM, "diagonal(", written(write, arg), ")")
        case mx.Trace(arg):
            return join(ATOM, "tr(", written(write, arg), ")")
        case mx.Inverse(arg):
            return join(POWER, written(write, arg).held(ATOM), "^-1")
        case mx.LogDet(arg):
            return join(ATOM, "logdet(", written(write, arg), ")")
        case mx.Det(arg):
            return join(ATOM, "det(", written(write, arg), ")")
        case mx.RowProduct(arg):
            name = "prod" if len(arg.axes) == 1 else "rowprod"
            return join(ATOM, f"{name}(", written(write, arg), ")")
        case mx.Identity(axis):
            return Piece(f"I_{_shorter(axis)}", ATOM)
        case mx.Zero():
            return Piece("0", ATOM)
        case mx.Kron(left, right, crossed):
            product = _kron(write, left, right)
            return join(PREFIX, product.held(ATOM), " swap") if crossed else product
        case mx.KronRows(left, right):
            return join(PREFIX, "sum_i ", _kron(write, row(left), row(right)))
        case mx.Ones(axis):
            return Piece(f"1_{_shorter(axis)}", ATOM)
        case mx.Mask(axis, lower):
            return Piece(f"1_{{{lower}..{axis.letter}}}", ATOM)
        case Unit(axis, position):
            return Piece(f"e_{_bracketed(Index('', axis.root, position).label)}", ATOM)
        case Band():
            return Piece(band_name(mat), ATOM)
        case mx.Einsum(pairs, _, output):
            letters = [letter for _, part in pairs for letter in part]
            space = "" if all(len(letter) == 1 for letter in letters) else " "
            inputs = ",".join(space.join(part) for _, part in pairs)
            named = ", ".join(written(write, operand).text for operand, _ in pairs)
            return Piece(f"einsum({inputs}->{space.join(output)}: {named})", ATOM)
        case _:
            raise TypeError(f"{type(mat).__name__} is no matrix formula")


def _shorter(axis: Axis) -> str:
    return f"{{{axis.letter}}}" if axis.cut else axis.letter


def _bracketed(label: str) -> str:
    return label if len(label) == 1 else f"{{{label}}}"


def band_name(mat: Band) -> str:
    """D_n, D_n^(2), I_{2..n}, or the entries along the diagonals."""
    below = _shorter(mat.columns)
    if mat.order is not None:
        return f"D_{below}" + (f"^({mat.order})" if mat.order > 1 else "")
    if mat.taken is not None:
        return f"I_{{{mat.taken + 1}..{last_row(mat).letter}}}"
    entries = ", ".join(f"{shift:+d}: {value}" for shift, value in mat.bands)
    return f"band_{{{mat.rows.letter},{mat.columns.letter}}}({entries})"


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


def one_quotient(e: Expr) -> Expr:
    """A product with fractions in it as one of them: s^2/(2m), not ((1/2)/m) s^2."""
    if not isinstance(e, Mul):
        return e
    above: list[Expr] = []
    below: list[Expr] = []
    for a in e.args:
        match a:
            case Num(value) if value.denominator > 1:
                above.append(Num(Fraction(value.numerator)))
                below.append(Num(Fraction(value.denominator)))
            case Pow(base, Num(value)) if value == -1:
                below.extend(base.args if isinstance(base, Mul) else (base,))
            case _:
                above.append(a)
    if not below:
        return e
    number = prod((a.value for a in above if isinstance(a, Num)), start=Fraction(1))
    under = prod((a.value for a in below if isinstance(a, Num)), start=Fraction(1))
    value = number / under
    letters = [a for a in above if not isinstance(a, Num)]
    rest = [a for a in below if not isinstance(a, Num)]
    if value.denominator > 1:
        rest.insert(0, Num(Fraction(value.denominator)))
    if value.numerator != 1 or not letters:
        letters.insert(0, Num(Fraction(value.numerator)))
    if not rest:
        return mul(*letters)
    return mul(*letters, Pow(mul(*rest), Num(Fraction(-1))))


def _mat_term(write: ScalarWriter, mat: mx.Mat, number: int) -> str:
    minus, positive = _without_sign(mat)
    if isinstance(mat, mx.Scalar) and isinstance(mat.expr, Add):
        inner = write(mat.expr).text
        if not (number and inner.startswith("-")):
            return f" + {inner}" if number else inner
    sign = (" - " if minus else " + ") if number else "-" * minus
    return sign + written(write, positive).held(PRODUCT).text


def _entrywise(write: ScalarWriter, args: tuple[mx.Mat, ...]) -> Piece:
    """Leading scalars by juxtaposition, then the entrywise product with `*` and `/`."""
    above, below, wide = parts_of.quotient(args)
    if below:
        return _fraction(write, above, below, wide)
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


def _fraction(
    write: ScalarWriter, above: tuple[mx.Mat, ...], below: tuple[mx.Mat, ...],
    wide: tuple[mx.Mat, ...],
) -> Piece:  # fmt: skip
    """(2/|x|^2) A: the scalars in one quotient, then what they scale."""
    top = _entrywise(write, above).text if len(above) > 1 else "1"
    if len(above) == 1:
        top = written(write, above[0]).held(PREFIX).text
    bottom = _entrywise(write, below) if len(below) > 1 else written(write, below[0])
    text = f"{top}/{bottom.held(POWER).text}"
    if not wide:
        return Piece(text, PRODUCT)
    tail = written(write, wide[0]).held(PREFIX).text
    if len(wide) > 1:
        tail = _entrywise_arrays(write, wide)
    return Piece(f"({text}) {tail}", PRODUCT)


def _norm(write: ScalarWriter, inner: mx.Mat, power: Fraction) -> Piece:
    """|u|, |u|^2, ...; a norm of a norm is bracketed."""
    text = written(write, inner).text
    if "|" in text:
        text = f"({text})"
    return Piece(f"|{text}|", ATOM) if power == 1 else Piece(f"|{text}|^{_exponent(power)}", POWER)


def _exponent(power: Fraction) -> str:
    return str(power) if power.denominator == 1 else f"({power})"


def _entrywise_arrays(write: ScalarWriter, args: tuple[mx.Mat, ...]) -> str:
    segments: list[tuple[list[str], list[str]]] = []
    for arg in args:
        operand = arg
        match arg:
            case mx.MPow(base, Num(value)) if value < 0 and value.denominator == 1:
                operand = base if value == -1 else mx.MPow(base, Num(-value))
        inverse = operand is not arg
        if not segments or (segments[-1][1] and not inverse):
            segments.append(([], []))
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
        case mx.Outer(left, mx.MatMul(a, b)) if not isinstance(flipped(a), mx.Transpose):
            # u (A v)' = u v'A'
            last = written(write, b).held(ATOM).text + "'"
            return (*_matrix_factors(write, left), last, *_matrix_factors(write, flipped(a)))
        case mx.Outer(left, right):
            return (*_matrix_factors(write, left), written(write, right).held(ATOM).text + "'")
        case _:
            return (written(write, mat).held(POWER).text,)


def _kron(write: ScalarWriter, left: mx.Mat, right: mx.Mat) -> Piece:
    return join(PREFIX, written(write, left).held(PREFIX), " (x) ",
                written(write, right).held(PREFIX))  # fmt: skip


def _chain(factors: tuple[str, ...]) -> str:
    out = factors[0]
    for factor in factors[1:]:
        tight = out.endswith("'") and not re.match(r"\w+\(", factor)
        out += factor if tight else f" {factor}"
    return out


def _dot(write: ScalarWriter, left: mx.Mat, right: mx.Mat) -> Piece:
    ones = isinstance(left, mx.Ones) and not isinstance(right, mx.Ones)
    first = "1'" if ones else written(write, left).held(ATOM).text + "'"
    head = (first,) if len(left.axes) == 1 else _matrix_factors(write, flipped(left))
    product = _chain((*head, *_matrix_factors(write, right)))
    return Piece(f"tr({product})", ATOM) if len(left.axes) > 1 else Piece(product, PREFIX)
