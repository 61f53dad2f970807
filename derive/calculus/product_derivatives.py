r"""The derivative of a product over an index, with and without a division by its factors.

Where a factor may be 0, the product of the others cannot be had from the whole one: it stands as
prod_l f_l^(1 - delta_il), whose factor at l = i is 1 whatever f_i is.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

from derive.calculus.dependence import free_of, moves
from derive.calculus.examples import SCOPE, i, k, theta, y, z
from derive.notation.domain import range_of
from derive.notation.expression import (
    ONE,
    Add,
    Delta,
    Diff,
    Expr,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    mul,
)
from derive.notation.functions import exp
from derive.notation.tree import fresh, letters_in, reindex, subterms
from derive.record import Condition, Rule, Scope


def likelihood_rule(e: Expr, scope: Scope) -> Expr | None:
    """d prod_i f_i = prod_i f_i sum_i (d f_i)/f_i, where no factor is 0."""
    match e:
        case Diff(Product() as whole) as d if moves(whole, d, scope):
            index, body = free_of(whole, d.wrt)
            limits = (index, whole.lower, whole.upper)
            return mul(Product(body, limits), Sum(d.of(body) / body, limits))
    return None


def _factors_condition(redex: Expr, _scope: Scope) -> tuple[Condition, ...]:
    """No factor of the product is 0."""
    match redex:
        case Diff(Product() as whole, wrt):
            return (Condition(free_of(whole, wrt)[1], "!= 0"),)
    return ()


def factors_rule(e: Expr, scope: Scope) -> Expr | None:
    """d prod_i f_i = sum_i (d f_i) prod_l f_l^(1 - delta_il), whether or not factors are 0."""
    match e:
        case Diff(Product() as whole) as d if moves(whole, d, scope):
            index, body = free_of(whole, d.wrt)
            if range_of(body, scope.definitions).nonzero:
                return None
            base, power = _chosen(body)
            other = fresh(index, letters_in(e) | letters_in(body))
            held = reindex(power, {index: other})
            apart = mul(*(() if held == ONE else (held,)), 1 - Delta(index, other))
            others = Product(
                Pow(reindex(base, {index: other}), apart), (other, whole.lower, whole.upper)
            )
            own = (power,) if power != ONE else ()
            return Sum(mul(*own, d.of(base), others), (index, whole.lower, whole.upper))
    return None


def _chosen(body: Expr) -> tuple[Expr, Expr]:
    """A factor that deltas may replace by 1, and the exponent that does it: 1 where none does."""
    match body:
        case Pow(base, exponent) if _zero_or_one(exponent):
            return base, exponent
    return body, ONE


def _zero_or_one(exponent: Expr) -> bool:
    """Whether a polynomial in deltas is 0 or 1 whatever each of them is."""
    nodes = [node for _, node in subterms(exponent)]
    deltas = tuple(dict.fromkeys(node for node in nodes if isinstance(node, Delta)))
    if not deltas:
        return False
    values = itertools.product((Fraction(0), Fraction(1)), repeat=len(deltas))
    return all(_value(exponent, dict(zip(deltas, v, strict=True))) in (0, 1) for v in values)


def _value(e: Expr, deltas: dict[Delta, Fraction]) -> Fraction | None:
    """A polynomial in deltas, at one choice of their values; None where it is no such thing."""
    match e:
        case Num(value):
            return value
        case Delta():
            return deltas[e]
        case Add(args) | Mul(args):
            parts = [_value(arg, deltas) for arg in args]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            return (
                sum(known, Fraction(0))
                if isinstance(e, Add)
                else math.prod(known, start=Fraction(1))
            )
        case Pow(base, Num(power)) if power.denominator == 1 and power > 0:
            inner = _value(base, deltas)
            return None if inner is None else inner ** int(power)
    return None


D = r"\frac{\partial}{\partial x}"

LIKELIHOOD_RULE = Rule(
    "likelihood-rule", rf"{D}\prod_i f_i = \prod_i f_i \sum_i \frac{{f_i'}}{{f_i}}",
    r"$f' = f\,(\log f)'$, factor by factor", likelihood_rule,
    Diff(Product(exp(z[i]) + y[i] ** 2, i), theta[k]), SCOPE, conditions=_factors_condition,
)  # fmt: skip
FACTORS_RULE = Rule(
    "factors-rule", rf"{D}\prod_i f_i = \sum_i f_i' \prod_l f_l^{{1 - \delta_{{il}}}}",
    "product rule: each factor in turn, times all the others", factors_rule,
    Diff(Product(theta[k] - y[i], i), theta[k]), SCOPE,
)  # fmt: skip
