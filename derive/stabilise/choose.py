"""The form of a score's formula that the code computes: the cheapest of those that are accurate."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.judge.best import best_arithmetic
from derive.notation.array_text import UnreadableError
from derive.notation.expression import Cases, Entry, Expr, When, expr
from derive.notation.functions import absolute
from derive.notation.problem import Problem
from derive.notation.tree import size
from derive.stabilise.candidates import Candidate, candidates, in_one_letter
from derive.stabilise.cost import cost
from derive.stabilise.jumps import REASON as JOINED
from derive.stabilise.jumps import steps_joined
from derive.stabilise.letters import HUGE_BITS
from derive.stabilise.measure import Error, Truth, errors, truth
from derive.stabilise.rounding import Rounded
from derive.stabilise.roundings import put_back
from derive.stabilise.tangents import LARGE, without_infinities

GOOD = 4.0
"""Units of the last place with which a form is accurate enough for its speed to count."""


@dataclass(frozen=True)
class Form:
    """One form with its figures.

    Attributes:
        formula: The form.
        reason: Why it is equal to the formula; "" for that one itself.
        error: Its errors over all samples.
        moderate: Those over the samples with moderate scores.
        cost: Nanoseconds, to rank forms.
    """

    formula: Expr
    reason: str
    error: Error
    moderate: Error
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
    """The form that the code computes, or None where the formula has no values here."""
    form = _best(e, problem, score)
    if form is None:
        return None
    joined = steps_joined(form.formula)
    letter, written = in_one_letter(e, problem, score.tensor)
    whole = without_infinities(joined, written, letter)
    reasons = [form.reason, *([JOINED] if joined != form.formula else [])]
    reasons += [LARGE] if whole != joined else []
    return replace(form, formula=whole, reason="; ".join(filter(None, reasons)))


def _best(e: Expr, problem: Problem, score: Entry) -> Form | None:
    """The form as it is measured.

    Where it loses digits by what is rounded before it, a residual or a margin, it is compared with
    forms in which the rests are put back, as functions of the score.
    """
    found = forms(e, problem, score)
    if not found:
        return None
    form = _shorter(_refined(chosen(found), found), found, problem, score)
    others = [
        Candidate(made, f"{other.reason}; {words}".removeprefix("; "))
        for other in _rivals(form, found)
        for made, words in put_back(other.formula, form.formula, problem, score.tensor)
    ]
    known = truth(e, problem, score, best_arithmetic(), corners=True) if others else None
    if known is None:
        return form
    rounded = Rounded(problem, known.letters, best_arithmetic())
    again = _form(Candidate(form.formula, form.reason), problem, known, rounded)
    if again is None or (again.error.faultless and again.error.worst <= GOOD):
        return form
    made = (_form(other, problem, known, rounded) for other in others)
    more = [other for other in made if other is not None and _worth(other, again)]
    if not more:
        return form
    top = chosen((again, *more))
    near = [f for f in more if f.error.wrong <= top.error.wrong
            and f.error.worst <= max(GOOD, top.error.worst * 3 / 2)]  # fmt: skip
    simple = min(near, key=lambda f: f.cost, default=top)
    return simple if _clearly_better(simple.error, again.error) else form


def _refined(form: Form, found: tuple[Form, ...]) -> Form:
    """A form that differs from the chosen one only near a root, where it is clearly better there.

    It costs nothing in a pass over many samples, which leaves it out.
    """
    near = [
        f
        for f in found
        if isinstance(f.formula, Cases) and f.formula.total and f.formula.otherwise == form.formula
        and f.error.faultless and f.error.worst <= CLEARLY * form.error.worst
    ]  # fmt: skip
    return min(near, key=lambda f: f.error.worst, default=form) if form.error.worst > FINE else form


FINE = 2.5
"""Units of the last place from which on a better form near a root is looked for."""
CLEARLY = 0.8


def _shorter(form: Form, found: tuple[Form, ...], problem: Problem, score: Entry) -> Form:
    """The form, where it is dear, only for scores whose square is no number; else a cheaper one.

    A pass over many samples may then do with the cheaper one.
    """
    near = [f for f in found if not f.moderate.wrong and f.moderate.worst <= GOOD]
    least = min(near, key=lambda f: f.cost, default=form)
    # Of those as cheap and as good, about, the one whose parts overflow least.
    limit, worst = least.cost + SAME, least.moderate.worst
    same = [f for f in near if f.cost <= limit and f.moderate.worst <= worst]
    cheap = min(same, key=lambda f: (f.error.overflows, f.cost), default=form)
    if isinstance(form.formula, Cases) or form.cost < cheap.cost + DEAR:
        return form
    letter, _ = in_one_letter(form.formula, problem, score.tensor)
    large = When(absolute(Entry(letter, score.indices)), ">=", expr(2) ** HUGE_BITS)
    whole = Cases(((large, form.formula),), cheap.formula, total=True)
    return replace(form, formula=whole)


WORTH = 5 * GOOD
"""Units of the last place that rounding before a form must cost before its rests are put back."""
SHORT = 40
"""Nodes of a form with rests that is short enough for fewer units."""
READABLE = 130
"""Nodes of a form with rests; a longer one nobody reads, and the rounding is accepted."""


def _worth(new: Form, old: Form) -> bool:
    """Whether a form with rests is short enough for what it repairs."""
    dear = old.error.worst > WORTH or new.error.wrong < old.error.wrong
    return size(new.formula) <= (READABLE if dear else SHORT)


DEAR = 6.0
"""Nanoseconds that make it worth while to tell huge scores from others."""

SAME = 1.0
"""Nanoseconds that make no difference."""

RIVALS = 6


def _rivals(form: Form, found: tuple[Form, ...]) -> list[Form]:
    """The forms about as good as the chosen one, the cheapest first."""
    most, wrong = max(GOOD, 2 * form.moderate.worst), form.moderate.wrong
    near = [f for f in found if f.moderate.worst <= most and f.moderate.wrong <= wrong]
    return sorted(near, key=lambda f: (f != form, f.cost))[:RIVALS]


def _clearly_better(new: Error, old: Error) -> bool:
    """Fewer values that are wrong, or an error that is good, or half as large."""
    if new.wrong != old.wrong:
        return new.wrong < old.wrong
    return new.worst <= GOOD < old.worst or 2 * new.worst <= old.worst


def _form(c: Candidate, problem: Problem, known: Truth, rounded: Rounded) -> Form | None:
    """A candidate with its figures; None where it cannot be computed here."""
    try:
        found, moderate = errors(c.formula, known, rounded)
    except UnreadableError:
        return None
    return Form(c.formula, c.reason, found, moderate, cost(c.formula, problem))


def chosen(found: tuple[Form, ...]) -> Form:
    """The accurate form that costs least; where none is accurate, the one that errs least.

    A unit of the last place weighs as much as a nanosecond.
    """
    good = [f for f in found if f.error.faultless and f.error.worst <= GOOD]
    if good:
        return min(good, key=lambda f: f.cost + f.error.worst)
    return min(found, key=lambda f: (f.error.wrong, f.error.overflows, f.error.worst, f.cost))
