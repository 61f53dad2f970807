"""A problem whose formulas were built with SymPy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy

from derive.errors import ProblemError
from derive.notation.expression import Axis, Tensor
from derive.notation.functions import USABLE, Elementwise
from derive.notation.problem import Definition, Problem, define
from derive.notation.tree import free_indices
from derive.readers.sympy_form import Named, from_sympy


def problem_from_sympy(
    name: str,
    cost: Any,
    *,
    data: tuple[Tensor, ...],
    parameters: tuple[Tensor, ...],
    definitions: Mapping[Any, Any] | None = None,
    prediction: str = "",
    functions: Iterable[Elementwise] = USABLE,
    title: str = "",
    summary: str = "",
    sources: tuple[str, ...] = (),
) -> Problem:
    """A problem from a SymPy cost over tensors of ours.

    `definitions` maps left-hand sides to right-hand sides, as in {z[i]: Sum(...)}, in order;
    `prediction` names one of them.
    """
    given: tuple[Named, ...] = (*data, *parameters)
    axes = tuple(dict.fromkeys(axis for t in (*data, *parameters) for axis in t.axes))
    rows = tuple(functions)
    defined: list[Definition] = []
    for left, right in (definitions or {}).items():
        known = (*given, *defined)
        defined.append(_definition(left, right, axes, known, rows))
    body = from_sympy(cost, axes=axes, tensors=(*given, *defined), functions=rows)
    predicts = [d for d in defined if d.tensor.name == prediction]
    if prediction and not predicts:
        raise ProblemError(
            asked=f"derive the problem {name!r}",
            where=f"prediction={prediction!r}",
            wrong=f"{prediction!r} is not among the definitions",
            todo="name the left-hand side of a definition",
        )
    return Problem(
        name=name,
        title=title or name.replace("_", " ").capitalize(),
        data=data,
        parameters=parameters,
        definitions=tuple(defined),
        cost=body,
        prediction=predicts[0] if predicts else None,
        summary=summary,
        sources=sources,
    )


def _definition(
    left: Any,
    right: Any,
    axes: tuple[Axis, ...],
    known: tuple[Named, ...],
    functions: tuple[Elementwise, ...],
) -> Definition:
    """left = right; the axes of the left-hand side's letters follow from their use at the right."""
    body = from_sympy(right, axes=axes, tensors=known, functions=functions)
    base: Any = left
    letters: tuple[Any, ...] = ()
    if isinstance(left, sympy.Indexed):
        base, letters = left.base, left.indices
    found = {k.letter: k for k in free_indices(body)}
    for letter in letters:
        if str(letter) not in found:
            raise ProblemError(
                asked="read a SymPy formula",
                where=f"{left} = {right}",
                wrong=f"the right-hand side does not depend on {letter}",
                todo=f"leave {letter} out at the left",
            )
    return define(str(base), *(found[str(letter)] for letter in letters), body)
