"""Odd powers of roots: (sqrt x)^3 as x sqrt x, where the root's rounding counts once."""

from __future__ import annotations

from derive.notation.domain import range_of
from derive.notation.expression import ONE, Add, Apply, Expr, Num, Pow, mul
from derive.notation.functions import sqrt
from derive.notation.tree import children, rebuild
from derive.stabilise.products import fraction, powers, raised


def roots_apart(e: Expr) -> Expr:
    """`e` with every power of a square root as a power of what is under it, and one root."""
    match e:
        case Pow(Apply(function, inside), Num(power)) if (
            function == sqrt and power.denominator == 1 and abs(power) > 1
        ):
            x = roots_apart(inside)
            half, odd = divmod(abs(int(power)), 2)
            product = mul(*powers(x, half), *powers(sqrt(x), odd))
            return product if power > 0 else raised(product, -1)
    parts = children(e)
    return rebuild(e, tuple(roots_apart(part) for part in parts)) if parts else e


def scales_out(e: Expr) -> Expr:
    """`e` with sqrt(1 + (v/s)^2)^-k as s^k (s^2 + v^2)^(-k/2): no quotient to be squared."""
    found = _root_power(e)
    if found is None or found[1] >= -1:
        parts = children(e)
        return rebuild(e, tuple(map(scales_out, parts))) if parts else e
    inside, power = found
    match inside:
        case Add((one, Pow(ratio, Num(two)))) if one == ONE and two == 2:
            v, s = fraction(ratio)
            if s != ONE and range_of(s).positive:
                half, odd = divmod(-power, 2)
                total = s**2 + v**2
                below = (*powers(raised(total, -1), half), *powers(raised(sqrt(total), -1), odd))
                return mul(raised(s, -power), *below)
    return e


def _root_power(e: Expr) -> tuple[Expr, int] | None:
    """x and k of a whole power sqrt(x)^k."""
    match e:
        case Apply(function, inside) if function == sqrt:
            return inside, 1
        case Pow(base, Num(power)) if power.denominator == 1:
            found = _root_power(base)
            return None if found is None else (found[0], found[1] * int(power))
    return None
