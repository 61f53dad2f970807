"""NumPy as far as something is assumed of it, for numbers that bound their own rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from derive.judge.enclosures import (
    MARGIN,
    Array,
    Decided,
    Enclosures,
    UnboundedError,
    either,
    enclosed,
    increasing,
    unless_lost,
    wider,
)

UNITS = 1.0
"""What is assumed of exp, log1p and expm1: they err by at most one unit in the last place."""

Number = Enclosures | float


class Machine:
    """The functions of NumPy that the generated losses are made of.

    The condition X f'(X)/f(X) of exp is X; of expm1 it increases with X and is 1 at 0; of log1p it
    decreases from 1 at 0, for X >= 0. In all three a relative error r of X that is small, and small
    when multiplied by X, leaves in f beside its first order at most 2 (r (1 + condition))^2.
    """

    ndarray = np.ndarray
    float64 = np.float64

    @staticmethod
    def exp(x: Enclosures) -> Enclosures:
        """What is absolute in the argument is relative in the value."""
        shift = np.expm1(np.minimum(np.zeros_like(x.low) + x.absolute, 1.0)) * (1 + MARGIN)
        plain = Enclosures(x.low, x.high, x.noise, x.rest)
        found = increasing(plain, np.exp, (x.low, x.high), np.zeros_like(x.low), UNITS)
        more = unless_lost(x.error, found.rest + shift * (1 + found.relative))
        return Enclosures(np.maximum(found.low, 0.0), found.high, found.noise, more, found.absolute)

    @staticmethod
    def expm1(x: Enclosures) -> Enclosures:
        """Its slope is at most e^max(x, 0)."""
        ends = (_condition_of_expm1(x.low), _condition_of_expm1(x.high))
        slope = np.exp(np.minimum(np.maximum(x.high, 0.0) + x.error, 709.0))
        return increasing(x, np.expm1, wider(*ends), slope * (1 + MARGIN), UNITS)

    @staticmethod
    def log1p(x: Enclosures) -> Enclosures:
        """Its slope is at most 1."""
        if np.any(x.low < 0):
            raise UnboundedError("log1p of a negative number")
        ends = (_condition_of_log1p(x.high), _condition_of_log1p(x.low))
        return increasing(x, np.log1p, wider(*ends), np.ones_like(x.low), UNITS)

    @staticmethod
    def abs(x: Number) -> Number:
        """Exact."""
        return x.__abs__()

    @staticmethod
    def maximum(x: Number, y: Number) -> Number:
        """Exact: no error grows by it."""
        return _extreme(x, y, np.maximum)

    @staticmethod
    def minimum(x: Number, y: Number) -> Number:
        """Exact: no error grows by it."""
        return _extreme(x, y, np.minimum)

    @staticmethod
    def heaviside(x: Number, at_zero: float) -> Number:
        """1 above 0 and 0 below, where the sign is beyond doubt."""
        if not isinstance(x, Enclosures):
            return float(np.heaviside(x, at_zero))
        if np.all(x.low > x.error):
            return 1.0
        if np.all(x.high < -x.error):
            return 0.0
        if x.exact and not np.any(x.largest > 0):
            return at_zero
        raise UnboundedError("a sign that is not determined")


class Special:
    """The functions of the generated package that only choose."""

    @staticmethod
    def refined(near: object, close: Number, usual: Number) -> Number:
        """Labels and scores decide which of two forms of one value is taken."""
        if isinstance(near, bool | np.bool_):
            return close if near else usual
        like = next((x for x in (close, usual) if isinstance(x, Enclosures)), None)
        if not isinstance(near, Decided) or like is None:
            raise UnboundedError("a choice that is not understood")
        return either(near, enclosed(close, like), enclosed(usual, like))


def _condition_of_expm1(x: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found: Array = np.where(x == 0, 1.0, x / -np.expm1(-x))
    return np.where(np.isfinite(found), found, np.maximum(x, 0.0) + 1)


def _condition_of_log1p(x: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Array = np.where(x == 0, 1.0, x / ((1 + x) * np.log1p(x)))
    return found


def _extreme(x: Number, y: Number, function: Callable[..., Any]) -> Number:
    if not isinstance(x, Enclosures):
        x, y = y, x
    if not isinstance(x, Enclosures):
        return float(function(x, y))
    other = enclosed(y, x)
    low, high = function(x.low, other.low), function(x.high, other.high)
    if np.array_equal(low, x.low) and np.array_equal(high, x.high) and _apart(x, other):
        return x
    if np.array_equal(low, other.low) and np.array_equal(high, other.high) and _apart(x, other):
        return other
    absolute = np.maximum(x.error, other.error)
    return Enclosures(low, high, {}, 0.0, absolute)


def _apart(x: Enclosures, y: Enclosures) -> bool:
    """Whether the computed numbers stand in the order of the exact ones, or are both exact."""
    gap = np.maximum(x.low - y.high, y.low - x.high)
    return bool(np.all(gap >= x.error + y.error))
