"""Ball arithmetic: midpoint and radius, by python-flint's `arb`."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from fractions import Fraction
from types import ModuleType

from derive.judge.arithmetic import Comparison, MalformedError, OutsideError, Value

SURE = 80
"""Bits of a value that leave no doubt about the 53 of a float, but for a tie."""

FLOAT_BITS = 53
"""Those of float64."""

OF_LOG_GAMMA = {"digamma": 1, "trigamma": 2}
"""How often the logarithm of the gamma function is differentiated."""


@dataclass(frozen=True)
class BallArithmetic:
    """`flint` is the module itself: it is imported once, where the arithmetic is chosen."""

    flint: ModuleType
    bits: int

    name = "ball arithmetic"

    def working(self) -> AbstractContextManager[object]:
        context: AbstractContextManager[object] = self.flint.ctx.workprec(self.bits)
        return context

    def finer(self) -> BallArithmetic:
        return replace(self, bits=2 * self.bits)

    def coarse(self) -> BallArithmetic:
        return replace(self, bits=FLOAT_BITS)

    def doubt(self, value: Value) -> float:
        return float(value.rad())

    def number(self, value: Fraction) -> Value:
        if value.denominator == 1:
            return self.flint.arb(value.numerator)
        return self.flint.arb(self.flint.fmpq(value.numerator, value.denominator))

    def constant(self, name: str) -> Value:
        if name != "pi":
            raise MalformedError(f"ball arithmetic has no constant {name}")
        return self.flint.arb.pi()

    def integer(self, value: Value) -> int | None:
        return int(value.unique_fmpz()) if value.is_integer() else None

    def sign(self, value: Value) -> int | None:
        if value > 0:
            return 1
        if value < 0:
            return -1
        return 0 if value.is_zero() else None

    def inverse(self, value: Value) -> Value:
        return 1 / value

    def series(self, function: str, at: Value, order: int) -> list[Value]:
        if function in OF_LOG_GAMMA:
            return self._differentiated(self.series("lgamma", at, order + 2), function, order)
        if order == 0:
            method = getattr(at, function, None)
        else:
            variable = self.flint.arb_series([at, 1], prec=order + 1)
            method = getattr(variable, function, None)
        if method is None:
            raise MalformedError(
                f"ball arithmetic has no {'series' if order else 'function'} {function}"
            )
        found = [method()] if order == 0 else self._coefficients(method, order)
        if not all(c.is_finite() for c in found):
            reason = f"{function} (or a derivative of it) has no value at {self.text(at)}"
            raise OutsideError(reason, definite=at.is_exact() or self.sign(at) is not None)
        return found

    def _differentiated(self, found: list[Value], function: str, order: int) -> list[Value]:
        """c_k of a derivative from those of the function: (k + r)!/k! c_(k + r)."""
        r = OF_LOG_GAMMA[function]
        return [math.perm(k + r, r) * found[k + r] for k in range(order + 1)]

    def _coefficients(self, method: Value, order: int) -> list[Value]:
        """Flint drops zeros at the end and cuts every series at `ctx.cap` terms."""
        cap = self.flint.ctx.cap
        self.flint.ctx.cap = max(cap, order + 1)
        try:
            found = list(method())
        finally:
            self.flint.ctx.cap = cap
        return found + [self.flint.arb(0)] * (order + 1 - len(found))

    def compare(self, a: Value, b: Value) -> Comparison:
        # Magnitudes stay balls until they are divided: they may exceed every float.
        scale = max(self.flint.arb(1), a.abs_upper(), b.abs_upper())
        difference = a - b
        if not difference.is_finite():
            return Comparison(None, math.inf)
        if not difference.contains(0):
            return Comparison(False, self._float(difference.abs_upper() / scale))
        doubt = self._float(difference.rad() / scale)
        return Comparison(True if doubt <= 2.0 ** (-self.bits / 2) else None, doubt)

    def _float(self, value: Value) -> float:
        return float(value.abs_upper())

    def text(self, value: Value) -> str:
        return str(value.str(15, radius=False))

    def approximate(self, value: Value) -> float:
        return float(value.mid())

    def sure(self, value: Value) -> bool:
        return bool(value.rel_accuracy_bits() >= SURE)
