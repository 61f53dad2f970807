"""The errors of a function in ulp, against true values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.accuracy.reference import Truth

TOLERATED = 4.0
"""A zero, a sign or an infinity within so many ulp of the truth is an error of that size, no more:
half the smallest number rounded to 0, for example."""

WORST = 3


@dataclass(frozen=True)
class Errors:
    """Errors in ulp of the true value's binade.

    `plain` and `conditioned` are the largest, the 99.9th percentile and the mean; conditioned is
    the error over 1 + |z f'(z)/f(z)| where the true value changes its sign in z, plain elsewhere.
    `wrong` counts values that are no approximation: infinite or NaN, of the wrong sign, zero where
    the truth is not or the reverse. `warnings` counts scores at which NumPy reports an invalid
    operation, a division by zero or an overflow although the true value is finite; `overflows`
    those where the true value is not. `worst` holds points with the result and the truth.
    """

    points: int
    plain: tuple[float, float, float]
    conditioned: tuple[float, float, float]
    wrong: int = 0
    warnings: int = 0
    overflows: int = 0
    crossing: bool = False
    worst: tuple[tuple[float, tuple[float, ...], float, float], ...] = ()
    wrong_at: tuple[tuple[tuple[float, ...], float, float], ...] = ()
    message: str = field(default="", compare=False)


Function = Callable[..., np.ndarray]


def errors(
    function: Function,
    truth: Truth,
    arguments: Sequence[np.ndarray],
    condition: np.ndarray | None = None,
    crossing: np.ndarray | None = None,
) -> Errors:
    """The errors of function(*arguments), entry by entry.

    `condition` is |z f'(z)/f(z)|, `crossing` where it counts; without them nothing is forgiven.
    """
    with np.errstate(all="ignore"):
        result = np.asarray(function(*arguments), dtype=float)
    known = truth.known
    ulps, wrong = distances(result, truth)
    crossing = np.zeros(len(ulps), bool) if crossing is None else crossing
    condition = np.zeros(len(ulps)) if condition is None else condition
    forgiven = np.where(crossing, ulps / (1 + condition), ulps)
    fine = known & np.isfinite(ulps)
    noisy = known & warned(function, arguments)
    finite = np.isfinite(truth.nearest)
    order = np.argsort(-np.where(known & np.isfinite(forgiven), forgiven, -1.0))[:WORST]
    rows = np.column_stack(arguments)
    bad = np.flatnonzero(known & wrong)
    spread = bad[np.linspace(0, len(bad) - 1, min(WORST, len(bad))).astype(int)]
    return Errors(
        int(known.sum()),
        summary(ulps[fine]),
        summary(forgiven[fine]),
        len(bad),
        int((noisy & finite).sum()),
        int((noisy & ~finite).sum()),
        bool(crossing.any()),
        tuple((float(forgiven[k]), tuple(rows[k]), float(result[k]), float(truth.nearest[k]))
              for k in order if fine[k]),
        tuple((tuple(rows[k]), float(result[k]), float(truth.nearest[k])) for k in spread),
    )  # fmt: skip


def distances(result: np.ndarray, truth: Truth) -> tuple[np.ndarray, np.ndarray]:
    """The distance to the truth in ulp, infinite where the result is, and what is wrong."""
    near, finite = truth.nearest, np.isfinite(truth.nearest)
    with np.errstate(all="ignore"):
        # 2**-exponent exceeds the format for subnormal ulps, so it goes in two halves.
        half = -truth.exponent // 2
        gap = np.ldexp(np.ldexp(result - near, half), -truth.exponent - half)
        ulps = np.abs(gap - truth.rest)
        # Beyond the largest number the distance is counted from there.
        edge = np.abs(np.ldexp(result, -truth.exponent)) - np.ldexp(1.0, 53)
        ulps = np.where(finite, ulps, np.where(result == near, 0.0, np.abs(edge)))
        ulps = np.where(np.isnan(result), np.inf, ulps)
    signs = (np.sign(result) != np.sign(near)) & (ulps > TOLERATED)
    infinite = ~np.isfinite(result) & (result != near)
    short = ~finite & (result != near) & (ulps > TOLERATED)
    return ulps, signs | infinite | short


def summary(ulps: np.ndarray) -> tuple[float, float, float]:
    """Largest, 99.9th percentile, mean."""
    if not len(ulps):
        return (float("nan"),) * 3
    return float(ulps.max()), float(np.quantile(ulps, 0.999)), float(ulps.mean())


def warned(function: Function, arguments: Sequence[np.ndarray]) -> np.ndarray:
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
