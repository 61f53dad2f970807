"""The rules of algebra: arithmetic, factors, signs, deltas, sums."""

from __future__ import annotations

from fractions import Fraction

from derive.calculus.examples import SCOPE, X, h, i, k, l, m, theta, y, z
from derive.calculus.order import factor_key, is_negative, ordered, positive_first
from derive.calculus.polynomial import shortest
from derive.calculus.rewrite import everywhere
from derive.notation.domain import range_of
from derive.notation.expression import (
    MINUS_ONE,
    ONE,
    ZERO,
    Add,
    Axis,
    Delta,
    Diff,
    Expr,
    Indicator,
    Mul,
    Num,
    Pow,
    Sum,
    add,
    mul,
)
from derive.notation.tree import kinds_in, length, same, size, subterms
from derive.record import Condition, Rule, Scope

LENGTH_LIMIT = 3000
"""Formulas longer than this are not multiplied out."""


def arithmetic(e: Expr) -> Expr | None:
    """0 x = 0, 1 x = x, 0 + x = x, x^1 = x, and numbers multiplied and added."""
    match e:
        case Mul(args):
            numbers = [a.value for a in args if isinstance(a, Num)]
            rest = [a for a in args if not isinstance(a, Num)]
            value = Fraction(1)
            for number in numbers:
                value *= number
            if value == 0:
                return ZERO
            if len(numbers) > 1 or (value == 1 and numbers):
                return mul(*([] if value == 1 and rest else [Num(value)]), *rest)
        case Add(args):
            numbers = [a.value for a in args if isinstance(a, Num)]
            if ZERO in args:
                return add(*(a for a in args if a != ZERO))
            if len(numbers) > 1:
                first = next(n for n, a in enumerate(args) if isinstance(a, Num))
                total = Num(sum(numbers, Fraction(0)))
                rest = [a for a in args if not isinstance(a, Num)]
                return add(*rest[:first], total, *rest[first:])
        case Pow(base, Num(value)):
            if value == 1:
                return base
            if value == 0:
                return ONE
            if isinstance(base, Num) and value.denominator == 1 and base.value != 0:
                return Num(base.value ** int(value))
    return None


def cancel_numbers(e: Expr) -> Expr | None:
    """Numbers and sizes in a product are put together: 2 * 1/(2m) = 1/m."""
    match e:
        case Mul(args):
            sizes = [a for a in args if _is_coefficient(a)]
            if len(sizes) < 2:
                return None
            new = shortest(mul(*sizes))
            if new == mul(*sizes):
                return None
            return mul(new, *(a for a in args if not _is_coefficient(a)))
    return None


def _is_coefficient(e: Expr) -> bool:
    return all(isinstance(node, Num | Axis | Mul | Pow) for _, node in subterms(e))


def common_factor(e: Expr) -> Expr | None:
    """a x + b x = (a + b) x, with every factor that all terms share."""
    match e:
        case Add(args):
            factors = [list(_positive_factors(a)) for a in args]
            shared: list[Expr] = []
            for candidate in list(factors[0]):
                if all(any(same(candidate, f) for f in other) for other in factors):
                    shared.append(candidate)
                    for other in factors:
                        other.pop(next(n for n, f in enumerate(other) if same(candidate, f)))
            if shared:
                terms = positive_first(
                    tuple(mul(*_sign(a), *rest) for a, rest in zip(args, factors, strict=True))
                )
                return mul(*ordered((add(*terms), *shared)))
    return None


def _positive_factors(e: Expr) -> tuple[Expr, ...]:
    args = e.args if isinstance(e, Mul) else (e,)
    return tuple(a for a in args if not isinstance(a, Num))


def _sign(e: Expr) -> tuple[Expr, ...]:
    args = e.args if isinstance(e, Mul) else (e,)
    return tuple(a for a in args if isinstance(a, Num))


def clear_denominators(e: Expr) -> Expr | None:
    """(a/p + b/q) p q = a q + b p: factors outside of a bracket cancel quotients inside."""
    match e:
        case Mul(args):
            for number, bracket in enumerate(args):
                if not isinstance(bracket, Add):
                    continue
                below = [_denominators(term) for term in bracket.args]
                wanted = [d for group in below for d in group]
                outside = [*args[:number], *args[number + 1 :]]
                moved = [a for a in outside if any(same(a, d) for d in wanted)]
                if not moved:
                    continue
                terms = tuple(_cancelled(term, moved) for term in bracket.args)
                rest = [a for a in outside if not any(same(a, d) for d in wanted)]
                return mul(*ordered((add(*terms), *rest)))
    return None


def _denominators(term: Expr) -> list[Expr]:
    args = term.args if isinstance(term, Mul) else (term,)
    return [a.base for a in args if isinstance(a, Pow) and a.exponent == MINUS_ONE]


def _cancelled(term: Expr, moved: list[Expr]) -> Expr:
    """term times the moved factors, quotients cancelled one by one."""
    args = list(term.args if isinstance(term, Mul) else (term,))
    for factor in moved:
        inverse = next(
            (a for a in args if isinstance(a, Pow) and a.exponent == MINUS_ONE
             and same(a.base, factor)), None)  # fmt: skip
        if inverse is None:
            args.append(factor)
        else:
            args.remove(inverse)
    return mul(*args) if args else ONE


def simplify(e: Expr) -> Expr | None:
    """A sum or product of atoms as the shorter of its expanded and its factored form."""
    # Open derivatives and deltas have rules of their own; a long formula stays unfactored.
    if not isinstance(e, Add | Mul | Pow) or length(e) > LENGTH_LIMIT:
        return None
    if not kinds_in(e).isdisjoint((Diff, Delta, Indicator)):
        return None
    new = shortest(e)
    return None if new == e else new


def absorb_sign(e: Expr) -> Expr | None:
    """-(a - b) = b - a, also where the bracket stands under a sum."""
    match e:
        case Mul((Num(value), *rest)) if value < 0:
            for number, factor in enumerate(rest):
                flipped = _flip(factor)
                if flipped is not None:
                    head = [] if value == -1 else [Num(-value)]
                    return mul(*head, *rest[:number], flipped, *rest[number + 1 :])
    return None


def _flip(e: Expr) -> Expr | None:
    """-e, where a bracket with a minus sign in it makes that no longer than e."""
    match e:
        case Add(args) if wants_sign(e):
            return add(*positive_first(tuple(_minus(a) for a in args)))
        case Mul(args):
            # The longest bracket takes the sign: 1 - h beside it stays as it is.
            for number in sorted(range(len(args)), key=lambda n: size(args[n]), reverse=True):
                flipped = _flip(args[number]) if isinstance(args[number], Add) else None
                if flipped is not None:
                    return mul(*args[:number], flipped, *args[number + 1 :])
        case Sum():
            flipped = _flip(e.body)
            return None if flipped is None else Sum(flipped, (e.index, e.lower, e.upper))
    return None


def wants_sign(bracket: Add) -> bool:
    """Whether -bracket reads as well as the bracket: it has a minus sign and is not 1 - h."""
    lone_number = len(bracket.args) == 2 and any(
        isinstance(a, Num) and a.value > 0 for a in bracket.args
    )
    return any(is_negative(a) for a in bracket.args) and not lone_number


def _minus(term: Expr) -> Expr:
    match term:
        case Num(value):
            return Num(-value)
        case Mul((Num(value), *rest)):
            return mul(*([] if value == -1 else [Num(-value)]), *rest)
    return mul(MINUS_ONE, term)


def factor_order(e: Expr) -> Expr | None:
    """Factors in textbook order: numbers, sizes, vectors' entries, matrices' entries, sums."""
    match e:
        case Mul(args) if list(map(factor_key, args)) != sorted(map(factor_key, args)):
            return mul(*ordered(args))
    return None


def denominators(redex: Expr, scope: Scope) -> tuple[Condition, ...]:
    """What is divided by, factor by factor, and what shows that it is not 0."""
    found: dict[Expr, None] = {}
    for _, node in subterms(redex):
        if isinstance(node, Pow) and isinstance(node.exponent, Num) and node.exponent.value < 0:
            found.update(dict.fromkeys(_divisors(node.base)))
    return tuple(
        Condition(base, "!= 0", "range" if range_of(base, scope.definitions).nonzero else "")
        for base in found
    )


def _divisors(e: Expr) -> tuple[Expr, ...]:
    """The factors of which one would have to vanish: L of 2 L^2 m; sizes and numbers never do."""
    match e:
        case Num() | Axis():
            return ()
        case Mul(args):
            return tuple(d for a in args for d in _divisors(a))
        case Pow(base, Num(value)) if value > 0:
            return _divisors(base)
    return (e,)


ARITHMETIC = Rule(
    "arithmetic", r"0\,x = 0,\; 1\,x = x,\; x + 0 = x", "arithmetic", everywhere(arithmetic),
    mul(Num(Fraction(2)), y[i], Num(Fraction(1, 2))),
)  # fmt: skip
CANCEL_NUMBERS = Rule(
    "cancel-numbers", r"\tfrac{1}{2m}\cdot 2 = \tfrac1m", "cancel the numbers",
    everywhere(cancel_numbers), mul(1 / (2 * m), Num(Fraction(2)), y[i]),
)  # fmt: skip
COMMON_FACTOR = Rule(
    "common-factor", r"a x + b x = (a + b)\,x", "take out the common factor",
    everywhere(common_factor), y[i] * Diff(h[i], theta[k]) - z[i] * Diff(h[i], theta[k]), SCOPE,
)  # fmt: skip
CLEAR_DENOMINATORS = Rule(
    "clear-denominators", r"(a/p + b/q)\,p\,q = a q + b p", "multiply out the quotients and cancel",
    everywhere(clear_denominators), (y[i] / h[i] - (1 - y[i]) / (1 - h[i])) * h[i] * (1 - h[i]),
    SCOPE, conditions=denominators,
)  # fmt: skip
SIMPLIFY = Rule(
    "simplify", r"p(x)\,q(x) = \text{its shortest polynomial form}", "multiply out and collect",
    everywhere(simplify), y[i] * (1 - h[i]) - (1 - y[i]) * h[i], SCOPE,
    conditions=denominators,
)  # fmt: skip
ABSORB_SIGN = Rule(
    "absorb-sign", r"-(a - b) = b - a", "the sign goes into the bracket", everywhere(absorb_sign),
    -1 / m * Sum((y[i] - h[i]) * X[i, k], i), SCOPE,
)  # fmt: skip
FACTOR_ORDER = Rule(
    "factor-order", r"x y = y x", "order of the factors", everywhere(factor_order),
    X[i, l] * X[i, k] * y[i] * 2,
)  # fmt: skip
ALGEBRA: tuple[Rule, ...] = (
    ARITHMETIC, CANCEL_NUMBERS, COMMON_FACTOR, CLEAR_DENOMINATORS, SIMPLIFY, ABSORB_SIGN,
    FACTOR_ORDER,
)  # fmt: skip
"""Every rule of algebra, for the test of the table."""
