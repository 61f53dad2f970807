r"""Both signs of the exponent in one formula without branches.

For u >= 0 every e^u is 1/T, for u < 0 it is T, with T = e^{-|u|} <= 1: on either side the formula
is a quotient of polynomials in T, in |u| and in logarithms log1p(..T..). Where both sides have the
same denominator, a coefficient that stands at T^a for u >= 0 and at T^b for u < 0 is multiplied by
e^{-a max(u, 0)} e^{b min(u, 0)}; nothing overflows, and what is added has the same sign for both.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.calculus.polynomial import shortest
from derive.calculus.quotients import Coefficients, nested, polynomial, quotient, terms_of
from derive.notation.expression import ONE, ZERO, Apply, Expr, Mul, Num, Pow, add, mul
from derive.notation.functions import log1p, relu
from derive.notation.tree import replace_tensor, subterms
from derive.stabilise.exponentials import Exponential, with_exponentials
from derive.stabilise.letters import A, Meaning, T
from derive.stabilise.logs import logs_split


@dataclass(frozen=True)
class Side:
    """The formula for one sign of u: a quotient of polynomials in T."""

    above: Coefficients
    below: Coefficients


def merged(e: Exponential) -> tuple[Expr, ...]:
    """The formula in one piece for both signs of u; a few shapes of it, or none."""
    if e.rational:
        return ()
    right, left = _side(e, 1), _side(e, -1)
    if right is None or left is None or not _equal(right.below, left.below):
        return ()
    if min(right.below) > 0:
        return ()
    meaning = Meaning(e.exponent)
    above = _numerator(right.above, left.above, meaning)
    if above is None:
        return ()
    if set(right.below) == {0}:
        return (_over(above, right.below[0]),)
    shapes = (_factored(right.below), nested(right.below, T))
    return tuple(dict.fromkeys(_over(above, meaning.written(shape)) for shape in shapes))


def _side(e: Exponential, sign: int) -> Side | None:
    """The formula where u has this sign, or where it is 0."""
    power = _positive if sign > 0 else _negative
    formula = with_exponentials(e.formula, e.exponent, power)
    if e.bare:
        formula = replace_tensor(
            formula, lambda entry: mul(Num(sign), A) if entry == e.exponent else None
        )
    split = logs_split(formula, T, -A)
    found = None if split is None else quotient(split, T)
    return None if found is None else Side(found.above, found.below)


def _positive(k: int) -> Expr:
    return Pow(T, Num(-k))


def _negative(k: int) -> Expr:
    return Pow(T, Num(k))


def _equal(a: Coefficients, b: Coefficients) -> bool:
    return a.keys() == b.keys() and all(_zero(a[k] - b[k]) for k in a)


def _zero(e: Expr) -> bool:
    return shortest(e) == ZERO


def _numerator(right: Coefficients, left: Coefficients, meaning: Meaning) -> Expr | None:
    """Both numerators as one formula, term by term: first those with the same coefficient."""
    logs = _logarithms((*right.values(), *left.values()))
    letters = (A, *logs)
    one, other = _terms(right, letters), _terms(left, letters)
    if one is None or other is None:
        return None
    pairs: list[tuple[Expr, int, int, tuple[int, ...]]] = []
    open_right = [(a, key, c) for (a, key), c in one.items()]
    open_left = [(b, key, c) for (b, key), c in other.items()]
    for a, key, c in list(open_right):
        # |u| stands for u on the right and for -u on the left.
        match = next(
            ((b, k, d) for b, k, d in open_left if k == key and _zero(c - d)), None
        )  # fmt: skip
        if match is not None:
            pairs.append((c, a, match[0], key))
            open_right.remove((a, key, c))
            open_left.remove(match)
    parts = [
        _paired(c, a, b, _written_key(key, letters, meaning), meaning) for c, a, b, key in pairs
    ]
    for a, key, c in list(open_right):
        # u p on the right and u q on the left are max(u, 0) p and min(u, 0) q.
        if a or not key[0]:
            return None
        parts.append(_sided(c, key, letters, relu(meaning.u), meaning))
    for b, key, c in open_left:
        if b or not key[0]:
            return None
        parts.append(_sided(c, key, letters, relu(-meaning.u), meaning))
    return _joined_sides(parts)


Keys = dict[tuple[int, tuple[int, ...]], Expr]


def _terms(side: Coefficients, letters: tuple[Expr, ...]) -> Keys | None:
    """The coefficients by the power of T and the powers of |u| and of the logarithms."""
    found: Keys = {}
    for k, c in side.items():
        parts = terms_of(c, letters)
        if parts is None:
            return None
        found |= {(k, key): part for key, part in parts.items()}
    return found


def _logarithms(parts: tuple[Expr, ...]) -> tuple[Expr, ...]:
    found = (
        node
        for part in parts
        for _, node in subterms(part)
        if isinstance(node, Apply) and node.function == log1p
    )
    return tuple(dict.fromkeys(found))


def _written_key(key: tuple[int, ...], letters: tuple[Expr, ...], meaning: Meaning) -> list[Expr]:
    parts = [meaning.written(letter) for letter in letters]
    return [p if k == 1 else Pow(p, Num(k)) for p, k in zip(parts, key, strict=True) if k]


def _paired(c: Expr, a: int, b: int, more: list[Expr], meaning: Meaning) -> Expr:
    """c T^a for u >= 0 and c T^b for u < 0."""
    both = min(a, b)
    powers = ((meaning.small, both), (meaning.falling, a - both), (meaning.rising, b - both))
    factors = [p if k == 1 else Pow(p, Num(k)) for p, k in powers if k]
    return _times(c, [*more, *factors])


def _sided(
    c: Expr, key: tuple[int, ...], letters: tuple[Expr, ...], one_side: Expr, meaning: Meaning
) -> Expr:
    """c |u|^k on one side of 0 only."""
    own = [one_side if key[0] == 1 else Pow(one_side, Num(key[0]))]
    return _times(c, own + _written_key((0, *key[1:]), letters, meaning))


def _joined_sides(parts: list[Expr]) -> Expr:
    return add(*parts) if parts else ZERO


def _times(c: Expr, factors: list[Expr]) -> Expr:
    own = c.args if isinstance(c, Mul) else () if c == ONE else (c,)
    return mul(*own, *factors)


def _factored(below: Coefficients) -> Expr:
    """The denominator in factors: (1 + T)^2."""
    return shortest(polynomial(below, T))


def _over(above: Expr, below: Expr) -> Expr:
    if below == ONE:
        return above
    if isinstance(below, Mul):
        return mul(above, *(_inverse(part) for part in below.args))
    return mul(above, _inverse(below))


def _inverse(e: Expr) -> Expr:
    return Num(1 / e.value) if isinstance(e, Num) else Pow(e, Num(-1))
