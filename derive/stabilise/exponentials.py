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
from derive.notation.expression import ONE, Add, Apply, Entry, Expr, Mul, Num, Pow, Tensor, add, mul
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
        letter: The letter L where u = k L for a k without it, so that L outside of exponentials
            is u/k; else None.
        factor: k.
    """

    formula: Expr
    exponent: Expr
    letter: Entry | None = None
    factor: Expr = ONE

    @property
    def rational(self) -> bool:
        """Whether it is a rational function of e^u, without logarithms and without u itself."""
        rest = with_exponentials(self.formula, self.exponent, lambda k: ONE)
        if any(node == self.letter for _, node in subterms(rest)):
            return False
        return not any(isinstance(n, Apply) and n.function == log for _, n in subterms(rest))


def exponential(e: Expr, score: Tensor) -> Exponential | None:
    """`e` in exponentials of one exponent that contains with the score, or None."""
    written = _logs_out(_written_out(e, score), score)
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
    return Exponential(written, exponent, *_multiple(exponent, score))


def _multiple(u: Expr, score: Tensor) -> tuple[Entry | None, Expr]:
    """L and k where u = k L."""
    parts = u.args if isinstance(u, Mul) else (u,)
    own = [p for p in parts if contains(p, score)]
    if len(own) != 1 or not isinstance(own[0], Entry):
        return None, ONE
    return own[0], mul(*(p for p in parts if p != own[0]))


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
