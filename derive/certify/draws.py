"""Numbers to try a formula at: short ones, the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction

from derive.judge.points import draw
from derive.judge.witness import positions
from derive.notation.expression import Axis, Tensor
from derive.notation.interval import Interval

Numbers = tuple[Fraction, ...]
Entries = dict[tuple[int, ...], Fraction]

SHORT = tuple(Fraction(k, 2) for k in (2, -2, 4, -4, 1, -1, 0, 6, -6))
"""Numbers that a reader can put in by hand; they are tried first."""
LONG = tuple(Fraction(k, 4) for k in (1, -1, 2, 3, -3, 5, -5, 8, -8, 10, 16, -16, 24, -24))


def entries(
    tensor: Tensor,
    sizes: Mapping[Axis, int],
    numbers: tuple[Fraction, ...],
    seed: str,
    inside: bool,
) -> Entries:
    """Values for every position; `inside`: away from the ends of the domain."""
    places = positions(tensor, sizes)
    if "positive definite" in tensor.facts:
        whole = Interval(-1, 1, integer=True)
        root = {p: _chosen(whole, SHORT, f"{seed}|{p}", inside=False) for p in places}
        size = sizes[tensor.axes[0]]
        return {
            (a, b): sum((root[k, a] * root[k, b] for k in range(1, size + 1)), Fraction(a == b))
            for a, b in places
        }
    mirrored = {p: tuple(sorted(p)) if "symmetric" in tensor.facts else p for p in places}
    return {
        p: _chosen(tensor.domain, numbers, f"{seed}|{q}", inside=inside)
        for p, q in mirrored.items()
    }


def _chosen(
    domain: Interval, numbers: tuple[Fraction, ...], seed: str, *, inside: bool
) -> Fraction:
    """One of the numbers that lie in the domain; where there are too few, any that does."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    fitting = [
        x
        for x in numbers
        if x in domain
        and not (domain.integer and x.denominator != 1)
        and not (inside and x in (domain.low, domain.high))
    ]
    if len(fitting) > 1:
        return fitting[number % len(fitting)]
    return draw(domain, number, ends=False)
