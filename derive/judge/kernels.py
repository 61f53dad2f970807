"""Whether a generated NumPy function computes what its proof ends with."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from derive.judge.arithmetic import Arithmetic, MalformedError, OutsideError
from derive.judge.best import best_arithmetic
from derive.judge.evaluation import Formula, evaluation
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
    """Call `function` with float64 arrays and compare every entry with the exact value.

    `arguments` are the tensors in the order in which the function takes them; tensors without
    axes are passed as floats. `indices` is the order of the result's axes: where it is None, that
    of the entry of a matrix formula, else that of first appearance.
    """
    arithmetic = arithmetic or best_arithmetic()
    compiler = prepared(problem, arguments)
    try:
        formula = compiler.formula(derivation_last)
        missing = _missing(compiler, formula, arguments)
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
    for slot in slots(compiler.indices.axes, least=compiler.indices.least):
        drawn = _draw(problem.name, slot, arithmetic, compiler, formula, order)
        if isinstance(drawn, str):
            message = f"no admissible point was found: {drawn}"
            continue
        place, exact = drawn
        found, wrong = compare(function, place, arguments, exact, tolerance)
        points, gap, telling = points + exact.size, max(gap, found), telling or not slot.thin
        if wrong:
            return KernelVerdict(name, points, gap, False, f"{wrong} at {place.text()}")
    return KernelVerdict(name, points, gap, telling, "" if telling else message)


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


def _draw(
    name: str,
    slot: Slot,
    arithmetic: Arithmetic,
    compiler: Compiler,
    formula: Formula,
    order: tuple[Index, ...],
) -> tuple[Point, Array] | str:
    """A point at which the formula has a value, and all its values; or why there is none."""
    reason = ""
    for attempt in range(DRAWS):
        place = point(name, slot, attempt)
        try:
            return place, _exact(place, arithmetic, compiler, formula, order)
        except OutsideError as error:
            reason = error.reason
        except MalformedError as error:
            return str(error)
    return f"{reason} at {place.text()}"


def _exact(
    place: Point,
    arithmetic: Arithmetic,
    compiler: Compiler,
    formula: Formula,
    order: tuple[Index, ...],
) -> Array:
    """The formula's values over all positions, rounded once to floats."""
    letters = [compiler.indices.number(k) for k in order]
    out = np.empty([place.size(k.axis) for k in order])
    with arithmetic.working():
        v = evaluation(arithmetic, place)
        for cell in np.ndindex(*out.shape):
            bound = dict(zip(letters, (k + 1 for k in cell), strict=True))
            out[cell] = arithmetic.approximate(v.value(formula, bound)[0])
    return out


def compare(
    function: Callable[..., object],
    place: Point,
    arguments: tuple[Tensor, ...],
    exact: Array,
    tolerance: float,
) -> tuple[float, str]:
    """The largest relative distance, and what is wrong with the function's result, if anything."""
    given = [_argument(place, tensor) for tensor in arguments]
    copies = [np.array(value) for value in given]
    try:
        result = function(*given)
    except Exception as error:  # noqa: BLE001  # whatever generated code raises is a finding
        return 0.0, f"the function raised {type(error).__name__}: {error}"
    for tensor, value, copy in zip(arguments, given, copies, strict=True):
        if not np.array_equal(value, copy):
            return 0.0, f"the function changed its argument {tensor.name}"
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
