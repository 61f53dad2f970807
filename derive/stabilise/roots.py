"""Odd powers of roots: (sqrt x)^3 as x sqrt x, where the root's rounding counts once."""

from __future__ import annotations

from derive.notation.expression import Apply, Expr, Num, Pow, mul
from derive.notation.functions import sqrt
from derive.notation.tree import children, rebuild
from derive.stabilise.products import powers, raised


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
