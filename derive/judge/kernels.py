"""Whether a generated NumPy function computes what its proof ends with."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from derive.judge.arithmetic import Arithmetic, MalformedError, OutsideError
from derive.judge.best import best_arithmetic
from derive.judge.evaluation import Evaluation, Formula, Position, evaluation
from derive.judge.float64 import out_of_range, roundings
from derive.judge.formulas import Compiler
from derive.judge.points import Point, Slot, point, slots
from derive.judge.verdict import prepared
from derive.notation.expression import Element, Expr, Index, Tensor
from derive.notation.problem import Problem
from derive.notation.tree import free_indices
from derive.verdicts import KernelVerdict

Array = np.ndarray[Any, np.dtype[Any]]

TOLERANCE = 1e-11
"""Relative to an entry; where that is not met, what rounding allows decides."""

SUBNORMAL = 2.0**-1070
"""What rounding to the smallest numbers of float64 may take away."""

DRAWS = 60

FAR_DRAWS = 20
"""So many draws at which float64 is left, until a kind of point counts as beyond it."""

POWERS = (-6, 20, -20, 60, -60, 160, -160, 400, -400, 500, -500)
"""Powers of 2 by which points are drawn in and out where float64 is left at every other point."""

SCALED = 1000
"""The number of the first kind of point so drawn."""


def judge_kernel(
    name: str,
    function: Callable[..., object],
    derivation_last: Expr,
    problem: Problem,
    arguments: tuple[Tensor, ...],
    *,
    indices: tuple[Index, ...] | None = None,
    arithmetic: Arithmetic | None = None,
    tolerance: float = TOLERANCE,
) -> KernelVerdict:
    """One function, as in `Kernels.judge`."""
    kernels = Kernels(problem, arguments, arithmetic)
    return kernels.judge(name, function, derivation_last, indices=indices, tolerance=tolerance)


@dataclass(frozen=True)
class Task:
    """A function, the formula that it must compute, and the order of its result's axes."""

    function: Callable[..., object]
    formula: Formula
    order: tuple[Index, ...]
    tolerance: float


class _Seen(NamedTuple):
    """What a kind of point shows: `missing` says why nothing does, `beyond` that float64 ends."""

    points: int = 0
    gap: float = 0.0
    wrong: str = ""
    missing: str = ""
    beyond: bool = False


class Kernels:
    """The points at which functions of the same arguments are compared, with all values there.

    `arguments` are the tensors in the order in which a function takes them; tensors without axes
    are passed as floats.
    """

    def __init__(
        self,
        problem: Problem,
        arguments: tuple[Tensor, ...],
        arithmetic: Arithmetic | None = None,
    ) -> None:
        self._name, self._arguments = problem.name, arguments
        self._arithmetic = arithmetic or best_arithmetic()
        self._compiler = prepared(problem, arguments)
        self._evaluations: dict[tuple[Slot, int], Evaluation] = {}
        self._given: dict[tuple[Slot, int], tuple[float | Array, ...]] = {}

    def judge(
        self,
        name: str,
        function: Callable[..., object],
        derivation_last: Expr,
        *,
        indices: tuple[Index, ...] | None = None,
        tolerance: float = TOLERANCE,
    ) -> KernelVerdict:
        """Call `function` with float64 arrays and compare every entry with the exact value.

        `indices` is the order of the result's axes: where it is None, that of the entry of a
        matrix formula, else that of first appearance.
        """
        try:
            formula = self._compiler.formula(derivation_last)
            missing = _missing(self._compiler, formula, self._arguments)
        except MalformedError as error:
            return KernelVerdict(name, 0, 0.0, False, f"the formula has no meaning: {error}")
        if missing:
            message = f"the formula depends on {missing}, which the function does not take"
            return KernelVerdict(name, 0, 0.0, False, message)
        order = order_of(derivation_last) if indices is None else indices
        if len(set(order)) != len(order) or set(order) != set(free_indices(derivation_last)):
            message = "the result's indices are not the free indices of the formula"
            return KernelVerdict(name, 0, 0.0, False, message)
        axes = self._compiler.indices
        places = slots(axes.axes, least=axes.least)
        task = Task(function, formula, order, tolerance)
        found = self._everywhere(name, task, places)
        if found.unseen:
            found = self._everywhere(name, task, tuple(_scaled(places[0])))
        return found

    def _everywhere(self, name: str, task: Task, places: tuple[Slot, ...]) -> KernelVerdict:
        """The verdict at some kinds of points, of which one at least must tell something."""
        points, gap, telling, message, unseen = 0, 0.0, False, "", False
        for slot in places:
            seen = self._in_slot(task, slot)
            if seen.missing:
                message, unseen = seen.missing, unseen or seen.beyond
                continue
            points, gap = points + seen.points, max(gap, seen.gap)
            telling = telling or not slot.thin
            if seen.wrong:
                return KernelVerdict(name, points, gap, False, seen.wrong)
        if telling:
            return KernelVerdict(name, points, gap, True)
        message = f"no admissible point was found: {message}"
        return KernelVerdict(name, points, gap, False, message, unseen)

    def _in_slot(self, task: Task, slot: Slot) -> _Seen:
        """What the first draw shows at which the formula has a value that float64 can hold."""
        reason, beyond = "", 0
        for attempt in range(DRAWS):
            v = self._at(slot, attempt)
            at = f" at {v.point.text()}" if v.point.text() else ""
            try:
                exact = self._exact(slot, attempt, task)
            except OutsideError as error:
                reason = f"{error.reason}{at}"
                continue
            except MalformedError as error:
                return _Seen(missing=str(error))
            gap, wrong = self._compare(task, slot, attempt, exact)
            with self._arithmetic.working():
                hidden = out_of_range(v) if wrong or not np.isfinite(exact).all() else ""
            if not hidden:
                return _Seen(exact.size, gap, f"{wrong}{at}" if wrong else "")
            reason, beyond = f"{hidden}{at}", beyond + 1
            if beyond == FAR_DRAWS:
                break
        return _Seen(missing=reason, beyond=beyond > 0)

    def _at(self, slot: Slot, attempt: int) -> Evaluation:
        v = self._evaluations.get((slot, attempt))
        if v is None:
            place = point(self._name, slot, attempt)
            v = self._evaluations[slot, attempt] = evaluation(self._arithmetic, place)
        return v

    def _arrays(self, slot: Slot, attempt: int) -> tuple[float | Array, ...]:
        """The arguments at a draw."""
        if (slot, attempt) not in self._given:
            place = self._at(slot, attempt).point
            self._given[slot, attempt] = tuple(_argument(place, t) for t in self._arguments)
        return self._given[slot, attempt]

    def _exact(self, slot: Slot, attempt: int, task: Task) -> Array:
        """The formula's values over all positions, rounded once to floats."""
        with self._arithmetic.working():
            v = self._at(slot, attempt)
            out = np.empty([v.size(k.axis) for k in task.order])
            for cell, bound in self._cells(task, out):
                out[cell] = self._arithmetic.approximate(v.value(task.formula, bound))
        return out

    def _cells(self, task: Task, out: Array) -> Iterator[tuple[Position, dict[int, int]]]:
        letters = [self._compiler.indices.number(k) for k in task.order]
        for cell in np.ndindex(*out.shape):
            yield cell, dict(zip(letters, (k + 1 for k in cell), strict=True))

    def _compare(self, task: Task, slot: Slot, attempt: int, exact: Array) -> tuple[float, str]:
        """The largest relative distance, and what is wrong with the function's result, if so."""
        v = self._at(slot, attempt)
        given = self._arrays(slot, attempt)
        copies = [np.array(value) if isinstance(value, np.ndarray) else value for value in given]
        try:
            with np.errstate(all="ignore"):
                result = task.function(*copies)
        except Exception as error:  # noqa: BLE001  # whatever generated code raises is a finding
            return 0.0, f"the function raised {type(error).__name__}: {error}"
        for tensor, value, copy in zip(self._arguments, given, copies, strict=True):
            if not np.array_equal(value, copy):
                return 0.0, f"the function changed its argument {tensor.name}"
        wrong = _form(result, exact)
        if wrong:
            return 0.0, wrong
        values = np.asarray(result, dtype=float)
        distance = _distance(values, exact)
        far = np.argwhere(~(distance <= task.tolerance * np.abs(exact)))
        if not len(far):
            return _relative(distance, exact), ""
        cells = dict(self._cells(task, exact))
        chosen = [tuple(int(k) for k in cell) for cell in far]
        allowed = roundings(v, task.formula, [cells[cell] for cell in chosen])
        for cell, most in zip(chosen, allowed, strict=True):
            if not distance[cell] <= task.tolerance * abs(exact[cell]) + most + SUBNORMAL:
                return _relative(distance, exact), _said(values, exact, cell)
        return _relative(distance, exact), ""


def _missing(compiler: Compiler, formula: Formula, arguments: tuple[Tensor, ...]) -> str:
    given = {compiler.letter(tensor).number for tensor in arguments}
    leaves = compiler.leaves(formula.depends)
    return ", ".join(letter.tensor.name for letter in leaves if letter.number not in given)


def order_of(e: Expr) -> tuple[Index, ...]:
    """The order of a result's axes: that of a matrix entry, else that of first appearance."""
    return (
        tuple(dict.fromkeys(k.plain for k in e.indices if k.letter))
        if isinstance(e, Element)
        else free_indices(e)
    )


def _form(result: object, exact: Array) -> str:
    """What is wrong with the kind of a result; empty where it is an array of the right shape."""
    if exact.ndim == 0 and not isinstance(result, float):
        return f"the result is no float, but {type(result).__name__}"
    if exact.ndim > 0 and not (isinstance(result, np.ndarray) and result.dtype == np.float64):
        return f"the result is no float64 array, but {type(result).__name__}"
    shape = result.shape if isinstance(result, np.ndarray) else ()
    return "" if shape == exact.shape else f"the result has shape {shape}, not {exact.shape}"


def _distance(values: Array, exact: Array) -> Array:
    """|values - exact|: 0 between equal infinities, infinite where a value is no number."""
    with np.errstate(invalid="ignore", over="ignore"):
        found: Array = np.where(values == exact, 0.0, np.abs(values - exact))
    return np.where(np.isnan(found), math.inf, found)


def _relative(distance: Array, exact: Array) -> float:
    """The largest distance, relative to the largest entry unless that is 0."""
    scale = float(np.abs(exact).max(initial=0.0))
    return float(distance.max(initial=0.0)) / (scale if 0 < scale < math.inf else 1.0)


def _said(values: Array, exact: Array, cell: Position) -> str:
    at = f" in the entry {tuple(k + 1 for k in cell)}" if cell else ""
    if not math.isfinite(values[cell]):
        return f"the result is not finite{at}"
    return f"{values[cell]:.15g} instead of {exact[cell]:.15g}{at}"


def _scaled(slot: Slot) -> Iterator[Slot]:
    """The same kind of point nearer to 0 and farther out, where float64 may hold a cost."""
    for number, power in enumerate(POWERS):
        yield replace(slot, number=SCALED + number, reach=Fraction(2) ** power)


def _argument(place: Point, tensor: Tensor) -> float | Array:
    sizes = [place.size(axis) for axis in tensor.axes]
    positions = itertools.product(*(range(1, size + 1) for size in sizes))
    values = [float(place.value(tensor, position)) for position in positions]
    return np.array(values).reshape(sizes) if sizes else values[0]
