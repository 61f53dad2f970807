"""The sign of a polynomial in one variable on an interval, by its roots: exact."""

from __future__ import annotations

from fractions import Fraction
from itertools import count

import sympy

from derive.notation.interval import Interval


def never_negative(coefficients: tuple[Fraction, ...], values: Interval) -> bool:
    """Whether the polynomial (highest power first) is >= 0 everywhere on the interval.

    It has no root inside at which it changes sign (J. Ch. F. Sturm, 1829), and is positive
    somewhere: (x - 1)^2 (x + 2) on x >= -2.
    """
    poly = sympy.Poly(list(map(_rational, coefficients)), sympy.Symbol("x"))
    if poly.is_zero:
        return True
    if values.low == values.high:
        return bool(poly(_rational(Fraction(values.low))) >= 0)
    ends = [_rational(e) if isinstance(e, Fraction) else None for e in (values.low, values.high)]
    for factor, power in poly.sqf_list()[1]:
        at_ends = sum(end is not None and factor(end) == 0 for end in ends)
        if power % 2 and factor.count_roots(*ends) > at_ends:
            return False
    signs = (poly(_rational(_inside(values, k))) for k in count(1))
    return bool(next(value for value in signs if value != 0) > 0)


def _inside(values: Interval, k: int) -> Fraction:
    """The k-th of infinitely many different points inside of the interval."""
    low, high = values.low, values.high
    if isinstance(low, Fraction) and isinstance(high, Fraction):
        return low + (high - low) / (k + 1)
    if isinstance(low, Fraction):
        return low + k
    return high - k if isinstance(high, Fraction) else Fraction(k)


def _rational(x: Fraction) -> sympy.Rational:
    return sympy.Rational(x.numerator, x.denominator)
