"""Numbers to try a formula at: short ones, the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction

from derive.judge.admissible import positions
from derive.judge.points import draw
from derive.notation.expression import Axis, Tensor
from derive.notation.facts import (
    DEFINITE,
    DIAGONAL,
    ONE_HOT,
    ORTHOGONAL,
    SEMIDEFINITE,
    SUM_TO_ONE,
    SYMMETRIC,
    has,
)
from derive.notation.interval import BINARY, NONNEGATIVE, POSITIVE, REAL, SIGNS, Interval

Numbers = tuple[Fraction, ...]
Places = tuple[tuple[int, ...], ...]
Entries = dict[tuple[int, ...], Fraction]

SHORT = tuple(Fraction(k, 2) for k in (2, -2, 4, -4, 1, -1, 0, 6, -6))
"""Numbers that a reader can put in by hand; they are tried first."""
LONG = tuple(Fraction(k, 4) for k in (1, -1, 2, 3, -3, 5, -5, 8, -8, 10, 16, -16, 24, -24))

WHOLE = tuple(Fraction(k) for k in range(-6, 7))


def entries(
    tensor: Tensor,
    sizes: Mapping[Axis, int],
    numbers: Numbers,
    seed: str,
    inside: bool,
) -> Entries:
    """Values for every position; `inside`: away from the ends of the domain.

    They are drawn as the facts suggest. Whether all facts hold is looked at where they are used.
    """
    places = positions(tensor, sizes)
    if has(tensor, SUM_TO_ONE):
        return _rows(tensor, places, seed)
    if has(tensor, ORTHOGONAL):
        return _orthogonal(places, seed)
    if has(tensor, DIAGONAL) or has(tensor, SEMIDEFINITE):
        return _semidefinite(tensor, places, numbers, seed)
    mirrored = {p: tuple(sorted(p)) if has(tensor, SYMMETRIC) else p for p in places}
    return {
        p: _chosen(tensor.domain, numbers, f"{seed}|{q}", inside=inside)
        for p, q in mirrored.items()
    }


def _rows(tensor: Tensor, places: Places, seed: str) -> Entries:
    """Rows of halves and of single ones; a single one where the entries must be 0 or 1."""
    size = max((p[-1] for p in places), default=0)
    whole = Interval(1, size, integer=True)
    found = dict.fromkeys(places, Fraction(0))
    single = has(tensor, ONE_HOT) or tensor.domain.discrete
    for row in dict.fromkeys(p[:-1] for p in places):
        for half in range(2):
            other = 0 if single else half
            place = _chosen(whole, WHOLE, f"{seed}|{row}|{other}", inside=False)
            found[*row, int(place)] += Fraction(1, 2)
    return found


def _orthogonal(places: Places, seed: str) -> Entries:
    """Signs on the diagonal, and one turn by the angle of the triangle 3, 4, 5 or by none."""
    size = max((p[0] for p in places), default=0)
    signs = [_chosen(SIGNS, SHORT, f"{seed}|{k}", inside=False) for k in range(size)]
    found: Entries = {p: signs[p[0] - 1] if p[0] == p[1] else Fraction(0) for p in places}
    if size > 1 and _chosen(BINARY, SHORT, f"{seed}|turn", inside=False):
        c, s = Fraction(3, 5), Fraction(4, 5)
        turn = {(1, 1): c, (1, 2): -s, (2, 1): s, (2, 2): c}
        found |= {(a, b): x * signs[b - 1] for (a, b), x in turn.items()}
    return found


def _semidefinite(tensor: Tensor, places: Places, numbers: Numbers, seed: str) -> Entries:
    """A diagonal matrix, or A'A and I more where it is to be definite."""
    definite, size = has(tensor, DEFINITE), max((p[0] for p in places), default=0)
    if has(tensor, DIAGONAL):
        low = POSITIVE if definite else NONNEGATIVE if has(tensor, SEMIDEFINITE) else REAL
        own = tensor.domain if tensor.domain.within(low) else low
        return {
            p: _chosen(own, numbers, f"{seed}|{p}", inside=False) if p[0] == p[1] else Fraction(0)
            for p in places
        }
    whole = Interval(0 if tensor.domain.nonnegative else -1, 1, integer=True)
    root = {p: _chosen(whole, WHOLE, f"{seed}|{p}", inside=False) for p in places}
    return {
        (a, b): sum(
            (root[k, a] * root[k, b] for k in range(1, size + 1)), Fraction(a == b and definite)
        )
        for a, b in places
    }


def _chosen(
    domain: Interval, numbers: tuple[Fraction, ...], seed: str, *, inside: bool
) -> Fraction:
    """One of the numbers that lie in the domain; where there are too few, any that does."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    fitting = [
        x for x in numbers if x in domain and not (inside and x in (domain.low, domain.high))
    ]
    if len(fitting) > 1:
        return fitting[number % len(fitting)]
    return draw(domain, number, ends=False)
