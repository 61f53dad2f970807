"""Cases that are the largest or the smallest of formulas, or that data choose."""

from __future__ import annotations

from derive.certify.context import Context, Recurse
from derive.certify.shapes import UNKNOWN, Shape, added
from derive.notation.expression import Cases, When
from derive.notation.tree import same
from derive.record import Reason


def chosen(c: Context, e: Cases, shape: Recurse) -> Shape:
    """max(f, g) of convex functions is convex, min(f, g) of concave ones concave.

    Cases whose tests know data alone, as y_i = 1, bend one way where all of them do.
    """
    if all(c.still(test.left) and c.still(test.right) for test, _ in e.branches):
        return added(shape(value) for value in (*(v for _, v in e.branches), e.otherwise))
    match e:
        case Cases(((When(left, relation, right), value),), other) if relation != "=":
            pair = (left, right) if relation in (">", ">=") else (right, left)
            largest = same(value, pair[0]) and same(other, pair[1])
            smallest = same(value, pair[1]) and same(other, pair[0])
            inner = added((shape(left), shape(right)))
            if largest and inner.kind in ("affine", "convex", "constant"):
                words = "{0}, the largest of convex functions, is convex."
                return Shape("convex", inner.reasons).because(Reason("largest", words, (e,)))
            if smallest and inner.kind in ("affine", "concave", "constant"):
                words = "{0}, the smallest of concave functions, is concave."
                return Shape("concave", inner.reasons).because(Reason("smallest", words, (e,)))
    return UNKNOWN
