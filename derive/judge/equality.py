"""Whether two formulas are equal, or one below the other, at random admissible points."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from derive.judge.arithmetic import Arithmetic, OutsideError, Value
from derive.judge.evaluation import Bound, Evaluation, Formula, Position, evaluation
from derive.judge.points import Slot, point
from derive.notation.expression import Index
from derive.record import Relation, Sign

DRAWS = 60
"""So many draws are made before a kind of point counts as without admissible points."""

DOUBTFUL_DRAWS = 6
"""So many draws at which no precision tells a number from 0 (a matrix of more columns than rows
has a singular X'X, whatever is drawn): from then on the number counts as 0 at such points."""

REDRAWS = 3
"""So many other draws show that a formula that is 0 at one is 0 at all."""

CLOSER_BITS = 4096
"""Half of the digits must agree, so that a distance of 10^-300 counts."""

PRECISIONS = 4
"""An undecided comparison is repeated with 2, 4 and 8 times the bits."""


Outcome = Literal["agree", "differ", "outside", "doubtful", "undecided"]


@dataclass(frozen=True)
class Demand:
    """A compiled side condition: an assumed one restricts the points, another must hold."""

    formula: Formula
    free: dict[int, Index]
    relation: Relation
    assumed: bool
    text: str


@dataclass(frozen=True)
class Equation:
    """left = right (or <, <=, >, >=) for all values of the free letters, compiled."""

    left: Formula
    right: Formula
    free: dict[int, Index]
    demands: tuple[Demand, ...] = ()
    sign: Sign = "="


class Finding(NamedTuple):
    """What was found at one point, or at all of them.

    "outside": a formula has no value there, or an assumption does not hold. "doubtful": the
    precision does not show whether there is a value. "undecided": the values may be equal or not.
    """

    outcome: Outcome
    points: int = 0
    gap: float = 0.0
    message: str = ""


class Court:
    """The points of one proof with all values computed there, shared by its equations."""

    def __init__(
        self,
        name: str,
        slots: tuple[Slot, ...],
        arithmetics: tuple[Arithmetic, ...],
    ) -> None:
        self._name, self._slots = name, slots
        self._arithmetics = arithmetics
        self._evaluations: dict[tuple[int, int, int], Evaluation] = {}
        # Where the last equation found its point: the next one shares it and its values.
        self._draws: dict[int, int] = {}
        # What no precision told from 0 at a kind of point, and at how many draws.
        self._zeros: dict[tuple[int, str], int] = {}

    def examine(self, equation: Equation, count: int | None = None) -> Finding:
        """The finding at the first `count` kinds of points (None: all).

        To agree, the sides must agree at all admissible points, of which at least one must be
        free of axes of size 1.
        """
        total = Finding("agree")
        reasons: dict[str, None] = {}
        telling = False
        for slot in self._slots[:count]:
            found = self._in_slot(equation, slot)
            if found.outcome == "outside":
                reasons[found.message] = None
                continue
            if found.outcome != "agree":
                return found._replace(points=total.points + found.points)
            telling = telling or not slot.thin
            total = Finding("agree", total.points + found.points, max(total.gap, found.gap))
        if telling:
            return total
        why = "; ".join(reasons) or "there is none"
        return Finding("outside", total.points, total.gap, f"no admissible point was found: {why}")

    def closer(self) -> Court:
        """The same points with so many bits that a distance of 10^-300 is seen."""
        arithmetic = self._arithmetics[-1]
        while arithmetic.bits < CLOSER_BITS:
            arithmetic = arithmetic.finer()
        return Court(self._name, self._slots, (arithmetic,))

    def _in_slot(self, equation: Equation, slot: Slot) -> Finding:
        first = self._draws.get(slot.number, 0)
        found = Finding("outside")
        for attempt in range(first, first + DRAWS):
            found = self._at_draw(equation, slot, attempt)
            if found.outcome != "outside":
                self._draws[slot.number] = attempt
                return found
            self._forget(slot, attempt)
            if self._zeros.get((slot.number, _cause(found)), 0) >= DOUBTFUL_DRAWS:
                return found
        return found

    def _at_draw(self, equation: Equation, slot: Slot, attempt: int) -> Finding:
        found = Finding("doubtful")
        for level, arithmetic in enumerate(self._arithmetics):
            with arithmetic.working():
                last = level == len(self._arithmetics) - 1
                v = self._memory(slot, attempt, level)
                found = examine_at(equation, v, last=last)
            if found.outcome not in ("doubtful", "undecided"):
                return found
            zero = (slot.number, _cause(found))
            if found.outcome == "doubtful" and self._zeros.get(zero, 0) >= DOUBTFUL_DRAWS:
                return found._replace(outcome="outside")
        if found.outcome == "doubtful" or (found.outcome == "undecided" and equation.sign == "="):
            # What no precision tells from a division by zero counts as one, and where no precision
            # tells two sides apart or together, they are looked at elsewhere.
            self._zeros[zero] = self._zeros.get(zero, 0) + 1
            return found._replace(outcome="outside")
        return found

    def _memory(self, slot: Slot, attempt: int, level: int) -> Evaluation:
        key = (slot.number, attempt, level)
        v = self._evaluations.get(key)
        if v is None:
            place = point(self._name, slot, attempt)
            v = self._evaluations[key] = evaluation(self._arithmetics[level], place)
        return v

    def _forget(self, slot: Slot, attempt: int) -> None:
        for level in range(len(self._arithmetics)):
            self._evaluations.pop((slot.number, attempt, level), None)


def _cause(found: Finding) -> str:
    """What is in doubt, wherever it was found."""
    return found.message.partition(" at ")[0]


def bindings(free: dict[int, Index], v: Evaluation) -> tuple[Bound, ...]:
    """All values of the free letters, or as many as the kind of point allows, far apart."""
    letters = tuple(free)
    if letters not in v.bindings:
        v.bindings[letters] = tuple(
            dict(zip(letters, places, strict=True)) for places in _places(free, v)
        )
    return v.bindings[letters]


def _places(free: dict[int, Index], v: Evaluation) -> list[Position]:
    every = list(itertools.product(*(range(1, v.size(k.axis) + 1) for k in free.values())))
    most = v.point.slot.most
    if most and len(every) > most:
        first = v.point.slot.number
        every = sorted({every[(first + k * len(every) // most) % len(every)] for k in range(most)})
    return every


def examine_at(equation: Equation, v: Evaluation, *, last: bool = False) -> Finding:
    """The finding at one point in one arithmetic, perhaps the last one that will be tried."""
    for demand in equation.demands:
        for bound in bindings(demand.free, v):
            found = _demand_at(demand, v, bound)
            if found.outcome != "agree":
                return _located(found, demand.free, bound, v)
    points, gap = 0, 0.0
    for bound in bindings(equation.free, v):
        found = _sides_at(equation, v, bound, last)
        points, gap = points + 1, max(gap, found.gap)
        if found.outcome != "agree":
            return _located(found, equation.free, bound, v)._replace(points=points)
    return Finding("agree", points, gap)


def _sides_at(equation: Equation, v: Evaluation, bound: Bound, last: bool) -> Finding:
    try:
        left = v.value(equation.left, bound)
    except OutsideError as error:
        return _missing(error)
    try:
        right = v.value(equation.right, bound)
    except OutsideError as error:
        if not error.definite:
            return _missing(error)
        # A right side that is undefined where the left is defined lacks a side condition.
        value = v.arithmetic.text(left)
        message = f"{value} on the left, no value on the right ({error.reason})"
        return Finding("differ", gap=math.inf, message=message)
    if equation.sign == "=":
        compared = v.arithmetic.compare(left, right)
        if compared.equal:
            return Finding("agree", gap=compared.gap)
    values = f"{v.arithmetic.text(left)} on the left, {v.arithmetic.text(right)} on the right"
    if equation.sign != "=":
        return _order_at(equation.sign, v, left, right, last, values)
    if compared.equal is None:
        message = f"not decided at {v.arithmetic.bits} bits: {values}"
        return Finding("undecided", gap=compared.gap, message=message)
    return Finding("differ", gap=compared.gap, message=values)


HOLDS: dict[Sign, tuple[int, ...]] = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
"""The signs that left - right may have."""


def _order_at(
    sign: Sign, v: Evaluation, left: Value, right: Value, last: bool, values: str
) -> Finding:
    """Whether left sign right.

    Sides that no precision tells apart satisfy <= and >=, but nothing shows that they satisfy <.
    """
    found = v.arithmetic.sign(left - right)
    if found is not None:
        outcome: Outcome = "agree" if found in HOLDS[sign] else "differ"
        return Finding(outcome, message="" if outcome == "agree" else f"not {sign}: {values}")
    compared = v.arithmetic.compare(left, right)
    if last and compared.equal and 0 in HOLDS[sign]:
        return Finding("agree", gap=compared.gap)
    message = f"{sign} is not decided with {v.arithmetic.bits} bits: {values}"
    return Finding("undecided", gap=compared.gap, message=message)


def _missing(error: OutsideError) -> Finding:
    return Finding("outside" if error.definite else "doubtful", message=error.reason)


def _demand_at(demand: Demand, v: Evaluation, bound: Bound) -> Finding:
    try:
        value = v.value(demand.formula, bound)
    except OutsideError as error:
        return _missing(error)
    sign = v.arithmetic.sign(value)
    if sign is None and demand.relation == ">= 0" and v.arithmetic.compare(value, v.zero).equal:
        sign = 0
    if sign is None:
        return Finding("doubtful", message=f"the sign of {demand.text} is not decided")
    holds = {"> 0": sign > 0, ">= 0": sign >= 0, "!= 0": sign != 0}[demand.relation]
    # t_i - t_i is no kink of |t_i - t_i|; where something is divided by it, there is no value.
    kink = demand.assumed and demand.relation == "!= 0"
    if holds or (kink and _vanishes(demand, v, bound)):
        return Finding("agree")
    message = f"the condition {demand.text} fails: its left side is {v.arithmetic.text(value)}"
    return Finding("outside" if demand.assumed else "differ", gap=math.inf, message=message)


def _vanishes(demand: Demand, v: Evaluation, bound: Bound) -> bool:
    """Whether a formula is exactly 0 whatever is drawn, at these values of its letters."""
    place = v.point
    for number in range(1, REDRAWS + 1):
        other = point(place.name, place.slot, place.attempt + number * DRAWS)
        try:
            value = evaluation(v.arithmetic, other).value(demand.formula, bound)
        except OutsideError:
            return False
        if v.arithmetic.sign(value) != 0:
            return False
    return True


def _located(found: Finding, free: dict[int, Index], bound: Bound, v: Evaluation) -> Finding:
    """The finding with sizes and indices in its message."""
    indices = [f"{k.letter} = {bound[number]}" for number, k in free.items()]
    where = ", ".join(part for part in (v.point.text(), *indices) if part)
    return found._replace(message=f"{found.message} at {where}") if where else found
