"""Squares in index notation: quadratic forms and lengths of affine vectors."""

from __future__ import annotations

from itertools import permutations

from derive.certify.context import Context, Recurse
from derive.certify.definite import inverse_of_affine
from derive.certify.shapes import UNKNOWN, Shape
from derive.certify.signs import nonnegative
from derive.notation.expression import Add, Element, Entry, Expr, Mul, Num, Pow, Sum, mul
from derive.notation.facts import definiteness
from derive.notation.forms import Flat, flattened, forms
from derive.notation.problem import definition_of
from derive.notation.tree import canonical, tensors_in
from derive.record import Reason


def quadratic(c: Context, e: Expr, shape: Recurse) -> Shape:
    """A sum of f_a M_ab f_b with f affine and M positive semidefinite, or of squares.

    x'Mx is |Rx|^2 where M = R'R, so it is convex. With M = X^-1 it is convex in x and X together:
    it is the largest value of 2 v'x - v'Xv, which is affine in both, over all v.
    """
    flat = flattened(e)
    inverses = tuple(
        f for f in flat.factors if isinstance(f, Element) and inverse_of_affine(c, f, shape)
    )
    if len(inverses) == 1:
        traced = _traced(c, e, flat, inverses[0])
        if traced.known:
            return traced
    for form in forms(flat, lambda f: not c.still(f) and f not in inverses):
        inner = shape(form.half)
        if inner.kind != "affine" or not c.still(form.weight):
            continue
        if len(inverses) > 1 or not nonnegative(form.weight, c.definitions):
            continue
        letters = dict.fromkeys(t for m in form.kernels for t in tensors_in(m))
        known = tuple(t for t in letters if t.facts)
        if not known:
            said = Reason("square", "{0} is a sum of squares of affine functions.", (e,))
        elif inverses:
            words = (
                "{0} is a form x'A^{-1}x with x and the positive definite matrix A affine in the "
                "parameters: the largest of 2v'x - v'Av over all v, hence convex."
            )
            said = Reason("matrix-fractional", words, (e,), known)
        else:
            said = Reason(
                "quadratic-form",
                "{0} is a quadratic form of an affine function with a positive semidefinite "
                "matrix, hence convex.",
                (e,), known,
            )  # fmt: skip
        return Shape("convex", inner.reasons).because(said)
    return UNKNOWN


def _traced(c: Context, e: Expr, flat: Flat, inverse: Element) -> Shape:
    """tr(C X^-1) with C positive semidefinite: a sum of c'X^-1 c over columns c of a root of C."""
    a, b = inverse.indices
    rest = tuple(f for f in flat.factors if f is not inverse)
    bound = dict(flat.indices)
    if a == b or not {a, b} <= set(bound) or bound[a] != bound[b]:
        return UNKNOWN
    between = mul(*rest)
    if not c.still(between):
        return UNKNOWN
    for k, lower in flat.indices:
        if k not in (a, b):
            between = Sum(between, (k, lower, k.axis))
    if not definiteness(between, a, b):
        return UNKNOWN
    words = (
        "{0} is a sum of forms c'A^{-1}c with the positive definite matrix A affine in the "
        "parameters, each the largest of 2v'c - v'Av over all v, hence convex."
    )
    known = tuple(t for t in tensors_in(e) if t.facts)
    return Shape("convex", (Reason("matrix-fractional", words, (e,), known),))


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
