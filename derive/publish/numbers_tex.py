"""Numbers as LaTeX."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.notation.expression import Expr, Num
from derive.publish import ATOM, PRODUCT, SUM, Box, Spot, fraction

LONG, DIGITS = 100, 8
"""Fractions with a denominator beyond the first are decimals where that many digits are exact."""


def number(value: Fraction, spot: Spot) -> Box:
    """A rational number; inside an exponent with a slash; a long exact decimal as a decimal."""
    sign, size = "-" if value < 0 else "", abs(value)
    level = SUM if sign else ATOM
    if size.denominator > LONG and 10**DIGITS % size.denominator == 0:
        return Box(sign + f"{size.numerator / size.denominator:.{DIGITS}f}".rstrip("0"), level)
    if size.denominator == 1 or spot.script:
        whole = size.denominator == 1
        return Box(f"{sign}{size}", level if whole else PRODUCT, open=not whole)
    box = fraction(Box(str(size.numerator)), Box(str(size.denominator)))
    return replace(box, text=sign + box.text)


def parts_of_number(e: Expr) -> tuple[Box, Box] | None:
    """Numerator and denominator of a fraction that is printed as one."""
    value = e.value if isinstance(e, Num) else Fraction(1)
    if not 1 < value.denominator <= LONG or value < 0:
        return None
    return Box(str(value.numerator)), Box(str(value.denominator))
