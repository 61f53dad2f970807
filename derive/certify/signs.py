"""Whether a formula is never negative: by ranges, by its normal forms, or as a polynomial."""

from __future__ import annotations

from derive.calculus.polynomial import forms_of
from derive.certify.bounds import supremum
from derive.certify.edges import continuous
from derive.certify.factorwise import by_factors, with_whole_powers
from derive.notation.domain import range_of
from derive.notation.expression import (
    ZERO,
    Apply,
    Cases,
    Entry,
    Expr,
    Num,
    Pow,
    Tensor,
    negative,
)
from derive.notation.functions import SLOT
from derive.notation.problem import Definition, definition_of
from derive.notation.tree import size, subterms

Definitions = tuple[Definition, ...]

LARGEST = 400
"""Nodes of a formula beyond which no normal form is sought."""


def nonnegative(e: Expr, definitions: Definitions) -> bool:
    """Whether `e` >= 0 can be shown for every admissible value of its letters."""
    return nonnegative_form(e, definitions) is not None


def nonnegative_form(e: Expr, definitions: Definitions) -> Expr | None:
    """A form of `e` by which `e` >= 0 is seen: by its range, its factors, its roots, as squares."""
    if range_of(e, definitions).nonnegative:
        return e
    if size(e) > LARGEST:
        return None
    for form in forms_of(with_whole_powers(e)):
        shown = by_factors(form, definitions)
        if shown is not None:
            return shown
    highest = supremum(negative(e), definitions)
    return e if highest is not None and highest <= 0 else None


def nonpositive(e: Expr, definitions: Definitions) -> bool:
    """Whether `e` <= 0 can be shown."""
    return nonnegative(negative(e), definitions)


def jumps(e: Expr, definitions: Definitions, score: Tensor | None = None) -> bool:
    """Whether `e` may jump: a function with kinks that is constant between them, loose cases.

    A slope that jumps down at a kink is not seen by the curvature beside it. Cases are seen to fit
    together where the score is known by which they are told apart.
    """
    for _, node in subterms(e):
        if isinstance(node, Cases):
            if score is None or not continuous(e, node, score, definitions):
                return True
        elif isinstance(node, Apply) and node.function.kinks:
            if node.function.derivative(SLOT) == ZERO:
                return True
        elif isinstance(node, Entry):
            definition = definition_of(node.tensor, definitions)
            if definition is not None and jumps(definition.body, definitions, score):
                return True
    return False


def smooth(e: Expr, definitions: Definitions) -> bool:
    """Whether `e` stays away from the ends of domains, so that it has slopes everywhere.

    1/z^2 bends up on both sides of 0 and is not convex; so divisors must not vanish, and what
    stands under a root or a logarithm must be positive. Pieces are looked at by `jumps`.
    """
    for _, node in subterms(e):
        match node:
            case Apply(function, arg):
                inside = range_of(arg, definitions)
                domain = function.domain
                if not inside.within(domain) or (domain.low in inside or domain.high in inside):
                    return False
            case Pow(base, Num(power)) if power.denominator == 1:
                if power < 0 and not range_of(base, definitions).nonzero:
                    return False
            case Pow(base, _):
                if not range_of(base, definitions).positive:
                    return False
            case _:
                pass
    return True
