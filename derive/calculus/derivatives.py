"""The rules of differentiation: one small function each, with its equality and its reason."""

from __future__ import annotations

from derive.calculus.dependence import varies
from derive.calculus.examples import SCOPE, c, h, i, j, k, theta, v, y, z
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
from derive.notation.interval import Interval
from derive.notation.tree import fresh, letters_in, reindex, subterms
from derive.record import Condition, Rule, Scope


def constant(e: Expr, scope: Scope) -> Expr | None:
    """d c = 0 where c does not depend on the variable."""
    match e:
        case Diff(body, wrt) if not varies(body, wrt, scope.definitions):
            return ZERO
    return None


def constant_factor(e: Expr, scope: Scope) -> Expr | None:
    """d (c f) = c d f: the factors that vary stay together under the derivative."""
    match e:
        case Diff(Mul(args), wrt):
            moving = [a for a in args if varies(a, wrt, scope.definitions)]
            if not moving or len(moving) == len(args):
                return None
            first = args.index(moving[0])
            still = [a for a in args if not varies(a, wrt, scope.definitions)]
            before = sum(not varies(a, wrt, scope.definitions) for a in args[:first])
            return mul(*still[:before], Diff(mul(*moving), wrt), *still[before:])
    return None


def sum_derivative(e: Expr, _scope: Scope) -> Expr | None:
    """d sum_i f_i = sum_i d f_i; the bound letter is renamed where the variable uses it."""
    match e:
        case Diff(Sum() as total, wrt):
            index, body = total.index, total.body
            taken = letters_in(wrt)
            if index.letter in taken:
                index = fresh(index, taken | letters_in(body))
                body = reindex(body, {total.index: index})
            return Sum(Diff(body, wrt), (index, total.lower, total.upper))
    return None


def sum_rule(e: Expr, _scope: Scope) -> Expr | None:
    """d (f + g) = d f + d g."""
    match e:
        case Diff(Add(args), wrt):
            return add(*(Diff(a, wrt) for a in args))
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
        case Diff(Mul(args), wrt) if all(varies(a, wrt, scope.definitions) for a in args):
            return add(
                *(
                    mul(*args[:number], Diff(a, wrt), *args[number + 1 :])
                    for number, a in enumerate(args)
                )
            )
    return None


def quotient_rule(e: Expr, scope: Scope) -> Expr | None:
    """d (f / g) = (f' g - f g') / g^2; f may be the constant 1."""
    match e:
        case Diff(Pow(g, Num(value)), wrt) if value == -1 and varies(g, wrt, scope.definitions):
            return (Diff(ONE, wrt) * g - ONE * Diff(g, wrt)) / g**2
        case Diff(Mul(args), wrt) if all(varies(a, wrt, scope.definitions) for a in args):
            below = [a.base for a in args if isinstance(a, Pow) and a.exponent == MINUS_ONE]
            above = [a for a in args if not (isinstance(a, Pow) and a.exponent == MINUS_ONE)]
            if not below or not above:
                return None
            f, g = mul(*above), mul(*below)
            return (Diff(f, wrt) * g - f * Diff(g, wrt)) / g**2
    return None


def power_rule(e: Expr, scope: Scope) -> Expr | None:
    """d u^a = a u^(a-1) d u where the exponent does not vary."""
    match e:
        case Diff(Pow(base, exponent), wrt) if not varies(exponent, wrt, scope.definitions):
            lower = Num(exponent.value - 1) if isinstance(exponent, Num) else exponent - 1
            power = base if lower == ONE else Pow(base, lower)
            return mul(exponent, power, Diff(base, wrt))
    return None


def exponential_rule(e: Expr, scope: Scope) -> Expr | None:
    """d u^v = u^v d (v log u) where the exponent varies."""
    match e:
        case Diff(Pow(base, exponent), wrt) if varies(exponent, wrt, scope.definitions):
            return mul(Pow(base, exponent), Diff(exponent * log(base), wrt))
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
            case Diff(Apply(f, arg), wrt) if f == function:
                return mul(function.derivative(arg), Diff(arg, wrt))
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
    inside = (Condition(arg, "> 0"),) if domain.low == 0 else ()
    kinks = (Condition(arg if kink == 0 else arg - kink, "!= 0") for kink in function.kinks)
    return (*inside, *kinks)


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
