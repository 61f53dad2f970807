r"""Forms of a rational function of e^u without overflow and without cancellation.

With T = e^{-|u|}: e^u = up/down for up = e^{min(u, 0)} and down = e^{-max(u, 0)}. One of the two is
1 and the other is T, so up * down = T and max(up, down) = 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from derive.calculus.polynomial import normal_forms, shortest
from derive.calculus.quotients import nested
from derive.notation.domain import range_of
from derive.notation.expression import ZERO, Cases, Expr, Num, When, add, expr, mul
from derive.notation.functions import absolute, exp, expm1, relu, step
from derive.notation.tree import length
from derive.stabilise.balanced import (
    DOWN,
    UP,
    Balanced,
    Factor,
    Scale,
    Shape,
    assembled,
    balanced,
    coarser,
    nested_shape,
    plain_shape,
)
from derive.stabilise.exponentials import Exponential, with_exponentials
from derive.stabilise.letters import Meaning
from derive.stabilise.products import powers, raised, times


def exponential_forms(e: Exponential) -> tuple[Expr, ...]:
    """The balanced product in several shapes; none where there are logarithms, or u by itself."""
    if not e.rational:
        return ()
    found = balanced(_in_up_down(e, 1))
    if found is None:
        return ()
    found, step = coarser(found)
    exponent = e.exponent if step == 1 else mul(Num(Fraction(step)), e.exponent)
    scale = _scale(exponent)
    near = _near(exponent)

    def near_and_nested(factor: Factor, scale: Scale) -> Expr | None:
        found = near(factor, scale)
        return nested_shape(factor, scale) if found is None else found

    shapes = (nested_shape, near, near_and_nested)
    forms = [assembled(found, scale), *(assembled(found, scale, shape) for shape in shapes)]
    return tuple(dict.fromkeys((*forms, *_raised(e))))


def _scale(u: Expr) -> Scale:
    meaning = Meaning(u)

    def written(rise: int, fall: int) -> tuple[Expr, ...]:
        """up^rise down^fall, as T^k and what is left on one side; negative powers grow."""
        both = min(rise, fall) if rise > 0 and fall > 0 else 0
        left, right = rise - both, fall - both
        rising = powers(meaning.rising, left) if left > 0 else powers(exp(relu(-u)), -left)
        falling = powers(meaning.falling, right) if right > 0 else powers(exp(relu(u)), -right)
        return (*powers(meaning.small, both), *rising, *falling)

    return Scale(meaning.rising, meaning.falling, meaning.small, written)


def _near(u: Expr) -> Shape:
    """The shape of a factor that vanishes for some u."""

    def shape(factor: Factor, scale: Scale) -> Expr | None:
        r"""a up + b down near its root: (a + b) + (b or a) expm1(-|u|), for a ~ -b.

        For u >= 0 it is a + b T, for u < 0 a T + b, with T = 1 + expm1(-|u|).
        """
        if factor.power < 1 or factor.degree != 1 or factor.symmetric:
            return None
        table = dict(factor.coefficients)
        b, a = table[0, 1], table[1, 0]
        at_zero, across = _tidy(a + b), _tidy(a - b)
        grown = times(_stepped(b, across, u), expm1(-absolute(u)))
        plain = plain_shape(factor, scale)
        return raised(_about_root(_chosen(at_zero, across, grown, plain), plain, u), factor.power)

    return shape


def _tidy(e: Expr) -> Expr:
    """The sum collected, whether or not that is shorter."""
    return min(normal_forms(e), key=length, default=e)


def _size(e: Expr) -> Expr:
    return e if range_of(e).nonnegative else absolute(e)


def _stepped(b: Expr, across: Expr, u: Expr) -> Expr:
    """b for u >= 0, a for u < 0."""
    jump = times(across, step(-u))
    if isinstance(b, Num) or b == ZERO:
        return add(b, jump)
    return add(jump, b)


def _raised(e: Exponential) -> tuple[Expr, ...]:
    """A polynomial in e^u (or in e^-u) as a product of its factors, each nested.

    A factor a + b e^u near its root is (a + b) + b expm1(u).
    """
    for sign in (1, -1):
        u = e.exponent if sign > 0 else -e.exponent
        found = balanced(_in_up_down(e, sign))
        if found is None or found.rise < 0 or any(f.power < 0 for f in found.factors):
            continue
        if found.fall + found.rise + sum(f.degree * f.power for f in found.factors):
            continue
        forms = [
            _product(made, shape, u)
            for made in (found, _number_within(found))
            for shape in (_polynomial, _polynomial_near)
        ]
        return tuple(dict.fromkeys(forms))
    return ()


def _product(b: Balanced, shape: Callable[[Factor, Expr], Expr], u: Expr) -> Expr:
    """The product of a power of e^u and polynomials in it."""
    lead = (*([] if b.number == 1 else [Num(b.number)]), *b.plain)
    factors = (raised(shape(f, u), f.power) for f in b.factors)
    return mul(*lead, *powers(exp(u), b.rise), *factors)


def _number_within(b: Balanced) -> Balanced:
    """A fraction in front as a part of a factor, as the product without it might overflow."""
    first = next((f for f in b.factors if f.power == 1), None)
    if first is None or abs(b.number) >= 1:
        return b
    scaled = tuple((key, shortest(Num(b.number) * c)) for key, c in first.coefficients)
    factors = tuple(replace(f, coefficients=scaled) if f is first else f for f in b.factors)
    return replace(b, number=Fraction(1), factors=factors)


def _in_up_down(e: Exponential, sign: int) -> Expr:
    return with_exponentials(e.formula, e.exponent, lambda k: raised(UP / DOWN, sign * k))


def _polynomial(factor: Factor, u: Expr) -> Expr:
    return nested({rise: c for (rise, _), c in factor.coefficients}, exp(u))


def _polynomial_near(factor: Factor, u: Expr) -> Expr:
    plain = _polynomial(factor, u)
    table = {rise: c for (rise, _), c in factor.coefficients}
    if set(table) != {0, 1}:
        return plain
    at_zero, across = _tidy(table[0] + table[1]), _tidy(table[1] - table[0])
    close = _chosen(at_zero, across, times(table[1], expm1(u)), plain)
    return _about_root(close, plain, u)


def _about_root(close: Expr, plain: Expr, u: Expr) -> Expr:
    """Cases by the data only for |u| <= 2: a root is at |u| <= log 3, and far away e^u is large."""
    if not isinstance(close, Cases):
        return close
    return Cases(((When(absolute(u), "<=", expr(2)), close),), plain, total=True)


def _chosen(at_zero: Expr, across: Expr, grown: Expr, plain: Expr) -> Expr:
    """at_zero + grown where the value at u = 0 is small beside the distance of the limits."""
    if at_zero == ZERO:
        return grown
    close = add(at_zero, grown)
    if isinstance(at_zero, Num) and isinstance(across, Num):
        return close if 2 * abs(at_zero.value) <= abs(across.value) else plain
    test = When(mul(expr(2), _size(at_zero)), "<=", _size(across))
    return Cases(((test, close),), plain, total=True)
