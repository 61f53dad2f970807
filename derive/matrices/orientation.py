"""Transposes, traces and the order of a product: which of equal forms a textbook writes."""

from __future__ import annotations

from fractions import Fraction

from derive.matrices.build import dot, hadamard, matmul, total, transpose
from derive.matrices.terms import (
    chain,
    factors,
    key,
    term,
)
from derive.notation.expression import Num
from derive.notation.matrix import (
    Diag,
    Dot,
    MAdd,
    MApply,
    Mat,
    MatMul,
    MMul,
    MPow,
    Ones,
    Outer,
    ScaleCols,
    ScaleRows,
    Trace,
    Transpose,
    operands,
)
from derive.notation.matrix_parts import with_operands
from derive.notation.tree import mat_tensors


def times_vector(mat: Mat) -> Mat:
    """(A + B) v = A v + B v for a Hessian A + B; diag(w) A v = w * (A v); (u w') v = (w'v) u."""
    match mat:
        case MatMul(left, right) if len(right.axes) == 1:
            match left:
                case MAdd(args) if _hessian(left, right):
                    return total(tuple(times_vector(matmul(a, right)) for a in args))
                case Transpose(MAdd() as inner) if _hessian(inner, right):
                    parts = (times_vector(matmul(transpose(a), right)) for a in inner.args)
                    return total(tuple(parts))
                case ScaleRows(weights, arg):
                    return hadamard((weights, times_vector(matmul(arg, right))))
                case ScaleCols(arg, weights):
                    return times_vector(matmul(arg, hadamard((weights, right))))
                case Outer(u, w):
                    return hadamard((dot(w, right), u))
                case MatMul(a, b):
                    return times_vector(matmul(a, times_vector(matmul(b, right))))
    if isinstance(mat, MMul) and any(isinstance(a, MatMul) for a in mat.args):
        return hadamard(tuple(times_vector(a) if a.axes else a for a in mat.args))
    return mat


def _hessian(mat: MAdd, vector: Mat) -> bool:
    """Whether a sum is better multiplied term by term: a Hessian, or a term with a diagonal."""
    if not all(a.axes for a in mat.args):
        return False
    compound = (MatMul, Outer, Diag, MAdd)
    direction = any(t.role == "direction" for t in mat_tensors(vector))
    cores = [term(a).core for a in mat.args]
    weighted = [f for core in cores if core is not None for f in factors(core)]
    return any(isinstance(f, Diag | Outer) for f in weighted) or (
        direction and any(isinstance(core, compound) for core in cores)
    )


def turned(mat: Mat) -> Mat:
    """Entrywise formulas have the fewest transposes inside: V U' - M' = (U V' - M)'."""
    if is_entrywise(mat):
        other = transposed(mat)
        if transposes(other) < transposes(mat):
            return Transpose(other)
    return mat


def is_entrywise(mat: Mat) -> bool:
    """Whether a matrix is a sum, a product or a function entry by entry; c A is not."""
    wide = [a for a in operands(mat) if a.axes]
    return len(mat.axes) == 2 and (
        isinstance(mat, MAdd | MApply | MPow) or (isinstance(mat, MMul) and len(wide) > 1)
    )


def transposed(mat: Mat) -> Mat:
    """A', the transposes as far inside as they go."""
    match mat:
        case MApply() | MPow():
            return with_operands(mat, (transposed(operands(mat)[0]),))
        case MAdd() | MMul():
            parts = tuple(transposed(a) if a.axes else a for a in operands(mat))
            return with_operands(mat, parts)
    return transpose(mat)


def transposes(mat: Mat) -> int:
    """How many transposes are written; a column that is repeated, u 1', reads as one."""
    own = isinstance(mat, Transpose)
    if isinstance(mat, Outer) and len(mat.left.axes) == 1:
        own = isinstance(mat.right, Ones) and not isinstance(mat.left, Ones)
        return own + transposes(mat.left) + transposes(mat.right)
    return own + sum(transposes(a) for a in operands(mat))


def _marks(mat: Mat) -> int:
    """How many transposes are written of anything but a repeated vector."""
    if isinstance(mat, Outer) and any(isinstance(a, Ones) for a in operands(mat)):
        return 0
    return isinstance(mat, Transpose) + sum(_marks(a) for a in operands(mat))


def traces(mat: Mat) -> Mat:
    """tr(A'B) in the order with the fewest transposes; 1'(A * B) 1 = tr(A'B); |A'| = |A|."""
    if isinstance(mat, Transpose):
        inner = mat.arg
        if not is_entrywise(inner):
            return transpose(inner)
        other = transposed(inner)
        return other if transposes(other) <= transposes(inner) else mat
    if isinstance(mat, Trace):
        parts = factors(mat.arg)
        return mat if len(parts) < 2 else traces(dot(transpose(parts[0]), chain(parts[1:])))
    if not isinstance(mat, Dot):
        return mat
    left, right = mat.left, mat.right
    if len(left.axes) == 1:
        return _inner(mat)
    if len(left.axes) != 2:
        return mat
    if key(left) != key(right) and any(map(_entrywise, (left, right))):
        table = hadamard((left, right))
        return _inner(Dot(Ones(table.axes[0]), MatMul(table, Ones(table.axes[1]))))
    if key(left) == key(right) or (key(left) == key(transpose(right)) and left == right):
        best = min((left, _turned_out(left)), key=transposes)
        return Dot(best, best)
    parts = (*(transpose(f) for f in reversed(factors(left))), *factors(right))
    if len(parts) == 1:
        return Trace(parts[0])
    back = tuple(transpose(f) for f in reversed(parts))
    ways = [
        (*way[n:], *way[:n]) for way in (parts, back) for n in range(len(parts))
    ]  # fmt: skip
    best_way = min(ways, key=lambda way: _trace_cost(way))
    new = Dot(transpose(best_way[0]), chain(best_way[1:]))
    return new if _trace_cost(best_way) < _trace_cost(parts) else mat


def _turned_out(mat: Mat) -> Mat:
    """The transpose, without a transpose round it where possible."""
    return mat.arg if isinstance(mat, Transpose) else transposed(mat)


def _trace_cost(way: tuple[Mat, ...]) -> tuple[int, bool, bool, str]:
    """Fewest transposes; W'A W before A W W', and v'A W before A W v'; then by the names."""
    # A repeated column or row is as good as the other here: it turns with what it is added to.
    count = sum(_marks(f) for f in way)
    framed = len(way) > 2 and way[0] == transpose(way[-1])
    names = " ".join(t.name for f in way for t in mat_tensors(f))
    return (count, not framed, not isinstance(way[0], Transpose), names)


def _inner(mat: Dot) -> Mat:
    """u'v of vectors: 1'(A * B) 1 as a trace, and the side on which fewer transposes stand."""
    left, right = mat.left, mat.right
    if isinstance(left, Ones) and isinstance(right, MatMul) and isinstance(right.right, Ones):
        table = right.left.arg if isinstance(right.left, Transpose) else right.left
        if isinstance(table, MMul) and len(table.args) == 2 and all(a.axes for a in table.args):
            one, two = table.args
            if key(one) == key(two) or not any(map(_entrywise, (one, two))):
                return traces(Dot(one, two))
        if isinstance(table, MPow) and table.exponent == Num(Fraction(2)):
            return traces(Dot(table.base, table.base))
        flat = _turned_out(table)
        best = min((table, flat), key=transposes)
        return Dot(Ones(best.axes[0]), MatMul(best, Ones(best.axes[1])))
    if isinstance(left, Ones) and isinstance(right, MPow) and right.exponent == Num(Fraction(2)):
        return Dot(right.base, right.base)
    if isinstance(right, MMul) and not isinstance(left, Ones | MMul | MatMul):
        inner = [a for a in right.args if isinstance(a, MatMul)]
        if len(inner) == 1:
            others = [a for a in right.args if a is not inner[0]]
            new = _inner(Dot(hadamard((*others, left)), inner[0]))
            if transposes(new) < transposes(mat):
                return new
    if isinstance(left, MatMul) and not isinstance(right, MatMul | MMul):
        left, right = right, left
        mat = Dot(left, right)
    if isinstance(right, MatMul) and len(right.right.axes) == 1 and not isinstance(left, Ones):
        parts = factors(right)
        back = (*(transpose(f) for f in reversed(parts[:-1])), left)
        if sum(map(transposes, back)) < sum(map(transposes, parts)):
            return Dot(parts[-1], chain(back))
    return mat


def _entrywise(mat: Mat) -> bool:
    return isinstance(mat.arg if isinstance(mat, Transpose) else mat, MApply | MPow)
