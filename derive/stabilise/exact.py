"""A formula of one sample at exact numbers, with its slope, its condition and its roots."""

from __future__ import annotations

import math
from fractions import Fraction

from derive.judge.arithmetic import Arithmetic, OutsideError
from derive.judge.evaluation import Evaluation, Formula, evaluation
from derive.judge.points import Point, Slot
from derive.judge.verdict import prepared
from derive.notation.expression import Diff, Entry, Expr, Tensor
from derive.notation.problem import Problem
from derive.notation.tree import axes_in
from derive.stabilise.rounding import LEVELS, decided
from derive.stabilise.samples import Setting

ROOT_STEPS = 40
"""Steps to a root at most; about ten suffice where the value is smooth."""


class Exact:
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
        slope = self.slope(setting, z)
        if slope is None or not value:
            return 1.0
        return 1.0 + abs(z * slope / value)

    def slope(self, setting: Setting, z: float) -> float | None:
        """The derivative by the score."""
        return self._value(self._slope, setting, z)

    def root(
        self,
        setting: Setting,
        left: tuple[float, float],
        right: tuple[float, float],
        *,
        slope: bool = False,
    ) -> tuple[float, float]:
        """Two neighbours around a root (of the slope), from points and values of either sign.

        The rule of false position; a side that stays twice has its value halved (Illinois).
        """
        (low, below), (high, above) = left, right
        formula = self._slope if slope else self._formula
        stayed = 0
        for _ in range(ROOT_STEPS):
            z = (low * above - high * below) / (above - below)
            if not low < z < high:
                z = (low + high) / 2
            v, _ = self._at(formula, setting, z, self._levels[0])
            if not v or z in (low, high) or not math.isfinite(v):
                return (z, z) if v == 0 else (low, high)
            if v * below > 0:
                low, below, above = z, v, above / 2 if stayed > 0 else above
                stayed = 1
            else:
                high, above, below = z, v, below / 2 if stayed < 0 else below
                stayed = -1
            if abs(high - low) <= 2 * math.ulp(z):
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


def others_of(e: Expr, problem: Problem, score: Tensor) -> tuple[Tensor, ...]:
    """The data beside the letter."""
    compiler = prepared(problem, (score,))
    leaves = {letter.tensor for letter in compiler.leaves(compiler.formula(e).depends)}
    return tuple(t for t in problem.data if t in leaves)
