"""Smart constructors of matrix formulas: flat sums and products, no double transposes."""

from __future__ import annotations

from fractions import Fraction

from derive.notation.expression import ONE, Expr, Index, Mul, Num, mul
from derive.notation.matrix import (
    Diag,
    DiagPart,
    Dot,
    Einsum,
    Identity,
    MAdd,
    Mat,
    MatMul,
    MMul,
    MPow,
    Ones,
    Outer,
    Scalar,
    ScaleCols,
    ScaleRows,
    Sym,
    Trace,
    Transpose,
)


def total(args: tuple[Mat, ...]) -> Mat:
    """An entrywise sum, flattened, equal terms counted. Scalars spread over the other axes."""
    flat: list[Mat] = []
    for arg in args:
        flat.extend(arg.args if isinstance(arg, MAdd) else (arg,))
    if any(arg.axes for arg in flat):
        counts = {arg: flat.count(arg) for arg in flat}
        flat = [
            arg if count == 1 else hadamard((Scalar(Num(Fraction(count))), arg))
            for arg, count in counts.items()
        ]
    return flat[0] if len(flat) == 1 else MAdd(tuple(flat))


def coefficient(*scalars: Expr) -> Expr:
    """A product of scalar formulas without the ones."""
    return mul(*(a for a in scalars if a != ONE))


def hadamard(args: tuple[Mat, ...]) -> Mat:
    """An entrywise product, flattened; scalar formulas are gathered into one in front."""
    flat: list[Mat] = []
    for arg in args:
        flat.extend(arg.args if isinstance(arg, MMul) else (arg,))
    scalars = [a.expr for a in flat if isinstance(a, Scalar)]
    rest = [a for a in flat if not isinstance(a, Scalar)]
    number = coefficient(*scalars)
    if number != ONE or not rest:
        rest.insert(0, Scalar(number))
    return rest[0] if len(rest) == 1 else MMul(tuple(rest))


def split_scalar(mat: Mat) -> tuple[Expr, Mat]:
    """A matrix formula as a scalar formula times the rest."""
    if isinstance(mat, MMul) and isinstance(mat.args[0], Scalar):
        return mat.args[0].expr, hadamard(mat.args[1:])
    return ONE, mat


def is_minus(mat: Mat) -> bool:
    """Whether the formula is written with a minus sign."""
    number, _ = split_scalar(mat)
    first = number.args[0] if isinstance(number, Mul) else number
    return isinstance(first, Num) and first.value < 0


def matrix_power(base: Mat, exponent: Expr) -> Mat:
    """Entrywise power; a power of a scalar formula stays a scalar formula."""
    if isinstance(base, Scalar):
        return Scalar(base.expr**exponent)
    return MPow(base, exponent)


def transpose(mat: Mat) -> Mat:
    """A', where two transposes cancel and symmetric forms stay as they are."""
    match mat:
        case Transpose(arg):
            return arg
        case Identity() | Diag():
            return mat
        case Sym(tensor) if "symmetric" in tensor.facts:
            return mat
        case Outer(left, right):
            return Outer(right, left)
        case MatMul(left, right) if len(right.axes) == 2:
            return MatMul(transpose(right), transpose(left))
        case ScaleRows(weights, arg):
            return ScaleCols(transpose(arg), weights)
        case ScaleCols(arg, weights):
            return ScaleRows(weights, transpose(arg))
        case MAdd(args):
            return MAdd(tuple(a if not a.axes else transpose(a) for a in args))
        case MMul(args):
            return MMul(tuple(a if not a.axes else transpose(a) for a in args))
    return Transpose(mat)


def broadcast(vector: Mat, position: int, order: tuple[Index, ...]) -> Mat:
    """A vector over the axis at `position` of a matrix, the same along the other axis."""
    other = Ones(order[1 - position].axis)
    return Outer(vector, other) if position == 0 else Outer(other, vector)


def scale_rows(weights: Mat, mat: Mat) -> Mat:
    """diag(w) A; products of weights are gathered, scalars move in front."""
    number, weights = split_scalar(weights)
    match mat:
        case ScaleRows(inner, arg):
            scaled: Mat = ScaleRows(hadamard((weights, inner)), arg)
        case Identity():
            scaled = Diag(weights)
        case _:
            scaled = ScaleRows(weights, mat)
    return hadamard((Scalar(number), scaled))


def scale_columns(mat: Mat, weights: Mat) -> Mat:
    """A diag(w)."""
    number, weights = split_scalar(weights)
    scaled: Mat = Diag(weights) if isinstance(mat, Identity) else ScaleCols(mat, weights)
    return hadamard((Scalar(number), scaled))


def matmul(left: Mat, right: Mat) -> Mat:
    """A B or A v, with scalars in front and identities left out."""
    a, left = split_scalar(left)
    b, right = split_scalar(right)
    if isinstance(left, Identity):
        core = right
    elif isinstance(right, Identity):
        core = left
    elif isinstance(left, Diag):
        core = hadamard((left.arg, right)) if len(right.axes) == 1 else scale_rows(left.arg, right)
    else:
        core = MatMul(left, right)
    return hadamard((Scalar(coefficient(a, b)), core))


def dot(left: Mat, right: Mat) -> Mat:
    """u'v (or tr A'B), with scalars in front; 1' of a diagonal is the trace."""
    a, left = split_scalar(left)
    b, right = split_scalar(right)
    core: Mat
    if isinstance(left, Ones) and isinstance(right, DiagPart):
        core = Trace(right.arg)
    else:
        core = Dot(left, right)
    return hadamard((Scalar(coefficient(a, b)), core))


def _merged(
    parts: tuple[tuple[Mat, tuple[Index, ...]], ...],
) -> tuple[tuple[Mat, tuple[Index, ...]], ...]:
    """An einsum among the operands gives its own operands, its inner letters renamed apart."""
    taken = {k.letter for _, indices in parts for k in indices}
    out: list[tuple[Mat, tuple[Index, ...]]] = []
    for mat, indices in parts:
        if not isinstance(mat, Einsum):
            out.append((mat, indices))
            continue
        names = dict(zip(mat.output, indices, strict=True))
        for letter, axis in mat.letters:
            if letter not in names:
                inner = Index(letter, axis)
                while inner.letter in taken:
                    inner = Index(inner.letter + "'", axis)
                names[letter] = inner
                taken.add(inner.letter)
        out.extend((operand, tuple(names[k] for k in own)) for operand, own in mat.operands)
    return tuple(out)


def einsum(parts: tuple[tuple[Mat, tuple[Index, ...]], ...], output: tuple[Index, ...]) -> Mat:
    """The general sum of products; an index that no operand carries gets a vector of ones."""
    if len(parts) == 1 and parts[0][1] == output:
        return parts[0][0]
    parts = _merged(parts)
    carried = {k for _, indices in parts for k in indices}
    missing = tuple((Ones(k.axis), (k,)) for k in output if k not in carried)
    operands = (*parts, *missing)
    letters = dict.fromkeys(k for _, indices in operands for k in indices)
    return Einsum(
        tuple((mat, tuple(k.letter for k in indices)) for mat, indices in operands),
        tuple((k.letter, k.axis) for k in letters),
        tuple(k.letter for k in output),
    )
