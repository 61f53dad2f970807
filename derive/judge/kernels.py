"""Whether a generated NumPy function computes what its proof ends with."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from derive.judge.arithmetic import Arithmetic, MalformedError, OutsideError
from derive.judge.best import best_arithmetic
from derive.judge.evaluation import Evaluation, Formula, evaluation
from derive.judge.formulas import Compiler
from derive.judge.points import Point, Slot, point, slots
from derive.judge.verdict import prepared
from derive.notation.expression import Element, Expr, Index, Tensor
from derive.notation.problem import Problem
from derive.notation.tree import free_indices
from derive.record import KernelVerdict

Array = np.ndarray[Any, np.dtype[Any]]

TOLERANCE = 1e-11
"""Relative to the largest entry: rounding of a short sum leaves about 1e-15."""

SMALL = 1e-3
"""The arguments are of size one, so rounding leaves 1e-16 even where the exact value is 0."""

DRAWS = 60


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
        order = _order(derivation_last) if indices is None else indices
        if len(set(order)) != len(order) or set(order) != set(free_indices(derivation_last)):
            message = "the result's indices are not the free indices of the formula"
            return KernelVerdict(name, 0, 0.0, False, message)
        points, gap, telling, message = 0, 0.0, False, ""
        axes = self._compiler.indices
        for slot in slots(axes.axes, least=axes.least):
            drawn = self._draw(slot, formula, order)
            if isinstance(drawn, str):
                message = f"no admissible point was found: {drawn}"
                continue
            attempt, exact = drawn
            found, wrong = self._compare(function, slot, attempt, exact, tolerance)
            points, gap, telling = points + exact.size, max(gap, found), telling or not slot.thin
            if wrong:
                at = self._at(slot, attempt).point.text()
                return KernelVerdict(name, points, gap, False, f"{wrong} at {at}")
        return KernelVerdict(name, points, gap, telling, "" if telling else message)

    def _at(self, slot: Slot, attempt: int) -> Evaluation:
        v = self._evaluations.get((slot, attempt))
        if v is None:
            place = point(self._name, slot, attempt)
            v = self._evaluations[slot, attempt] = evaluation(self._arithmetic, place)
        return v

    def _draw(
        self, slot: Slot, formula: Formula, order: tuple[Index, ...]
    ) -> tuple[int, Array] | str:
        """The first draw at which the formula has a value, and all its values; or why none has."""
        reason = ""
        for attempt in range(DRAWS):
            try:
                return attempt, self._exact(slot, attempt, formula, order)
            except OutsideError as error:
                reason = error.reason
            except MalformedError as error:
                return str(error)
        return f"{reason} at {self._at(slot, attempt).point.text()}"

    def _exact(self, slot: Slot, attempt: int, formula: Formula, order: tuple[Index, ...]) -> Array:
        """The formula's values over all positions, rounded once to floats."""
        letters = [self._compiler.indices.number(k) for k in order]
        with self._arithmetic.working():
            v = self._at(slot, attempt)
            out = np.empty([v.size(k.axis) for k in order])
            for cell in np.ndindex(*out.shape):
                bound = dict(zip(letters, (k + 1 for k in cell), strict=True))
                out[cell] = self._arithmetic.approximate(v.value(formula, bound))
        return out

    def _compare(
        self,
        function: Callable[..., object],
        slot: Slot,
        attempt: int,
        exact: Array,
        tolerance: float,
    ) -> tuple[float, str]:
        """The largest relative distance, and what is wrong with the function's result, if so."""
        place = self._at(slot, attempt).point
        if (slot, attempt) not in self._given:
            self._given[slot, attempt] = tuple(_argument(place, t) for t in self._arguments)
        given = self._given[slot, attempt]
        copies = [np.array(value) if isinstance(value, np.ndarray) else value for value in given]
        try:
            result = function(*copies)
        except Exception as error:  # noqa: BLE001  # whatever generated code raises is a finding
            return 0.0, f"the function raised {type(error).__name__}: {error}"
        for tensor, value, copy in zip(self._arguments, given, copies, strict=True):
            if not np.array_equal(value, copy):
                return 0.0, f"the function changed its argument {tensor.name}"
        return _distance(result, exact, tolerance)


def _missing(compiler: Compiler, formula: Formula, arguments: tuple[Tensor, ...]) -> str:
    given = {compiler.letter(tensor).number for tensor in arguments}
    leaves = compiler.leaves(formula.depends)
    return ", ".join(letter.tensor.name for letter in leaves if letter.number not in given)


def _order(e: Expr) -> tuple[Index, ...]:
    return (
        tuple(dict.fromkeys(k.plain for k in e.indices if k.letter))
        if isinstance(e, Element)
        else free_indices(e)
    )


def _distance(result: object, exact: Array, tolerance: float) -> tuple[float, str]:
    """The largest distance, relative to the largest entry, and what is wrong, if anything."""
    if exact.ndim == 0 and not isinstance(result, float):
        return 0.0, f"the result is no float, but {type(result).__name__}"
    if exact.ndim > 0 and not (isinstance(result, np.ndarray) and result.dtype == np.float64):
        return 0.0, f"the result is no float64 array, but {type(result).__name__}"
    values = np.asarray(result)
    if values.shape != exact.shape:
        return 0.0, f"the result has shape {values.shape}, not {exact.shape}"
    if not np.isfinite(values).all():
        return 0.0, "the result is not finite"
    distance = np.abs(values - exact)
    scale = max(float(np.abs(exact).max()), SMALL)
    gap = float(distance.max()) / scale
    if gap <= tolerance:
        return gap, ""
    worst = np.unravel_index(int(distance.argmax()), exact.shape)
    at = f" in the entry {tuple(int(k) + 1 for k in worst)}" if worst else ""
    return gap, f"{values[worst]:.15g} instead of {exact[worst]:.15g}{at}"


def _argument(place: Point, tensor: Tensor) -> float | Array:
    sizes = [place.size(axis) for axis in tensor.axes]
    positions = itertools.product(*(range(1, size + 1) for size in sizes))
    values = [float(place.value(tensor, position)) for position in positions]
    return np.array(values).reshape(sizes) if sizes else values[0]
