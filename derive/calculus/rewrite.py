"""The one engine: it applies rules and writes a Step each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from derive.errors import GrowthError
from derive.notation.domain import range_of
from derive.notation.expression import Add, Expr, Mul
from derive.notation.remembered import remembered
from derive.notation.text import text
from derive.notation.tree import Path, Place, at, children, put, rebuild, size
from derive.record import Condition, Rule, Scope, Step

STEP_LIMIT = 2000
"""Applications of rules within one line; the rules end, so more means a mistake of ours."""

SIZE_LIMIT = 4000
"""Nodes of a formula; beyond it another way is tried rather than this one left to run for long."""


@dataclass(frozen=True)
class Line:
    """One line of a textbook: rules that are applied together until none fits.

    Attributes:
        id: The line's name in routes and records.
        rules: In order of preference at a place.
        reason: The words at the right; empty means the reasons of the rules that were used.
        inner_first: Whether redexes are sought from the leaves up.
        quiet: Rules of which nobody needs to be told (they do not add to the reason), applied
            when no other fits.
        once: Whether the line ends after one application of a rule that is not quiet.
    """

    id: str
    rules: tuple[Rule, ...]
    reason: str = ""
    inner_first: bool = False
    quiet: tuple[Rule, ...] = ()
    once: bool = False


def apply_line(e: Expr, line: Line, scope: Scope) -> Step | None:
    """The line applied to `e` as one Step with its substeps; None where no rule of it fits.

    A line in which only quiet rules fire is a line of its own all the same: nothing that
    changes the formula goes unrecorded.
    """
    substeps: list[Step] = []
    done, quiet_done = _search(line.rules, scope), _search(line.quiet, scope)
    own = {rule.id for rule in line.rules}
    quiet = {rule.id for rule in line.quiet} - own
    now = e
    while (
        found := (
            None
            if line.once and any(s.rule in own for s in substeps)
            else done.first_redex(now, scope, line.inner_first)
        )
        or quiet_done.first_redex(now, scope, line.inner_first)
    ) is not None:
        path, rule, new = found
        redex = at(now, path)
        after = put(now, path, new)
        where, became = difference(now, after)
        substeps.append(
            Step(
                now,
                after,
                rule.id,
                rule.reason,
                where,
                became,
                tuple(discharged(c, scope) for c in rule.conditions(redex, scope)),
                rule.cites,
                level=2,
            )
        )
        now = after
        if len(substeps) > STEP_LIMIT or size(now) > SIZE_LIMIT:
            raise GrowthError(
                asked=f"apply the line “{line.id}”",
                where=text(e)[:200],
                wrong="the formula grows past what this tool handles "
                f"({len(substeps)} steps, {size(now)} nodes)",
                todo="name parts of the cost with definitions, so that they need not be expanded",
            )
    if not substeps:
        return None
    where, became = difference(e, now)
    minor = {rule.id for rule in (*line.rules, *line.quiet) if rule.minor} | quiet
    loud = [s for s in substeps if s.rule not in minor] or substeps
    return Step(
        e,
        now,
        line.id,
        line.reason or "; ".join(dict.fromkeys(s.reason for s in loud)),
        where,
        became,
        tuple(dict.fromkeys(c for s in substeps for c in s.conditions)),
        tuple(dict.fromkeys(label for s in substeps for label in s.cites)),
        tuple(substeps),
    )


def discharged(condition: Condition, scope: Scope) -> Condition:
    """The condition, with the range of its formula as the reason where that suffices."""
    values = range_of(condition.expr, scope.definitions)
    holds = {
        "> 0": values.positive,
        ">= 0": values.nonnegative,
        "!= 0": values.nonzero,
    }[condition.relation]
    return replace(condition, by="range") if holds and not condition.by else condition


def run(goal: Expr, lines: Sequence[Line], scope: Scope) -> tuple[Step, ...]:
    """The chain of steps from `goal` through the lines, those that fit, in order."""
    steps: list[Step] = []
    now = goal
    for line in lines:
        step = apply_line(now, line, scope)
        if step is not None:
            steps.append(step)
            now = step.after
    return tuple(steps)


class _Searched:
    """The search for a redex of some rules, which never looks twice at the same subformula.

    A rule sees nothing but its redex and the scope, so where it did not fit it never will.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.barren: dict[int, Expr] = {}  # by identity; the value keeps the number taken

    def first_redex(
        self, e: Expr, scope: Scope, inner_first: bool
    ) -> tuple[Path, Rule, Expr] | None:
        """The first place, in the order of the walk, where a rule changes something."""
        if id(e) in self.barren or not self.rules:
            return None
        here = None if inner_first else self._at(e, scope)
        if here is not None:
            return (), *here
        for number, child in enumerate(children(e)):
            found = self.first_redex(child, scope, inner_first)
            if found is not None:
                path, rule, new = found
                return (number, *path), rule, new
        here = self._at(e, scope) if inner_first else None
        if here is not None:
            return (), *here
        self.barren[id(e)] = e
        return None

    def _at(self, e: Expr, scope: Scope) -> tuple[Rule, Expr] | None:
        for rule in self.rules:
            new = rule.rewrite(e, scope)
            if new is not None and new != e:
                return rule, new
        return None


def _search(rules: tuple[Rule, ...], scope: Scope) -> _Searched:
    """The search for these very rules, with all that was seen of the scope's formulas so far."""
    return _searches(scope).setdefault(tuple(map(id, rules)), _Searched(rules))


@remembered
def _searches(_scope: Scope) -> dict[tuple[int, ...], _Searched]:
    """The searches made in a scope; each keeps its rules, so that their numbers stay theirs."""
    return {}


def inner_subterms(e: Expr, path: Path = ()) -> Iterator[tuple[Path, Expr]]:
    """All subterms with their paths, children before their node."""
    for number, child in enumerate(children(e)):
        yield from inner_subterms(child, (*path, number))
    yield path, e


def difference(before: Expr, after: Expr, path: Path = ()) -> tuple[Place, Place]:
    """The smallest places that hold all differences of two formulas."""
    old, new = children(before), children(after)
    if type(before) is not type(after) or not old:
        return Place(path), Place(path)
    if len(old) == len(new) and rebuild(before, new) == after:
        changed = [number for number, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        if len(changed) == 1:
            return difference(old[changed[0]], new[changed[0]], (*path, changed[0]))
    if not isinstance(before, Add | Mul):
        return Place(path), Place(path)
    shorter = min(len(old), len(new))
    head = _common(old, new, shorter)
    tail = _common(old[::-1], new[::-1], shorter - head)
    spans = (head, len(old) - tail), (head, len(new) - tail)
    if any(start == stop for start, stop in spans):
        # A part vanished or appeared: show it with its neighbour.
        head, tail = (head - 1, tail) if head else (head, tail - 1)
        spans = (head, len(old) - tail), (head, len(new) - tail)
    return _place(path, spans[0], old), _place(path, spans[1], new)


def _common(a: Sequence[Expr], b: Sequence[Expr], limit: int) -> int:
    return next((number for number in range(limit) if a[number] != b[number]), limit)


def _place(path: Path, span: tuple[int, int], parts: Sequence[Expr]) -> Place:
    start, stop = span
    if stop - start == len(parts):
        return Place(path)
    return Place((*path, start)) if stop - start == 1 else Place(path, span)


def everywhere(rule: Callable[[Expr], Expr | None]) -> Callable[[Expr, Scope], Expr | None]:
    """A rewrite that needs no scope, in the form that a Rule takes."""
    return lambda redex, scope: rule(redex)
