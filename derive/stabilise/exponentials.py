r"""A formula of one score, written in exponentials e^{ku} of one exponent u and in logarithms.

sigmoid(z), softplus(z), tanh(z), cosh(z) and products of them become rational functions of e^z and
logarithms of such functions, which algebra can look through.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derive.calculus.polynomial import forms_of, split_exponent
from derive.notation.expression import (
    ONE,
    ZERO,
    Add,
    Apply,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Tensor,
    add,
    mul,
)
from derive.notation.functions import SLOT, Elementwise, exp, log
from derive.notation.tree import children, rebuild, replace_tensor, same, subterms, tensors_in
from derive.stabilise.products import raised


@dataclass(frozen=True)
class Exponential:
    """A formula with exponentials of multiples of `exponent` alone.

    Attributes:
        formula: The formula, functions of the table written out where they are made of exponentials
            and logarithms.
        exponent: u.
        letter: The letter L where u = k L + c for k and c without it, so that L outside of
            exponentials is (u - c)/k; else None.
        factor: k.
        offset: c.
    """

    formula: Expr
    exponent: Expr
    letter: Entry | None = None
    factor: Expr = ONE
    offset: Expr = ZERO

    @property
    def rational(self) -> bool:
        """Whether it is a rational function of e^u, without logarithms and without u itself."""
        rest = with_exponentials(self.formula, self.exponent, lambda k: ONE)
        if any(node == self.letter for _, node in subterms(rest)):
            return False
        return not any(isinstance(n, Apply) and n.function == log for _, n in subterms(rest))


def exponentials(e: Expr, score: Tensor) -> tuple[Exponential, ...]:
    """`e` in exponentials of one exponent, logarithms of data beside it taken out or left in."""
    found = (exponential(e, score), exponential(e, score, within=True))
    return tuple(dict.fromkeys(made for made in found if made is not None))


def exponential(e: Expr, score: Tensor, *, within: bool = False) -> Exponential | None:
    """`e` in exponentials of one exponent that contains the score, or None.

    Logarithms of data stay `within` it, e^{z - log r}, or are taken out: e^z/r.
    """
    written = _written_out(e, score)
    written = written if within else _logs_out(written, score)
    exponent: Expr | None = None
    step = 0
    for _, node in subterms(written):
        match node:
            case Apply(function, arg) if function == exp and contains(arg, score):
                count, inner = split_exponent(arg)
                if exponent is not None and not same(exponent, inner):
                    return None
                exponent, step = inner, math.gcd(step, count)
            case Apply(function, arg) if function != log and contains(arg, score):
                return None
            case Pow(base, power) if contains(base, score) and not _whole(power):
                return None
    if exponent is None:
        return None
    if any(isinstance(n, Apply) and contains(n, score) for _, n in subterms(exponent)):
        return None
    if step > 1:
        exponent = mul(Num(Fraction(step)), exponent)
    return Exponential(written, exponent, *_line(exponent, score))


def _line(u: Expr, score: Tensor) -> tuple[Entry | None, Expr, Expr]:
    """L, k and c where u = k L + c."""
    terms = u.args if isinstance(u, Add) else (u,)
    moving = [term for term in terms if contains(term, score)]
    parts = moving[0].args if len(moving) == 1 and isinstance(moving[0], Mul) else tuple(moving)
    own = [p for p in parts if contains(p, score)]
    if len(moving) != 1 or len(own) != 1 or not isinstance(own[0], Entry):
        return None, ONE, ZERO
    offset = [term for term in terms if term not in moving]
    return own[0], mul(*(p for p in parts if p != own[0])), add(*offset) if offset else ZERO


def contains(e: Expr, score: Tensor) -> bool:
    """Whether the formula contains the score."""
    return score in tensors_in(e)


def with_exponentials(e: Expr, u: Expr, power: Callable[[int], Expr]) -> Expr:
    """`e` with power(k) in place of every e^{ku}."""
    match e:
        case Apply(function, arg) if function == exp:
            k, inner = split_exponent(arg)
            step, own = split_exponent(u)
            if same(inner, own):
                return power(k // step)
    parts = children(e)
    return rebuild(e, tuple(with_exponentials(p, u, power) for p in parts)) if parts else e


def _written_out(e: Expr, score: Tensor) -> Expr:
    """The functions that consist of exponentials and logarithms, by their definitions."""
    match e:
        case Apply(function, arg) if contains(arg, score):
            inner = _written_out(arg, score)
            body = _of_exponentials(function)
            if body is None:
                return Apply(function, inner)
            return replace_tensor(body, lambda entry: inner if entry == SLOT else None)
    parts = children(e)
    return rebuild(e, tuple(_written_out(part, score) for part in parts)) if parts else e


def _logs_out(e: Expr, score: Tensor) -> Expr:
    """Every exponential of the score without logarithms of data in its exponent."""
    parts = children(e)
    inner = rebuild(e, tuple(_logs_out(part, score) for part in parts)) if parts else e
    match inner:
        case Apply(function, arg) if function == exp and contains(arg, score):
            return _exponential_of(arg, score)
    return inner


def _exponential_of(arg: Expr, score: Tensor) -> Expr:
    """e^arg, where e^{t + k log a} is a^k e^t for data a."""
    terms = next(forms_of(arg), arg)
    parts = terms.args if isinstance(terms, Add) else (terms,)
    powers: list[Expr] = []
    rest: list[Expr] = []
    for part in parts:
        match part:
            case Apply(function, a) if function == log and not contains(a, score):
                powers.append(a)
            case Mul((Num(k), Apply(function, a))) if (
                function == log and not contains(a, score) and k.denominator == 1
            ):
                powers.append(raised(a, int(k)))
            case _:
                rest.append(part)
    return mul(*powers, exp(add(*rest))) if powers else exp(arg)


def _of_exponentials(function: Elementwise) -> Expr | None:
    """f(t) in exponentials and logarithms, or None where it has another part."""
    if function.definition is None:
        return None
    body = function.definition(SLOT)
    return _reduced(body)


def _reduced(e: Expr) -> Expr | None:
    match e:
        case Apply(function, arg):
            inner = _reduced(arg)
            if inner is None:
                return None
            if function in (exp, log):
                return Apply(function, inner)
            body = _of_exponentials(function)
            return None if body is None else replace_tensor(
                body, lambda entry: inner if entry == SLOT else None
            )  # fmt: skip
        case Pow(_, power) if not _whole(power):
            return None
    parts = [_reduced(part) for part in children(e)]
    found = tuple(p for p in parts if p is not None)
    if len(found) < len(parts) or type(e).__name__ == "Cases":
        return None
    return rebuild(e, found) if found else e


def _whole(power: Expr) -> bool:
    return isinstance(power, Num) and Fraction(power.value).denominator == 1
