"""Numbers that know between which values they lie and how far rounding may have taken them.

A generated function that is called with them bounds its own rounding error. For every one of many
intervals they hold the exact value X between `low` and `high`, and the promise that the computed
number is X (1 + sum_k c_k e_k + d) + t with |e_k| <= 1, |d| <= `rest` and |t| <= `absolute`. There
is one e_k for each operation that was rounded, so errors that cancel are seen to cancel: this is
affine arithmetic (J. Stolfi and L. H. de Figueiredo, 1997, Self-Validated Numerical Methods) for
the standard model of rounding (N. J. Higham, 2002, Accuracy and Stability of Numerical Algorithms,
chapter 2), with underflow, and with the relative error of a rounding by the binade of the value.
What is said here is computed in doubles and widened each time, so that no bound is lost by that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
Truths: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
Ends: TypeAlias = tuple[Array, Array]
Noise: TypeAlias = Mapping[object, Ends]

UNIT = 2.0**-53
TINY = 2.0**-1074
NORMAL = float(np.finfo(np.float64).tiny)
LARGEST = float(np.finfo(np.float64).max)
MARGIN = 2.0**-45
"""By what share every bound and interval is widened: they are computed in doubles themselves."""


class UnboundedError(Exception):
    """A function was asked for of which nothing is assumed, or an answer is not determined."""


@dataclass(frozen=True)
class Decided:
    """For every interval whether a test surely holds, or surely does not, for computed numbers."""

    yes: Truths
    no: Truths


@dataclass(frozen=True, eq=False)
class Enclosures:
    """Exact values between `low` and `high`, and the errors of the computed ones."""

    low: Array
    high: Array
    noise: Noise = field(default_factory=dict)
    rest: Array | float = 0.0
    absolute: Array | float = 0.0

    __array_ufunc__ = None  # numbers and arrays leave the operators to this class

    @property
    def smallest(self) -> Array:
        """The least |X|."""
        across = (self.low <= 0) & (self.high >= 0)
        least: Array = np.where(across, 0.0, np.minimum(np.abs(self.low), np.abs(self.high)))
        return least

    @property
    def largest(self) -> Array:
        """The greatest |X|."""
        return np.maximum(np.abs(self.low), np.abs(self.high))

    @property
    def relative(self) -> Array:
        """The largest relative error, but for what is absolute."""
        total = np.zeros_like(self.low) + self.rest
        for low, high in self.noise.values():
            total = total + np.maximum(np.abs(low), np.abs(high))
        return total * (1 + MARGIN)

    @property
    def error(self) -> Array:
        """The greatest distance between a computed value and the exact one."""
        relative = self.relative
        # A product of small bounds may be too small for a double itself.
        return (relative * self.largest + self.absolute) * (1 + MARGIN) + TINY * (relative > 0)

    @property
    def exact(self) -> bool:
        """Whether the computed value is the exact one."""
        return not np.any(self.error > 0)

    def __neg__(self) -> Enclosures:
        return replace(self, low=-self.high, high=-self.low)

    def __abs__(self) -> Enclosures:
        return replace(self, low=self.smallest, high=self.largest)

    def __add__(self, other: Enclosures | float) -> Enclosures:
        if not isinstance(other, Enclosures) and other == 0:
            return self
        y = enclosed(other, self)
        low, high = wider(self.low + y.low, self.high + y.high)
        total = Enclosures(low, high)
        if self.exact and y.exact:
            return rounded(total, {}, 0.0, 0.0, underflow=False)
        # Where the sum may vanish, what its terms err by is all that can be said.
        apart = total.smallest > 0
        mine, theirs = _share(self, y, apart), _share(y, self, apart)
        noise = combined(self.noise, mine, y.noise, theirs)
        rest = self.rest * _most(mine) + y.rest * _most(theirs)
        absolute = np.where(apart, self.absolute + y.absolute, self.error + y.error)
        return rounded(total, noise, rest, absolute, underflow=False)

    __radd__ = __add__

    def __sub__(self, other: Enclosures | float) -> Enclosures:
        return self + (-other)

    def __rsub__(self, other: float) -> Enclosures:
        return (-self) + other

    def __mul__(self, other: Enclosures | float) -> Enclosures | float:
        if not isinstance(other, Enclosures):
            if other == 0:
                return 0.0
            if _power_of_two(other):
                return self._scaled(float(other))
        y = enclosed(other, self)
        one = (np.ones_like(self.low),) * 2
        a, b = self.relative, y.relative
        absolute = self.absolute * y.largest * (1 + b) + y.absolute * self.largest * (1 + a)
        absolute = absolute + TINY * (np.asarray(self.absolute) + y.absolute > 0)
        return rounded(
            Enclosures(*_products(self, y)),
            combined(self.noise, one, y.noise, one),
            self.rest + y.rest + a * b,
            absolute + self.absolute * y.absolute,
        )

    __rmul__ = __mul__

    def __truediv__(self, other: Enclosures | float) -> Enclosures:
        if not isinstance(other, Enclosures) and _power_of_two(other):
            return self._scaled(1 / float(other))
        return _quotient(self, enclosed(other, self))

    def __rtruediv__(self, other: float) -> Enclosures | float:
        return _quotient(enclosed(other, self), self) if other else 0.0

    def __pow__(self, exponent: float) -> Enclosures:
        if exponent != 2:
            raise UnboundedError(f"nothing is assumed of the power {exponent}")
        square = self * self
        if not isinstance(square, Enclosures):
            raise TypeError("a square of intervals is one")
        return replace(square, low=np.maximum(square.low, 0.0))

    def __le__(self, limit: float) -> Decided:
        return Decided(self.high + self.error <= limit, self.low - self.error > limit)

    def __ge__(self, limit: float) -> Decided:
        return Decided(self.low - self.error >= limit, self.high + self.error < limit)

    def _scaled(self, factor: float) -> Enclosures:
        """By a power of two: exact, unless the result leaves the normal numbers."""
        ends = (self.low * factor, self.high * factor)
        low, high = np.minimum(*ends), np.maximum(*ends)
        lost = np.where(np.maximum(np.abs(low), np.abs(high)) < LARGEST / 4, 0.0, np.inf)
        small = (np.minimum(np.abs(low), np.abs(high)) < NORMAL) & (abs(factor) < 1)
        absolute = self.absolute * abs(factor) + np.where(small, TINY, 0.0)
        low, high = np.clip(low, -LARGEST, LARGEST), np.clip(high, -LARGEST, LARGEST)
        return replace(self, low=low, high=high, rest=self.rest + lost, absolute=absolute)


def either(test: Decided, first: Enclosures, second: Enclosures) -> Enclosures:
    """The one or the other of two forms of the same value: where that is open, the worse bound."""
    yes, no = test.yes, test.no
    noise = {key: (np.where(yes, a, 0.0), np.where(yes, b, 0.0))
             for key, (a, b) in first.noise.items()}  # fmt: skip
    for key, (a, b) in second.noise.items():
        low, high = noise.get(key, (0.0, 0.0))
        noise[key] = (np.where(no, a, low), np.where(no, b, high))
    worse = np.maximum(first.relative, second.relative)
    return Enclosures(
        np.where(yes, first.low, np.where(no, second.low, np.minimum(first.low, second.low))),
        np.where(yes, first.high, np.where(no, second.high, np.maximum(first.high, second.high))),
        noise,
        np.where(yes, first.rest, np.where(no, second.rest, worse)),
        np.where(yes, first.absolute,
                 np.where(no, second.absolute, np.maximum(first.absolute, second.absolute))),
    )  # fmt: skip


def enclosed(value: Enclosures | float, like: Enclosures) -> Enclosures:
    """A number as exact intervals without width, as many as `like` has."""
    if isinstance(value, Enclosures):
        return value
    same = np.full_like(like.low, float(value))
    return Enclosures(same, same)


def half_unit(value: Enclosures, relative: Array) -> Array:
    """The largest relative error of rounding to nearest for values as large as these."""
    share, power = np.frexp(value.smallest * (1 - np.minimum(relative, 0.5)) * (1 - MARGIN))
    _, above = np.frexp(np.minimum(value.largest, LARGEST / 4) * (1 + relative) * (1 + MARGIN))
    one = (power == above) & (share > 0)
    within: Array = np.where(one, UNIT / (2 * np.where(one, share, 1.0)), UNIT)
    return within


def wider(low: Array, high: Array) -> Ends:
    """An interval a little larger, so that the rounding of its ends does not matter.

    Beyond the numbers of the machine it ends at the largest: `rounded` gives such values up.
    """
    low, high = np.clip(low, -LARGEST, LARGEST), np.clip(high, -LARGEST, LARGEST)
    return (
        np.maximum(low - np.abs(low) * MARGIN - TINY * (low != 0), -LARGEST),
        np.minimum(high + np.abs(high) * MARGIN + TINY * (high != 0), LARGEST),
    )


def rounded(
    value: Enclosures,
    noise: Noise,
    rest: Array | float,
    absolute: Array | float,
    *,
    units: float = 0.5,
    underflow: bool = True,
) -> Enclosures:
    """The result of an operation that itself errs by so many units in the last place.

    By its operands alone the value would err by `noise`, `rest` and `absolute`.
    """
    before = replace(value, noise=noise, rest=rest, absolute=absolute)
    relative = before.relative
    own = 2 * units * half_unit(value, relative)
    # Sums of floats are exact below the normal numbers; what else is rounded there errs absolutely.
    small = (value.smallest < 2 * NORMAL) & underflow
    return replace(
        before,
        noise={**noise, object(): (own, own)},
        rest=unless_lost(
            np.where(value.largest < LARGEST / 4, relative, np.inf),
            (rest + relative * own) * (1 + MARGIN),
        ),
        absolute=np.where(np.asarray(absolute) > 0, absolute * (1 + own) * (1 + MARGIN), 0.0)
        + np.where(small, units * TINY, 0.0),
    )


def unless_lost(relative: Array, bound: Array | float) -> Array:
    """The bound, and infinity where a value has no digits left: it may still not be needed."""
    kept: Array = np.where(relative < 0.5, bound, np.inf)
    return kept


def combined(one: Noise, weight: Ends, two: Noise, other: Ends) -> Noise:
    """The coefficients of a sum: those of both, each with its weight."""
    out = {key: scaled(ends, weight) for key, ends in one.items()}
    for key, ends in two.items():
        more = scaled(ends, other)
        low, high = out.get(key, (0.0, 0.0))
        out[key] = wider(low + more[0], high + more[1])
    return out


def scaled(ends: Ends, by: Ends) -> Ends:
    """The product of two intervals."""
    corners = [a * b for a in ends for b in by]
    return wider(np.minimum.reduce(corners), np.maximum.reduce(corners))


def _share(x: Enclosures, y: Enclosures, apart: Truths) -> Ends:
    """X/(X + Y), where the sum does not vanish: it is largest and smallest at the corners."""
    corners = []
    for a in (x.low, x.high):
        for b in (y.low, y.high):
            whole = np.where(apart & (a + b != 0), a + b, 1.0)
            corners.append(np.where(apart, a / whole, 0.0))
    return wider(np.minimum.reduce(corners), np.maximum.reduce(corners))


def _most(ends: Ends) -> Array:
    return np.maximum(np.abs(ends[0]), np.abs(ends[1]))


def _power_of_two(number: float) -> bool:
    return bool(np.frexp(abs(number))[0] == 0.5)


def _products(x: Enclosures, y: Enclosures) -> Ends:
    with np.errstate(over="ignore"):
        corners = (x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high)
        return wider(np.minimum.reduce(corners), np.maximum.reduce(corners))


def _quotient(x: Enclosures, y: Enclosures) -> Enclosures:
    least = y.smallest
    if not np.all(least > 0):
        raise UnboundedError("a divisor may vanish")
    a, b = x.relative, np.minimum(y.relative + y.absolute / least, 0.75)
    one = np.ones_like(least)
    # (1 + a)/(1 + b) = 1 + a - b + (b^2 - a b)/(1 + b); what is absolute below counts as relative.
    second = (b * b + a * b) / (1 - b)
    return rounded(
        Enclosures(*_products(x, Enclosures(*wider(1 / y.high, 1 / y.low)))),
        combined(x.noise, (one, one), y.noise, (-one, -one)),
        unless_lost(b, x.rest + y.rest + y.absolute / least + second),
        x.absolute / (least * (1 - b)) + TINY * (np.asarray(x.absolute) > 0),
    )


def increasing(
    x: Enclosures, function: Callable[[Array], Array], condition: Ends, slope: Array, units: float
) -> Enclosures:
    """An increasing function of the machine that errs by so many units in the last place.

    `condition` holds X f'(X)/f(X); `slope` bounds f' between computed and exact arguments. A second
    order term of the relative error is at most its square here: see `Machine`.
    """
    with np.errstate(over="ignore"):
        ends = wider(function(x.low), function(x.high))
    relative = x.relative
    none: Noise = {}
    return rounded(
        Enclosures(*ends),
        combined(x.noise, condition, none, condition),
        x.rest * _most(condition) + 2 * (relative * (1 + _most(condition))) ** 2,
        slope * x.absolute,
        units=units,
    )
