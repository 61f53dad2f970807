"""Two functions for one formula, at points near 0 and far out: which of them loses more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from derive.judge.arithmetic import MalformedError, OutsideError
from derive.judge.best import best_arithmetic
from derive.judge.kernels import Array, Kernels, Task, order_of
from derive.judge.points import Slot, slots
from derive.notation.expression import Expr, Tensor
from derive.notation.problem import Problem

GRADES = (-24, -6, 3, 5, 7, 9)
"""Powers of 2 by which points are drawn in and out: e^u overflows at u = 710."""

GRADED = 2000
"""The number of the first kind of point so drawn."""

BITS = 1600
"""1 - sigma(u) has digits up to u = 1024."""
SURE = 2.0**-60
SMALLEST = 2.0**-900
"""Results that are all smaller tell nothing of digits."""


@dataclass(frozen=True)
class Standing:
    """How a function fared: entries that are no number, and the largest error of the others.

    The error is relative to the largest entry: what cancels in one of them is lost in every form.
    """

    wrong: int = 0
    worst: float = 0.0

    def clearly_worse(self, other: Standing) -> bool:
        """More entries that are no number; or as many, and digits lost that the other keeps."""
        if self.wrong != other.wrong:
            return self.wrong > other.wrong
        return self.worst > 1e-12 and self.worst > 16 * other.worst


class Graded(Kernels):
    """Points of several sizes, with the exact values there, for functions of the same arguments."""

    def __init__(self, problem: Problem, arguments: tuple[Tensor, ...]) -> None:
        super().__init__(problem, arguments, best_arithmetic(BITS))

    def standings(
        self, functions: Sequence[Callable[..., object]], last: Expr
    ) -> tuple[Standing, ...]:
        """How each of the functions fared at the points at which the formula has a value."""
        task = Task(functions[0], self._compiler.formula(last), order_of(last), 0.0)
        found = [Standing() for _ in functions]
        for slot in self._slots():
            try:
                exact = self._exact(slot, 0, task)
            except (OutsideError, MalformedError):
                continue
            if not np.isfinite(exact).all() or not exact.size or not self._known(slot, task, exact):
                continue
            given = self._arrays(slot, 0)
            for number, function in enumerate(functions):
                found[number] = _joined(found[number], _standing(function, given, exact))
        return tuple(found)

    def _known(self, slot: Slot, task: Task, exact: Array) -> bool:
        """Whether the exact values are known to more digits than a float has."""
        with self._arithmetic.working():
            v = self._at(slot, 0)
            values = [v.value(task.formula, bound) for _, bound in self._cells(task, exact)]
            sure = [
                v.arithmetic.doubt(x) <= SURE * abs(v.arithmetic.approximate(x)) for x in values
            ]
        return all(sure)

    def _slots(self) -> Iterator[Slot]:
        axes = self._compiler.indices
        first = slots(axes.axes, least=axes.least)[0]
        for number, power in enumerate(GRADES):
            yield replace(first, number=GRADED + number, reach=Fraction(2) ** power)


def _standing(
    function: Callable[..., object], given: tuple[float | Array, ...], exact: Array
) -> Standing:
    copies = [np.array(value) if isinstance(value, np.ndarray) else value for value in given]
    try:
        with np.errstate(all="ignore"):
            values = np.asarray(function(*copies), dtype=float)
    except ArithmeticError:
        return Standing(exact.size)
    with np.errstate(all="ignore"):
        right = np.isfinite(values)
        errors = np.abs(values - exact) / max(float(np.abs(exact).max(initial=0.0)), SMALLEST)
    return Standing(int((~right).sum()), float(np.max(errors, where=right, initial=0.0)))


def _joined(a: Standing, b: Standing) -> Standing:
    return Standing(a.wrong + b.wrong, max(a.worst, b.worst))
