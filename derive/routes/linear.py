"""Sums multiplied out term by term, so that equal sums of sums are seen to be equal."""

from __future__ import annotations

from derive.calculus.polynomial import difference_is_zero, forms_of
from derive.notation.expression import Add, Diff, Expr, Mul, Sum, add, mul
from derive.notation.text import text
from derive.notation.tree import children, free_indices, rebuild


def equal_sums(a: Expr, b: Expr) -> bool:
    """Whether a = b once every sum is multiplied out and taken term by term."""
    return difference_is_zero(spread(a), spread(b))


def spread(e: Expr) -> Expr:
    """`e` with every sum replaced by sums of single terms, their constants in front."""
    if isinstance(e, Diff):
        return e
    parts = children(e)
    e = rebuild(e, tuple(spread(part) for part in parts)) if parts else e
    if not isinstance(e, Sum):
        return e
    expanded = next(forms_of(e.body), e.body)
    terms = expanded.args if isinstance(expanded, Add) else (expanded,)
    return add(*(_one_sum(term, e) for term in terms))


def _one_sum(term: Expr, total: Sum) -> Expr:
    factors = term.args if isinstance(term, Mul) else (term,)
    still = [f for f in factors if total.index not in free_indices(f)]
    moving = sorted((f for f in factors if total.index in free_indices(f)), key=text)
    return mul(*still, Sum(mul(*moving), (total.index, total.lower, total.upper)))
