"""Proof by cases: earlier claims, each for a part of one letter's domain."""

from __future__ import annotations

import math
from dataclasses import replace

from derive.calculus.cases import at_hand
from derive.calculus.dependence import depends
from derive.notation.expression import Entry, Expr, Tensor
from derive.notation.interval import Interval
from derive.notation.problem import Definition, definition_of
from derive.notation.tree import free_indices, replace_tensor, same, subterms, tensors_in
from derive.record import Condition, Derivation, Sign

WEAKER: dict[Sign, tuple[Sign, ...]] = {
    "=": ("=", "<=", ">="),
    "<": ("<", "<="),
    ">": (">", ">="),
    "<=": ("<=",),
    ">=": (">=",),
}
"""What each relation implies."""


def why_not(
    goal: Expr,
    target: Expr,
    sign: Sign,
    cases: tuple[Derivation, ...],
    definitions: tuple[Definition, ...] = (),
) -> str:
    """What is missing for the conclusion `goal` sign `target`; empty where nothing is.

    A case may end at what the target is in that case: at its branch of a distinction.
    """
    letters = {tensor.name for case in cases for tensor in case.given}
    if len(letters) != 1:
        return f"the cases are about the letters {', '.join(sorted(letters)) or '(none)'}, not one"
    (letter,) = letters
    wide = next((t for t in (*tensors_in(goal), *tensors_in(target)) if t.name == letter), None)
    if wide is None:
        return f"{letter} does not occur in what is to be shown"
    if any(_several(e, wide, definitions) for e in (goal, target)):
        return f"{letter} has several values in what is to be shown, which cases do not tell apart"
    for case in cases:
        if not same(widened(case.goal, wide), goal) or not _ends_at(
            case, target, wide, definitions
        ):
            return f"{case.label} shows something else"
        if sign not in WEAKER[case.sign]:
            return f"{case.label} shows {case.sign}, not {sign}"
    parts = tuple(tensor.domain for case in cases for tensor in case.given)
    return "" if covers(parts, wide.domain) else f"the cases leave out values of {letter}"


def supposed(cases: tuple[Derivation, ...], goal: Expr, target: Expr) -> tuple[Condition, ...]:
    """What the cases assume without a reason; the conclusion assumes it too."""
    letters = {tensor.name: tensor for tensor in (*tensors_in(target), *tensors_in(goal))}
    found: dict[Condition, None] = {}
    for case in cases:
        for condition in (c for step in case.steps for c in step.conditions if not c.by):
            e = condition.expr
            for name in [t.name for t in case.given if t.name in letters]:
                e = widened(e, letters[name])
            found[replace(condition, expr=e)] = None
    return tuple(found)


def _several(e: Expr, wide: Tensor, definitions: tuple[Definition, ...]) -> bool:
    """Whether a letter with indices stands for several of its values at once.

    It does with bound indices, with more than one choice of free ones, and within a definition.
    """
    if not wide.axes:
        return False
    free = set(free_indices(e))
    found = {
        node.indices for _, node in subterms(e) if isinstance(node, Entry) and node.tensor == wide
    }
    inside = (definition_of(tensor, definitions) for tensor in tensors_in(e))
    return (
        len(found) > 1
        or any(not set(indices) <= free for indices in found)
        or any(d is not None and depends(d.body, wide, definitions) for d in inside)
    )


def _ends_at(
    case: Derivation, target: Expr, wide: Tensor, definitions: tuple[Definition, ...]
) -> bool:
    """Whether a case ends at the target, or at what the target is in that case."""
    if same(widened(case.last, wide), target):
        return True
    (own,) = (tensor for tensor in case.given if tensor.name == wide.name)
    return same(at_hand(widened(target, own), definitions), case.last)


def widened(e: Expr, wide: Tensor) -> Expr:
    """The formula with the narrowed letter replaced by the wide one of the same name."""
    return replace_tensor(
        e, lambda entry: Entry(wide, entry.indices) if entry.tensor.name == wide.name else None
    )


def covers(parts: tuple[Interval, ...], whole: Interval) -> bool:
    """Whether the union of `parts` holds every member of `whole`."""
    if whole.members:
        return all(any(value in part for part in parts) for value in whole.members)
    if whole.integer and -math.inf < whole.low <= whole.high < math.inf:
        values = range(math.ceil(whole.low), math.floor(whole.high) + 1)
        return all(any(value in part for part in parts) for value in values)
    reached, closed = whole.low, not whole.low_open  # the next value that must be covered
    for part in sorted(parts, key=lambda p: (p.low, p.low_open)):
        if (
            part.integer
            or part.members
            or part.low > reached
            or (part.low == reached and part.low_open and closed)
        ):
            return False
        if part.high > reached or (part.high == reached and not part.high_open):
            reached, closed = part.high, part.high_open
    return reached > whole.high or (reached == whole.high and not (closed and not whole.high_open))
