"""How far a form is from the truth, in units of the last place, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.judge.arithmetic import Arithmetic, MalformedError
from derive.notation.expression import Cases, Entry, Expr, Tensor
from derive.notation.problem import Problem
from derive.notation.tree import subterms
from derive.stabilise.exact import Exact, others_of
from derive.stabilise.letters import HUGE_BITS, moves
from derive.stabilise.rounding import Array, Rounded, computed, parts_computed
from derive.stabilise.samples import Setting, columns, scores, settings

Mask = np.ndarray[Any, np.dtype[np.bool_]]

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
        conditioned: 1 + |z f'/f| for settings in which f is 0 somewhere, else 1.
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
    e: Expr, problem: Problem, score: Entry, arithmetic: Arithmetic, *, corners: bool = False
) -> Truth | None:
    """The exact values of a formula of one sample; None where it has none.

    With `corners` there are scores beside those at which a residual vanishes.
    """
    try:
        others = others_of(e, problem, score.tensor)
        exact = Exact(e, problem, score, others, arithmetic)
    except MalformedError:
        return None
    found: list[tuple[Setting, tuple[float, ...]]] = []
    value: list[float] = []
    conditioned: list[float] = []
    for setting in settings(others, few=corners):
        kept, values = _line(exact, setting, scores(score.tensor.domain))
        for corner in _corners(e, problem, score, setting, arithmetic) if corners else ():
            kept, values = _joined((kept, values), _line(exact, setting, corner))
        more, at_turns = _line(exact, setting, _turns(exact, setting, kept, values))
        kept, values = _joined((kept, values), (more, at_turns))
        signs = {math.copysign(1.0, v) for v in values if v}
        turns = zip(more, at_turns, strict=True)
        touches = any(exact.condition(setting, z, v) > TOUCH for z, v in turns)
        if len(signs) == 2 or touches:
            at_roots = _line(exact, setting, _roots(exact, setting, kept, values))
            kept, values = _joined((kept, values), at_roots)
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


Line = tuple[tuple[float, ...], list[float]]
"""Scores in their order, and the values there."""


def _joined(left: Line, right: Line) -> Line:
    """The points of both, each once."""
    both = dict(sorted(zip(left[0] + right[0], left[1] + right[1], strict=True)))
    return tuple(both), list(both.values())


def _line(exact: Exact, setting: Setting, points: Sequence[float]) -> Line:
    """The points at which the value is known and finite, and the values."""
    pairs = [(z, exact(setting, z)) for z in points]
    known = [(z, v) for z, v in pairs if v is not None and math.isfinite(v)]
    return tuple(z for z, _ in known), [v for _, v in known]


def _roots(
    exact: Exact, setting: Setting, points: Sequence[float], values: Sequence[float]
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
    exact: Exact, setting: Setting, points: Sequence[float], values: Sequence[float]
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
        others = others_of(letter, problem, score.tensor)
        exact = Exact(letter, problem, score, others, arithmetic)
        low, high = exact(setting, 0.0), exact(setting, 1.0)
        if low is not None and high is not None and low != high:
            root = low / (low - high)
            yield (root, *(root * (1 + side * b) for b in BESIDE for side in (1, -1)))


def error(e: Expr, known: Truth, rounded: Rounded) -> Error:
    """The error of a form, computed in float64 at the samples of the truth."""
    return errors(e, known, rounded)[0]


def errors(e: Expr, known: Truth, rounded: Rounded) -> tuple[Error, Error]:
    """The error of a form at all samples, and at those with moderate scores."""
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
            left: Mask = np.asarray(True)
            for test, value in e.branches:
                taken = rounded.holds(test).astype(bool)
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
