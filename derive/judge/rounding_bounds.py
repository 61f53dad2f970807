"""A bound on the rounding error of a generated loss, proved by running it on intervals.

The function is called with intervals that cover all scores, for every value of its labels. What
comes out is the largest error in units of the last place of the true value, wherever that is a
normal number; it holds if NumPy's exp, log1p and expm1 err by at most one such unit and all other
operations are rounded to nearest (IEEE 754).
"""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

import numpy as np

from derive.judge.enclosures import MARGIN, Enclosures, UnboundedError
from derive.judge.machine import Machine, Special
from derive.notation.expression import Tensor
from derive.verdicts import RoundingBound

STEP = 1 / 16
"""Width of the intervals of scores from 1 to `FAR`: in one of them e^z stays in a binade or two."""
FAR = 752
PIECES = 16
"""Intervals in every binade of smaller scores, down to the last of them cut up."""
LOWEST = -60
SEEN = 1e-300
"""Sizes of the true value from which on the error is counted in units of its last place."""
HOPELESS = 100.0
"""Units of the last place beyond which a bound says nothing."""


def rounding_bound(
    name: str, functions: Mapping[str, Any], others: tuple[Tensor, ...]
) -> RoundingBound | None:
    """The bound of one function of a score and labels, or None where nothing can be said."""
    labels = [_labels(t) for t in others]
    function = _abstract(functions, name)
    if function is None or any(values is None for values in labels):
        return None
    worst = np.float64(0.0)
    everywhere = [_scores(sign) for sign in (1.0, -1.0, 0.0)]
    for given in itertools.product(*(values for values in labels if values is not None)):
        for scores in everywhere:
            try:
                with np.errstate(all="ignore"):  # what has no value ends as no bound
                    worst = np.maximum(worst, units(function(scores, *given)))
            except (UnboundedError, TypeError, AttributeError):
                return None
    if not worst <= HOPELESS:
        return None
    said = tuple(f"{t.name} in {{{t.domain.low}, {t.domain.high}}}" for t in others)
    return RoundingBound(name, math.ceil(float(worst) * 10) / 10, said)


def _labels(tensor: Tensor) -> tuple[float, ...] | None:
    """The labels that are meant by data in [0, 1] or [-1, 1]."""
    ends = (tensor.domain.low, tensor.domain.high)
    if ends in ((0, 1), (-1, 1)) and not (tensor.domain.low_open or tensor.domain.high_open):
        return (float(ends[0]), float(ends[1]))
    return None


def _scores(sign: float) -> Enclosures:
    """Intervals over all scores of one sign: of every size down to the smallest number."""
    if sign == 0:
        return Enclosures(np.zeros(1), np.zeros(1))
    near = [math.ldexp(1 + k / PIECES, power) for power in range(LOWEST, 0) for k in range(PIECES)]
    far = [1 + STEP * k for k in range(int((FAR - 1) / STEP) + 1)]
    ends = np.array([2.0**-1074, 2.0**-1022, 2.0**-500, *near, *far, 2.0**100, 2.0**1000])
    low, high = ends[:-1], ends[1:]
    return Enclosures(low, high) if sign > 0 else Enclosures(-high, -low)


def _abstract(functions: Mapping[str, Any], name: str) -> Callable[..., object] | None:
    """The function with NumPy replaced by what is assumed of it; None where it is no plain one."""
    space: dict[str, Any] = {"np": Machine, "special": Special, "__builtins__": __builtins__}
    for key, value in functions.items():
        # What silences NumPy's warnings is a decorator round the function itself.
        own = inspect.unwrap(value) if callable(value) else None
        if isinstance(own, FunctionType) and own.__closure__ is None:
            space[key] = FunctionType(own.__code__, space, key, own.__defaults__)
    made: Callable[..., object] | None = space.get(name)
    return made


def units(found: object) -> float:
    """The largest error in units of the last place, where the true value is a normal number."""
    if not isinstance(found, Enclosures):
        return 0.0  # a number that is computed exactly
    if np.any(np.isnan(found.low) | np.isnan(found.high)):
        return math.inf
    seen = (found.largest >= SEEN) & (found.smallest <= 1 / SEEN)
    if np.any(seen & (found.low < 0) & (found.high > 0)):
        return math.inf  # the value may vanish: no relative bound holds
    share, power = np.frexp(found.largest[seen])
    _, below = np.frexp(np.maximum(found.smallest[seen], SEEN))
    # One unit is 2^-53 of the power of two above the value.
    mantissa = np.where(power == below, share, 1.0)
    relative = found.relative[seen] * mantissa * 2.0**53
    absolute = np.ldexp((np.zeros_like(found.low) + found.absolute)[seen], 53 - below)
    return float(np.max((relative + absolute) * (1 + MARGIN), initial=0.0))
