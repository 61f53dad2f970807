"""Polynomials in nilpotent epsilons: numbers that carry derivatives along.

Every derivative adds its own epsilon with epsilon**2 = 0, so f(a + epsilon) = f(a) + f'(a) epsilon.
A jet maps a set of epsilons, written as bits, to its coefficient; the key 0 is the number itself.
A number that no derivative moves, as most are, stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce

from derive.judge.arithmetic import Arithmetic, OutsideError, Value

Moved = dict[int, Value]
"""A jet that has an epsilon; the key 0 is always there."""

Jet = Moved | Value
"""A moved jet, or a number alone."""


def plain(jet: Jet) -> Value:
    """The number itself."""
    return jet[0] if isinstance(jet, dict) else jet


def total(jets: Iterable[Jet], zero: Value) -> Jet:
    """The sum; the empty sum is 0."""
    number: Value = zero
    out: Moved = {}
    for jet in jets:
        if isinstance(jet, dict):
            for mask, value in jet.items():
                out[mask] = out[mask] + value if mask in out else value
        else:
            number = number + jet
    if not out:
        return number
    out[0] = out[0] + number
    return out


def multiply(a: Jet, b: Jet) -> Jet:
    """The product: terms that share an epsilon vanish."""
    if isinstance(b, dict):
        return _times(a, b)
    return _times(b, a) if isinstance(a, dict) else a * b


def _times(a: Jet, b: Moved) -> Moved:
    if not isinstance(a, dict):
        return {mask: a * y for mask, y in b.items()}
    out: Moved = {}
    for left, x in a.items():
        for right, y in b.items():
            if not left & right:
                mask = left | right
                out[mask] = out[mask] + x * y if mask in out else x * y
    return out


def product(jets: Iterable[Jet], one: Value) -> Jet:
    """The product of all; the empty product is 1."""
    number: Value = None
    moved: list[Moved] = []
    for jet in jets:
        if isinstance(jet, dict):
            moved.append(jet)
        else:
            number = jet if number is None else number * jet
    if not moved:
        return one if number is None else number
    out = reduce(_times, moved)
    return out if number is None else _times(number, out)


def minus(jet: Jet) -> Jet:
    """-jet."""
    return {mask: -value for mask, value in jet.items()} if isinstance(jet, dict) else -jet


def coefficient(jet: Jet, flag: int, zero: Value) -> Jet:
    """What stands at the epsilon `flag`: the derivative."""
    if not isinstance(jet, dict):
        return zero
    out: Moved = {mask ^ flag: value for mask, value in jet.items() if mask & flag}
    number = out.setdefault(0, zero)
    return out if len(out) > 1 else number


def order(jet: Jet) -> int:
    """The number of epsilons in `jet`: no higher power of its nilpotent part is other than 0."""
    if not isinstance(jet, dict):
        return 0
    used = 0
    for mask in jet:
        used |= mask
    return used.bit_count()


def stands_still(arithmetic: Arithmetic, jet: Jet) -> bool:
    """Whether every coefficient beside the number is exactly 0, so that no epsilon moves it."""
    if not isinstance(jet, dict):
        return True
    return all(arithmetic.sign(value) == 0 for mask, value in jet.items() if mask)


def compose(coefficients: Sequence[Value], jet: Jet) -> Jet:
    """sum_k c_k N**k, where N is the nilpotent part of `jet`: Taylor's formula, exact here."""
    if not isinstance(jet, dict):
        return coefficients[0]
    nilpotent = {mask: value for mask, value in jet.items() if mask}
    out: Jet = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        # A product with N has no number: that of the next sum is c alone.
        out = {0: c} | _times(out, nilpotent)
    return out


def function(arithmetic: Arithmetic, name: str, jet: Jet) -> Jet:
    """A primitive function of a jet."""
    return compose(arithmetic.series(name, plain(jet), order(jet)), jet)


def power(arithmetic: Arithmetic, base: Jet, exponent: Jet) -> Jet:
    """base ** exponent; for an exponent that is no integer the base must be positive."""
    whole = arithmetic.integer(exponent) if not isinstance(exponent, dict) else None
    if whole is not None:
        return whole_power(arithmetic, base, whole)
    sign = arithmetic.sign(plain(base))
    if sign != 1:
        reason = (
            f"a power with base {arithmetic.text(plain(base))} and an exponent that is no integer"
        )
        raise OutsideError(reason, definite=sign is not None)
    return function(arithmetic, "exp", multiply(exponent, function(arithmetic, "log", base)))


def whole_power(arithmetic: Arithmetic, base: Jet, exponent: int) -> Jet:
    """base ** exponent for an integer, by the square-and-multiply rule; base ** 0 is 1."""
    if exponent < 0:
        return whole_power(arithmetic, reciprocal(arithmetic, base), -exponent)
    out: Jet = None
    while exponent:
        if exponent & 1:
            out = base if out is None else multiply(out, base)
        exponent >>= 1
        if exponent:
            base = multiply(base, base)
    return arithmetic.number(Fraction(1)) if out is None else out


def reciprocal(arithmetic: Arithmetic, jet: Jet) -> Jet:
    """1 / jet: 1/(a + N) = 1/a - N/a**2 + N**2/a**3 - ..."""
    number = plain(jet)
    sign = arithmetic.sign(number)
    if sign is None or sign == 0:
        raise OutsideError("a division by zero", definite=sign == 0)
    inverse = arithmetic.inverse(number)
    coefficients = [inverse]
    for _ in range(order(jet)):
        coefficients.append(-coefficients[-1] * inverse)
    return compose(coefficients, jet)
