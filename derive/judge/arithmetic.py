"""What the judge asks of numbers: one small interface, two arithmetics behind it.

Balls (python-flint) enclose the true value, so that a false step is refuted beyond doubt.
mpmath stands in where flint is missing; its numbers are long, but not enclosures.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

Value = Any
"""A real number of either arithmetic; + - * are Python's own."""


class OutsideError(ArithmeticError):
    """A formula has no value at a point, as log(-1); the point is not admissible.

    `definite` is False where only the precision is in doubt: a ball that contains 0.
    """

    def __init__(self, reason: str, *, definite: bool) -> None:
        self.reason, self.definite = reason, definite
        super().__init__(reason)


class MalformedError(ValueError):
    """A formula has no meaning at any point: axes disagree, an index is unbound."""


class Comparison(NamedTuple):
    """Two values compared: `equal` is None where the precision does not decide.

    `gap` is the distance (or the doubt that is left) relative to their magnitude.
    """

    equal: bool | None
    gap: float


class Arithmetic(Protocol):
    """Real numbers at a stated precision."""

    @property
    def name(self) -> str:
        """As printed in a verdict: "ball arithmetic" or "mpmath"."""

    @property
    def bits(self) -> int:
        """The working precision."""

    def working(self) -> AbstractContextManager[object]:
        """The precision holds inside of this context."""

    def finer(self) -> Arithmetic:
        """The same arithmetic with twice the bits."""

    def coarse(self) -> Arithmetic | None:
        """The arithmetic with the bits of a float, if it tracks its rounding."""

    def doubt(self, value: Value) -> float:
        """How far the true value may lie from the number that stands for it."""

    def number(self, value: Fraction) -> Value:
        """A rational number."""

    def constant(self, name: str) -> Value:
        """A number with a name: pi."""

    def integer(self, value: Value) -> int | None:
        """The integer that `value` is exactly, or None."""

    def sign(self, value: Value) -> int | None:
        """-1, 0 or 1; None where the precision does not decide."""

    def inverse(self, value: Value) -> Value:
        """1 / value for a value whose sign is decided and not 0."""

    def series(self, function: str, at: Value, order: int) -> list[Value]:
        """Taylor coefficients f(at), f'(at), ..., f^(order)(at)/order! of a primitive function."""

    def compare(self, a: Value, b: Value) -> Comparison:
        """Whether a = b."""

    def text(self, value: Value) -> str:
        """About 15 digits, for people."""

    def approximate(self, value: Value) -> float:
        """The nearest float or one beside it."""

    def sure(self, value: Value) -> bool:
        """Whether the value is known, beyond doubt, to more digits than a float has."""
