r"""Both signs of the exponent in one formula without branches.

For u >= 0 every e^u is 1/T, for u < 0 it is T, with T = e^{-|u|} <= 1: on either side the formula
is a quotient of polynomials in T, in |u| and in logarithms log1p(..T..). Where both sides have the
same denominator, a coefficient that stands at T^a for u >= 0 and at T^b for u < 0 is multiplied by
e^{-a max(u, 0)} e^{b min(u, 0)}; nothing overflows, and what is added has the same sign for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.calculus.polynomial import shortest
from derive.calculus.quotients import Coefficients, nested, polynomial, quotient, terms_of
from derive.notation.expression import ZERO, Apply, Expr, Num, add, mul
from derive.notation.functions import log1p, relu
from derive.notation.tree import replace_tensor, subterms
from derive.stabilise.exponentials import Exponential, with_exponentials
from derive.stabilise.homogeneous import scales_cancelled
from derive.stabilise.letters import A, Meaning, T
from derive.stabilise.logs import logs_split
from derive.stabilise.products import over, powers, raised, times


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
        return (scales_cancelled(over(above, right.below[0])),)
    shapes = (shortest(polynomial(right.below, T)), nested(right.below, T))
    made = (scales_cancelled(over(above, meaning.written(shape))) for shape in shapes)
    return tuple(dict.fromkeys(made))


def _side(e: Exponential, sign: int) -> Side | None:
    """The formula where u has this sign, or where it is 0."""
    formula = with_exponentials(e.formula, e.exponent, lambda k: raised(T, -sign * k))
    size = mul(Num(Fraction(sign)), A)
    value = over(size if e.offset == ZERO else size - e.offset, e.factor)
    formula = replace_tensor(formula, lambda entry: value if entry == e.letter else None)
    split = logs_split(formula, T, -A)
    found = None if split is None else quotient(split, T)
    return None if found is None else Side(found.above, found.below)


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
        match = next(((b, k, d) for b, k, d in open_left if k == key and _zero(c - d)), None)
        if match is not None:
            pairs.append((c, a, match[0], key))
            open_right.remove((a, key, c))
            open_left.remove(match)
    parts = [
        _paired(c, a, b, _written_key(key, letters, meaning), meaning) for c, a, b, key in pairs
    ]
    for a, key, c in list(open_right):
        # u p on the right and u q on the left are max(u, 0) p and min(u, 0) q.
        if not key[0]:
            return None
        parts.append(_sided(c, a, key, letters, relu(meaning.u), meaning))
    for b, key, c in open_left:
        if not key[0]:
            return None
        parts.append(_sided(c, b, key, letters, relu(-meaning.u), meaning))
    return add(*parts)


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


def _written_key(
    key: tuple[int, ...], letters: tuple[Expr, ...], meaning: Meaning
) -> tuple[Expr, ...]:
    written = (meaning.written(letter) for letter in letters)
    return tuple(p for e, k in zip(written, key, strict=True) for p in powers(e, k))


def _paired(c: Expr, a: int, b: int, more: tuple[Expr, ...], meaning: Meaning) -> Expr:
    """c T^a for u >= 0 and c T^b for u < 0."""
    both = min(a, b)
    sides = (*powers(meaning.falling, a - both), *powers(meaning.rising, b - both))
    return times(c, *more, *powers(meaning.small, both), *sides)


def _sided(
    c: Expr,
    a: int,
    key: tuple[int, ...],
    letters: tuple[Expr, ...],
    one_side: Expr,
    meaning: Meaning,
) -> Expr:
    """c T^a |u|^k on one side of 0 only; the small factor first, as |u| may be large."""
    rest = (*powers(one_side, key[0]), *_written_key((0, *key[1:]), letters, meaning))
    return mul(*powers(meaning.small, a), *rest, c) if a else times(c, *rest)
