"""The largest value of a formula, proved: exact for a polynomial in one quantity."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import sympy

from derive.calculus.polynomial import as_polynomial, atoms_of, difference_is_zero
from derive.notation.domain import range_of
from derive.notation.expression import ONE, Add, Expr, Mul, Num, mul
from derive.notation.interval import UNIT
from derive.notation.problem import Definition


def supremum(e: Expr, definitions: tuple[Definition, ...]) -> Fraction | None:
    """The smallest upper bound of `e` that we can prove, or None.

    A polynomial in one bounded quantity is maximised exactly (stationary points and ends);
    otherwise the ends of its interval serve. An irrational maximum is rounded up to 1/1000.
    """
    if isinstance(e, Num):
        return e.value
    ways = (_interval_bound, _polynomial_bound, _product_bound, _mixture_bound)
    proved = [b for way in ways if (b := way(e, definitions)) is not None]
    return min(proved) if proved else None


def _product_bound(e: Expr, definitions: tuple[Definition, ...]) -> Fraction | None:
    """Factors that share no quantity, none negative, are bounded each on its own."""
    groups: dict[tuple[Expr, ...], list[Expr]] = {}
    for factor in e.args if isinstance(e, Mul) else ():
        groups.setdefault(atoms_of(factor), []).append(factor)
    atoms = [atom for group in groups for atom in group]
    if len(groups) < 2 or len(set(atoms)) < len(atoms):
        return None
    total = Fraction(1)
    for group in groups.values():
        part = mul(*group)
        bound = supremum(part, definitions)
        if bound is None or not range_of(part, definitions).nonnegative:
            return None
        total *= bound
    return total


def _mixture_bound(e: Expr, definitions: tuple[Definition, ...]) -> Fraction | None:
    """w a + (1 - w) b with 0 <= w <= 1 is at most the larger of a and b."""
    terms = e.args if isinstance(e, Add) else ()
    if len(terms) != 2 or not all(isinstance(term, Mul) for term in terms):
        return None
    first, second = (term.args for term in terms if isinstance(term, Mul))
    for w, other in product(first, second):
        if range_of(w, definitions).within(UNIT) and difference_is_zero(w + other, ONE):
            rest = [list(first), list(second)]
            rest[0].remove(w)
            rest[1].remove(other)
            bounds = [supremum(mul(*part), definitions) for part in rest]
            proved = [bound for bound in bounds if bound is not None]
            return max(proved) if len(proved) == 2 else None
    return None


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
