"""Irreducible factors found without a search, against SymPy's search, on random polynomials."""

from __future__ import annotations

import pytest
from sympy import QQ, Poly, ring

from derive.calculus.factors import irreducible_factors
from tests.fuzz.dual_numbers import seeded

R, *GENS = ring("a, b, c", QQ)


def random_polynomial(rng):
    """A product of letters, linear and other sums of powers, with rational coefficients."""
    out = R(rng.choice((1, -1, 2, -6))) / rng.choice((1, 1, 3, 4))
    for _ in range(rng.randint(1, 3)):
        terms = (
            rng.choice((-3, -2, -1, 1, 2, 5)) * _monomial(rng) for _ in range(rng.randint(1, 3))
        )
        factor = sum(terms, R(0))
        out *= (factor or R(1)) ** rng.choice((1, 1, 2))
    return out


def _monomial(rng):
    out = R(1)
    for _ in range(rng.randint(0, 3)):
        out *= rng.choice(GENS)
    return out


@pytest.mark.parametrize("seed", range(5))
def test_the_factors_are_those_of_a_search(seed) -> None:
    rng = seeded(f"factors {seed}")
    searched = linear = 0
    for _ in range(25):
        poly = random_polynomial(rng)
        content, found = irreducible_factors(poly)
        product = R(content)
        for factor, power in found:
            product *= factor**power
        assert product == poly
        # SymPy's factors are primitive too; both are compared without their signs.
        wanted = Poly(poly.as_expr(), *R.symbols, domain=QQ).factor_list()[1]
        ours = {_signless(factor): power for factor, power in found}
        assert ours == {_signless(R.from_expr(f.as_expr())): power for f, power in wanted}
        assert len(ours) == len(found), "no factor stands twice"
        linear += len(found) > 1
        searched += any(min(d for d in f.degrees() if d) > 1 for f, _ in found)
    # Both ways were gone: letters and linear factors, and what only a search tells.
    assert linear >= 8
    assert searched >= 1


def _signless(poly):
    monic = poly.primitive()[1]
    return -monic if monic.LC < 0 else monic


@pytest.mark.parametrize(
    ("poly", "content", "factors"),
    [
        (R(5), 5, []),
        (R(-5), -5, []),
        (-2 * GENS[0] ** 2 * GENS[1], -2, [(GENS[1], 1), (GENS[0], 2)]),
        # a b + a = a (b + 1), where a letter stands in both terms
        (GENS[0] * GENS[1] + GENS[0], 1, [(GENS[0], 1), (GENS[1] + 1, 1)]),
        # linear in c, but b + 1 divides both a and b of a c + b
        (
            (GENS[1] + 1) * (GENS[0] * GENS[2] + GENS[1]),
            1,
            [(GENS[1] + 1, 1), (GENS[0] * GENS[2] + GENS[1], 1)],
        ),
        (GENS[0] ** 2 - GENS[1] ** 2, 1, [(GENS[0] - GENS[1], 1), (GENS[0] + GENS[1], 1)]),
    ],
)
def test_small_polynomials(poly, content, factors) -> None:
    found, parts = irreducible_factors(poly)
    assert found == content
    assert sorted(parts, key=str) == sorted(factors, key=str)
