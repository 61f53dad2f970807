"""Irreducible factors of SymPy's sparse polynomials, mostly without a search."""

from __future__ import annotations

from typing import Any


def irreducible_factors(poly: Any) -> tuple[Any, list[tuple[Any, int]]]:
    """A number and irreducible polynomials with their powers, the simplest first.

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
    if _is_linear(rest):
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
            beside = {m: c for m, c in poly.terms() if not m[n]}
            ring = poly.ring
            return bool(ring.from_dict(above).gcd(ring.from_dict(beside)).is_ground)
    return False


def _complexity(factor: tuple[Any, int]) -> tuple[int, int, Any]:
    poly, power = factor
    dense = poly.to_dense()
    return len(dense), power, dense
