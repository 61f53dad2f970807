"""How far a form is from the truth, in units of the last place, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from derive.judge.arithmetic import Arithmetic, MalformedError, OutsideError
from derive.judge.evaluation import Evaluation, Formula, evaluation
from derive.judge.points import Point, Slot
from derive.judge.verdict import prepared
from derive.notation.expression import Diff, Entry, Expr, Tensor
from derive.notation.problem import Problem
from derive.notation.tree import axes_in
from derive.stabilise.rounding import LEVELS, Array, Rounded, computed, decided
from derive.stabilise.samples import Setting, columns, scores, settings

Mask = np.ndarray[Any, np.dtype[np.bool_]]

ROOT_STEPS = 40
"""Steps to a root at most; about ten suffice where the value is smooth."""

BESIDE = (2.0**-8, 2.0**-22, 2.0**-40, 2.0**-52)
"""How far from a root it is looked at, relative to its size."""


@dataclass(frozen=True)
class Truth:
    """Samples with the exact value and the tolerance there.

    Attributes:
        letters: The scores and data.
        value: Rounded once.
        conditioned: 1 + |z f'/f| for settings in which f changes its sign, else 1.
    """

    letters: dict[Tensor, Array]
    value: Array
    conditioned: Array


@dataclass(frozen=True)
class Error:
    """The errors of one form over all samples.

    Attributes:
        worst: The largest, in units of the last place of the truth, conditioned.
        wrong: How many values are infinite, no number, zero or of the wrong sign.
        overflows: At how many samples a part of a right value is infinite.
    """

    worst: float
    wrong: int
    overflows: int

    @property
    def faultless(self) -> bool:
        """Whether every value is an approximation, and no part of it overflows."""
        return not self.wrong and not self.overflows


def truth(e: Expr, problem: Problem, score: Entry, arithmetic: Arithmetic) -> Truth | None:
    """The exact values of a formula of one sample; None where it has none."""
    try:
        others = _others(e, problem, score.tensor)
        exact = _Exact(e, problem, score, others, arithmetic)
    except MalformedError:
        return None
    found: list[tuple[Setting, tuple[float, ...]]] = []
    value: list[float] = []
    conditioned: list[float] = []
    for setting in settings(others):
        kept, values = _line(exact, setting, scores(score.tensor.domain))
        signs = {math.copysign(1.0, v) for v in values if v}
        if len(signs) == 2:
            more, at_roots = _line(exact, setting, _roots(exact, setting, kept, values))
            kept, values = (*kept, *more), [*values, *at_roots]
            weights = [exact.condition(setting, z, v) for z, v in zip(kept, values, strict=True)]
        else:
            weights = [1.0] * len(kept)
        if kept:
            found.append((setting, kept))
            value += values
            conditioned += weights
    if not value:
        return None
    return Truth(columns(score.tensor, tuple(found)), np.array(value), np.array(conditioned))


def _line(
    exact: _Exact, setting: Setting, points: Sequence[float]
) -> tuple[tuple[float, ...], list[float]]:
    """The points at which the value is known and finite, and the values."""
    pairs = [(z, exact(setting, z)) for z in points]
    known = [(z, v) for z, v in pairs if v is not None and math.isfinite(v)]
    return tuple(z for z, _ in known), [v for _, v in known]


def _roots(
    exact: _Exact, setting: Setting, points: Sequence[float], values: Sequence[float]
) -> tuple[float, ...]:
    """Points beside the scores at which the value changes its sign."""
    found: list[float] = []
    for k in range(len(points) - 1):
        low, high = points[k], points[k + 1]
        if values[k] * values[k + 1] >= 0:
            continue
        low, high = exact.root(setting, (low, values[k]), (high, values[k + 1]))
        found += [low, high, *(low * (1 + side * b) for b in BESIDE for side in (1, -1))]
    return tuple(found)


class _Exact:
    """A formula's values at exact samples, rounded once."""

    def __init__(
        self,
        e: Expr,
        problem: Problem,
        score: Entry,
        others: tuple[Tensor, ...],
        arithmetic: Arithmetic,
    ) -> None:
        self._compiler = prepared(problem, (score.tensor, *others))
        self._formula = self._compiler.formula(e)
        self._slope = self._compiler.formula(Diff(e, score))
        self._score, self._letter = score, self._compiler.letter(score.tensor)
        self._others = {t: self._compiler.letter(t) for t in others}
        self._moving = self._compiler.depending(self._letter)
        self._setting: Setting = {}
        self._evaluations: dict[int, Evaluation] = {}
        self._axes = dict.fromkeys((*axes_in(e), *score.tensor.axes), 1)
        self._bound = {self._compiler.indices.number(k): 1 for k in score.indices}
        self._levels = [arithmetic]
        for _ in range(LEVELS - 1):
            self._levels.append(self._levels[-1].finer())

    def __call__(self, setting: Setting, z: float) -> float | None:
        """The value; None where there is none or no precision tells it."""
        return self._value(self._formula, setting, z)

    def condition(self, setting: Setting, z: float, value: float) -> float:
        """1 + |z f'(z)/f(z)|."""
        slope = self._value(self._slope, setting, z)
        if slope is None or not value:
            return 1.0
        return 1.0 + abs(z * slope / value)

    def root(
        self, setting: Setting, left: tuple[float, float], right: tuple[float, float]
    ) -> tuple[float, float]:
        """Two neighbours around a root, from points and values of either sign.

        The rule of false position; a side that stays twice has its value halved (Illinois).
        """
        (low, below), (high, above) = left, right
        stayed = 0
        for _ in range(ROOT_STEPS):
            z = (low * above - high * below) / (above - below)
            if not low < z < high:
                z = (low + high) / 2
            v, _ = self._at(self._formula, setting, z, self._levels[0])
            if not v or z in (low, high) or not math.isfinite(v):
                return (z, z) if v == 0 else (low, high)
            if v * below > 0:
                low, below, above = z, v, above / 2 if stayed > 0 else above
                stayed = 1
            else:
                high, above, below = z, v, below / 2 if stayed < 0 else below
                stayed = -1
            if abs(high - low) <= 2 * math.ulp(z) or abs(z - low) <= math.ulp(z):
                break
        return low, high

    def _value(self, formula: Formula, setting: Setting, z: float) -> float | None:
        before: float | None = None
        for arithmetic in self._levels:
            found, sure = self._at(formula, setting, z, arithmetic)
            if found is not None and (sure or found == before):
                return found
            before = found
        return None

    def _at(
        self, formula: Formula, setting: Setting, z: float, arithmetic: Arithmetic
    ) -> tuple[float | None, bool]:
        with arithmetic.working():
            v = self._memory(setting, arithmetic)
            place = (1,) * len(self._score.tensor.axes)
            v.given[self._letter.number, place] = arithmetic.number(Fraction(z))
            try:
                value = v.value(formula, self._bound)
                # A ball about 0 tells nothing of the value, not even where it rounds to 0.
                if not decided(value, arithmetic):
                    return None, False
                return arithmetic.approximate(value), arithmetic.sure(value)
            except (OutsideError, OverflowError):
                return None, False
            finally:
                v.forget(self._moving)

    def _memory(self, setting: Setting, arithmetic: Arithmetic) -> Evaluation:
        """What does not depend on the score is computed once for a setting."""
        if setting is not self._setting:
            self._setting, self._evaluations = setting, {}
        v = self._evaluations.get(arithmetic.bits)
        if v is None:
            place = Point("", Slot(0, (), False), 0, self._axes)
            v = self._evaluations[arithmetic.bits] = evaluation(arithmetic, place)
            for tensor, letter in self._others.items():
                given = arithmetic.number(Fraction(setting[tensor]))
                v.given[letter.number, (1,) * len(tensor.axes)] = given
        return v


def _others(e: Expr, problem: Problem, score: Tensor) -> tuple[Tensor, ...]:
    """The data beside the letter."""
    compiler = prepared(problem, (score,))
    leaves = {letter.tensor for letter in compiler.leaves(compiler.formula(e).depends)}
    return tuple(t for t in problem.data if t in leaves)


def error(e: Expr, known: Truth, rounded: Rounded) -> Error:
    """The error of a form, computed in float64 at the samples of the truth."""
    found = rounded(e) + np.zeros_like(known.value)
    parts = list(computed(e))
    open_ = _somewhere([rounded.undecided[p] for p in parts if p in rounded.undecided], found)
    large = _somewhere([np.isinf(rounded.seen[p]) for p in parts if p in rounded.seen], found)
    ulp = np.spacing(np.abs(known.value))
    with np.errstate(all="ignore"):
        distance = np.abs(found - known.value) / ulp / known.conditioned
        opposite = (found * np.sign(known.value) <= 0) & (known.value != 0)
    # Beside a root, and beside the smallest number, the sign is a matter of rounding.
    wrong = (~np.isfinite(found) | (opposite & (distance > ROUNDING))) & ~open_
    inside = distance[~wrong & ~open_]
    return Error(float(inside.max(initial=0.0)), int(wrong.sum()), int((large & ~wrong).sum()))


def _somewhere(masks: list[Mask], like: Array) -> Mask:
    found: Mask = np.zeros(like.shape, bool)
    for mask in masks:
        found = found | mask
    return found


ROUNDING = 4.0
"""So many units of the last place, conditioned, may be owed to rounding alone."""
