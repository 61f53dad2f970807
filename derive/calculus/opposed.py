"""Whether a formula holds e^u beside e^-u, of which one overflows where the other is small."""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.expression import Apply, Expr, Mul, Num, Pow, mul
from derive.notation.functions import exp
from derive.notation.tree import canonical, children


def opposed(e: Expr) -> bool:
    """Whether e^u and e^-u both stand in it: a common factor e^-u leaves terms that overflow."""
    found = set(_exponents(e))
    return any((core, not minus) in found for core, minus in found)


def _exponents(e: Expr, below: bool = False) -> Iterator[tuple[Expr, bool]]:
    """Of every e^u, above or below: |u| as it is written, and whether e^u falls with it."""
    if isinstance(e, Apply) and e.function == exp:
        minus, core = _sign_apart(e.arg)
        yield canonical(core), minus != below
    negative_power = isinstance(e, Pow) and isinstance(e.exponent, Num) and e.exponent.value < 0
    for part in children(e):
        yield from _exponents(part, below != negative_power)


def _sign_apart(u: Expr) -> tuple[bool, Expr]:
    """Whether a product carries a minus sign, and the rest."""
    match u:
        case Mul((Num(value), *rest)) if value < 0:
            return True, mul(*(() if value == -1 else (Num(-value),)), *rest)
    return False, u
