"""The sign of a product, factor by factor: by ranges, by roots of a polynomial, by squares."""

from __future__ import annotations

import math
from fractions import Fraction

from derive.calculus.polynomial import Atoms, as_polynomial, atoms_of, collect, fraction
from derive.certify.roots import never_negative
from derive.certify.squares import Square, sum_of_squares
from derive.notation.domain import range_of
from derive.notation.expression import MINUS_ONE, Add, Expr, Mul, Num, Pow, add, mul, negative
from derive.notation.problem import Definition
from derive.notation.tree import children, rebuild

Definitions = tuple[Definition, ...]

MOST_LETTERS = 6
"""Polynomials in more letters are not taken apart into squares."""

MOST_TERMS = 40
"""Nor are longer ones."""


def with_whole_powers(e: Expr) -> Expr:
    """u^(-5/4) as u^(3/4) u^-2, so that the powers of u can be collected."""
    parts = tuple(with_whole_powers(child) for child in children(e))
    if parts:
        e = rebuild(e, parts)
    match e:
        case Pow(base, Num(value)) if value.denominator != 1 and not 0 < value < 1:
            whole = math.floor(value)
            return mul(Pow(base, Num(value - whole)), Pow(base, Num(Fraction(whole))))
    return e


def by_factors(e: Expr, definitions: Definitions) -> Expr | None:
    """A form of `e` whose factors show e >= 0, each by itself; None where one is open."""
    if range_of(e, definitions).nonnegative:
        return e
    out, sign = [], 1
    for factor in e.args if isinstance(e, Mul) else (e,):
        shown = _signed(factor, definitions)
        if shown is None:
            return None
        sign *= shown[0]
        out.append(shown[1])
    return mul(*out) if sign > 0 else None


def _signed(e: Expr, definitions: Definitions) -> tuple[int, Expr] | None:
    """1 or -1 where the factor is never negative or never positive, and the form that shows it."""
    values = range_of(e, definitions)
    if values.nonnegative:
        return 1, e
    if values.high <= 0:
        return -1, e
    match e:
        case Pow(base, Num(power)) if power.denominator == 1 and power % 2:
            inner = _signed(base, definitions)
            return None if inner is None else (inner[0], Pow(inner[1], e.exponent))
        case Add():
            for sign, form in ((1, e), (-1, negative(e))):
                shown = _polynomial(form, definitions)
                if shown is not None:
                    return sign, shown if sign > 0 else mul(MINUS_ONE, shown)
    return None


def _polynomial(e: Expr, definitions: Definitions) -> Expr | None:
    """The polynomial itself if its roots show that it is never negative, or as squares."""
    atoms = atoms_of(e)
    if len(atoms) == 1:
        coefficients = as_polynomial(e, atoms[0])
        if coefficients is None:
            return None
        return e if never_negative(coefficients, range_of(atoms[0], definitions)) else None
    if not 1 < len(atoms) <= MOST_LETTERS:
        return None
    return as_squares(e, definitions)


def as_squares(e: Expr, definitions: Definitions) -> Expr | None:
    """A polynomial in several quantities as a sum of squares, times those never negative."""
    atoms = Atoms()
    plan = collect(e, atoms)
    quotient = fraction(plan, atoms)
    if quotient is None or not quotient.denom.is_ground or len(quotient.numer.terms()) > MOST_TERMS:
        return None
    numerator = quotient.numer.quo_ground(quotient.denom.LC)
    terms = {
        monomial: Fraction(int(c.numerator), int(c.denominator))
        for monomial, c in numerator.terms()
    }
    signed = tuple(range_of(atom, definitions).nonnegative for atom in atoms.found)
    squares = sum_of_squares(terms, signed)
    if squares is None:
        return None
    return add(*(_written(square, tuple(atoms.found)) for square in squares))


def _written(square: Square, atoms: tuple[Expr, ...]) -> Expr:
    weight, base = square.weight, square.base
    if len(base) == 1:
        ((m, c),) = base
        powers = tuple(2 * k + f for k, f in zip(m, square.factor, strict=True))
        return _monomial(powers, weight * c**2, atoms)
    number = [] if weight == 1 else [Num(weight)]
    total = add(*(_monomial(m, c, atoms) for m, c in base))
    return mul(*number, *_powers(square.factor, atoms), Pow(total, Num(Fraction(2))))


def _monomial(m: tuple[int, ...], c: Fraction, atoms: tuple[Expr, ...]) -> Expr:
    powers = _powers(m, atoms)
    return mul(*([] if c == 1 and powers else [Num(c)]), *powers)


def _powers(m: tuple[int, ...], atoms: tuple[Expr, ...]) -> list[Expr]:
    return [a if k == 1 else Pow(a, Num(Fraction(k))) for a, k in zip(atoms, m, strict=True) if k]
