"""Numbers with exponentials carried apart, for scores so large that 1 - e^-z is 1 at any precision.

A value is a short sum c_1 exp(E_1) + c_2 exp(E_2) + ... with balls c and E, the exponents far
apart and falling; what is left out is bounded by exp(rest). This is the arithmetic of the leading
terms of a transseries, so log(1 - 1/(1 + e^-z)) is -z and not the logarithm of 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.judge.arithmetic import MalformedError, OutsideError
from derive.judge.balls import BallArithmetic

NEAR = 64
"""Exponents that differ by less are brought together: e^64 costs 92 of the bits."""

ORDERS = 3
"""So many terms are kept; the next is below e^-64 of each of them."""


@dataclass(frozen=True)
class Tail:
    """The sum of c exp(E) over `terms`, exponents falling; |what is missing| <= exp(rest)."""

    terms: tuple[tuple[Any, Any], ...]
    rest: Any
    arb: Any

    def __add__(self, other: Tail) -> Tail:
        return collected(self.arb, self.terms + other.terms, [self.rest, other.rest])

    def __neg__(self) -> Tail:
        return Tail(tuple((e, -c) for e, c in self.terms), self.rest, self.arb)

    def __sub__(self, other: Tail) -> Tail:
        return self + -other

    def __mul__(self, other: Tail | int) -> Tail:
        if isinstance(other, int):
            return self.times(other)
        terms = tuple((e + f, c * d) for e, c in self.terms for f, d in other.terms)
        rests = [
            a.rest + size
            for a, b in ((self, other), (other, self))
            if a.rest is not None
            for size in [b.size()]
            if size is not None
        ]
        return collected(self.arb, terms, rests)

    __rmul__ = __mul__

    def __truediv__(self, number: int) -> Tail:
        return self.times(1 / self.arb(number))

    def size(self) -> Any:
        """An exponent that bounds the value: |value| <= exp(size); None for an exact zero."""
        sizes = [e + (c.abs_upper() + 1).log() + 2 for e, c in self.terms]
        sizes += [self.rest] if self.rest is not None else []
        return largest(sizes)

    def times(self, number: Any) -> Tail:
        """A multiple by a ball."""
        return Tail(tuple((e, c * number) for e, c in self.terms), self.rest, self.arb)


def largest(exponents: list[Any]) -> Any:
    """The largest of some exponents, rounded up; None where there is none."""
    uppers = [e.upper() for e in exponents if e is not None]
    return max(uppers) if uppers else None


def collected(arb: Any, terms: tuple[tuple[Any, Any], ...], rests: list[Any]) -> Tail:
    """Terms with exponents close to each other become one; what the rest covers is left out."""
    rest = largest(rests)
    groups: list[tuple[Any, Any]] = []
    for e, c in sorted(terms, key=lambda term: term[0].mid(), reverse=True):
        if c.is_zero():
            continue
        if groups and abs(groups[-1][0].mid() - e.mid()) < NEAR:
            head, total = groups[-1]
            gap = e - head
            groups[-1] = (head, total + c * gap.exp() if not gap.is_zero() else total + c)
        else:
            groups.append((e, c))
    groups = [(e, c) for e, c in groups if not c.is_zero()]
    for e, c in groups[ORDERS:]:
        rest = largest([rest, e + (c.abs_upper() + 1).log() + 2])
    return Tail(tuple(groups[:ORDERS]), rest, arb)


MARGIN = 16
"""What is left out must be below e^-16 of what is kept."""

FORMATS = 6000
"""exp(6000) is above every number of a format, and exp(-6000) times a coefficient below."""

HUGE = 10**5
"""exp(-exp(E)) is bounded by exp(-exp(HUGE)) where E is larger: that is below everything."""


@dataclass(frozen=True)
class TailArithmetic(BallArithmetic):
    """The judge's arithmetic with such values."""

    name = "tails"

    def number(self, value: Fraction) -> Tail:
        arb = self.flint.arb
        return self.plain(arb(self.flint.fmpq(value.numerator, value.denominator)))

    def plain(self, ball: Any) -> Tail:
        """A ball as a value."""
        terms = () if ball.is_zero() else ((self.flint.arb(0), ball),)
        return Tail(terms, None, self.flint.arb)

    def constant(self, name: str) -> Tail:
        return self.plain(super().constant(name))

    def integer(self, value: Tail) -> int | None:
        if value.rest is not None or len(value.terms) > 1:
            return None
        if not value.terms:
            return 0
        ((e, c),) = value.terms
        return super().integer(c) if e.is_zero() else None

    def sign(self, value: Tail) -> int | None:
        if not value.terms:
            return 0 if value.rest is None else None
        (e, c), *others = value.terms
        beside = Tail(
            tuple((f - e, d) for f, d in others), value.rest and value.rest - e, value.arb
        )
        size = beside.size()
        # The leading term decides where all else is a small part of it.
        if size is not None and not size + MARGIN < -(1 / c).abs_upper().log():
            return None
        return super().sign(c) or None

    def inverse(self, value: Tail) -> Tail:
        """1/(a + d) for a leading term a: (1/a)(1 - d/a + (d/a)^2 - ...)."""
        first, small = self._split(value)
        out = self._series_of([self.flint.arb((-1) ** k) for k in range(ORDERS)], small)
        return out * first

    def _split(self, value: Tail) -> tuple[Tail, Tail]:
        """1/a for the leading term a, and the others over it."""
        sign = self.sign(value)
        if sign is None or sign == 0:
            raise OutsideError("a leading term is not decided", definite=sign == 0)
        (e, c), *others = value.terms
        first = Tail(((-e, 1 / c),), None, self.flint.arb)
        return first, Tail(tuple(others), value.rest, self.flint.arb) * first

    def _series_of(self, coefficients: list[Any], small: Tail) -> Tail:
        """sum_k c_k small^k, and a rest for the powers left out, of coefficients below e^8."""
        out, power = self.plain(coefficients[0]), self.plain(self.flint.arb(1))
        for c in coefficients[1:]:
            power = power * small
            out = out + power.times(c)
        size = (power * small).size()
        if size is None:
            return out
        if not small.size() < -MARGIN:
            raise OutsideError("a series of what is not small", definite=False)
        return collected(self.flint.arb, out.terms, [out.rest, size + 8])

    def ball(self, value: Tail) -> Any:
        """The value as a ball; of one beyond all formats the sign is right, and that it is huge."""
        arb = self.flint.arb
        total = arb(0)
        if value.terms and value.terms[0][0] > FORMATS:
            sign = self.sign(value)
            return arb(math.nan) if sign is None else sign * arb(2) ** FORMATS
        for e, c in value.terms:
            if e < -FORMATS:
                total += arb(0, arb(2) ** -FORMATS) * c
            else:
                total += c * e.exp() if not e.is_zero() else c
        if value.rest is not None:
            small = value.rest < -FORMATS
            total += arb(0, 1) * (arb(2) ** -FORMATS if small else value.rest.exp())
        return total

    def _centre(self, at: Tail) -> tuple[Any, Tail]:
        """at = ball + small, where no exponential in it is large."""
        arb = self.flint.arb
        head = arb(0)
        others = []
        for e, c in at.terms:
            if e.is_zero() or (abs(e) < NEAR):
                head += c * e.exp() if not e.is_zero() else c
            elif e > 0:
                head += c * e.exp()
            else:
                others.append((e, c))
        if not head.is_finite():
            raise OutsideError("an exponent beyond all bounds", definite=False)
        return head, Tail(tuple(others), at.rest, arb)

    def series(self, function: str, at: Tail, order: int) -> list[Tail]:
        arb = self.flint.arb
        if function == "log":
            return self._logarithm(at, order)
        if function == "exp" and at.terms and at.terms[0][0] > NEAR and self.sign(at) == -1:
            e, c = at.terms[0]
            bound = min((e + abs(c).log()).lower() - 1, arb(HUGE))
            return [Tail((), -bound.exp(), arb)] * (order + 1)
        head, small = self._centre(at)
        if function == "exp":
            growth = self._series_of([arb(1) / math.factorial(k) for k in range(ORDERS)], small)
            value = growth * Tail(((head, arb(1)),), None, arb)
            return [value.times(arb(1) / math.factorial(k)) for k in range(order + 1)]
        if function == "erfc":
            return self._erfc(head, small, order)
        if not small.terms and small.rest is None:
            return [self.plain(c) for c in super().series(function, head, order)]
        wide = super().series(function, head, order + ORDERS)
        return [
            self._series_of([wide[k + r] * math.comb(k + r, r) for r in range(ORDERS)], small)
            for k in range(order + 1)
        ]

    def _logarithm(self, at: Tail, order: int) -> list[Tail]:
        if self.sign(at) in (0, -1):
            raise OutsideError("log of what is not positive", definite=True)
        _, small = self._split(at)
        arb = self.flint.arb
        e, c = at.terms[0]
        coefficients = [arb(0)] + [arb((-1) ** (k + 1)) / k for k in range(1, ORDERS)]
        value = self.plain(e + c.log()) + self._series_of(coefficients, small)
        out, inverse = [value], None
        for k in range(1, order + 1):
            step = self.inverse(at)
            inverse = step if inverse is None else inverse * step
            out.append(inverse.times(arb((-1) ** (k + 1)) / k))
        return out

    def _erfc(self, x: Any, small: Tail, order: int) -> list[Tail]:
        """erfc(x) = exp(-x^2) erfcx(x), with 2 - erfc(-x) where x is negative."""
        if small.terms or small.rest is not None:
            raise MalformedError("erfc of a sum with an exponential")
        arb = self.flint.arb
        negative = x < 0
        a = -x if negative else x
        if a > 1000:
            # 1/(a sqrt(pi)) (1 - 1/(2 a^2) + 3/(4 a^4) - ...), less than the next term off.
            square, term, total = 1 / (2 * a * a), arb(1), arb(0)
            for k in range(80):
                total += term
                term *= -(2 * k + 1) * square
            factor = (total + arb(0, 1) * term) / (a * arb.pi().sqrt())
        else:
            factor = a.erfc() * (a * a).exp()
        value = Tail(((-a * a, factor),), None, arb)
        if negative:
            value = self.plain(arb(2)) - value
        slope = Tail(((-x * x, -2 / arb.pi().sqrt()),), None, arb)
        out = [value]
        hermite = [arb(1), -2 * x, 4 * x * x - 2]
        out += [slope.times(hermite[k] / math.factorial(k + 1)) for k in range(order)]
        return out

    def text(self, value: Tail) -> str:
        return " + ".join(f"{c.str(5)} exp({e.str(5)})" for e, c in value.terms) or "0"

    def approximate(self, value: Tail) -> float:
        return float(self.ball(value).mid())
