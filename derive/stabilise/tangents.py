r"""Sums of an exponential and its exponent with a double root, or nearly: e^u - k u for k near e.

a e^u + b u has a double root at u = 1 for b = -e a. By e^u = e + e expm1(u - 1) it is
a e expm1(u - 1) + b (u - 1) + (a e + b), a sum whose terms are all small there. The number e has a
rest of its own.
"""

from __future__ import annotations

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
from derive.stabilise.exponentials import Exponential, with_exponentials
from derive.stabilise.letters import HUGE_BITS
from derive.stabilise.products import over, times

POWER = Tensor("E", role="constant")()
"""e^u."""


def at_double_root(e: Exponential, score: Tensor, usual: Expr) -> Expr | None:
    """a e^u + b u about u = 1; elsewhere the usual form, which is equal to it."""
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
    a, b = parts[1, 0], shortest(over(parts[0, 1], line[1,]))
    if shortest(parts.get((0, 0), ZERO) - b * line.get((0,), ZERO)) != ZERO:
        return None
    at_one = shortest(a * exp(ONE) + b)
    # The constant first, as it is the only difference that is not small term by term.
    close = add(at_one, times(a, rest(exp(ONE))), times(a, exp(ONE), expm1(u - 1)), times(b, u - 1))
    near = When(absolute(u - 1), "<=", expr(Fraction(1, 2)))
    if (0, 0) not in parts:
        far = When(absolute(u), ">=", expr(2) ** HUGE_BITS)
        usual = Cases(((far, _far(a, parts[0, 1], u, letter)),), usual, total=True)
    return Cases(((near, close),), usual, total=True)


def _far(a: Expr, c: Expr, u: Expr, letter: Entry) -> Expr:
    """e^max(u, 0) (a e^-max(-u, 0) + c e^-max(u, 0) L): no infinity less an infinity."""
    inside = add(times(a, exp(-relu(-u))), mul(c, exp(-relu(u)), letter))
    return mul(exp(relu(u)), inside)
