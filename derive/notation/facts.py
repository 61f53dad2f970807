"""Facts about square matrices: which there are, what each implies, and where they are evident.

A definition's facts are read off its body when it is made (X'X, K + s^2 I), so that every later
look at the letter finds them on its tensor. What is not evident may be declared; the judge checks
all of them numerically.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

from derive.notation.domain import range_of
from derive.notation.expression import (
    MINUS_ONE,
    Add,
    Delta,
    Element,
    Entry,
    Expr,
    Index,
    Mul,
    Num,
    Pow,
    Sum,
    Tensor,
    mul,
)
from derive.notation.interval import Interval
from derive.notation.matrix import Diag, Identity, Inverse, Mat, MatMul, Sym, Transpose
from derive.notation.remembered import remembered
from derive.notation.tree import (
    canonical,
    children,
    free_indices,
    fresh,
    letters_in,
    rebuild,
    reindex,
)

SYMMETRIC, DIAGONAL, ORTHOGONAL = "symmetric", "diagonal", "orthogonal"
SEMIDEFINITE, DEFINITE = "positive semidefinite", "positive definite"
ONE_HOT, SUM_TO_ONE = "one-hot rows", "rows sum to one"
ROWS = (ONE_HOT, SUM_TO_ONE)
"""What may be declared of the rows of data: of the entries along the last axis."""
SPARSE = "sparse"
"""Most entries are 0: said of data, and of use to code alone. No formula follows from it."""
KNOWN = (SYMMETRIC, SEMIDEFINITE, DEFINITE, DIAGONAL, ORTHOGONAL)
"""Every fact that may be declared of a square matrix."""

IMPLIED = {
    SYMMETRIC: (),
    SEMIDEFINITE: (SYMMETRIC,),
    DEFINITE: (SEMIDEFINITE, SYMMETRIC),
    DIAGONAL: (SYMMETRIC,),
    ORTHOGONAL: (),
    ONE_HOT: (SUM_TO_ONE,),
}

MOST_LETTERS = 4
"""Sums over more letters at once are not searched for a symmetry."""


def has(tensor: Tensor, fact: str) -> bool:
    """Whether the fact is declared or evident, or follows from one that is."""
    return fact in tensor.facts or any(fact in IMPLIED.get(own, ()) for own in tensor.facts)


def invertible(tensor: Tensor) -> str:
    """The fact by which the matrix has an inverse, or nothing."""
    return next((fact for fact in (DEFINITE, ORTHOGONAL) if has(tensor, fact)), "")


def factorable(tensor: Tensor) -> bool:
    """Whether the matrix has a Cholesky factor wherever it has an inverse."""
    return has(tensor, SEMIDEFINITE)


def evident(indices: tuple[Index, ...], body: Expr) -> frozenset[str]:
    """The strongest facts of the matrix with these entries that its form shows."""
    if len(indices) != 2 or indices[0].axis != indices[1].axis or indices[0] == indices[1]:
        return frozenset()
    row, column = indices
    found: set[str] = set()
    level = definiteness(body, row, column)
    if level:
        found.add(DEFINITE if level == 2 else SEMIDEFINITE)
    elif _alike(body, row, column):
        found.add(SYMMETRIC)
    if _diagonal(body, row, column):
        found.add(DIAGONAL)
    return frozenset(found)


def _diagonal(e: Expr, row: Index, column: Index) -> bool:
    match e:
        case Delta(left, right):
            return {left, right} == {row, column}
        case Entry(tensor, indices):
            return set(indices) == {row, column} and has(tensor, DIAGONAL)
        case Mul(args):
            return any(_diagonal(a, row, column) for a in args)
        case Add(args):
            return all(_diagonal(a, row, column) for a in args)
    return False


def _alike(e: Expr, row: Index, column: Index) -> bool:
    """Whether the entry at (column, row) is written like the one at (row, column)."""
    return normal(e) == normal(_swapped(e, row, column))


def _swapped(e: Expr, row: Index, column: Index) -> Expr:
    return reindex(e, {row: column, column: row})


@remembered
def normal(e: Expr) -> Expr:
    """A form that does not depend on the order of terms, factors, sums and symmetric indices."""
    match e:
        case Entry(tensor, (a, b)) if has(tensor, SYMMETRIC):
            return Entry(tensor, _sorted(a, b))
        case Element(Inverse(Sym(tensor)) as mat, (a, b)) if has(tensor, SYMMETRIC):
            return Element(mat, _sorted(a, b))
        case Delta(a, b):
            return Delta(*_sorted(a, b))
        case Add(args) | Mul(args):
            return type(e)(tuple(sorted((normal(a) for a in args), key=repr)))
        case Pow(Add(args), Num(value)) if value % 2 == 0:
            flipped = Add(tuple(_minus(a) for a in args))
            return Pow(min((normal(base) for base in (Add(args), flipped)), key=repr), Num(value))
        case Sum() if e.lower == 1:
            return _normal_sum(e)
    parts = children(e)
    return rebuild(e, tuple(normal(child) for child in parts)) if parts else canonical(e)


def _minus(e: Expr) -> Expr:
    match e:
        case Num(value):
            return Num(-value)
        case Mul((Num(value), *rest)):
            return mul(*rest) if value == -1 else mul(Num(-value), *rest)
    return mul(MINUS_ONE, e)


def _sorted(a: Index, b: Index) -> tuple[Index, Index]:
    first, second = sorted((a, b), key=lambda k: (k.axis.letter, k.letter))
    return first, second


def _normal_sum(e: Sum) -> Expr:
    """The first, in the order of their texts, of the forms with the letters named in any order."""
    bound, factors = flattened(e)
    if len(bound) > MOST_LETTERS:
        return canonical(e)
    # The depth keeps the letters of sums inside of functions apart from these.
    depth = sum(k.letter.startswith("#") for k in free_indices(mul(*factors)))
    forms = []
    for order in permutations(range(len(bound))):
        named = [Index(f"#{depth + k}", bound[at].axis) for k, at in enumerate(order)]
        table = dict(zip((bound[at] for at in order), named, strict=True))
        body = normal(mul(*(reindex(f, table) for f in factors)))
        for k in reversed(named):
            body = Sum(body, k)
        forms.append(body)
    return min(forms, key=repr)


def flattened(e: Expr, taken: frozenset[str] = frozenset()) -> tuple[list[Index], list[Expr]]:
    """The letters and factors of sums of products within one another, letters kept apart."""
    bound: list[Index] = []
    factors: list[Expr] = []
    pending = [e]
    taken = taken | {k.letter for k in free_indices(e)}
    while pending:
        part = pending.pop(0)
        if isinstance(part, Mul):
            pending = [*part.args, *pending]
        elif isinstance(part, Sum) and part.lower == 1:
            index, body = part.index, part.body
            if index.letter in taken:
                index = fresh(index, taken | letters_in(body))
                body = reindex(body, {part.index: index})
            taken = taken | {index.letter}
            bound.append(index)
            pending = [body, *pending]
        else:
            factors.append(part)
    return bound, factors


def definiteness(e: Expr, row: Index, column: Index) -> int:
    """2 where the form shows that the matrix is positive definite, 1 semidefinite, 0 neither."""
    match e:
        case Entry(tensor, indices) | Element(Sym(tensor), indices):
            return _known_level(tensor) if set(indices) == {row, column} else 0
        case Element(Inverse(Sym(tensor)), indices):
            # The inverse of a semidefinite matrix is definite, where there is one.
            return 2 * (set(indices) == {row, column} and factorable(tensor))
        case Add(args):
            levels = [definiteness(a, row, column) for a in args]
            return 0 if 0 in levels else max(levels)
    bound, factors = flattened(e)
    both = [f for f in factors if {row, column} <= set(free_indices(f))]
    if len(both) == 1 and not bound:
        return _scaled_level(both[0], [f for f in factors if f is not both[0]], row, column)
    return 0 if both else _gram_level(bound, factors, row, column)


def _known_level(tensor: Tensor) -> int:
    return 2 if has(tensor, DEFINITE) else 1 if has(tensor, SEMIDEFINITE) else 0


def _scaled_level(core: Expr, rest: list[Expr], row: Index, column: Index) -> int:
    """A matrix times positive numbers; the identity's rows may be scaled, each by its own."""
    free = {k for f in rest for k in free_indices(f)}
    values = range_of(mul(*rest))
    if isinstance(core, Delta):
        scaled = not {row, column} <= free
        return _sign_level(values) if scaled else 0
    if {row, column} & free or not isinstance(core, Entry | Element | Add):
        return 0
    return min(definiteness(core, row, column), _sign_level(values))


def _sign_level(values: Interval) -> int:
    return 2 if values.positive else 1 if values.nonnegative else 0


def _gram_level(bound: list[Index], factors: list[Expr], row: Index, column: Index) -> int:
    """sum_k c_k u_ik u_jk with c_k >= 0, or sum_kl u_ik P_kl u_jl with a semidefinite P."""
    left = [f for f in factors if row in free_indices(f)]
    right = [f for f in factors if column in free_indices(f)]
    rest = [f for f in factors if f not in left and f not in right]
    if not left or len(left) != len(right):
        return 0
    if _mirrored(left, right, {row: column}) and range_of(mul(*rest)).nonnegative:
        return 1
    for core in rest:
        indices = free_indices(core)
        if len(indices) == 2 and set(indices) <= set(bound) and definiteness(core, *indices):
            others = mul(*(f for f in rest if f is not core))
            for a, b in (indices, indices[::-1]):
                if set(free_indices(others)) & {a, b} or not range_of(others).nonnegative:
                    continue
                if any(b in free_indices(f) for f in left):
                    continue
                if _mirrored(left, right, {row: column, a: b}):
                    return 1
    return 0


def _mirrored(left: Iterable[Expr], right: Iterable[Expr], table: dict[Index, Index]) -> bool:
    return normal(reindex(mul(*left), table)) == normal(mul(*right))


def symmetric(mat: Mat) -> bool:
    """Whether a letter, or the inverse of one, is its own transpose."""
    mat = mat.arg if isinstance(mat, Inverse) else mat
    return isinstance(mat, Sym) and len(mat.axes) == 2 and has(mat.tensor, SYMMETRIC)


def flipped(mat: Mat) -> Mat:
    """A' as it is printed: symmetric matrices stay, in a product every factor is transposed."""
    match mat:
        case Transpose(arg):
            return arg
        case Identity() | Diag():
            return mat
        case MatMul(left, right) if len(right.axes) == 2:
            return MatMul(flipped(right), flipped(left))
    return mat if symmetric(mat) else Transpose(mat)
