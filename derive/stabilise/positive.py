r"""Polynomials in data between 0 and 1 that keep one sign, without differences.

2 + 2 e y - e - 2 y loses its digits beside y = 1 and e = 0; it is e + 2 (1 - e)(1 - y), in the form
of S. N. Bernstein: a sum over the corners of the square with the values there as coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import permutations
from math import prod

from derive.calculus.quotients import terms_of
from derive.notation.expression import (
    MINUS_ONE,
    ONE,
    ZERO,
    Add,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    add,
    mul,
)
from derive.notation.interval import UNIT
from derive.notation.tree import children, length, rebuild, subterms
from derive.stabilise.products import together

REASON = r"$c(y) = y\,c(1) + (1-y)\,c(0)$ where a coefficient is linear in $y$"
MOST = 3
"""Letters of a polynomial."""

Corners = Mapping[tuple[int, ...], Fraction]


def in_corners(e: Expr) -> Expr:
    """`e` with such coefficients in this form."""
    match e:
        case Add():
            found = _bernstein(e, Fraction(1))
        case Mul(args):
            number = prod((a.value for a in args if isinstance(a, Num)), start=Fraction(1))
            parts = [a for a in args if not isinstance(a, Num)]
            made = [(n, _bernstein(a, number)) for n, a in enumerate(parts) if isinstance(a, Add)]
            found = next((_put(parts, n, form) for n, form in made if form is not None), None)
        case _:
            found = None
    if found is not None:
        return found
    inside = children(e)
    return rebuild(e, tuple(map(in_corners, inside))) if inside else e


def _put(parts: list[Expr], place: int, form: Expr) -> Expr:
    """The product with the number within the sum at one place."""
    others = (in_corners(p) if n != place else form for n, p in enumerate(parts))
    return together(mul(*others))


def _bernstein(e: Add, number: Fraction) -> Expr | None:
    """A multiple of the sum."""
    leaves = [n for _, n in subterms(e) if not children(n) and not isinstance(n, Num)]
    letters = tuple(dict.fromkeys(n for n in leaves if isinstance(n, Entry)))
    if not 2 <= len(letters) <= MOST or len(letters) < len(set(leaves)):
        return None
    if not all(_unit(letter) for letter in letters) or any(
        isinstance(n, Pow) for _, n in subterms(e)
    ):
        return None
    found = terms_of(e, letters)
    if found is None or any(max(key) > 1 or not isinstance(c, Num) for key, c in found.items()):
        return None
    table = {key: number * c.value for key, c in found.items() if isinstance(c, Num)}
    forms = [_form(table, order, letters) for order in permutations(range(len(letters)))]
    made = [form for form in forms if form is not None]
    return min(made, key=length, default=None)


def _unit(letter: Entry) -> bool:
    own = letter.tensor
    return own.role == "data" and UNIT.low <= own.domain.low and own.domain.high <= UNIT.high


def _form(table: Corners, order: tuple[int, ...], letters: tuple[Entry, ...]) -> Expr | None:
    """The polynomial letter by letter; None where the corners have both signs."""
    values = _corner_values(table, len(letters))
    if all(v >= 0 for v in values):
        return _split(table, order, letters)
    if all(v <= 0 for v in values):
        inner = _split({key: -c for key, c in table.items()}, order, letters)
        return mul(MINUS_ONE, inner)
    return None


def _corner_values(table: Corners, count: int) -> list[Fraction]:
    corners = [[(k >> n) & 1 for n in range(count)] for k in range(1 << count)]
    return [
        sum((c for key, c in table.items() if _within(key, corner)), Fraction(0))
        for corner in corners
    ]


def _within(key: tuple[int, ...], corner: list[int]) -> bool:
    """Whether a product of letters is 1 at a corner."""
    return all(a <= b for a, b in zip(key, corner, strict=True))


def _split(table: Corners, order: tuple[int, ...], letters: tuple[Entry, ...]) -> Expr:
    """y c(1) + (1 - y) c(0) for the first letter, and so on; c itself where both are equal."""
    if not order:
        return Num(sum(table.values(), Fraction(0)))
    first, *rest = order
    left = {key: c for key, c in table.items() if not key[first]}
    moved = {(*key[:first], 0, *key[first + 1 :]): c for key, c in table.items() if key[first]}
    right = {key: left.get(key, Fraction(0)) + moved.get(key, 0) for key in {**left, **moved}}
    zero = _split(left, tuple(rest), letters)
    one = _split(right, tuple(rest), letters)
    if zero == one:
        return zero
    y = letters[first]
    terms = [_times(one, y), _times(zero, 1 - y)]
    return add(*(term for term in terms if term != ZERO)) if any(t != ZERO for t in terms) else ZERO


def _times(c: Expr, factor: Expr) -> Expr:
    return ZERO if c == ZERO else factor if c == ONE else mul(c, factor)
