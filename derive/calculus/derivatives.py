"""The rules of differentiation: one small function each, with its equality and its reason."""

from __future__ import annotations

import math
from fractions import Fraction

from derive.calculus.dependence import free_of, moves
from derive.calculus.examples import SCOPE, c, h, i, j, k, theta, v, y, z
from derive.calculus.product_derivatives import FACTORS_RULE, LIKELIHOOD_RULE
from derive.notation.expression import (
    MINUS_ONE,
    ONE,
    ZERO,
    Add,
    Apply,
    Delta,
    Diff,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Sum,
    add,
    mul,
)
from derive.notation.functions import FUNCTIONS, Elementwise, exp, log
from derive.notation.interval import End, Interval
from derive.notation.tree import subterms
from derive.record import Condition, Rule, Scope


def constant(e: Expr, scope: Scope) -> Expr | None:
    """d c = 0 where c does not depend on the variable."""
    match e:
        case Diff(body) as d if not moves(body, d, scope):
            return ZERO
    return None


def constant_factor(e: Expr, scope: Scope) -> Expr | None:
    """d (c f) = c d f: the factors that vary stay together under the derivative."""
    match e:
        case Diff(Mul(args)) as d:
            moving = [a for a in args if moves(a, d, scope)]
            if not moving or len(moving) == len(args):
                return None
            first = args.index(moving[0])
            still = [a for a in args if not moves(a, d, scope)]
            before = sum(not moves(a, d, scope) for a in args[:first])
            return mul(*still[:before], d.of(mul(*moving)), *still[before:])
    return None


def sum_derivative(e: Expr, _scope: Scope) -> Expr | None:
    """d sum_i f_i = sum_i d f_i; the bound letter is renamed where the variable uses it."""
    match e:
        case Diff(Sum() as total) as d:
            index, body = free_of(total, d.wrt)
            return Sum(d.of(body), (index, total.lower, total.upper))
    return None


def sum_rule(e: Expr, _scope: Scope) -> Expr | None:
    """d (f + g) = d f + d g."""
    match e:
        case Diff(Add(args)) as d:
            return add(*(d.of(a) for a in args))
    return None


def sum_rule_over_sums(e: Expr, scope: Scope) -> Expr | None:
    """The sum rule where a term is itself a sum over an index: the headline's linearity."""
    match e:
        case Diff(Add(args), _) if any(
            isinstance(node, Sum) for a in args for _, node in subterms(a)
        ):
            return sum_rule(e, scope)
    return None


def product_rule(e: Expr, scope: Scope) -> Expr | None:
    """d (f g) = (d f) g + f d g, for any number of factors that all vary."""
    match e:
        case Diff(Mul(args)) as d if all(moves(a, d, scope) for a in args):
            return add(
                *(
                    mul(*args[:number], d.of(a), *args[number + 1 :])
                    for number, a in enumerate(args)
                )
            )
    return None


def quotient_rule(e: Expr, scope: Scope) -> Expr | None:
    """d (f / g) = (f' g - f g') / g^2; f may be the constant 1."""
    match e:
        case Diff(Pow(g, Num(value))) as d if value == -1 and moves(g, d, scope):
            return (d.of(ONE) * g - ONE * d.of(g)) / g**2
        case Diff(Mul(args)) as d if all(moves(a, d, scope) for a in args):
            below = [a.base for a in args if isinstance(a, Pow) and a.exponent == MINUS_ONE]
            above = [a for a in args if not (isinstance(a, Pow) and a.exponent == MINUS_ONE)]
            if not below or not above:
                return None
            f, g = mul(*above), mul(*below)
            return (d.of(f) * g - f * d.of(g)) / g**2
    return None


def power_rule(e: Expr, scope: Scope) -> Expr | None:
    """d u^a = a u^(a-1) d u where the exponent does not vary."""
    match e:
        case Diff(Pow(base, exponent)) as d if not moves(exponent, d, scope):
            lower = Num(exponent.value - 1) if isinstance(exponent, Num) else exponent - 1
            power = base if lower == ONE else Pow(base, lower)
            return mul(exponent, power, d.of(base))
    return None


def exponential_rule(e: Expr, scope: Scope) -> Expr | None:
    """d u^v = u^v d (v log u) where the exponent varies."""
    match e:
        case Diff(Pow(base, exponent)) as d if moves(exponent, d, scope):
            return mul(Pow(base, exponent), d.of(exponent * log(base)))
    return None


def itself(e: Expr, _scope: Scope) -> Expr | None:
    """d t / d t = 1 for a scalar."""
    match e:
        case Diff(Entry(tensor, ()), wrt) if tensor == wrt.tensor:
            return ONE
    return None


def variable(e: Expr, _scope: Scope) -> Expr | None:
    """d theta_j / d theta_k = delta_jk; one delta for every axis."""
    match e:
        case Diff(Entry(tensor, indices), wrt) if tensor == wrt.tensor and indices:
            return mul(*(Delta(a, b) for a, b in zip(indices, wrt.indices, strict=True)))
    return None


def chain_rule(function: Elementwise, label: str = "") -> Rule:
    """d f(u) = f'(u) d u, one rule for each row of the function table.

    `label` is that of the lemma that proves the derivative, where the row has a definition.
    """

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        match e:
            case Diff(Apply(f, arg)) as d if f == function and not function.end:
                return mul(function.derivative(arg), d.of(arg))
        return None

    return Rule(
        id=f"chain-{function.name}",
        statement=rf"\frac{{\partial}}{{\partial x}} {function.latex}(u)"
        rf" = {function.latex}'(u)\,\frac{{\partial u}}{{\partial x}}",
        reason=f"chain rule, {function.reason}" if function.reason else "chain rule",
        rewrite=rewrite,
        example=Diff(function(y[i] * theta[k]), theta[j]),
        source="",
        cites=(label,) if label else (),
        conditions=lambda redex, scope: _domain_condition(function, redex),
    )


def _domain_condition(function: Elementwise, redex: Expr) -> tuple[Condition, ...]:
    """The argument lies inside of the domain (its ends are no place to differ), on no kink."""
    if not isinstance(redex, Diff) or not isinstance(redex.body, Apply):
        return ()
    domain: Interval = function.domain
    arg = redex.body.arg
    inside: tuple[Condition, ...]
    inside = () if domain.low == -math.inf else (Condition(_over(arg, domain.low), "> 0"),)
    inside += () if domain.high == math.inf else (Condition(_over(domain.high, arg), "> 0"),)
    kinks = (Condition(arg if kink == 0 else arg - kink, "!= 0") for kink in function.kinks)
    return (*inside, *kinks)


def _over(a: Expr | End, b: Expr | End) -> Expr:
    """a - b, where a 0 need not be written."""
    left, right = (x if isinstance(x, Expr) else Num(Fraction(x)) for x in (a, b))
    return left if right == ZERO else left - right


def _below_condition(redex: Expr, scope: Scope) -> tuple[Condition, ...]:
    """What is divided by is not 0."""
    after = quotient_rule(redex, scope)
    match after:
        case Mul((*_, Pow(Pow(g, _), _))):
            return (Condition(g, "!= 0"),)
    return ()


def _base_condition(redex: Expr, _scope: Scope) -> tuple[Condition, ...]:
    match redex:
        case Diff(Pow(base, Num(value)), _) if value < 1:
            return (Condition(base, "!= 0" if value.denominator == 1 else "> 0"),)
        case Diff(Pow(base, exponent), _) if not isinstance(exponent, Num):
            return (Condition(base, "> 0"),)
    return ()


D = r"\frac{\partial}{\partial x}"

CONSTANT = Rule(
    "constant", rf"{D} c = 0", "a constant's derivative is 0", constant, Diff(y[i], theta[k]),
    SCOPE, minor=True,
)  # fmt: skip
CONSTANT_FACTOR = Rule(
    "constant-factor", rf"{D}(c f) = c\,{D} f", "constant factor", constant_factor,
    Diff(c() * z[i] * y[i], theta[k]), SCOPE, minor=True,
)  # fmt: skip
SUM_DERIVATIVE = Rule(
    "sum-derivative", rf"{D}\sum_i f_i = \sum_i {D} f_i", "linearity", sum_derivative,
    Diff(Sum(z[i] * y[i], i), theta[k]), SCOPE,
)  # fmt: skip
SUM_RULE = Rule(
    "sum-rule", rf"{D}(f + g) = {D} f + {D} g", "sum rule", sum_rule,
    Diff(h[i] - y[i], theta[k]), SCOPE,
)  # fmt: skip
SUM_RULE_OVER_SUMS = Rule(
    "sum-rule-over-sums", rf"{D}(f + g) = {D} f + {D} g", "linearity", sum_rule_over_sums,
    Diff(Sum(h[i], i) + Sum(theta[j] ** 2, j), theta[k]), SCOPE,
)  # fmt: skip
PRODUCT_RULE = Rule(
    "product-rule", r"(f g)' = f' g + f g'", "product rule", product_rule,
    Diff(h[i] * (1 - h[i]) * z[i], theta[k]), SCOPE,
)  # fmt: skip
QUOTIENT_RULE = Rule(
    "quotient-rule", r"(f/g)' = (f' g - f g')/g^2", "quotient rule", quotient_rule,
    Diff(z[i] / (1 + exp(z[i])), theta[k]), SCOPE, conditions=_below_condition,
)  # fmt: skip
POWER_RULE = Rule(
    "power-rule", r"(u^a)' = a u^{a-1} u'", r"chain rule, $(u^a)' = a\,u^{a-1}$",
    power_rule, Diff((z[i] - y[i]) ** 2, theta[k]), SCOPE, conditions=_base_condition,
)  # fmt: skip
EXPONENTIAL_RULE = Rule(
    "exponential-rule", r"(u^v)' = u^v (v \log u)'", r"$u^v = e^{v\log u}$",
    exponential_rule, Diff(exp(v[j]) ** theta[j], theta[k]), SCOPE, conditions=_base_condition,
)  # fmt: skip
VARIABLE = Rule(
    "variable", r"\frac{\partial \theta_j}{\partial \theta_k} = \delta_{jk}",
    r"$\partial\theta_j/\partial\theta_k = \delta_{jk}$", variable, Diff(theta[j], theta[k]),
)  # fmt: skip
ITSELF = Rule(
    "itself", r"\frac{\mathrm{d}t}{\mathrm{d}t} = 1", r"$\mathrm{d}t/\mathrm{d}t = 1$", itself,
    Diff(c(), c()), minor=True,
)  # fmt: skip

LINEARITY: tuple[Rule, ...] = (SUM_DERIVATIVE, CONSTANT_FACTOR, SUM_RULE_OVER_SUMS)
DERIVATIVES: tuple[Rule, ...] = (
    CONSTANT,
    ITSELF,
    VARIABLE,
    SUM_DERIVATIVE,
    CONSTANT_FACTOR,
    SUM_RULE,
    POWER_RULE,
    PRODUCT_RULE,
    FACTORS_RULE,
    LIKELIHOOD_RULE,
    EXPONENTIAL_RULE,
)
"""What the default line of differentiation uses; quotients go through products and powers."""

ALL_DERIVATIVES: tuple[Rule, ...] = (
    *DERIVATIVES,
    QUOTIENT_RULE,
    SUM_RULE_OVER_SUMS,
    *(chain_rule(function) for function in FUNCTIONS),
)
"""Every rule of differentiation, for the test of the table."""
