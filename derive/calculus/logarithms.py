"""The laws of logarithm, exponential and products over samples, each as a rule."""

from __future__ import annotations

from derive.calculus.examples import SCOPE, h, i, m, y, z
from derive.notation.expression import (
    MINUS_ONE,
    ONE,
    ZERO,
    Add,
    Apply,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    add,
    mul,
    negative,
)
from derive.notation.functions import exp, log
from derive.notation.interval import OPEN_UNIT, POSITIVE
from derive.notation.problem import data
from derive.record import Condition, Rule, Scope

a, b = data("a", domain=POSITIVE), data("b", domain=POSITIVE)
p = data("p", m, domain=OPEN_UNIT)


def log_product(e: Expr, _scope: Scope) -> Expr | None:
    """log(a b) = log a + log b; a factor 1/b gives -log b."""
    match e:
        case Apply(f, Mul(args)) if f == log:
            return add(*(log(x) for x in args))
    return None


def log_power(e: Expr, _scope: Scope) -> Expr | None:
    """log(a^c) = c log a."""
    match e:
        case Apply(f, Pow(base, exponent)) if f == log:
            return negative(log(base)) if exponent == MINUS_ONE else mul(exponent, log(base))
    return None


def log_of_product(e: Expr, _scope: Scope) -> Expr | None:
    """log prod_i a_i = sum_i log a_i."""
    match e:
        case Apply(f, Product() as total) if f == log:
            return Sum(log(total.body), (total.index, total.lower, total.upper))
    return None


def log_exp(e: Expr, _scope: Scope) -> Expr | None:
    """log e^u = u."""
    match e:
        case Apply(f, Apply(g, arg)) if f == log and g == exp:
            return arg
    return None


def exp_log(e: Expr, _scope: Scope) -> Expr | None:
    """e^{log u} = u."""
    match e:
        case Apply(f, Apply(g, arg)) if f == exp and g == log:
            return arg
    return None


def log_one(e: Expr, _scope: Scope) -> Expr | None:
    """log 1 = 0."""
    return ZERO if e == log(ONE) else None


def exp_zero(e: Expr, _scope: Scope) -> Expr | None:
    """e^0 = 1."""
    return ONE if e == exp(ZERO) else None


def exp_sum(e: Expr, _scope: Scope) -> Expr | None:
    """e^{u + v} = e^u e^v."""
    match e:
        case Apply(f, Add(args)) if f == exp:
            return mul(*(exp(x) for x in args))
    return None


def exp_minus(e: Expr, _scope: Scope) -> Expr | None:
    """e^{-u} = 1 / e^u."""
    match e:
        case Apply(f, Mul((Num(value), *rest))) if f == exp and value == -1:
            return Pow(exp(mul(*rest)), MINUS_ONE)
    return None


def split_products(e: Expr, _scope: Scope) -> Expr | None:
    """prod_i a_i b_i = prod_i a_i prod_i b_i."""
    match e:
        case Product(Mul(args)):
            return mul(*(Product(x, (e.index, e.lower, e.upper)) for x in args))
    return None


def sum_term_by_term(e: Expr, _scope: Scope) -> Expr | None:
    """sum_i (a_i + b_i) = sum_i a_i + sum_i b_i."""
    match e:
        case Sum(Add(args)):
            return add(*(Sum(x, (e.index, e.lower, e.upper)) for x in args))
    return None


def distribute(e: Expr, _scope: Scope) -> Expr | None:
    """a (b + c) = a b + a c, for the first bracket of a product."""
    match e:
        case Mul(args):
            for number, factor in enumerate(args):
                if isinstance(factor, Add):
                    rest = (args[:number], args[number + 1 :])
                    return add(*(mul(*rest[0], x, *rest[1]) for x in factor.args))
    return None


def given_value(e: Expr, _scope: Scope) -> Expr | None:
    """y = 1 where the case says so: a letter whose domain is one number."""
    match e:
        case Entry(tensor, _) if tensor.domain.low == tensor.domain.high:
            return Num(tensor.domain.low)  # type: ignore[arg-type]
    return None


def _positive_factors(redex: Expr, _scope: Scope) -> tuple[Condition, ...]:
    match redex:
        case Apply(_, Mul(args)):
            return tuple(Condition(x, "> 0") for x in args if not isinstance(x, Num))
        case Apply(_, Pow(base, _)):
            return (Condition(base, "> 0"),)
        case Apply(_, Product() as total):
            return (Condition(total.body, "> 0"),)
        case Apply(_, Apply(_, arg)):
            return (Condition(arg, "> 0"),)
    return ()


LOGARITHMS: tuple[Rule, ...] = (
    Rule("log-product", r"\log(ab) = \log a + \log b", r"$\log(ab) = \log a + \log b$",
         log_product, log(a() * b()), conditions=_positive_factors),
    Rule("log-power", r"\log a^c = c\log a", r"$\log a^c = c\log a$", log_power,
         log(a() ** b()), conditions=_positive_factors),
    Rule("log-of-product", r"\log\prod_i a_i = \sum_i \log a_i",
         "the logarithm of a product is a sum", log_of_product, log(Product(p[i], i)),
         conditions=_positive_factors),
    Rule("log-exp", r"\log e^u = u", r"$\log e^u = u$", log_exp, log(exp(a()))),
    Rule("exp-log", r"e^{\log u} = u", r"$e^{\log u} = u$", exp_log, exp(log(a())),
         conditions=_positive_factors),
    Rule("log-one", r"\log 1 = 0", r"$\log 1 = 0$", log_one, log(ONE)),
    Rule("exp-zero", r"e^0 = 1", r"$e^0 = 1$", exp_zero, exp(ZERO)),
    Rule("exp-sum", r"e^{u+v} = e^u e^v", r"$e^{u+v} = e^u e^v$", exp_sum, exp(a() - b())),
    Rule("exp-minus", r"e^{-u} = 1/e^u", r"$e^{-u} = 1/e^u$", exp_minus, exp(-a())),
    Rule("split-products", r"\prod_i a_i b_i = \prod_i a_i \prod_i b_i",
         "the product factor by factor", split_products, Product(p[i] * (1 - p[i]), i)),
    Rule("sum-term-by-term", r"\sum_i (a_i + b_i) = \sum_i a_i + \sum_i b_i",
         "the sum term by term", sum_term_by_term, Sum(y[i] + z[i], i), SCOPE),
    Rule("distribute", r"a(b + c) = ab + ac", "multiply out", distribute,
         y[i] * (1 - h[i]), SCOPE),
    Rule("given-value", "y = 1", "the case at hand", given_value,
         data("q", domain=POSITIVE.__class__(1, 1))()),
)  # fmt: skip
