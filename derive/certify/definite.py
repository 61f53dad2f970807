"""log det A and the inverse of A, for a matrix A that is affine and positive definite."""

from __future__ import annotations

from derive.certify.context import Context, Recurse
from derive.certify.quadratic import definite_entry, flattened
from derive.certify.shapes import UNKNOWN, Shape
from derive.notation import matrix as mx
from derive.notation.expression import Add, Delta, Element, Entry, Expr, Index, Tensor, mul
from derive.notation.problem import definition_of
from derive.notation.tree import canonical, free_indices, reindex
from derive.record import Reason


def element(c: Context, e: Element, shape: Recurse) -> Shape:
    """log det A is concave and the diagonal of the inverse convex, A > 0 affine."""
    match e.mat:
        case mx.LogDet(mx.Sym(tensor)) if positive(c, tensor, shape):
            return Shape(
                "concave",
                (Reason("log-det", "{0} is concave on the positive definite matrices.", (e,),
                        (tensor,)),),
            )  # fmt: skip
        case mx.Inverse(mx.Sym(tensor)) if len(set(e.indices)) == 1:
            if positive(c, tensor, shape):
                words = "{0} is convex on the positive definite matrices."
                return Shape("convex", (Reason("inverse", words, (e,), (tensor,)),))
    return UNKNOWN


def positive(c: Context, tensor: Tensor, shape: Recurse) -> bool:
    """Whether a matrix is affine in the parameters, and positive definite if regular."""
    if tensor in c.moving:
        return "positive definite" in tensor.facts
    definition = definition_of(tensor, c.definitions)
    if definition is None or len(set(definition.indices)) != 2:
        return False
    affine = shape(Entry(tensor, definition.indices)).kind == "affine"
    return affine and semidefinite(c, definition.body, *definition.indices)


def semidefinite(c: Context, e: Expr, row: Index, column: Index) -> bool:
    """Whether the matrix with the entries `e` is a sum of positive semidefinite ones."""
    if isinstance(e, Add):
        return all(semidefinite(c, a, row, column) for a in e.args)
    factors = flattened(e, frozenset((row.letter, column.letter))).factors
    left = [f for f in factors if row in free_indices(f) and column not in free_indices(f)]
    right = [f for f in factors if column in free_indices(f) and row not in free_indices(f)]
    both = [f for f in factors if row in free_indices(f) and column in free_indices(f)]
    rest = [f for f in factors if f not in left and f not in right and f not in both]
    if not c.range(mul(*rest)).nonnegative or len(both) > 1:
        return False
    if both:
        known = definite_entry(both[0]) is not None or isinstance(both[0], Delta)
        return known and not left and not right
    mirrored = sorted(repr(canonical(reindex(f, {row: column}))) for f in left)
    return bool(left) and mirrored == sorted(repr(canonical(f)) for f in right)
