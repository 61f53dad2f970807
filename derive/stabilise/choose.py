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
from derive.stabilise.roundings import put_back

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


def best(e: Expr, problem: Problem, score: Entry) -> Form | None:
    """The form that the code computes, or None where the formula has no values here.

    Where the best form loses digits by what is rounded before it, a residual or a margin, it is
    compared with the same form with the rests put back, as functions of the score.
    """
    found = forms(e, problem, score)
    if not found:
        return None
    form = chosen(found)
    others = put_back(form.formula, problem, score.tensor)
    known = truth(e, problem, score, best_arithmetic(), soft=True) if others else None
    if known is None:
        return form
    rounded = Rounded(problem, known.letters, best_arithmetic())
    again = _form(Candidate(form.formula, form.reason), problem, known, rounded)
    if again is None or (again.error.faultless and again.error.worst <= GOOD):
        return form
    words = f"{form.reason}; {RESTS}".removeprefix("; ")
    more = (_form(Candidate(other, words), problem, known, rounded) for other in others)
    made = chosen((again, *(other for other in more if other is not None)))
    return made if _clearly_better(made.error, again.error) else form


def _clearly_better(new: Error, old: Error) -> bool:
    """Fewer values that are wrong, or half the error."""
    if (new.wrong, new.overflows) != (old.wrong, old.overflows):
        return (new.wrong, new.overflows) < (old.wrong, old.overflows)
    return 2 * new.worst <= old.worst


RESTS = (
    r"what rounding takes from $u$ is put back, $e^{u} = e^{u}(1 + \operatorname{rest}(u))$, "
    r"as $\operatorname{rest}(u) = 0$ for real numbers"
)


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
