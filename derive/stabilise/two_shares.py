r"""Quotients by powers of 1 + e^u, in the two shares h = sigma(u) and 1 - h = sigma(-u).

(a e^u + b) e^u/(1 + e^u)^3 = h (1 - h) (a h + b (1 - h)): the powers of e^u overflow, the shares
are at most 1, and nothing is divided.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from derive.notation.expression import (
    ONE,
    Add,
    Apply,
    Expr,
    Mul,
    Num,
    Pow,
    add,
    mul,
)
from derive.notation.functions import SLOT, exp, expm1, sigmoid, tanh
from derive.notation.tree import same, subterms
from derive.record import Rule, Scope

HIGHEST = 8
"""Powers of 1 + e^u that are looked at."""


@dataclass(frozen=True)
class _Term:
    """coefficient * e^(power u) * (1 + e^u)^below; the coefficient holds no e^u."""

    coefficient: tuple[Expr, ...]
    power: int
    below: int = 0

    @property
    def degree(self) -> int:
        """Of the powers of 1 + e^u below, so many are used up."""
        return self.power + self.below


def two_shares(e: Expr, _scope: Scope) -> Expr | None:
    """p(e^u)/(1 + e^u)^b for a polynomial p of at most the degree b."""
    factors = e.args if isinstance(e, Mul) else (e,)
    for place, factor in enumerate(factors):
        below = _below(factor)
        if below is not None:
            others = (*factors[:place], *factors[place + 1 :])
            found = _in_shares(others, *below)
            if found is not None:
                return found
    return None


def _below(e: Expr) -> tuple[Expr, int] | None:
    """u and b of (1 + e^u)^-b."""
    match e:
        case Pow(Pow(base, Num(inner)), Num(outer)) if inner > 0:
            return _below(Pow(base, Num(inner * outer)))
        case Pow(Add((one, other)), Num(power)) if power < 0 and power.denominator == 1:
            if other == ONE:
                one, other = other, one
            if one == ONE and isinstance(other, Apply) and other.function == exp:
                return (other.arg, -int(power)) if -power <= HIGHEST else None
    return None


def _in_shares(factors: tuple[Expr, ...], u: Expr, b: int) -> Expr | None:
    high, low = sigmoid(u), sigmoid(_minus(u))
    made: list[Expr] = []
    rest, raised = b, 0
    for factor in factors:
        alone = _term(factor, u)
        if alone is not None:
            made += alone.coefficient
            raised, rest = raised + alone.power, rest - alone.degree
            continue
        terms = _terms(factor, u)
        if terms is None:
            return None
        degree = max(term.degree for term in terms)
        rest -= degree
        made.append(add(*(_homogeneous(term, degree, high, low) for term in terms)))
    if rest < 0:
        return None
    return mul(*made, *_power(high, raised), *_power(low, rest))


def _homogeneous(term: _Term, degree: int, high: Expr, low: Expr) -> Expr:
    shares = (*_power(high, term.power), *_power(low, degree - term.degree))
    return mul(*term.coefficient, *shares) if term.coefficient or shares else ONE


def _power(share: Expr, count: int) -> tuple[Expr, ...]:
    return () if count == 0 else (share,) if count == 1 else (Pow(share, Num(ONE.value * count)),)


def _minus(u: Expr) -> Expr:
    match u:
        case Mul((Num(value), *rest)) if value == -1:
            return mul(*rest)
    return -u


def _terms(e: Expr, u: Expr) -> tuple[_Term, ...] | None:
    """A sum as a polynomial in e^u."""
    terms = [_term(arg, u) for arg in (e.args if isinstance(e, Add) else (e,))]
    known = [term for term in terms if term is not None]
    return _paired(known, u) if len(known) == len(terms) else None


def _paired(terms: list[_Term], u: Expr) -> tuple[_Term, ...]:
    """c e^u + c and c e^u - c as c (1 + e^u) and c tanh(u/2) (1 + e^u): no digits are lost."""
    left, made = list(terms), []
    for term in terms:
        (number, rest), power = _number_apart(term.coefficient), term.power
        for other in left:
            factor, others = _number_apart(other.coefficient)
            near = (power, term.below, other.power, other.below) == (1, 0, 0, 0)
            if near and term in left and abs(factor) == abs(number) and same(rest, others):
                vanishing = (tanh(u / 2),) if factor == -number else ()
                made.append(_Term((*term.coefficient, *vanishing), 0, 1))
                left = [t for t in left if t is not term and t is not other]
                break
    return (*left, *made)


def _number_apart(coefficient: tuple[Expr, ...]) -> tuple[Fraction, Expr]:
    numbers = [f.value for f in coefficient if isinstance(f, Num)]
    rest = mul(*(f for f in coefficient if not isinstance(f, Num)))
    return math.prod(numbers, start=Fraction(1)), rest


def _term(e: Expr, u: Expr) -> _Term | None:
    """A product as a coefficient and a power of e^u; None where e^u stands deeper in it.

    What vanishes keeps its digits: e^u - 1 = tanh(u/2) (1 + e^u).
    """
    power = below = 0
    coefficient: list[Expr] = []
    for factor in e.args if isinstance(e, Mul) else (e,):
        match factor:
            case Apply(function, arg) if function == exp and same(arg, u):
                power += 1
            case Pow(Apply(function, arg), Num(k)) if (
                function == exp and same(arg, u) and k.denominator == 1 and k > 0
            ):
                power += int(k)
            case Apply(function, arg) if function == expm1 and same(arg, u) and not below:
                below = 1
                coefficient.append(tanh(u / 2))
            case _ if _holds(factor, u):
                return None
            case _:
                coefficient.append(factor)
    return _Term(tuple(coefficient), power, below)


def _holds(e: Expr, u: Expr) -> bool:
    """Whether an exponential of u, or of a multiple of it, stands somewhere in it."""
    arguments = (
        n.arg for _, n in subterms(e) if isinstance(n, Apply) and n.function in (exp, expm1)
    )
    return any(same(arg, u) or same(arg, _minus(u)) for arg in arguments)


TWO_SHARES = Rule(
    "stable-two-shares",
    r"\frac{a e^u + b}{1 + e^u} = a\,\sigma(u) + b\,\sigma(-u)",
    r"$e^u/(1+e^u) = \sigma(u)$, $1/(1+e^u) = \sigma(-u)$",
    two_shares,
    SLOT * exp(SLOT) / (1 + exp(SLOT)) ** 2,
)
