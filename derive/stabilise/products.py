"""Products and powers written without ones."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from derive.notation.expression import MINUS_ONE, ONE, Expr, Mul, Num, Pow, mul


def powers(e: Expr, k: int) -> tuple[Expr, ...]:
    """e^k as factors of a product: none for k = 0."""
    return () if k == 0 else (raised(e, k),)


def raised(e: Expr, k: int) -> Expr:
    """e^k, which is e itself for k = 1."""
    return e if k == 1 else Pow(e, Num(Fraction(k)))


def times(c: Expr, *factors: Expr) -> Expr:
    """c times the factors; a coefficient 1 is not written."""
    return mul(*_factors(c), *factors)


def over(above: Expr, below: Expr) -> Expr:
    """above/below, with every factor below by itself."""
    return mul(*_factors(above), *map(_inverse, _factors(below))) if below != ONE else above


def product(above: Sequence[Expr], below: Sequence[Expr]) -> Expr:
    """The factors above divided by those below, one after the other."""
    return mul(*above, *map(_inverse, below))


def _factors(e: Expr) -> tuple[Expr, ...]:
    return e.args if isinstance(e, Mul) else () if e == ONE else (e,)


def _inverse(e: Expr) -> Expr:
    return Num(1 / e.value) if isinstance(e, Num) else raised(e, -1)


def fraction(e: Expr) -> tuple[Expr, Expr]:
    """a and b where e is a/b, with simple factors below."""
    parts = e.args if isinstance(e, Mul) else (e,)
    below = [p for p in parts if isinstance(p, Pow) and p.exponent == MINUS_ONE]
    return mul(*(p for p in parts if p not in below)), mul(*(p.base for p in below))


def together(e: Expr) -> Expr:
    """A product with one number, in front; 1 is not written."""
    product = mul(e)
    parts = product.args if isinstance(product, Mul) else (product,)
    number = prod((part.value for part in parts if isinstance(part, Num)), start=Fraction(1))
    others = [part for part in parts if not isinstance(part, Num)]
    return mul(*([] if number == 1 and others else [Num(number)]), *others)
