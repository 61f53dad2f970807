"""The stand-in where flint is missing: long floating-point numbers of mpmath."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from fractions import Fraction

import mpmath

from derive.judge.arithmetic import Comparison, MalformedError, OutsideError, Value

SPARE_BITS = 40
"""Carried beyond the stated precision: rounding is not tracked, as balls would."""


@dataclass(frozen=True)
class FloatArithmetic:
    """`context` is our own, so that nobody's `mpmath.mp.dps` is read or changed."""

    bits: int
    context: Value = field(init=False, repr=False, compare=False)

    name = "mpmath"

    def __post_init__(self) -> None:
        context = mpmath.mp.clone()
        context.prec = self.bits + SPARE_BITS
        object.__setattr__(self, "context", context)

    def working(self) -> AbstractContextManager[object]:
        return nullcontext()

    def finer(self) -> FloatArithmetic:
        return FloatArithmetic(2 * self.bits)

    def coarse(self) -> None:
        """None: rounding is not tracked."""

    def doubt(self, value: Value) -> float:
        return float(abs(value) * self._tolerance())

    def number(self, value: Fraction) -> Value:
        return self.context.mpf(value.numerator) / value.denominator

    def constant(self, name: str) -> Value:
        if name != "pi":
            raise MalformedError(f"mpmath has no constant {name}")
        return +self.context.pi

    def integer(self, value: Value) -> int | None:
        return int(value) if self.context.isint(value) else None

    def sign(self, value: Value) -> int | None:
        if value == 0:
            return 0
        if abs(value) < self._tolerance():
            return None
        return 1 if value > 0 else -1

    def _tolerance(self) -> Value:
        """What cancellation may leave of a true zero: half of the digits are given away."""
        return self.context.ldexp(1, -self.bits // 2)

    def inverse(self, value: Value) -> Value:
        return 1 / value

    def series(self, function: str, at: Value, order: int) -> list[Value]:
        f = self._function(function)
        if f is None:
            raise MalformedError(f"mpmath has no function {function}")
        try:
            found = [f(at)] if order == 0 else list(self.context.taylor(f, at, order))
        except (ValueError, ArithmeticError):
            found = []
        mpf = self.context.mpf
        if not found or not all(isinstance(c, mpf) and self.context.isfinite(c) for c in found):
            reason = f"{function} (or a derivative of it) has no value at {self.text(at)}"
            raise OutsideError(reason, definite=self.sign(at) is not None)
        return found

    def _function(self, name: str) -> Value:
        """A function by its name in flint."""
        if name == "trigamma":
            return lambda t: self.context.psi(1, t)
        return getattr(self.context, {"lgamma": "loggamma"}.get(name, name), None)

    def compare(self, a: Value, b: Value) -> Comparison:
        if not (self.context.isfinite(a) and self.context.isfinite(b)):
            return Comparison(None, float("inf"))
        gap = abs(a - b) / max(1, abs(a), abs(b))
        return Comparison(bool(gap <= self._tolerance()), float(gap))

    def text(self, value: Value) -> str:
        return str(self.context.nstr(value, 15))

    def approximate(self, value: Value) -> float:
        return float(value)

    def sure(self, value: Value) -> bool:
        del value  # rounding is not tracked: only a second precision tells
        return False
