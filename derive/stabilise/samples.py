"""Scores and data at which forms are compared: the active range, the tails, edges and roots."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from derive.notation.expression import Tensor
from derive.notation.interval import Interval
from derive.stabilise.rounding import Array

ACTIVE = tuple(k / 8 + k**3 / 900 for k in range(1, 29))
"""Up to about 28, denser near 0."""
TINY = tuple(float(f"1e-{k}") for k in (300, 170, 20, 16, 9, 6, 3))
FAR = (
    36.75,
    38.1,
    60.3,
    200.7,
    354.9,
    371.3,
    600.1,
    708.5,
    709.9,
    744.2,
    746.1,
    1000.3,
    1e5,
    1e20,
    1e60,
    1e100,
    1e145,
    1e155,
    1e300,
)

Setting = dict[Tensor, float]
"""One value for every letter but the score."""


def scores(domain: Interval) -> tuple[float, ...]:
    """Scores of either sign, 0 among them, as far as the domain allows."""
    sizes = (*TINY, *ACTIVE, *FAR)
    both = (*(-x for x in reversed(sizes)), 0.0, *sizes)
    return tuple(x for x in both if Fraction(x) in domain)


def settings(letters: tuple[Tensor, ...], *, few: bool = False) -> tuple[Setting, ...]:
    """Combinations of values for the data beside the score: of two letters or more, some.

    Among these are the ends of bounded data beside large weights.
    """
    choices = [values(t.domain) for t in letters]
    longest = max(map(len, choices), default=1)
    count = longest if len(letters) < 2 else FEW if few else MOST
    some = [
        {t: v[_place(k, n) % len(v)] for n, (t, v) in enumerate(zip(letters, choices, strict=True))}
        for k in range(count)
    ]
    large = [
        {t: max(v) if max(v) > 1 else v[k % len(v)] for t, v in zip(letters, choices, strict=True)}
        for k in range(2 if len(letters) > 1 else 0)
    ]
    return (*some, *(setting for setting in large if setting not in some))


def _place(k: int, n: int) -> int:
    """Which value letter n has in setting k: each takes all its values, at its own pace."""
    return k * (1 + 2 * n) + n + (k // 8 if n else 0)


MOST = 16
FEW = 10
FEWEST = 3


def values(domain: Interval) -> tuple[float, ...]:
    """Values of a letter: the ends of its domain, the middle, and uneven ones."""
    hard = (0.0, 1.0, -1.0, 3.0, 1000.0)
    uneven = (0.5, 0.3125, 0.7391, 1e-10, 1 - 2.0**-53, -0.3125, 2.71828, 57.3)
    if domain.low == -1 and domain.high == 1:
        return (-1.0, 1.0)  # labels: their margins are exact
    inside = [x for x in (*hard, *uneven) if Fraction(x) in domain]
    if len(inside) < FEWEST and domain.low > -math.inf and domain.high < math.inf:
        low, high = float(domain.low), float(domain.high)
        inside += [low + share * (high - low) for share in (0.5, 0.3125, 0.7391)]
    return tuple(inside[:8])


def columns(
    score: Tensor, found: tuple[tuple[Setting, tuple[float, ...]], ...]
) -> dict[Tensor, Array]:
    """All scores of all settings as columns, one row per sample."""
    rows = [(setting, z) for setting, points in found for z in points]
    letters = [*found[0][0]]
    out = {score: np.array([z for _, z in rows])}
    return out | {t: np.array([setting[t] for setting, _ in rows]) for t in letters}
