"""Scalars and signs in front of products, and one sign for brackets that stand with both."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.matrices.build import dot, hadamard, matmul, scale_rows, total, transpose
from derive.matrices.orientation import is_entrywise
from derive.matrices.terms import (
    Term,
    key,
    term,
)
from derive.notation.expression import ONE, ZERO, Expr, Mul, Num, mul
from derive.notation.matrix import (
    Diag,
    DiagPart,
    Dot,
    Einsum,
    Kron,
    KronRows,
    MAdd,
    Mat,
    MatMul,
    MMul,
    MPow,
    Outer,
    Scalar,
    ScaleCols,
    ScaleRows,
    Sym,
    Trace,
    Transpose,
    Zero,
    operands,
)
from derive.notation.matrix_parts import with_operands
from derive.notation.tree import mat_size


def scalars_in_front(mat: Mat) -> Mat:
    """(a A)(b B) = ab (A B): scalars leave products, numbers are multiplied; 0 A = 0."""
    if isinstance(mat, MMul):
        parts = [a for arg in mat.args for a in (arg.args if isinstance(arg, MMul) else (arg,))]
        if any(isinstance(a, Zero) for a in parts):
            return Zero(mat.axes)
        own = term(MMul(tuple(parts)))
        if own.number == ZERO and mat.axes:
            return Zero(mat.axes)
        new = own.mat()
        return _signed(new)
    match mat:
        case MPow(MMul((Scalar(Num(factor)), *rest)), Num(power)) if (
            factor and power < 0 and power.denominator == 1
        ):
            inverse = Scalar(Num(Fraction(factor) ** int(power)))
            return hadamard((inverse, MPow(hadamard(tuple(rest)), Num(power))))
    if not isinstance(mat, LINEAR):
        return mat
    parts = list(operands(mat))
    if any(isinstance(a, Zero) for a in parts):
        return Zero(mat.axes)
    lead: list[Mat] = []
    for number, part in enumerate(parts):
        own = term(part) if part.axes else Term(ONE, (), part)
        if own.core is not None and (own.number != ONE or own.scalars):
            lead.append(Term(own.number, own.scalars, None).mat())
            parts[number] = own.core
    if not lead:
        return mat
    return hadamard((*lead, _made(mat, tuple(parts))))


LINEAR = (
    Transpose, MatMul, Dot, Outer, Diag, DiagPart, Trace, ScaleRows, ScaleCols, Kron, KronRows,
    Einsum,
)  # fmt: skip
"""Nodes that are linear in each operand."""


def _made(mat: Mat, parts: tuple[Mat, ...]) -> Mat:
    """The node with other operands, products put together as they are everywhere."""
    match mat:
        case MatMul():
            return matmul(*parts)
        case Dot():
            return dot(*parts)
        case ScaleRows():
            return scale_rows(*parts)
        case Transpose():
            return Transpose(parts[0]) if is_entrywise(parts[0]) else transpose(parts[0])
    return with_operands(mat, parts)


def _signed(mat: Mat) -> Mat:
    """-A (a - b) = A (b - a): a bracket with a minus sign takes the sign in front."""
    own = term(mat)
    if not own.negative or own.core is None:
        return mat
    core = _flipped(own.core)
    worse = core is None or [*map(_sign_score, _brackets(core))] > [
        *map(_sign_score, _brackets(own.core))
    ]
    return mat if core is None or worse else Term(minus(own.number), own.scalars, core).mat()


def minus(number: Expr) -> Expr:
    """A number with the other sign."""
    first, *rest = number.args if isinstance(number, Mul) else (number,)
    if not isinstance(first, Num):
        return mul(Num(Fraction(-1)), number)
    return mul(*([] if first.value == -1 and rest else [Num(-first.value)]), *rest)


def _brackets(mat: Mat) -> Iterator[MAdd]:
    """The sums in a formula, outermost first."""
    if isinstance(mat, MAdd):
        yield mat
    for part in operands(mat):
        yield from _brackets(part)


def _sign_score(bracket: MAdd) -> tuple[int, bool]:
    """Few minus signs; 1 - h before h - 1, and what is computed before what is given: h - y."""
    terms = [term(a) for a in bracket.args]
    count = sum(t.negative for t in terms)
    number = any(t.core is None and t.negative for t in terms)
    positive = next((t for t in terms if not t.negative), terms[0])
    given = isinstance(positive.core, Sym) and positive.core.tensor.role == "data"
    return (count + number, given)


def one_sign(mat: Mat) -> Mat:
    """Where a bracket stands with both signs, y - h and h - y, it is written with one of them."""
    found = list(dict.fromkeys(_brackets(mat)))
    keys = {key(b): b for b in found}
    for bracket in found:
        turned_bracket = _flipped(bracket) if _two_signs(bracket) else None
        if turned_bracket is None:
            continue
        other = keys.get(key(turned_bracket))
        if other is not None and (_sign_score(bracket), mat_size(bracket)) > (
            _sign_score(other), mat_size(other),
        ):  # fmt: skip
            return _replaced(mat, bracket, hadamard((Scalar(Num(Fraction(-1))), other)))
    return mat


def _two_signs(bracket: MAdd) -> bool:
    return any(term(a).negative for a in bracket.args)


def _replaced(mat: Mat, old: Mat, new: Mat) -> Mat:
    if mat == old:
        return new
    parts = operands(mat)
    made = tuple(_replaced(part, old, new) for part in parts)
    return mat if made == parts else with_operands(mat, made)


def _flipped(mat: Mat) -> Mat | None:
    """-mat, where a bracket in it takes the sign."""
    match mat:
        case MAdd(args):
            found = [term(a) for a in args]
            if not any(t.negative for t in found):
                return None
            turned = [Term(minus(t.number), t.scalars, t.core) for t in found]
            turned.sort(key=lambda t: t.negative)
            return total(tuple(t.mat() for t in turned))
        case MatMul() | ScaleRows() | ScaleCols() | MMul() | Transpose() | Diag():
            parts = operands(mat)
            for number in sorted(range(len(parts)), key=lambda n: -mat_size(parts[n])):
                new = _flipped(parts[number]) if parts[number].axes else None
                if new is not None:
                    return with_operands(mat, (*parts[:number], new, *parts[number + 1 :]))
    return None
