"""Whether cases fit together: at every edge between two of them their values must agree."""

from __future__ import annotations

from collections.abc import Iterator

from derive.calculus.cases import verdict
from derive.calculus.dependence import depends
from derive.calculus.polynomial import difference_is_zero
from derive.notation.expression import Cases, Entry, Expr, Tensor, When
from derive.notation.problem import Definition
from derive.notation.tree import children, rebuild, replace_tensor

Definitions = tuple[Definition, ...]


def continuous(whole: Expr, e: Cases, score: Tensor, definitions: Definitions) -> bool:
    """Whether the cases `e` in a formula are shown to give one continuous function of the score.

    A test must compare a quantity that has a name with one that does not depend on the score. On
    its edge that quantity has the other one's value, by which the neighbouring cases are compared.
    """
    for number, (test, value) in enumerate(e.branches):
        sides = [(test.left, test.right), (test.right, test.left)]
        if not any(depends(side, score, definitions) for side in (test.left, test.right)):
            continue  # a test of data alone has no edge
        edge = next(
            (
                (u, c)
                for u, c in sides
                if isinstance(u, Entry) and not depends(c, score, definitions)
            ),
            None,
        )
        if edge is None:
            return False
        u, c = edge
        here = _at(_put(whole, e, value), u, c)
        for other in _next(e, number, u, c, definitions):
            if not difference_is_zero(here, _at(_put(whole, e, other), u, c)):
                return False
    return True


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
