"""The largest value of a formula, proved: exact for a polynomial in one quantity."""

from __future__ import annotations

import math
from fractions import Fraction

import sympy

from derive.calculus.polynomial import as_polynomial, atoms_of
from derive.notation.domain import range_of
from derive.notation.expression import Expr, Num
from derive.notation.problem import Definition


def supremum(e: Expr, definitions: tuple[Definition, ...]) -> Fraction | None:
    """The smallest upper bound of `e` that we can prove, or None.

    A polynomial in one bounded quantity is maximised exactly (stationary points and ends);
    otherwise the ends of its interval serve. An irrational maximum is rounded up to 1/1000.
    """
    if isinstance(e, Num):
        return e.value
    bounds = [_interval_bound(e, definitions), _polynomial_bound(e, definitions)]
    proved = [b for b in bounds if b is not None]
    return min(proved) if proved else None


def _interval_bound(e: Expr, definitions: tuple[Definition, ...]) -> Fraction | None:
    high = range_of(e, definitions).high
    return high if isinstance(high, Fraction) else None


def _polynomial_bound(e: Expr, definitions: tuple[Definition, ...]) -> Fraction | None:
    atoms = atoms_of(e)
    if len(atoms) != 1:
        return None
    values = range_of(atoms[0], definitions)
    low, high = values.low, values.high
    if not isinstance(low, Fraction) or not isinstance(high, Fraction):
        return None
    coefficients = as_polynomial(e, atoms[0])
    if coefficients is None:
        return None
    x = sympy.Symbol("x")
    polynomial = sympy.Poly([sympy.Rational(c.numerator, c.denominator) for c in coefficients], x)
    ends = [sympy.Rational(end.numerator, end.denominator) for end in (low, high)]
    points = ends + [r for r in polynomial.diff(x).real_roots() if ends[0] <= r <= ends[1]]
    best = max((polynomial(p) for p in points), key=lambda v: v.evalf(50))
    if best.is_Rational:
        return Fraction(int(best.p), int(best.q))
    return Fraction(math.ceil(best.evalf(50) * 1000), 1000)
