"""Whether two polynomials are the same, by their coefficients: exact, without a random point."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derive.notation.expression import Add, Entry, Expr, Mul, Num, Pow
from derive.record import Derivation

Monomial = tuple[tuple[Entry, int], ...]
Polynomial = Mapping[Monomial, Fraction]

MOST_TERMS = 5000
"""A longer polynomial is left to the points."""

MOST_DEGREE = 40


class _NoPolynomialError(Exception):
    """The formula holds something that is no sum, product or whole power of letters."""


def false_squares(part: Derivation) -> str:
    """What is wrong with a step that writes a polynomial as a sum of squares; "" if nothing is.

    Steps between other formulas are compared at points alone.
    """
    for number, step in enumerate(part.steps):
        if step.sign != "=" or step.rule != SQUARES:
            continue
        try:
            before, after = polynomial(step.before), polynomial(step.after)
        except _NoPolynomialError:
            continue
        if before != after:
            return f"step {number} does not have the same coefficients on both sides"
    return ""


SQUARES = "sum-of-squares"
"""The rule of the steps that are looked at."""


def polynomial(e: Expr) -> Polynomial:
    """The coefficients of a formula as a polynomial in the letters in it."""
    match e:
        case Num(value):
            return {(): value} if value else {}
        case Entry():
            return {((e, 1),): Fraction(1)}
        case Add(args):
            total: dict[Monomial, Fraction] = {}
            for arg in args:
                for m, c in polynomial(arg).items():
                    total[m] = total.get(m, Fraction(0)) + c
            return {m: c for m, c in total.items() if c}
        case Mul(args):
            out: Polynomial = {(): Fraction(1)}
            for arg in args:
                out = _times(out, polynomial(arg))
            return out
        case Pow(base, Num(k)) if k.denominator == 1 and 0 <= k <= MOST_DEGREE:
            power: Polynomial = {(): Fraction(1)}
            inner = polynomial(base)
            for _ in range(int(k)):
                power = _times(power, inner)
            return power
    raise _NoPolynomialError


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    if len(a) * len(b) > MOST_TERMS:
        raise _NoPolynomialError
    out: dict[Monomial, Fraction] = {}
    for m, c in a.items():
        for n, d in b.items():
            powers = dict(m)
            for letter, k in n:
                powers[letter] = powers.get(letter, 0) + k
            key = tuple(sorted(powers.items(), key=lambda pair: repr(pair[0])))
            out[key] = out.get(key, Fraction(0)) + c * d
    return {m: c for m, c in out.items() if c}
