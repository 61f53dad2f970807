"""Proof by cases: earlier claims, each for a part of one letter's domain."""

from __future__ import annotations

import math

from derive.notation.expression import Entry, Expr, Tensor
from derive.notation.interval import Interval
from derive.notation.tree import replace_tensor, same, tensors_in
from derive.record import Derivation, Sign

WEAKER: dict[Sign, tuple[Sign, ...]] = {
    "=": ("=", "<=", ">="),
    "<": ("<", "<="),
    ">": (">", ">="),
    "<=": ("<=",),
    ">=": (">=",),
}
"""What each relation implies."""


def why_not(goal: Expr, target: Expr, sign: Sign, cases: tuple[Derivation, ...]) -> str:
    """What is missing for the conclusion `goal` sign `target`; empty where nothing is."""
    letters = {tensor.name for case in cases for tensor in case.given}
    if len(letters) != 1:
        return f"the cases are about the letters {', '.join(sorted(letters)) or '(none)'}, not one"
    (letter,) = letters
    wide = next((t for t in (*tensors_in(goal), *tensors_in(target)) if t.name == letter), None)
    if wide is None:
        return f"{letter} does not occur in what is to be shown"
    for case in cases:
        if not same(widened(case.goal, wide), goal) or not same(widened(case.last, wide), target):
            return f"{case.label} shows something else"
        if sign not in WEAKER[case.sign]:
            return f"{case.label} shows {case.sign}, not {sign}"
    parts = tuple(tensor.domain for case in cases for tensor in case.given)
    return "" if covers(parts, wide.domain) else f"the cases leave out values of {letter}"


def widened(e: Expr, wide: Tensor) -> Expr:
    """The formula with the narrowed letter replaced by the wide one of the same name."""
    return replace_tensor(
        e, lambda entry: Entry(wide, entry.indices) if entry.tensor.name == wide.name else None
    )


def covers(parts: tuple[Interval, ...], whole: Interval) -> bool:
    """Whether the union of `parts` holds every member of `whole`."""
    if whole.integer and -math.inf < whole.low <= whole.high < math.inf:
        values = range(math.ceil(whole.low), math.floor(whole.high) + 1)
        return all(any(value in part for part in parts) for value in values)
    reached, closed = whole.low, not whole.low_open  # the next value that must be covered
    for part in sorted(parts, key=lambda p: (p.low, p.low_open)):
        if part.integer or part.low > reached or (part.low == reached and part.low_open and closed):
            return False
        if part.high > reached or (part.high == reached and not part.high_open):
            reached, closed = part.high, part.high_open
    return reached > whole.high or (reached == whole.high and not (closed and not whole.high_open))
