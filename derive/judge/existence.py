"""Whether a cost has a value at all: 1/|x_i - x_i| has none, whatever x is."""

from __future__ import annotations

from derive.errors import ProblemError
from derive.judge.arithmetic import Arithmetic, MalformedError, OutsideError
from derive.judge.best import best_arithmetic
from derive.judge.equality import bindings
from derive.judge.evaluation import Bound, Evaluation, evaluation
from derive.judge.formulas import Compiler
from derive.judge.points import point, slots
from derive.judge.verdict import prepared
from derive.notation.expression import Expr, Index
from derive.notation.problem import Problem
from derive.notation.text import caret
from derive.notation.tree import Path, Place, children

DRAWS = 30
"""So many draws are made for one kind of point, the second half with more digits."""


def require_value(problem: Problem, *, arithmetic: Arithmetic | None = None) -> None:
    """Raise a `ProblemError` where a definition, or the cost, has no value at any point drawn."""
    coarse = arithmetic or best_arithmetic()
    precisions = (coarse, coarse.finer().finer())
    try:
        compiler = prepared(problem)
        for definition in problem.all_definitions:
            title = "cost" if definition == problem.cost_definition else definition.tensor.name
            failed = _without_value(problem, compiler, definition.body, precisions)
            if failed is not None:
                raise _error(problem, title, definition.body, *failed)
    except MalformedError:
        return  # the judge will say what is wrong with a formula that has no meaning


def _without_value(
    problem: Problem, compiler: Compiler, body: Expr, precisions: tuple[Arithmetic, Arithmetic]
) -> tuple[Path, str] | None:
    """The innermost part that has no value at any draw, and why; None where all is well."""
    failed: tuple[Path, str] | None = None
    compiler.formula(body)
    for slot in slots(compiler.indices.axes, least=compiler.indices.least):
        for attempt in range(DRAWS):
            arithmetic = precisions[2 * attempt // DRAWS]
            with arithmetic.working():
                v = evaluation(arithmetic, point(problem.name, slot, attempt))
                reason = _reason(compiler, v, body)
                if reason is not None:
                    failed = failed or _innermost(compiler, v, body, (), reason)
                    continue
            if not slot.thin:
                return None
            break  # log det tt' has a value where t has one entry, and nowhere else
    return failed


def _reason(compiler: Compiler, v: Evaluation, e: Expr) -> str | None:
    """Why a formula has no value at some values of its letters, and at which; None if it has."""
    formula = compiler.formula(e)
    free = compiler.indices.named(formula.free)
    for bound in bindings(free, v):
        try:
            v.value(formula, bound)
        except OutsideError as error:
            return f"{error.reason}{_at(free, bound)}"
    return None


def _at(free: dict[int, Index], bound: Bound) -> str:
    places = [f"{k.letter} = {bound[number]}" for number, k in free.items()]
    return f" at {', '.join(places)}" if places else ""


def _innermost(
    compiler: Compiler, v: Evaluation, e: Expr, path: Path, reason: str
) -> tuple[Path, str]:
    for number, part in enumerate(children(e)):
        inner = _reason(compiler, v, part)
        if inner is not None:
            return _innermost(compiler, v, part, (*path, number), inner)
    return path, reason


def _error(problem: Problem, title: str, body: Expr, path: Path, reason: str) -> ProblemError:
    prefix = f"{title}: "
    formula, carets = caret(body, Place(path)).split("\n")
    return ProblemError(
        asked=f"derive the problem {problem.name!r}",
        where=f"{prefix}{formula}\n{' ' * len(prefix)}{carets}",
        wrong=f"this has no value at any point that was tried: {reason}",
        todo="correct it, leave out the terms without a value, or declare where they have one",
    )
