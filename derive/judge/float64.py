"""What float64 can show of a formula at a point: the rounding that it allows, and its range."""

from __future__ import annotations

import math
from collections.abc import Iterable

from derive.judge.arithmetic import OutsideError, Value
from derive.judge.evaluation import Bound, Evaluation, Formula, evaluation
from derive.judge.jets import plain

LARGEST, SMALLEST = 2.0**1020, 2.0**-1020
"""Numbers within these are far enough from the ends of float64 for a few more operations."""

ORDERS = 8.0
"""Rounding in another order, and functions that err by more than half a unit, may add up to so
many times what one order of the operations allows."""

SPARE = 2.0**-44
"""Where rounding is not tracked, it is taken to be so much of the largest number met."""


def out_of_range(v: Evaluation) -> str:
    """Which number met at a point float64 cannot hold, or not to all its digits; else empty."""
    for value in _numbers(v):
        size = abs(value)
        if not size < LARGEST:
            return f"a number of about {_power_of_ten(v, size)} arises, more than float64 holds"
        if size < SMALLEST and v.arithmetic.sign(value) not in (0, None):
            return f"a number of about {_power_of_ten(v, size)} arises, less than float64 holds"
    return ""


def _power_of_ten(v: Evaluation, size: Value) -> str:
    """1e400, also where no float is as large."""
    return v.arithmetic.text(size).partition("e")[2].join(("1e", "")) or v.arithmetic.text(size)


def _numbers(v: Evaluation) -> Iterable[Value]:
    return (plain(jet) for known in v.memory.values() for jet in known.values())


def roundings(v: Evaluation, formula: Formula, bounds: Iterable[Bound]) -> list[float]:
    """How far rounding may carry a float64 evaluation of the formula, for some positions.

    Balls of 53 bits carry the error of the inputs and of every operation along. Infinite where
    rounding alone may make a division by 0 of it.
    """
    coarse = v.arithmetic.coarse()
    if coarse is None:
        largest = max((abs(v.arithmetic.approximate(x)) for x in _numbers(v)), default=0.0)
        return [SPARE * largest for _ in bounds]
    with coarse.working():
        rough = evaluation(coarse, v.point)
        return [ORDERS * _radius(rough, formula, bound) for bound in bounds]


def _radius(rough: Evaluation, formula: Formula, bound: Bound) -> float:
    try:
        radius = rough.arithmetic.doubt(rough.value(formula, bound))
    except OutsideError:
        return math.inf
    return min(math.inf, radius)  # and where it is no number
