"""What is read off a formula: tidied, and as an equality for the judge to check."""

from __future__ import annotations

from derive.calculus.algebra import ABSORB_SIGN, ARITHMETIC, FACTOR_ORDER, SIMPLIFY
from derive.calculus.rewrite import Line, run
from derive.notation.expression import Expr
from derive.record import Scope, Step

TIDY = Line("tidy", (ABSORB_SIGN, SIMPLIFY), quiet=(ARITHMETIC, FACTOR_ORDER))


def said(before: Expr, after: Expr) -> Step:
    """An equality that is read off."""
    return Step(before, after, "read-off", "read off the formula")


def tidied(e: Expr, scope: Scope) -> Expr:
    """The formula with its signs and factors in order."""
    steps = run(e, (TIDY,), scope)
    return steps[-1].after if steps else e
