"""Limits of quotients at the ends of an interval, where they are 0 or a known number.

At infinity a letter is large like a power of t, falls faster than every power grows ("tiny"), or
has a constant limit; what is none of these has no limit here.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Protocol

from derive.judge.arithmetic import OutsideError, Value
from derive.judge.balls import BallArithmetic
from derive.judge.derived import PRIMITIVES
from derive.judge.quotients import (
    Letter,
    Poly,
    Quotient,
    T,
    number,
    single,
    whole_power,
)
from derive.notation.interval import End

TINY = "tiny"
Limit = Quotient | float | str | None
"""A constant, an infinity that is approached at least like a power of t, TINY, or unknown."""


class Evaluator(Protocol):
    """What can evaluate a quotient at a place."""

    balls: BallArithmetic

    def value(self, q: Quotient, t: Value) -> Value: ...


class Limits:
    """Limits, with an evaluator for the signs of constants."""

    def __init__(self, prover: Evaluator) -> None:
        self.prover = prover

    def of_sum(self, summands: tuple[Quotient, ...], end: End) -> int | None:
        """0 or 1 where the limit of a sum at an end is zero or positive (or infinity), else None.

        At a finite end it is the value there.
        """
        origin = self.prover.balls.number(Fraction(0))
        if not isinstance(end, float):
            return self._sign(reduce(add, summands), self.prover.balls.number(end))
        limits = [self.quotient(q, 1 if end > 0 else -1) for q in summands]
        if all(limit == TINY or isinstance(limit, Quotient) for limit in limits):
            finite = [limit for limit in limits if isinstance(limit, Quotient)]
            return self._sign(reduce(add, finite, number(0)), origin)
        return 1 if limits == [math.inf] else None

    def _sign(self, q: Quotient, t: Value) -> int | None:
        if not q.top.terms:
            return 0
        try:
            value = self.prover.value(q, t)
        except (OutsideError, ZeroDivisionError):
            return None
        if value > 0:
            return 1
        return 0 if value.is_zero() else None

    def quotient(self, q: Quotient, side: int) -> Limit:
        """The limit as t goes to infinity, with the sign `side`."""
        top = self._powers(q.top, side)
        if top is None:
            return None
        below: dict[int, Quotient] = {0: number(1)}
        for part, k in q.below:
            powers = self._powers(part, side)
            if not powers:
                return None
            degree = max(powers)
            below = {max(below) + k * degree: below[max(below)] * whole_power(powers[degree], k)}
        if not top:
            return TINY
        degree, lowest = max(top), max(below)
        lead = top[degree] * below[lowest].inverse()
        if degree < lowest:
            return number(0)
        if degree == lowest:
            return lead
        sign = self._sign(lead, self.prover.balls.number(Fraction(0)))
        turned = self._sign(-lead, self.prover.balls.number(Fraction(0)))
        if sign != 1 and turned != 1:
            return None
        positive = (sign == 1) == (side > 0 or (degree - lowest) % 2 == 0)
        return math.inf if positive else -math.inf

    def _powers(self, p: Poly, side: int) -> dict[int, Quotient] | None:
        """The polynomial as one in t with constant coefficients; tiny terms are left out."""
        out: dict[int, Quotient] = {}
        for monomial, c in p.terms:
            coefficient, degree, tiny = number(c), 0, False
            unknown = False
            for letter, k in monomial:
                if letter == T:
                    degree += k
                    continue
                limit = self.letter(letter, side)
                if limit == TINY:
                    tiny = True
                elif isinstance(limit, Quotient):
                    # A limit 0 may be reached more slowly than a power of t grows.
                    coefficient = coefficient * whole_power(limit, k)
                else:
                    unknown = True
            if unknown:
                return None
            if tiny:
                continue
            if degree and not all(a == T or a.constant for a, _ in monomial):
                return None
            out[degree] = out.get(degree, number(0)) + coefficient
        return {d: c for d, c in out.items() if c.top.terms}

    def letter(self, letter: Letter, side: int) -> Limit:
        """The limit of a letter."""
        if letter == T:
            return math.inf if side > 0 else -math.inf
        if letter.constant:
            return single(letter)
        if letter.arg is None:
            return None
        inner = self.quotient(letter.arg, side)
        known = PRIMITIVES.get(letter.name)
        if known is None or known.ends is None:
            return None
        if isinstance(inner, float):
            upper = inner > 0
            if known.tiny and upper == (known.tiny > 0):
                return TINY
            limit = known.ends[1 if upper else 0]
            if isinstance(limit, Quotient):
                return limit
            # The exponential of what is large is larger than any power; other growth is unknown.
            return None
        zero = inner == TINY or (isinstance(inner, Quotient) and not inner.top.terms)
        if not zero:
            return None
        return {"exp": number(1), "erfc": number(1), "atan": number(0), "erf": number(0)}.get(
            letter.name
        )
