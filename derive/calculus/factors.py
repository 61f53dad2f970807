"""Irreducible factors of SymPy's sparse polynomials, mostly without a search."""

from __future__ import annotations

import math
from typing import Any

SEARCH_LIMIT = 5_000
"""The search fills tables with all products of powers up to a polynomial's own: at most so many."""


def irreducible_factors(poly: Any) -> tuple[Any, list[tuple[Any, int]]]:
    """A number and irreducible polynomials with their powers, the simplest first.

    Beyond `SEARCH_LIMIT` what is left without its letters counts as irreducible.

    Most polynomials need no search: powers of generators stand in every term, and what is left is
    a x + b for a letter x, with a and b free of x and without a common factor.
    """
    content, rest = poly.primitive()
    if rest.LC < 0:
        content, rest = -content, -rest
    ring = rest.ring
    lowest = tuple(map(min, zip(*rest.monoms(), strict=True)))
    factors = [(ring.gens[n], power) for n, power in enumerate(lowest) if power]
    if factors:
        rest = ring.from_dict(
            {tuple(map(int.__sub__, monomial, lowest)): c for monomial, c in rest.terms()}
        )
    if _is_linear(rest) or _powers(rest) > SEARCH_LIMIT:
        factors.append((rest, 1))
    elif not rest.is_ground:
        factors += rest.factor_list()[1]
    if len(factors) > 1:
        factors.sort(key=_complexity)
    return content, factors


def _is_linear(poly: Any) -> bool:
    """Whether it is a x + b for a letter x, with a and b free of x and without a common factor.

    No generator divides the polynomial, so none divides both a and b.
    """
    for n, degree in enumerate(poly.degrees()):
        if degree == 1:
            above = {(*m[:n], 0, *m[n + 1 :]): c for m, c in poly.terms() if m[n]}
            if len(above) == 1:
                return True
            if _powers(poly) > SEARCH_LIMIT:
                continue  # the common factor is searched for in the same tables
            beside = {m: c for m, c in poly.terms() if not m[n]}
            ring = poly.ring
            return bool(ring.from_dict(above).gcd(ring.from_dict(beside)).is_ground)
    return False


def _powers(poly: Any) -> int:
    """The number of products of powers up to those that occur."""
    return math.prod(degree + 1 for degree in poly.degrees())


def _complexity(factor: tuple[Any, int]) -> tuple[int, int, Any]:
    poly, power = factor
    dense = poly.to_dense()
    return len(dense), power, dense
