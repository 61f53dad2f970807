"""The nearest floating-point number to a ball, and how far the truth lies from it, in ulp."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

SPARE = 20
"""A ball is good enough when its radius is below 2^-20 ulp."""


@dataclass(frozen=True)
class Format:
    """A binary floating-point format: bits of the significand, the least and largest exponents.

    The smallest positive number is 2**least, the numbers end below 2**most.
    """

    name: str
    bits: int
    least: int
    most: int


FLOAT64 = Format("float64", 53, -1074, 1024)
FLOAT32 = Format("float32", 24, -149, 128)


@dataclass(frozen=True)
class Rounded:
    """A true value as `nearest` + `rest` ulp, one ulp being 2**exponent."""

    nearest: float
    rest: float
    exponent: int


def rounded(ball: Any, kind: Format) -> Rounded | None:
    """The nearest number of a format, or None where the ball is too wide to tell.

    Beyond the largest number the nearest is infinite; the next binade's ulp stands beside it.
    """
    if not ball.is_finite():
        return None
    middle, exponent = (int(v) for v in ball.mid().man_exp())
    radius, power = (int(v) for v in ball.rad().man_exp())
    error = radius.bit_length() + power if radius else -math.inf
    top = abs(middle).bit_length() + exponent if middle else -math.inf
    beyond = -math.inf if middle < 0 else math.inf
    if top > kind.most + 1:
        return Rounded(beyond, 0.0, kind.most) if error < top - 1 else None
    ulp = max(top - kind.bits, kind.least) if middle else kind.least
    if error > ulp - SPARE:
        return None
    if top < kind.least - 64:
        return Rounded(0.0, 0.0, kind.least)
    whole, part = _split(middle, exponent - ulp)
    if part > 0.5 or (part == 0.5 and whole & 1):
        whole, part = whole + 1, part - 1
    if abs(whole) >> kind.bits:
        ulp, whole, part = ulp + 1, whole >> 1, part / 2
    if abs(whole).bit_length() + ulp > kind.most:
        return Rounded(beyond, 0.0, ulp)
    return Rounded(math.ldexp(whole, ulp), part, ulp)


def _split(middle: int, shift: int) -> tuple[int, float]:
    """middle * 2**shift as a whole number and a part in [0, 1)."""
    if shift >= 0:
        return middle << shift, 0.0
    whole = middle >> -shift
    return whole, (middle - (whole << -shift)) / (1 << -shift)
