"""Squares in index notation: quadratic forms and lengths of affine vectors."""

from __future__ import annotations

from itertools import permutations

from derive.certify.context import Context, Recurse
from derive.certify.quadratic import definite_entry, flattened, halves
from derive.certify.shapes import UNKNOWN, Shape
from derive.certify.signs import nonnegative
from derive.notation.expression import Add, Entry, Expr, Mul, Num, Pow, Sum, mul
from derive.notation.problem import definition_of
from derive.notation.tree import canonical, free_indices
from derive.record import Reason


def quadratic(c: Context, e: Expr, shape: Recurse) -> Shape:
    """A sum of f_a M_ab f_b with f affine and M positive definite, or of squares."""
    flat = flattened(e)
    for a, half, rest in halves(flat, lambda f: not c.still(f)):
        inner = shape(half)
        if inner.kind != "affine":
            continue
        between = [f for f in rest.factors if a in free_indices(f)]
        others = [f for f in rest.factors if f not in between]
        if any(definite_entry(f) is None or not c.still(f) for f in between):
            continue
        weight = mul(*others)
        if not c.still(weight) or not nonnegative(weight, c.definitions):
            continue
        matrix = definite_entry(between[0]) if between else None
        if matrix is None:
            said = Reason("square", "{0} is a sum of squares of affine functions.", (e,))
        else:
            said = Reason(
                "quadratic-form",
                "{0} is a quadratic form of an affine function with a positive definite "
                "matrix, hence convex.",
                (e,), (matrix,),
            )  # fmt: skip
        return Shape("convex", inner.reasons).because(said)
    return UNKNOWN


def norm(c: Context, e: Expr, under: Expr, shape: Recurse) -> Shape:
    """A square root of a sum of squares of affine functions."""
    inner = squares(c, under, shape)
    if inner is None:
        return UNKNOWN
    words = "{0} is the length of a vector of affine functions, hence convex."
    return Shape("convex", inner).because(Reason("norm", words, (e,)))


def over_linear(c: Context, factors: tuple[Expr, ...], shape: Recurse) -> Shape:
    """f/g with f a sum of squares of affine functions and g > 0 affine or concave."""
    for f, g in permutations(factors, 2):
        match g:
            case Pow(base, Num(value)) if value == -1 and c.range(base).nonnegative:
                above, below = squares(c, f, shape), shape(base)
                if above is not None and below.kind in ("affine", "concave"):
                    words = (
                        "{0}, squares of affine functions divided by a positive "
                        f"{'affine' if below.flat else 'concave'} function, is convex."
                    )
                    said = Reason("quadratic-over-linear", words, (mul(f, g),), c.assumed(base))
                    return Shape("convex", (*above, *below.reasons)).because(said)
    return UNKNOWN


def squares(c: Context, e: Expr, shape: Recurse) -> tuple[Reason, ...] | None:
    """The reasons why `e` is a sum of squares of affine functions; None if it is not seen."""
    definitions = c.definitions
    if c.still(e):
        return () if c.range(e).nonnegative else None
    match e:
        case Pow(base, Num(value)) if value == 2:
            inner = shape(base)
            return inner.reasons if inner.flat else None
        case Add(args):
            found = [squares(c, a, shape) for a in args]
            parts = [part for part in found if part is not None]
            whole = tuple(reason for part in parts for reason in part)
            return whole if len(parts) == len(found) else None
        case Mul(args):
            weight = mul(*(a for a in args if c.still(a)))
            moving = tuple(a for a in args if not c.still(a))
            if not c.range(weight).nonnegative:
                return None
            if len(moving) == 1:
                return squares(c, moving[0], shape)
            if len(moving) == 2 and canonical(moving[0]) == canonical(moving[1]):
                inner = shape(moving[0])
                return inner.reasons if inner.flat else None
        case Entry():
            definition = definition_of(e.tensor, definitions)
            return None if definition is None else squares(c, definition.at(e), shape)
        case Sum():
            form = quadratic(c, e, shape)
            return form.reasons if form.known else squares(c, e.body, shape)
    return None
