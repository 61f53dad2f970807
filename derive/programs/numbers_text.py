"""Numbers in NumPy: as they stand, as floats beyond all integer types, as factors beyond those.

10^400, which no float64 holds, is 2.4e98 * 2.0**1000, behind the factors that it stands beside.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derive.notation.expression import Expr, Mul, Num, Pow
from derive.programs.pieces import ATOM, POWER, PRODUCT, UNARY, Text

WHOLE = 2**53
"""Up to here every integer is a float64 as well, and NumPy computes with it."""
BEYOND = Fraction(2) ** 1023
"""No float64 has this size, nearly."""
STEP = 1000
"""Powers of two by which a number is brought into range."""
LONGEST = 20_000
"""Bits of a power that is written as a number; a longer one stays as it stands."""


def number_text(value: Fraction) -> Text:
    """A number by itself."""
    long = max(abs(value.numerator), value.denominator) > WHOLE
    if long and abs(value) < BEYOND:
        return Text(repr(float(value)), ATOM if value >= 0 else UNARY)
    if value.denominator == 1:
        return Text(str(value.numerator), ATOM if value >= 0 else UNARY)
    return Text(f"{value.numerator} / {value.denominator}", PRODUCT)


def quotient(
    write: Callable[[Expr], Text], e: Expr
) -> tuple[bool, list[Text], list[Text], list[Text]]:
    """Sign, factors above, those that stand last among them, factors below; ones are left out."""
    minus = False
    above: list[Text] = []
    last: list[Text] = []
    below: list[Text] = []
    for factor in e.args if isinstance(e, Mul) else (e,):
        far = extreme(factor)
        if far is not None:
            minus = minus != (far < 0)
            over, under = in_range(far)
            last, below = last + over, below + under
            continue
        match factor:
            case Num(value):
                minus = minus != (value < 0)
                if abs(value.numerator) != 1:
                    # 269 / 200 * x, one number: 269 * x may overflow, and is one product more.
                    above.append(write(Num(abs(value))))
                elif value.denominator != 1:
                    below.append(number_text(Fraction(value.denominator)))
            case Pow(base, Num(value)) if value == -1:
                below.append(write(base))
            case _:
                above.append(write(factor))
    return minus, above, last, below


def extreme(e: Expr) -> Fraction | None:
    """The value of a number, or of a whole power of one, that float64 cannot hold; else None."""
    match e:
        case Num(value):
            found = value
        case Pow(Pow(Num(), Num()) as inner, Num(minus)) if minus == -1:
            below = extreme(inner)
            return None if below is None else 1 / below
        case Pow(Num(base), Num(power)) if (
            base != 0 and power.denominator == 1 and _bits(base) * abs(power) < LONGEST
        ):
            found = base ** int(power)
        case _:
            return None
    size = abs(found)
    inside = size == 0 or Fraction(2) ** -1022 <= size < BEYOND
    return None if inside else found


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def in_range(value: Fraction) -> tuple[list[Text], list[Text]]:
    """The factors above and those below of |value|, to be put behind all others."""
    size, steps = abs(value), 0
    while size >= Fraction(2) ** STEP:
        size, steps = size / 2**STEP, steps + 1
    while size < Fraction(2) ** -STEP:
        size, steps = size * 2**STEP, steps - 1
    powers = [Text(f"2.0**{STEP}", POWER)] * abs(steps)
    number = [Text(repr(float(size)), ATOM)] if size != 1 else []
    return ([*number, *powers], []) if steps > 0 else (number, powers)
