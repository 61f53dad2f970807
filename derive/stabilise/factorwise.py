r"""Products of which one factor loses digits, and powers with exponents that are data.

A difference such as 1 - p - g p log(1 + e^-u) is brought into a form without cancellation by
itself, whatever it is multiplied by. A power of a sigmoid, sigma(u)^g, is e^{-g log(1 + e^{-u})}:
its relative error does not grow with g but with the size of the exponent.
"""

from __future__ import annotations

from fractions import Fraction

from derive.calculus.polynomial import normal_forms
from derive.notation.expression import (
    ZERO,
    Add,
    Apply,
    Cases,
    Expr,
    Mul,
    Num,
    Pow,
    Tensor,
    When,
    add,
    expr,
    mul,
)
from derive.notation.functions import absolute, exp, sigmoid, softplus
from derive.notation.tree import children, length, rebuild
from derive.stabilise.cells import merged
from derive.stabilise.exponential_forms import exponential_forms
from derive.stabilise.exponentials import contains, exponential


def factorwise(e: Expr, score: Tensor) -> Expr:
    """`e` with the sums among its factors in forms of their own."""
    if not isinstance(e, Mul):
        return e
    return mul(*(_sum_form(factor, score) for factor in e.args))


def _sum_form(e: Expr, score: Tensor) -> Expr:
    made = exponential(e, score) if isinstance(e, Add) and contains(e, score) else None
    if made is None:
        return e
    found = (*merged(made), *exponential_forms(made))
    return found[0] if found else e


def powers_written(e: Expr) -> Expr:
    """`e` with sigma(u)^g as e^{-g softplus(-u)} for exponents that are data."""
    parts = children(e)
    inside = rebuild(e, tuple(powers_written(part) for part in parts)) if parts else e
    match inside:
        case Pow(Apply(function, u), power) if function == sigmoid and not isinstance(power, Num):
            return exp(mul(expr(-1), power, softplus(_minus(u))))
    return inside


def _minus(u: Expr) -> Expr:
    """-u, without a second sign."""
    match u:
        case Mul((Num(value), *others)) if value == -1:
            return mul(*others)
    return -u


def common_exponential(e: Expr, score: Tensor) -> Expr | None:
    """a e^u - b e^v near the place where u = v as e^v (a e^{u - v} - b); elsewhere as it is."""
    if not isinstance(e, Add) or len(e.args) != 2:
        return None
    first, second = (_exponent(part, score) for part in e.args)
    if first is None or second is None:
        return None
    (a, u), (b, v) = first, second
    gap = min(normal_forms(u - v), key=length, default=ZERO)
    inner = add(mul(a, exp(gap)), b)
    made = exponential(inner, score)
    if gap == ZERO or made is None:
        return None
    near = [f for f in exponential_forms(made) if isinstance(f, Cases)]
    if not near:
        return None
    test = When(absolute(gap), "<=", expr(NEAR))
    inside = near[-1].branches[0][1] if near[-1].branches[0][0] == test else near[-1]
    return Cases(((test, mul(exp(v), inside)),), e, total=True)


NEAR = Fraction(2)


def _exponent(e: Expr, score: Tensor) -> tuple[Expr, Expr] | None:
    """b and v of b e^v."""
    parts = e.args if isinstance(e, Mul) else (e,)
    own = [p for p in parts if contains(p, score)]
    match own:
        case [Apply(function, v)] if function == exp:
            return mul(*(p for p in parts if p != own[0])), v
    return None
