"""The form of a score's formula that the code computes: the cheapest of those that are accurate."""

from __future__ import annotations

from dataclasses import dataclass

from derive.judge.best import best_arithmetic
from derive.notation.expression import Entry, Expr
from derive.notation.problem import Problem
from derive.stabilise.candidates import Candidate, candidates, in_one_letter
from derive.stabilise.cost import cost
from derive.stabilise.measure import Error, Truth, error, truth
from derive.stabilise.rounding import Rounded, UnreadableError

GOOD = 4.0
"""Units of the last place with which a form is accurate enough for its speed to count."""


@dataclass(frozen=True)
class Form:
    """One form with its figures."""

    formula: Expr
    reason: str
    error: Error
    cost: float


def forms(e: Expr, problem: Problem, score: Entry) -> tuple[Form, ...]:
    """All candidates with their figures.

    They are compared as functions of the letter through which the score enters: of a residual, if
    there is one, since no form of it can repair its rounding.
    """
    arithmetic = best_arithmetic()
    letter, _ = in_one_letter(e, problem, score.tensor)
    known = truth(e, problem, Entry(letter, score.indices), arithmetic)
    if known is None:
        return ()
    rounded = Rounded(problem, known.letters, arithmetic)
    found = (_form(c, problem, known, rounded) for c in candidates(e, problem, score.tensor))
    return tuple(form for form in found if form is not None)


def _form(c: Candidate, problem: Problem, known: Truth, rounded: Rounded) -> Form | None:
    """A candidate with its figures; None where it cannot be computed here."""
    try:
        found = error(c.formula, known, rounded)
    except UnreadableError:
        return None
    return Form(c.formula, c.reason, found, cost(c.formula, problem))


def chosen(found: tuple[Form, ...]) -> Form:
    """The accurate form that costs least; where none is accurate, the one that errs least.

    A unit of the last place weighs as much as a nanosecond.
    """
    good = [f for f in found if f.error.faultless and f.error.worst <= GOOD]
    if good:
        return min(good, key=lambda f: f.cost + f.error.worst)
    return min(found, key=lambda f: (f.error.wrong, f.error.overflows, f.error.worst, f.cost))
