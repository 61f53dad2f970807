"""Smart constructors of matrix formulas: flat sums and products, no double transposes."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from derive.notation.bands import Band
from derive.notation.expression import ONE, Expr, Index, Mul, Num, mul
from derive.notation.facts import ORTHOGONAL, SYMMETRIC, has
from derive.notation.matrix import (
    Diag,
    DiagPart,
    Dot,
    Einsum,
    Identity,
    Inverse,
    KronRows,
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
    operands,
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
    """A product of scalar formulas without the ones, its numbers multiplied."""
    product = mul(*(a for a in scalars if a != ONE))
    parts = product.args if isinstance(product, Mul) else ()
    numbers = [a.value for a in parts if isinstance(a, Num)]
    if len(numbers) < 2:
        return product
    value = Num(prod(numbers, start=Fraction(1)))
    rest = [a for a in parts if not isinstance(a, Num)]
    return mul(*([] if value == ONE and rest else [value]), *rest)


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
        case Sym(tensor) if has(tensor, SYMMETRIC):
            return mat
        case Inverse(arg) if transpose(arg) == arg:
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
    elif _turned_back(left, right):
        core = Identity(left.axes[0])
    elif isinstance(right, Identity):
        core = left
    elif (product := _row_sums(left, right)) is not None:
        core = product
    elif isinstance(left, MatMul) and banded(left.right):
        # What takes entries or their differences is applied to the vector, not to a matrix.
        core = matmul(left.left, matmul(left.right, right))
    elif isinstance(left, MAdd) and all(_ends_banded(a) for a in left.args):
        core = total(tuple(matmul(a, right) for a in left.args))
    elif isinstance(left, ScaleRows) and banded(left.arg):
        core = matmul(Diag(left.weights), matmul(left.arg, right))
    elif isinstance(left, Diag):
        core = hadamard((left.arg, right)) if len(right.axes) == 1 else scale_rows(left.arg, right)
    else:
        core = MatMul(left, right)
    return hadamard((Scalar(coefficient(a, b)), core))


def _row_sums(left: Mat, right: Mat) -> Mat | None:
    """(A * (B C)) 1 = diagonal(A C'B') where there is an inverse in the product: a leverage."""
    if not (isinstance(left, MMul) and isinstance(right, Ones)):
        return None
    factors = [a for a in left.args if a.axes]
    products = [a for a in factors if isinstance(a, MatMul) and _has_inverse(a)]
    if len(factors) != 2 or not products or factors[0] == factors[1]:
        return None
    plain = next((a for a in factors if a is not products[0]), products[0])
    return DiagPart(MatMul(products[0], transpose(plain)))


def _has_inverse(mat: Mat) -> bool:
    return isinstance(mat, Inverse) or any(_has_inverse(a) for a in operands(mat))


def _turned_back(left: Mat, right: Mat) -> bool:
    """Whether the product is Q'Q or QQ' of an orthogonal matrix."""
    pair = (left.arg, right) if isinstance(left, Transpose) else (left, getattr(right, "arg", None))
    q, other = pair
    turned = isinstance(left, Transpose) != isinstance(right, Transpose)
    return turned and isinstance(q, Sym) and q == other and has(q.tensor, ORTHOGONAL)


def banded(mat: Mat) -> bool:
    """Whether a matrix is constant along its diagonals, or the transpose of such a one."""
    return isinstance(mat.arg if isinstance(mat, Transpose) else mat, Band)


def _ends_banded(mat: Mat) -> bool:
    """Whether a term is applied to a vector at once: it ends in such a matrix."""
    _, core = split_scalar(mat)
    match core:
        case MatMul(_, right):
            return banded(right)
        case ScaleRows(_, arg):
            return banded(arg)
    return banded(core)


def dot(left: Mat, right: Mat) -> Mat:
    """u'v (or tr A'B), with scalars in front; 1' of a diagonal is the trace."""
    a, left = split_scalar(left)
    b, right = split_scalar(right)
    core: Mat
    pair = _all_entries(left, right)
    if isinstance(left, Ones) and isinstance(right, DiagPart):
        core = Trace(right.arg)
    elif pair is not None:
        core = Dot(*pair)
    else:
        core = Dot(left, right)
    return hadamard((Scalar(coefficient(a, b)), core))


def _all_entries(left: Mat, right: Mat) -> tuple[Mat, Mat] | None:
    """1'(A * B) 1 = tr(A'B), as two matrices."""
    match left, right:
        case Ones(), MatMul(MMul(args), Ones()) if all(len(a.axes) == 2 for a in args):
            return args[0], hadamard(args[1:])
    return None


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


def kron_terms(mat: KronRows) -> Mat:
    """sum_i A_i (x) B_i as sums of products over letters, term by term: what a computer adds up."""
    summed, k, p = (Index(letter, axis) for letter, axis in zip("ikp", mat.left.axes, strict=True))
    l, q = (Index(letter, axis) for letter, axis in zip("lq", mat.right.axes[1:], strict=True))
    terms: list[Mat] = []
    for a, left in map(split_scalar, _terms(mat.left)):
        for b, right in map(split_scalar, _terms(mat.right)):
            pairs = ((left, (summed, k, p)), (right, (summed, l, q)))
            # A number among terms with axes stands at every position of theirs.
            wide = tuple(pair for pair in pairs if pair[0].axes)
            numbers = (factor for factor, _ in pairs if not factor.axes)
            product = einsum(wide or ((Ones(summed.axis), (summed,)),), (k, l, p, q))
            terms.append(hadamard((Scalar(coefficient(a, b)), *numbers, product)))
    return total(tuple(terms))


def _terms(mat: Mat) -> tuple[Mat, ...]:
    """The terms of a sum, a number in front of it multiplied into each."""
    match mat:
        case MAdd(args):
            return args
        case MMul((Scalar() as number, MAdd(args))):
            return tuple(hadamard((number, arg)) for arg in args)
    return (mat,)
