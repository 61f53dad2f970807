"""log det A and the inverse of A, for a matrix A that is affine and positive definite."""

from __future__ import annotations

from derive.certify.context import Context, Recurse
from derive.certify.shapes import UNKNOWN, Shape
from derive.notation import matrix as mx
from derive.notation.expression import Element, Entry, Tensor
from derive.notation.facts import SEMIDEFINITE, has
from derive.notation.problem import definition_of
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


def inverse_of_affine(c: Context, e: Element, shape: Recurse) -> bool:
    """Whether `e` is an entry of A^-1 for a positive definite A that is affine and moves."""
    match e:
        case Element(mx.Inverse(mx.Sym(tensor)), (_, _)):
            return not c.still(e) and positive(c, tensor, shape)
    return False


def positive(c: Context, tensor: Tensor, shape: Recurse) -> bool:
    """Whether a matrix is affine in the parameters, and positive definite if regular."""
    if tensor in c.moving:
        return has(tensor, SEMIDEFINITE)
    definition = definition_of(tensor, c.definitions)
    if definition is None or len(set(definition.indices)) != 2:
        return False
    affine = shape(Entry(tensor, definition.indices)).kind == "affine"
    return affine and has(tensor, SEMIDEFINITE)
