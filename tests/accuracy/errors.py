"""The errors of a function in ulp, against true values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tests.accuracy.reference import Truth

TOLERATED = 4.0
"""A zero, a sign or an infinity within so many ulp of the truth is an error of that size, no more:
half the smallest number rounded to 0, or a value beside its root, for example."""

WORST = 3

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Errors:
    """Errors in ulp of the true value's binade.

    Attributes:
        points: At how many points there is a truth.
        plain: The largest error, the 99.9th percentile and the mean.
        conditioned: The same of the error over 1 + |z f'(z)/f(z)| where the true value is 0 for
            some z, and of the plain error elsewhere.
        everywhere: The largest error over 1 + |z f'(z)/f(z)|, wherever it is.
        hard: The largest conditioned error where the data are whole numbers.
        soft: The same where they are not.
        wrong: How many values are no approximation: infinite or NaN, of the wrong sign, zero where
            the truth is not or the reverse, and more than `TOLERATED` off.
        warnings: At how many points NumPy reports an invalid operation, a division by zero or an
            overflow although the true value is finite.
        overflows: At how many it does where the true value is not.
        worst: Points, their conditioned error, the result and the truth.
        wrong_at: Some points with a wrong value, the result and the truth.
    """

    points: int
    plain: Triple
    conditioned: Triple
    everywhere: float
    hard: float
    soft: float
    wrong: int
    warnings: int
    overflows: int
    worst: tuple[tuple[float, tuple[float, ...], float, float], ...]
    wrong_at: tuple[tuple[tuple[float, ...], float, float], ...]


def errors(
    function: Callable[..., object],
    truth: Truth,
    arguments: Sequence[np.ndarray],
    condition: np.ndarray | None = None,
    crossing: np.ndarray | None = None,
    hard: np.ndarray | None = None,
) -> Errors:
    """The errors of function(*arguments), entry by entry.

    `condition` is |z f'(z)/f(z)|, `crossing` where it counts, `hard` where the data are whole
    numbers. Without them nothing is forgiven and all data are hard.
    """
    with np.errstate(all="ignore"):
        result = np.asarray(function(*arguments), dtype=float)
    size = len(truth.known)
    condition = np.zeros(size) if condition is None else condition
    crossing = np.zeros(size, bool) if crossing is None else crossing
    hard = np.ones(size, bool) if hard is None else hard
    ulps, opposite, broken = distances(result, truth)
    fine = truth.known & np.isfinite(ulps)
    ulps = np.where(fine, ulps, 0.0)
    relieved = ulps / (1 + condition)
    counted = np.where(crossing, relieved, ulps)
    wrong = broken | (opposite & (counted > TOLERATED))
    noisy = truth.known & warned(function, arguments)
    finite = np.isfinite(truth.nearest)
    rows = np.column_stack(arguments).astype(float)
    order = np.argsort(-counted, kind="stable")[:WORST]
    bad = np.flatnonzero(truth.known & wrong)
    some = bad[np.linspace(0, len(bad) - 1, min(WORST, len(bad))).astype(int)]

    def at(k: int) -> tuple[tuple[float, ...], float, float]:
        return tuple(float(v) for v in rows[k]), float(result[k]), float(truth.nearest[k])

    return Errors(
        points=int(truth.known.sum()),
        plain=summary(ulps[fine]),
        conditioned=summary(counted[fine]),
        everywhere=largest(relieved[fine]),
        hard=largest(counted[fine & hard]),
        soft=largest(counted[fine & ~hard]),
        wrong=len(bad),
        warnings=int((noisy & finite).sum()),
        overflows=int((noisy & ~finite).sum()),
        worst=tuple((float(counted[k]), *at(k)) for k in order if fine[k]),
        wrong_at=tuple(at(k) for k in some),
    )


def distances(result: np.ndarray, truth: Truth) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The distance to the truth in ulp, infinite where the result is; other signs; what is none."""
    near, finite = truth.nearest, np.isfinite(truth.nearest)
    with np.errstate(all="ignore"):
        # 2**-exponent exceeds the format for subnormal ulps, so it goes in two halves.
        half = -truth.exponent // 2
        gap = np.ldexp(np.ldexp(result - near, half), -truth.exponent - half)
        ulps = np.abs(gap - truth.rest)
        # Beyond the largest number the distance is counted from there.
        edge = np.ldexp(np.abs(result), -truth.exponent) - np.ldexp(
            1.0, truth.most - truth.exponent
        )
        ulps = np.where(finite, ulps, np.where(result == near, 0.0, np.abs(edge)))
        ulps = np.where(np.isnan(result), np.inf, ulps)
    signs = np.sign(result) != np.sign(near)
    infinite = ~np.isfinite(result) & (result != near)
    short = ~finite & (result != near) & (ulps > TOLERATED)
    return ulps, signs, infinite | short


def summary(ulps: np.ndarray) -> Triple:
    """Largest, 99.9th percentile, mean; NaN of nothing."""
    if not len(ulps):
        return math.nan, math.nan, math.nan
    with np.errstate(over="ignore"):  # of errors near the largest number
        return float(ulps.max()), float(np.quantile(ulps, 0.999)), float(ulps.mean())


def largest(ulps: np.ndarray) -> float:
    """The largest; NaN of nothing."""
    return float(ulps.max()) if len(ulps) else math.nan


def warned(function: Callable[..., object], arguments: Sequence[np.ndarray]) -> np.ndarray:
    """At which entries NumPy reports a fault; an underflow is none. Found by halving."""
    found = np.zeros(len(arguments[0]), bool)
    pending = [(0, len(found))]
    while pending:
        low, high = pending.pop()
        part = [a[low:high] for a in arguments]
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"):
                function(*part)
        except FloatingPointError:
            if high - low == 1:
                found[low] = True
            else:
                middle = (low + high) // 2
                pending += [(low, middle), (middle, high)]
    return found
