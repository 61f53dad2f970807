"""Repeated factors: x x = x^2, and [u > 0] beside what already vanishes for u <= 0."""

from __future__ import annotations

from fractions import Fraction

from derive.calculus.examples import SCOPE, i, y, z
from derive.calculus.rewrite import everywhere
from derive.notation.expression import Apply, Element, Entry, Expr, Mul, Num, Pow, mul
from derive.notation.functions import relu, step
from derive.notation.tree import same
from derive.record import Rule

GATED = (relu, step)
"""Functions that vanish for u <= 0, where a factor [u > 0] changes nothing."""


def equal_factors(e: Expr) -> Expr | None:
    """x x = x^2, for entries and values of functions."""
    if not isinstance(e, Mul):
        return None
    for number, first in enumerate(e.args):
        if not isinstance(first, Entry | Apply | Element):
            continue
        more = [n for n, other in enumerate(e.args) if n > number and same(first, other)]
        if more:
            power = Pow(first, Num(Fraction(1 + len(more))))
            rest = [a for n, a in enumerate(e.args) if n != number and n not in more]
            return mul(*rest[:number], power, *rest[number:])
    return None


def one_gate(e: Expr) -> Expr | None:
    """[u > 0]^2 = [u > 0] and [u > 0] max(0, u) = max(0, u)."""
    match e:
        case Pow(Apply(f, _) as gate, Num(value)) if f == step and value > 1:
            return gate
        case Mul(args):
            for number, factor in enumerate(args):
                if not isinstance(factor, Apply) or factor.function != step:
                    continue
                others = (*args[:number], *args[number + 1 :])
                if any(_vanishes(other, factor.arg) for other in others):
                    return mul(*others)
    return None


def _vanishes(e: Expr, u: Expr) -> bool:
    """Whether the factor is 0 for u <= 0 anyhow."""
    match e:
        case Pow(base, Num(value)) if value > 0:
            return _vanishes(base, u)
        case Apply(function, arg):
            return function in GATED and same(arg, u)
    return False


EQUAL_FACTORS = Rule(
    "equal-factors", r"x\,x = x^2", "equal factors", everywhere(equal_factors),
    mul(y[i], z[i], y[i]), SCOPE, minor=True,
)  # fmt: skip
ONE_GATE = Rule(
    "one-gate", r"[u > 0]\,\max(0, u) = \max(0, u)", "$[u > 0]$ is there already",
    everywhere(one_gate), mul(step(z[i]), relu(z[i])), SCOPE,
)  # fmt: skip

REPEATED: tuple[Rule, ...] = (EQUAL_FACTORS, ONE_GATE)
"""Every rule of this file, for the test of the table."""
