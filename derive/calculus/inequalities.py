"""Inequalities that have a name, each as a rule with a sign."""

from __future__ import annotations

from derive.calculus.examples import SCOPE, h, i
from derive.notation.domain import range_of
from derive.notation.expression import Apply, Expr, Sum
from derive.notation.functions import log
from derive.notation.interval import POSITIVE
from derive.notation.problem import data
from derive.notation.tree import fresh, letters_in, reindex
from derive.record import Condition, Rule, Scope

a = data("a", domain=POSITIVE)


def log_tangent(e: Expr, _scope: Scope) -> Expr | None:
    """log u <= u - 1: the logarithm lies below its tangent at 1."""
    match e:
        case Apply(f, arg) if f == log:
            return arg - 1
    return None


def one_term(e: Expr, scope: Scope) -> Expr | None:
    """sum_i f_i >= f_r, where no term is negative."""
    match e:
        case Sum() if e.lower == 1 and range_of(e.body, scope.definitions).nonnegative:
            letter = fresh(type(e.index)("r", e.index.axis), letters_in(e))
            return reindex(e.body, {e.index: letter})
    return None


def _argument_positive(redex: Expr, _scope: Scope) -> tuple[Condition, ...]:
    return (Condition(redex.arg, "> 0"),) if isinstance(redex, Apply) else ()


def _terms_nonnegative(redex: Expr, _scope: Scope) -> tuple[Condition, ...]:
    return (Condition(redex.body, ">= 0"),) if isinstance(redex, Sum) else ()


INEQUALITIES: tuple[Rule, ...] = (
    Rule("log-tangent", r"\log u \le u - 1", r"$\log u \le u - 1$: the tangent at $1$",
         log_tangent, log(a()), conditions=_argument_positive, sign="<=",
         source="S. Boyd and L. Vandenberghe (2004), Convex Optimization, section 3.1.3"),
    Rule("one-term", r"\sum_i f_i \ge f_r", "no term of the sum is negative",
         one_term, Sum(h[i] ** 2, i), SCOPE, conditions=_terms_nonnegative, sign=">="),
)  # fmt: skip
"""Every rule of this file, for the test of the table."""
