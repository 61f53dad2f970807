"""Intervals of the extended real line: where a quantity may lie.

An end is a `Fraction`, or plus or minus infinity (a float). Infinite ends are always open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

End = Fraction | float


@dataclass(frozen=True)
class Interval:
    """The set between `low` and `high`; `integer` restricts it to whole numbers.

    `members` are all of a finite set that is no run of whole numbers, in order: {-1, 1}.
    """

    low: End = -math.inf
    high: End = math.inf
    low_open: bool = False
    high_open: bool = False
    integer: bool = False
    members: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            end = getattr(self, name)
            if isinstance(end, int):
                object.__setattr__(self, name, Fraction(end))
        if self.low == -math.inf:
            object.__setattr__(self, "low_open", True)
        if self.high == math.inf:
            object.__setattr__(self, "high_open", True)

    def __contains__(self, value: End) -> bool:
        if self.members:
            return value in self.members
        if self.integer and value % 1 != 0:
            return False
        above = value > self.low or (value == self.low and not self.low_open)
        below = value < self.high or (value == self.high and not self.high_open)
        return above and below

    @property
    def positive(self) -> bool:
        """Every member is > 0."""
        return self.low > 0 or (self.low == 0 and self.low_open)

    @property
    def nonnegative(self) -> bool:
        """Every member is >= 0."""
        return self.low >= 0

    @property
    def nonzero(self) -> bool:
        """No member is 0."""
        return 0 not in self

    def within(self, other: Interval) -> bool:
        """Whether every member of this interval lies in `other`."""
        if self.members or self.low == self.high:
            return all(x in other for x in self.members or (self.low,))
        if other.members or (other.integer and not self.integer):
            return False
        low = self.low > other.low or (
            self.low == other.low and (self.low_open or not other.low_open)
        )
        high = self.high < other.high or (
            self.high == other.high and (self.high_open or not other.high_open)
        )
        return low and high

    def closure(self) -> Interval:
        """The interval with its finite ends included."""
        return Interval(self.low, self.high)

    @property
    def discrete(self) -> bool:
        """Whether it is a set of single numbers."""
        return self.integer or bool(self.members) or self.low == self.high


REAL = Interval()
POSITIVE = Interval(low=Fraction(0), low_open=True)
NONNEGATIVE = Interval(low=Fraction(0))
UNIT = Interval(Fraction(0), Fraction(1))
OPEN_UNIT = Interval(Fraction(0), Fraction(1), True, True)
BINARY = Interval(Fraction(0), Fraction(1), integer=True)
COUNTS = Interval(low=Fraction(0), integer=True)


def point(value: Fraction | int) -> Interval:
    """The interval that holds one number."""
    return Interval(Fraction(value), Fraction(value))


def finite(*numbers: Fraction | int) -> Interval:
    """The set of these numbers; a run of whole numbers is the interval of them."""
    members = tuple(sorted({Fraction(x) for x in numbers}))
    low, high = members[0], members[-1]
    if low.denominator == 1 and members == tuple(low + k for k in range(len(members))):
        return Interval(low, high, integer=True)
    return Interval(low, high, members=members)


SIGNS = finite(-1, 1)


def add(a: Interval, b: Interval) -> Interval:
    """All sums of a member of `a` and a member of `b`."""
    return Interval(
        _end_sum(a.low, b.low),
        _end_sum(a.high, b.high),
        a.low_open or b.low_open,
        a.high_open or b.high_open,
        a.integer and b.integer,
    )


def _end_sum(x: End, y: End) -> End:
    """The sum of two low or of two high ends; a number may be beyond all floats."""
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return x + y
    return x if not isinstance(x, Fraction) else y


def hull(a: Interval, b: Interval) -> Interval:
    """The smallest interval that holds both."""
    low, high = min(a.low, b.low), max(a.high, b.high)
    return Interval(low, high, low not in a and low not in b, high not in a and high not in b)


def _end_product(x: End, x_open: bool, y: End, y_open: bool) -> tuple[End, bool]:
    """The product of two ends; 0 times infinity is the closed or open 0 of its finite end."""
    if x == 0 or y == 0:
        return Fraction(0), (x == 0 and x_open) or (y == 0 and y_open)
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return x * y, x_open or y_open
    return (math.inf if (x > 0) == (y > 0) else -math.inf), x_open or y_open


def multiply(a: Interval, b: Interval) -> Interval:
    """All products of a member of `a` and a member of `b`."""
    ends = [
        _end_product(x, x_open, y, y_open)
        for x, x_open in ((a.low, a.low_open), (a.high, a.high_open))
        for y, y_open in ((b.low, b.low_open), (b.high, b.high_open))
    ]
    low = min(value for value, _ in ends)
    high = max(value for value, _ in ends)
    zero = 0 in a or 0 in b
    return Interval(
        low,
        high,
        all(is_open for value, is_open in ends if value == low) and not (low == 0 and zero),
        all(is_open for value, is_open in ends if value == high) and not (high == 0 and zero),
        a.integer and b.integer,
    )


def reciprocal(a: Interval) -> Interval:
    """All 1/x for x in `a` other than 0."""
    if a.positive or a.nonnegative:
        low = Fraction(0) if a.high == math.inf else 1 / Fraction(a.high)
        high = math.inf if a.low == 0 else 1 / Fraction(a.low)
        return Interval(low, high, a.high_open, a.low_open)
    if a.high <= 0:
        return negate(reciprocal(negate(a)))
    return REAL


def negate(a: Interval) -> Interval:
    """All -x for x in `a`."""
    members = tuple(-x for x in reversed(a.members))
    return Interval(-a.high, -a.low, a.high_open, a.low_open, a.integer, members)


def integer_power(a: Interval, exponent: int) -> Interval:
    """All x**exponent for x in `a` (x other than 0 where the exponent is negative)."""
    if exponent < 0:
        return reciprocal(integer_power(a, -exponent))
    if exponent == 0:
        return point(1)
    if a.members:
        return finite(*(x**exponent for x in a.members))
    if exponent % 2 == 1 or a.nonnegative:
        return Interval(
            _power(a.low, exponent), _power(a.high, exponent), a.low_open, a.high_open, a.integer
        )
    if a.high <= 0:
        return integer_power(negate(a), exponent)
    high = max(_power(a.low, exponent), _power(a.high, exponent))
    ends = ((a.low, a.low_open), (a.high, a.high_open))
    high_open = all(is_open for end, is_open in ends if _power(end, exponent) == high)
    return Interval(Fraction(0), high, False, high_open, a.integer)


def _power(end: End, exponent: int) -> End:
    return end**exponent if isinstance(end, Fraction) else float(end) ** exponent
