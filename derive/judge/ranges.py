"""Intervals that hold the values of quotients on an interval, and balls at a single place."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.judge.arithmetic import MalformedError, OutsideError, Value
from derive.judge.balls import BallArithmetic
from derive.judge.derived import PRIMITIVES
from derive.judge.quotients import Letter, Poly, Quotient
from derive.notation import interval as iv
from derive.notation.interval import End, Interval


@dataclass
class Ranges:
    """Enclosures by ball arithmetic; those of letters are kept."""

    balls: BallArithmetic
    enclosed: dict[tuple[Letter, Interval], Interval] = field(default_factory=dict)

    def poly(self, p: Poly, where: Interval) -> Interval:
        """An interval that holds the values of a polynomial on an interval."""
        total = iv.point(0)
        for monomial, c in p.terms:
            term = iv.point(c)
            for letter, k in monomial:
                term = iv.multiply(term, iv.integer_power(self.letter(letter, where), k))
            total = iv.add(total, term)
        return total

    def quotient(self, q: Quotient, where: Interval) -> Interval:
        """An interval that holds the values of a quotient on an interval."""
        total = self.poly(q.top, where)
        for part, k in q.below:
            below = iv.integer_power(self.poly(part, where), k)
            if not below.nonzero and not below.nonnegative and below.high > 0:
                return iv.REAL
            total = iv.multiply(total, iv.reciprocal(below))
        return total

    def letter(self, letter: Letter, where: Interval) -> Interval:
        """An interval that holds the values of a letter."""
        key = letter, where
        if key not in self.enclosed:
            self.enclosed[key] = self._letter(letter, where)
        return self.enclosed[key]

    def _letter(self, letter: Letter, where: Interval) -> Interval:
        if letter.name == "t":
            return where
        if letter.constant:
            return self._around(self._ball(letter, self.balls.number(Fraction(0))))
        if letter.arg is None:
            return iv.REAL
        inner = self.quotient(letter.arg, where)
        if letter.name == "power":
            return iv.POSITIVE if inner.positive else iv.NONNEGATIVE
        known = PRIMITIVES.get(letter.name)
        if known is None:
            return iv.REAL
        if known.way is None or not inner.within(known.domain.closure()):
            return known.range
        ends = [self._end(letter.name, inner.low, 0), self._end(letter.name, inner.high, 1)]
        opened = [inner.low_open, inner.high_open]
        if known.way == "down":
            ends, opened = ends[::-1], opened[::-1]
        low, high = ends[0].low, ends[1].high
        # An end that a ball has widened is not reached.
        exact = [e.low == e.high for e in ends]
        return Interval(
            max(low, known.range.low), min(high, known.range.high),
            opened[0] or (low <= known.range.low and known.range.low_open) or not exact[0],
            opened[1] or (high >= known.range.high and known.range.high_open) or not exact[1],
        )  # fmt: skip

    def _end(self, name: str, at: End, side: int) -> Interval:
        """The value or limit of a monotone primitive at the end of an interval."""
        known = PRIMITIVES[name]
        end = (known.domain.low, known.domain.high)[side]
        if isinstance(at, float) or at == end:
            limit = known.ends[side] if known.ends is not None else (-math.inf, math.inf)[side]
            if isinstance(limit, float):
                return Interval(limit, limit) if math.isinf(limit) else iv.REAL
            return self._around(self.value(limit, self.balls.number(Fraction(0))))
        with self.balls.working():
            return self._around(self._primitive(name, self.balls.number(at)))

    def _around(self, ball: Any) -> Interval:
        """The interval of a ball."""
        if ball.is_exact():
            return iv.point(_fraction(ball))
        return Interval(_fraction(ball.lower()), _fraction(ball.upper()))

    def value(self, q: Quotient, t: Value) -> Value:
        """The value of a quotient for a ball t."""
        with self.balls.working():
            total = self._poly_value(q.top, t)
            for part, k in q.below:
                below = self._poly_value(part, t)
                if below.is_zero():
                    raise OutsideError("a division by zero", definite=True)
                if below.contains(0):
                    raise ZeroDivisionError
                total = total / below**k
            return total

    def _poly_value(self, p: Poly, t: Value) -> Value:
        total = self.balls.number(Fraction(0))
        known: dict[Letter, Value] = {}
        for monomial, c in p.terms:
            term = self.balls.number(c)
            for letter, k in monomial:
                if letter not in known:
                    known[letter] = self._ball(letter, t)
                term = term * known[letter] ** k
            total = total + term
        return total

    def _ball(self, letter: Letter, t: Value) -> Value:
        if letter.name == "t":
            return t
        if letter.name == "root of pi":
            return self.balls.flint.arb.pi().sqrt()
        if letter.arg is None:
            raise OutsideError(f"the letter {letter.key} has no value", definite=False)
        inner = self.value(letter.arg, t)
        if letter.name == "power":
            return (inner.log() * self.balls.number(letter.power)).exp()
        return self._primitive(letter.name, inner)

    def _primitive(self, name: str, at: Value) -> Value:
        """psi2 is the derivative of trigamma; of psi3 no value is needed."""
        if name == "psi2":
            return self.balls.series("trigamma", at, 1)[1]
        try:
            return self.balls.series(name, at, 0)[0]
        except MalformedError as error:
            raise OutsideError(str(error), definite=False) from error


def _fraction(ball: Any) -> Fraction:
    """The middle of an exact ball."""
    if not ball.is_finite():
        return Fraction(0) if ball.is_nan() else ball
    found = ball.mid().fmpq() if hasattr(ball.mid(), "fmpq") else ball.unique_fmpq()
    return Fraction(int(found.p), int(found.q))
