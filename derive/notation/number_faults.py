"""Numbers that a formula writes out and that are none, or are too long to be computed with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from derive.notation.domain_faults import Fault
from derive.notation.expression import Add, Expr, Mul, Num, Pow
from derive.notation.tree import Path, children, subterms

MOST_DIGITS = 1000
"""Of a numerator or a denominator."""


def number_faults(e: Expr) -> Iterator[Fault]:
    """Divisions by 0, 0^0 and endless numbers among the parts that have no letter.

    They come before everything that asks where a formula's values lie.
    """
    known: dict[Expr, Fraction | None] = {}
    # The order of reading backwards: parts before what they are parts of.
    for path, node in reversed(tuple(subterms(e))):
        if node in known:
            continue
        try:
            known[node] = _value(node, known)
        except _NoNumberError as error:
            yield Fault(_place(node, path), error.wrong, error.todo)
            return


class _NoNumberError(Exception):
    def __init__(self, wrong: str, todo: str) -> None:
        super().__init__(wrong)
        self.wrong, self.todo = wrong, todo


def _place(node: Expr, path: Path) -> Path:
    """A denominator that is 0 is itself at fault, and not its inverse."""
    return (*path, 0) if isinstance(node, Pow) and _is_number(node.base) else path


def _is_number(e: Expr) -> bool:
    return isinstance(e, Num) or (bool(children(e)) and all(map(_is_number, children(e))))


def _value(e: Expr, known: dict[Expr, Fraction | None]) -> Fraction | None:
    """The number that a formula is, by the values of its parts; None where it has a letter."""
    match e:
        case Num(value):
            return _short(value)
        case Add(args):
            parts = [known[arg] for arg in args]
            numbers = [part for part in parts if part is not None]
            return _short(sum(numbers, Fraction(0))) if len(numbers) == len(parts) else None
        case Mul(args):
            parts = [known[arg] for arg in args]
            numbers = [part for part in parts if part is not None]
            return (
                _short(math.prod(numbers, start=Fraction(1)))
                if len(numbers) == len(parts)
                else None
            )
        case Pow(base, exponent):
            return _power(known[base], known[exponent])
    return None


def _power(base: Fraction | None, exponent: Fraction | None) -> Fraction | None:
    if base is None or exponent is None:
        return None
    if base == 0 and exponent < 0:
        raise _NoNumberError("this is always 0: division by 0", "correct the denominator")
    if base == 0 and exponent == 0:
        raise _NoNumberError("0^0 has no value that everybody agrees on", "write 1 or 0")
    if exponent.denominator != 1:
        return None
    longest = max(abs(base.numerator), base.denominator)
    if abs(exponent) * Fraction(math.log10(longest)) > MOST_DIGITS:
        raise _too_long()
    return _short(base ** int(exponent))


def _short(value: Fraction) -> Fraction:
    if max(abs(value.numerator), value.denominator) >= 10**MOST_DIGITS:
        raise _too_long()
    return value


def _too_long() -> _NoNumberError:
    wrong = f"this number has more than {MOST_DIGITS} digits"
    return _NoNumberError(wrong, "measure in other units, or name it as data")
