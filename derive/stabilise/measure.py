"""How far a form is from the truth, in units of the last place, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from derive.judge.arithmetic import Arithmetic, MalformedError, OutsideError
from derive.judge.evaluation import Formula, evaluation
from derive.judge.points import Point, Slot
from derive.judge.verdict import prepared
from derive.notation.expression import Cases, Diff, Entry, Expr, Tensor
from derive.notation.problem import Problem
from derive.notation.tree import axes_in, subterms
from derive.stabilise.letters import moves
from derive.stabilise.rounding import LEVELS, Array, Rounded, computed, decided, parts_computed
from derive.stabilise.samples import Setting, columns, scores, settings

Mask = np.ndarray[Any, np.dtype[np.bool_]]

ROOT_STEPS = 40
"""Steps to a root at most; about ten suffice where the value is smooth."""

TOUCH = 2.0**30
"""A condition number that shows that the value is 0 near by, though its sign may stay."""

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


def truth(
    e: Expr, problem: Problem, score: Entry, arithmetic: Arithmetic, *, soft: bool = False
) -> Truth | None:
    """The exact values of a formula of one sample; None where it has none.

    `soft` labels lie between -1 and 1 too: their margins are rounded.
    """
    try:
        others = _others(e, problem, score.tensor)
        exact = _Exact(e, problem, score, others, arithmetic)
    except MalformedError:
        return None
    found: list[tuple[Setting, tuple[float, ...]]] = []
    value: list[float] = []
    conditioned: list[float] = []
    for setting in settings(others, soft=soft):
        kept, values = _line(exact, setting, scores(score.tensor.domain))
        for corner in _corners(e, problem, score, setting, arithmetic) if soft else ():
            more, found_there = _line(exact, setting, corner)
            kept, values = (*kept, *more), [*values, *found_there]
        more, at_turns = _line(exact, setting, _turns(exact, setting, kept, values))
        kept, values = (*kept, *more), [*values, *at_turns]
        signs = {math.copysign(1.0, v) for v in values if v}
        touches = any(exact.condition(setting, z, v) > TOUCH for z, v in zip(more, at_turns, strict=True))
        if len(signs) == 2 or touches:
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


def _turns(
    exact: _Exact, setting: Setting, points: Sequence[float], values: Sequence[float]
) -> tuple[float, ...]:
    """Points beside the scores at which the value turns and is small: near a double root."""
    found: list[float] = []
    for k in range(1, len(points) - 1):
        before, here, after = values[k - 1 : k + 2]
        if (here - before) * (after - here) >= 0 or points[k + 1] - points[k - 1] > 1:
            continue
        sides = [(points[j], exact.slope(setting, points[j])) for j in (k - 1, k + 1)]
        (low, left), (high, right) = ((z, math.nan if v is None else v) for z, v in sides)
        if left * right < 0:
            low, high = exact.root(setting, (low, left), (high, right), slope=True)
            found += [low, high, *(low * (1 + side * b) for b in BESIDE for side in (1, -1))]
    return tuple(found)


def _corners(
    e: Expr, problem: Problem, score: Entry, setting: Setting, arithmetic: Arithmetic
) -> Iterator[tuple[float, ...]]:
    """Points beside the scores at which a letter a + b z is 0, where there may be a corner."""
    letters = [n for _, n in subterms(e) if isinstance(n, Entry) and n.tensor != score.tensor]
    for letter in dict.fromkeys(letters):
        if not moves(letter.tensor, problem, score.tensor):
            continue
        others = _others(letter, problem, score.tensor)
        exact = _Exact(letter, problem, score, others, arithmetic)
        low, high = exact(setting, 0.0), exact(setting, 1.0)
        if low is not None and high is not None and low != high:
            root = low / (low - high)
            yield (root, *(root * (1 + side * b) for b in BESIDE for side in (1, -1)))


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
        self._score, self._letters = score, {t: self._compiler.letter(t) for t in others}
        self._letters[score.tensor] = self._compiler.letter(score.tensor)
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
            v = evaluation(arithmetic, Point("", Slot(0, (), False), 0, self._axes))
            for tensor, letter in self._letters.items():
                x = z if tensor == self._score.tensor else setting[tensor]
                place = (1,) * len(tensor.axes)
                v.given[letter.number, place] = {0: arithmetic.number(Fraction(x))}
            try:
                value = v.value(formula, self._bound)[0]
                # A ball about 0 tells nothing of the value, not even where it rounds to 0.
                if not decided(value, arithmetic):
                    return None, False
                return arithmetic.approximate(value), arithmetic.sure(value)
            except (OutsideError, OverflowError):
                return None, False


def _others(e: Expr, problem: Problem, score: Tensor) -> tuple[Tensor, ...]:
    """The data beside the letter."""
    compiler = prepared(problem, (score,))
    leaves = {letter.tensor for letter in compiler.leaves(compiler.formula(e).depends)}
    return tuple(t for t in problem.data if t in leaves)


HUGE_BITS = 500
"""Scores of the size 2^500 and more have squares that are no numbers, or nearly so."""


def error(e: Expr, known: Truth, rounded: Rounded) -> tuple[Error, Error]:
    """The error of a form, computed in float64 at the samples of the truth.

    The second is that at the samples with moderate scores.
    """
    found = rounded(e) + np.zeros_like(known.value)
    parts = list(computed(e))
    open_ = _somewhere([rounded.undecided[p] for p in parts if p in rounded.undecided], found)
    large = _somewhere([_infinite(e, rounded, {})], found)
    ulp = np.spacing(np.abs(known.value))
    with np.errstate(all="ignore"):
        distance = np.abs(found - known.value) / ulp / known.conditioned
        opposite = (found * np.sign(known.value) <= 0) & (known.value != 0)
    # Beside a root, and beside the smallest number, the sign is a matter of rounding.
    wrong = (~np.isfinite(found) | (opposite & (distance > ROUNDING))) & ~open_
    moderate = np.abs(next(iter(known.letters.values()))) < 2.0**HUGE_BITS
    every = np.ones_like(moderate)
    whole, part = (_summary(distance, wrong, open_, large, w) for w in (every, moderate))
    return whole, part


def _summary(distance: Array, wrong: Mask, open_: Mask, large: Mask, which: Mask) -> Error:
    inside = distance[~wrong & ~open_ & which]
    return Error(
        float(inside.max(initial=0.0)),
        int((wrong & which).sum()),
        int((large & ~wrong & which).sum()),
    )


def _infinite(e: Expr, rounded: Rounded, known: dict[Expr, Mask]) -> Mask:
    """Where a part that is computed is infinite; of cases, a part of what is taken."""
    if e not in known:
        at = rounded.seen.get(e)
        mask = np.asarray(False) if at is None else np.isinf(at)
        if isinstance(e, Cases) and e.total:
            left = np.asarray(True)
            for test, value in e.branches:
                taken = rounded.holds(test)
                mask = mask | (_infinite(value, rounded, known) & left & taken)
                left = left & ~taken
            mask = mask | (_infinite(e.otherwise, rounded, known) & left)
        else:
            for part in parts_computed(e):
                mask = mask | _infinite(part, rounded, known)
        known[e] = mask
    return known[e]


def _somewhere(masks: list[Mask], like: Array) -> Mask:
    found: Mask = np.zeros(like.shape, bool)
    for mask in masks:
        found = found | mask
    return found


ROUNDING = 4.0
"""So many units of the last place, conditioned, may be owed to rounding alone."""
