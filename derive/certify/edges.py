"""Whether cases fit together: at every edge between two of them their values must agree."""

from __future__ import annotations

from collections.abc import Iterator

from derive.calculus.cases import verdict
from derive.calculus.dependence import depends
from derive.calculus.polynomial import difference_is_zero, shortest
from derive.notation.domain import range_of
from derive.notation.expression import (
    ONE,
    ZERO,
    Apply,
    Cases,
    Entry,
    Expr,
    Num,
    Tensor,
    When,
    negative,
)
from derive.notation.functions import absolute
from derive.notation.problem import Definition
from derive.notation.tree import children, rebuild, replace_tensor, subterms

Definitions = tuple[Definition, ...]


def continuous(whole: Expr, e: Cases, score: Tensor, definitions: Definitions) -> bool:
    """Whether the cases `e` in a formula are shown to give one continuous function of the score."""
    try:
        return _continuous(whole, e, score, definitions)
    except ZeroDivisionError:  # min(x, 1/x) where 1/x has no value
        return False


def _continuous(whole: Expr, e: Cases, score: Tensor, definitions: Definitions) -> bool:
    """By the values on both sides of every edge.

    A test must compare a quantity that has a name with one that does not depend on the score. On
    its edge that quantity has the other one's value, by which the neighbouring cases are compared.
    """
    for number, (test, value) in enumerate(e.branches):
        if not any(depends(side, score, definitions) for side in (test.left, test.right)):
            continue  # a test of data alone has no edge
        edge = _edge(test, score, definitions)
        if edge is None:
            return False
        u, c = edge
        here = _at(_put(whole, e, value), u, c)
        for other in _next(e, number, u, c, definitions):
            if not difference_is_zero(here, _at(_put(whole, e, other), u, c)):
                return False
    return True


def _edge(test: When, score: Tensor, definitions: Definitions) -> tuple[Entry, Expr] | None:
    """The quantity with a name and its value where the two sides of a test are equal."""
    for u, c in ((test.left, test.right), (test.right, test.left)):
        if isinstance(u, Entry) and not depends(c, score, definitions):
            return u, c
    # g = 0 with g = a s + b and a number a: s = -b/a.
    g = test.left - test.right
    letters = {node for _, node in subterms(g) if isinstance(node, Entry) and node.tensor == score}
    if len(letters) != 1:
        return None
    (s,) = letters
    b = _at(g, s, ZERO)
    a = shortest(_at(g, s, ONE) - b)
    if not isinstance(a, Num) or a.value == 0 or not difference_is_zero(g, a * s + b):
        return None
    root = shortest(negative(b) / a)
    return None if depends(root, score, definitions) else (s, root)


def split_by_sign(e: Expr, definitions: Definitions) -> Expr:
    """Cases told apart by |u| <= c, with c >= 0, by those of u > c, u < -c and the middle.

    Huber's loss is typed with |u|, which has a corner at 0; beyond c it is u or -u.
    """
    parts = children(e)
    if parts:
        e = rebuild(e, tuple(split_by_sign(part, definitions) for part in parts))
    match e:
        case Cases(((When(Apply(function, u), relation, c), inside),), outside) if (
            function == absolute and range_of(c, definitions).nonnegative and relation != "="
        ):
            if relation in (">", ">="):
                inside, outside = outside, inside
            above = When(u, ">=" if relation in ("<", ">=") else ">", c)
            below = When(u, "<=" if relation in ("<", ">=") else "<", negative(c))
            return Cases(
                (
                    (above, _put(outside, absolute(u), u)),
                    (below, _put(outside, absolute(u), negative(u))),
                ),
                inside,
            )
    return e


def _at(e: Expr, u: Entry, c: Expr) -> Expr:
    return replace_tensor(e, lambda entry: c if entry == u else None)


def _next(e: Cases, number: int, u: Entry, c: Expr, definitions: Definitions) -> Iterator[Expr]:
    """The cases that may hold on the other side of the edge."""
    for test, value in e.branches[number + 1 :]:
        known = verdict(
            When(_at(test.left, u, c), test.relation, _at(test.right, u, c)), definitions
        )
        if known is not False:
            yield value
        if known:
            return
    yield e.otherwise


def _put(whole: Expr, old: Expr, new: Expr) -> Expr:
    """The formula with one part of it replaced wherever it stands."""
    if whole == old:
        return new
    parts = children(whole)
    return rebuild(whole, tuple(_put(part, old, new) for part in parts)) if parts else whole
