"""Derivatives of functions given by cases, and algebra with them."""

from __future__ import annotations

from derive.calculus.dependence import moves
from derive.calculus.examples import SCOPE, X, h, i, k, theta, y, z
from derive.calculus.rewrite import everywhere
from derive.notation.expression import (
    ONE,
    ZERO,
    Cases,
    Diff,
    Expr,
    Mul,
    Num,
    When,
    mul,
)
from derive.notation.tree import same
from derive.record import Condition, Rule, Scope


def cases_derivative(e: Expr, scope: Scope) -> Expr | None:
    """Away from the edges the derivative of cases is that of the case at hand."""
    match e:
        case Diff(Cases(branches, otherwise) as body) as d if moves(body, d, scope):
            pieces = tuple((test, d.of(value)) for test, value in branches)
            return Cases(pieces, d.of(otherwise))
    return None


def _off_the_edges(redex: Expr, scope: Scope) -> tuple[Condition, ...]:
    """No test that depends on the variable is on its edge."""
    match redex:
        case Diff(Cases(branches, _)) as d:
            gaps = (test.left if test.right == ZERO else test.left - test.right
                    for test, _ in branches)  # fmt: skip
            moving = (gap for gap in gaps if moves(gap, d, scope))
            return tuple(Condition(gap, "!= 0") for gap in dict.fromkeys(moving))
    return ()


def equal_cases(e: Expr) -> Expr | None:
    """Cases that all have one value have that value."""
    match e:
        case Cases(branches, otherwise) if all(same(value, otherwise) for _, value in branches):
            return otherwise
    return None


def common_case_factor(e: Expr) -> Expr | None:
    """{a c; b c} = {a; b} c: a factor that all cases share stands outside; 0 has every factor."""
    if not isinstance(e, Cases):
        return None
    values = [value for _, value in e.branches] + [e.otherwise]
    factors = [list(_factors(value)) for value in values if value != ZERO]
    shared: list[Expr] = []
    for candidate in list(factors[0]) if factors else []:
        if all(any(same(candidate, f) for f in own) for own in factors):
            shared.append(candidate)
            for own in factors:
                own.pop(next(n for n, f in enumerate(own) if same(candidate, f)))
    if not shared:
        return None
    left = iter(factors)
    rest = [ZERO if value == ZERO else _rest(value, next(left)) for value in values]
    pieces = tuple((test, part) for (test, _), part in zip(e.branches, rest, strict=False))
    return mul(Cases(pieces, rest[-1]), *shared)


def _factors(e: Expr) -> tuple[Expr, ...]:
    """The factors of a product that are no numbers."""
    return tuple(a for a in (e.args if isinstance(e, Mul) else (e,)) if not isinstance(a, Num))


def _rest(value: Expr, left: list[Expr]) -> Expr:
    numbers = [a for a in (value.args if isinstance(value, Mul) else (value,))
               if isinstance(a, Num)]  # fmt: skip
    return mul(*numbers, *left) if numbers or left else ONE


_EXAMPLE = Cases(((When(z[i], ">", ZERO), y[i] * z[i] ** 2),), ZERO)

CASES_DERIVATIVE = Rule(
    "cases-derivative", r"\left(f \text{ if } u > 0;\ g\right)' = f' \text{ if } u > 0;\ g'",
    "case by case, between the edges", cases_derivative, Diff(_EXAMPLE, theta[k]), SCOPE,
    conditions=_off_the_edges,
)  # fmt: skip
EQUAL_CASES = Rule(
    "equal-cases", r"(f \text{ if } u > 0;\ f) = f", "all cases agree", everywhere(equal_cases),
    Cases(((When(z[i], ">", ZERO), h[i]),), h[i]), SCOPE,
)  # fmt: skip
CASE_FACTOR = Rule(
    "case-factor", r"(a c \text{ if } u > 0;\ b c) = (a \text{ if } u > 0;\ b)\,c",
    "take out the common factor", everywhere(common_case_factor),
    Cases(((When(z[i], ">", ZERO), y[i] * X[i, k] * 2), (When(y[i], "<", ZERO), ZERO)), X[i, k]),
    SCOPE,
)  # fmt: skip

PIECES: tuple[Rule, ...] = (CASES_DERIVATIVE, EQUAL_CASES, CASE_FACTOR)
"""Every rule of this file, for the test of the table."""
