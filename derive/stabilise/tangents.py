r"""Sums of an exponential and its exponent with a double root, or nearly: e^u - k u for k near e.

a e^u + b u has a double root at u = 1 for b = -e a. By e^u = e + e expm1(u - 1) it is
a e expm1(u - 1) + b (u - 1) + (a e + b), a sum whose terms are all small there. The number e has a
rest of its own. For huge u both terms may be infinite, and their difference no number: there
e^max(u, 0) is taken out.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.calculus.polynomial import shortest
from derive.calculus.quotients import terms_of
from derive.notation.expression import (
    ONE,
    ZERO,
    Cases,
    Entry,
    Expr,
    Num,
    Tensor,
    When,
    add,
    expr,
    mul,
)
from derive.notation.functions import absolute, exp, expm1, relu, rest
from derive.notation.tree import subterms
from derive.stabilise.exponentials import Exponential, exponential, with_exponentials
from derive.stabilise.letters import HUGE_BITS
from derive.stabilise.products import over, times

LARGE = r"for large $|u|$: $ae^{u} + bu = e^{\max(u, 0)}(ae^{\min(u, 0)} + be^{-\max(u, 0)}u)$"

POWER = Tensor("E", role="constant")()
"""e^u."""


@dataclass(frozen=True)
class Tangent:
    """a e^u + b u, for a and b without the score."""

    a: Expr
    b: Expr
    u: Expr

    @property
    def far(self) -> Expr:
        """e^max(u, 0) (a e^-max(-u, 0) + b e^-max(u, 0) u): no infinity less an infinity."""
        rising = times(self.a, exp(-relu(-self.u)))
        inside = add(rising, mul(self.b, exp(-relu(self.u)), self.u))
        return mul(exp(relu(self.u)), inside)


def tangent(e: Exponential, score: Tensor) -> Tangent | None:
    """The formula as such a sum, or None."""
    entries = (n for _, n in subterms(e.exponent) if isinstance(n, Entry))
    letter = next((n for n in entries if n.tensor == score), None)
    powers: set[int] = set()

    def power(k: int) -> Expr:
        powers.add(k)
        return POWER

    formula = with_exponentials(e.formula, e.exponent, power)
    if letter is None or len(powers) != 1:
        return None
    u = shortest(times(Num(Fraction(powers.pop())), e.exponent))
    parts, line = terms_of(formula, (POWER, letter)), terms_of(u, (letter,))
    if parts is None or line is None or not set(line) <= {(0,), (1,)} or (1,) not in line:
        return None
    if not set(parts) <= {(1, 0), (0, 1), (0, 0)} or not {(1, 0), (0, 1)} <= set(parts):
        return None
    b = shortest(over(parts[0, 1], line[1,]))
    if shortest(parts.get((0, 0), ZERO) - b * line.get((0,), ZERO)) != ZERO:
        return None
    return Tangent(parts[1, 0], b, u)


def at_double_root(e: Exponential, score: Tensor, usual: Expr) -> Expr | None:
    """a e^u + b u about u = 1; elsewhere the usual form, which is equal to it."""
    found = tangent(e, score)
    if found is None:
        return None
    a, b, u = found.a, found.b, found.u
    at_one = shortest(a * exp(ONE) + b)
    # The constant first, as it is the only difference that is not small term by term.
    close = add(at_one, times(a, rest(exp(ONE))), times(a, exp(ONE), expm1(u - 1)), times(b, u - 1))
    near = When(absolute(u - 1), "<=", expr(Fraction(1, 2)))
    return Cases(((near, close),), usual, total=True)


def without_infinities(e: Expr, written: Expr, score: Tensor) -> Expr:
    """A form `e` of a e^u + b u that is no infinity less an infinity for huge u."""
    made = exponential(written, score)
    found = None if made is None else tangent(made, score)
    if found is None:
        return e
    far = When(absolute(found.u), ">=", expr(2) ** HUGE_BITS)
    return Cases(((far, found.far),), e, total=True)
