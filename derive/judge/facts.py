"""Whether the matrices that a problem defines are what is said of them, at random points."""

from __future__ import annotations

from typing import Any

import numpy as np

from derive.errors import ProblemError
from derive.judge.arithmetic import Arithmetic, OutsideError
from derive.judge.best import best_arithmetic
from derive.judge.equality import DRAWS
from derive.judge.evaluation import evaluation
from derive.judge.formulas import Compiler
from derive.judge.points import Slot, point, slots
from derive.judge.verdict import prepared
from derive.notation.problem import Definition, Problem
from derive.notation.text import text

Array = np.ndarray[Any, np.dtype[np.float64]]

ROUNDING = 1e-12
"""Relative to the largest entry: the entries are rounded to float64 before they are compared."""


def require_facts(problem: Problem, *, arithmetic: Arithmetic | None = None) -> None:
    """Raise a `ProblemError` for the first fact of a definition that fails somewhere."""
    arithmetic = arithmetic or best_arithmetic()
    for definition in problem.definitions:
        if definition.tensor.facts:
            _require(problem, definition, arithmetic)


def _require(problem: Problem, definition: Definition, arithmetic: Arithmetic) -> None:
    compiler, tensor = prepared(problem), definition.tensor
    compiler.letter(tensor)
    for slot in slots(compiler.indices.axes, least=compiler.indices.least):
        drawn = _values(problem, definition, slot, compiler, arithmetic)
        if drawn is None:
            continue
        for fact in sorted(tensor.facts):
            wrong = violation(drawn, fact)
            if wrong:
                sizes = ", ".join(f"{axis.letter} = {size}" for axis, size in slot.sizes)
                raise ProblemError(
                    asked=f"derive the problem {problem.name!r}",
                    where=f"definition {tensor.name}: {text(definition.body)}",
                    wrong=f"{tensor.name} is not always {fact}: {wrong} at a random point, {sizes}",
                    todo=f"leave {fact!r} out of facts=, or declare what makes it true of the data",
                )


def _values(
    problem: Problem,
    definition: Definition,
    slot: Slot,
    compiler: Compiler,
    arithmetic: Arithmetic,
) -> Array | None:
    """The matrix at the first draw at which it has a value."""
    letter = compiler.letter(definition.tensor)
    for attempt in range(DRAWS):
        place = point(problem.name, slot, attempt)
        size = place.sizes[definition.tensor.axes[0]]
        out = np.empty((size, size))
        with arithmetic.working():
            v = evaluation(arithmetic, place)
            try:
                for row, column in np.ndindex(size, size):
                    jet = v.letter(letter, (row + 1, column + 1), ())
                    out[row, column] = arithmetic.approximate(jet)
            except OutsideError:
                continue
        return out
    return None


def violation(matrix: Array, fact: str) -> str:
    """How the matrix differs from what it should be; empty where it does not."""
    level = ROUNDING * max(float(np.abs(matrix).max()), ROUNDING)
    identity = np.eye(len(matrix))
    if fact == "orthogonal":
        gap = float(np.abs(matrix.T @ matrix - identity).max())
        return f"A'A differs from I by {gap:.2g}" if gap > 1e3 * ROUNDING else ""
    if fact == "diagonal":
        gap = float(np.abs(matrix * (1 - identity)).max())
        return f"an entry off the diagonal is {gap:.2g}" if gap > level else ""
    gap = float(np.abs(matrix - matrix.T).max())
    if gap > level:
        return f"A - A' has the entry {gap:.2g}"
    least = float(np.linalg.eigvalsh(matrix)[0])
    if fact == "positive definite" and least <= len(matrix) * level / 1e3:
        return f"an eigenvalue is {least:.2g}"
    if fact == "positive semidefinite" and least < -len(matrix) * level:
        return f"an eigenvalue is {least:.2g}"
    return ""
