"""A formula as a quotient of two polynomials in one letter, with formulas as coefficients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import QQ
from sympy.polys.rings import ring

from derive.calculus.order import ordered
from derive.calculus.polynomial import Atoms, collect, factored, fraction
from derive.notation.expression import ONE, ZERO, Expr, Mul, Num, add, mul

Coefficients = Mapping[int, Expr]
"""The powers of the letter with their coefficients; none of these is 0."""


@dataclass(frozen=True)
class Quotient:
    """above/below in lowest terms; the lowest coefficient of `below` is positive where a number."""

    above: Coefficients
    below: Coefficients


def quotient(e: Expr, letter: Expr) -> Quotient | None:
    """`e` as a quotient of polynomials in `letter`; None where it divides by 0, or is too long."""
    atoms = Atoms()
    plan = collect(e, atoms)
    atoms.add(letter)
    found = atoms.found
    number = found.index(letter)
    value = fraction(plan, atoms)
    if value is None:
        return None
    above, below = _by_power(value.numer, number), _by_power(value.denom, number)
    lowest = below[min(below)]
    if len(lowest) == 1 and not any(next(iter(lowest))):
        # The denominator's first number is made 1.
        unit = lowest[next(iter(lowest))]
        above, below = (_divided(part, unit) for part in (above, below))
    return Quotient(_formulas(above, found), _formulas(below, found))


Terms = dict[tuple[int, ...], Any]


def _by_power(poly: Any, number: int) -> dict[int, Terms]:
    """The terms of a polynomial by the power of one of its generators."""
    found: dict[int, Terms] = {}
    for monomial, value in poly.terms():
        rest = (*monomial[:number], 0, *monomial[number + 1 :])
        found.setdefault(monomial[number], {})[rest] = value
    return found


def _divided(parts: dict[int, Terms], unit: Any) -> dict[int, Terms]:
    return {k: {m: value / unit for m, value in terms.items()} for k, terms in parts.items()}


def _formulas(parts: dict[int, Terms], atoms: list[Expr]) -> dict[int, Expr]:
    domain = ring([f"a{n}" for n in range(len(atoms))], QQ)[0]
    return {k: factored(domain.from_dict(parts[k]), atoms) for k in sorted(parts)}


def terms_of(e: Expr, letters: tuple[Expr, ...]) -> dict[tuple[int, ...], Expr] | None:
    """`e` as a polynomial in some letters: their powers with coefficients free of them."""
    atoms = Atoms()
    plan = collect(e, atoms)
    for letter in letters:
        atoms.add(letter)
    found = atoms.found
    places = [found.index(letter) for letter in letters]
    value = fraction(plan, atoms)
    if value is None or any(any(m[p] for p in places) for m in value.denom.monoms()):
        return None
    parts: dict[tuple[int, ...], Terms] = {}
    for monomial, number in value.numer.terms():
        key = tuple(monomial[p] for p in places)
        rest = tuple(0 if n in places else k for n, k in enumerate(monomial))
        parts.setdefault(key, {})[rest] = number
    ground = atoms.field().ring
    below = factored(value.denom, found)
    return {
        key: over(factored(ground.from_dict(parts[key]), found), below) for key in sorted(parts)
    }


def over(above: Expr, below: Expr) -> Expr:
    """above/below without a denominator of 1."""
    match below:
        case Num(value):
            return above if value == 1 else mul(Num(Fraction(1) / value), above)
    return ZERO if above == ZERO else above / below


def polynomial(coefficients: Coefficients, letter: Expr) -> Expr:
    """c_0 + c_1 t + c_2 t^2 + ..., term by term."""
    terms = [_term(c, letter**k if k > 1 else letter, k) for k, c in sorted(coefficients.items())]
    return add(*terms)


def nested(coefficients: Coefficients, letter: Expr) -> Expr:
    """c_0 + t (c_1 + t (c_2 + ...)): the scheme of Horner."""
    powers = sorted(coefficients)
    total: Expr | None = None
    for k, below in zip(reversed(powers), [*reversed(powers[:-1]), 0], strict=True):
        own = coefficients[k] if total is None else add(coefficients[k], total)
        steps = k - below
        total = own if not steps else _term(own, letter**steps if steps > 1 else letter, steps)
    return ZERO if total is None else total


def _term(coefficient: Expr, power: Expr, k: int) -> Expr:
    if k == 0:
        return coefficient
    if coefficient == ONE:
        return power
    factors = coefficient.args if isinstance(coefficient, Mul) else (coefficient,)
    return mul(*ordered((*factors, power)))
