"""A formula as a function of two or three affine scores: its second derivatives, by their minors.

A symmetric matrix is positive semidefinite exactly if none of its principal minors is negative;
so x log(x/y), x^2/y, sqrt(xy) and xy/(x + y) are seen to be convex or concave in both arguments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from derive.calculus.dependence import depends, pending
from derive.certify.one_score import LARGEST, Scores
from derive.certify.signs import nonnegative_form
from derive.notation.expression import (
    MINUS_ONE,
    ZERO,
    Add,
    Diff,
    Entry,
    Expr,
    Sum,
    add,
    mul,
)
from derive.notation.problem import Definition, definition_of
from derive.notation.tree import canonical, children, free_indices, size
from derive.record import Derivation, Step

Table = Mapping[tuple[int, int], Expr]
"""The upper triangle of a symmetric matrix, by row and column."""

MOST = 3
"""So many scores are looked at together."""


@dataclass(frozen=True)
class Minor:
    """A principal minor of the second derivatives, and a form that shows that it is >= 0.

    `goal` is the minor of the derivatives not yet carried out, `value` that of those that are.
    """

    goal: Expr
    value: Expr
    form: Expr


@dataclass(frozen=True)
class Hessian:
    """The second derivatives of f by several scores.

    Attributes:
        scores: Affine in the parameters. `formula`: f with the scores as letters.
        seconds: By pairs of numbers of scores: the derivation of a second derivative.
        minors: Of the Hessian where f is convex, of its negative where f is concave.
        convex: Which of the two it is.
    """

    scores: tuple[Entry, ...]
    formula: Expr
    seconds: tuple[tuple[tuple[int, int], Derivation], ...]
    minors: tuple[Minor, ...]
    convex: bool

    def claims(self, label: str) -> tuple[Derivation, ...]:
        """The second derivatives and the signs of the minors, for the judge."""
        out = [d for _, d in self.seconds]
        for minor in self.minors:
            steps = [] if minor.goal == minor.value else [_carried_out(minor)]
            if minor.form != minor.value:
                steps.append(Step(minor.value, minor.form, "rational-form", "collect"))
            steps.append(Step(minor.form, ZERO, "sign", "no part is negative", sign=">="))
            out.append(Derivation(label, "theorem", "a principal minor", minor.goal, tuple(steps)))
        return tuple(
            Derivation(f"{label}.{k}", d.kind, d.title, d.goal, d.steps)
            for k, d in enumerate(out, start=1)
        )


def _carried_out(minor: Minor) -> Step:
    return Step(minor.goal, minor.value, "derivative", "the second derivatives")


def bent_hessian(scores: Scores, e: Expr, definitions: tuple[Definition, ...]) -> Hessian | None:
    """`e` by two or three scores that are its only way to the parameters, if it bends one way."""
    for found in (_letters(scores, e), _whole(scores, e)):
        if found is None or not 1 < len(found) <= MOST:
            continue
        made = _by(scores, e, found, definitions)
        if made is not None:
            return made
    return None


def _letters(scores: Scores, e: Expr) -> tuple[Expr, ...] | None:
    """The smallest affine parts with a name: letters, named scores, sums over an index."""
    return _collected(scores, e, whole=False)


def _whole(scores: Scores, e: Expr) -> tuple[Expr, ...] | None:
    """The largest affine parts: x + 2y as it stands."""
    return _collected(scores, e, whole=True)


def _collected(scores: Scores, e: Expr, *, whole: bool) -> tuple[Expr, ...] | None:
    free = set(free_indices(e))
    found: dict[Expr, Expr] = {}

    def visit(node: Expr) -> bool:
        if scores.still(node):
            return True
        kinds = Entry | Sum | Add if whole else Entry | Sum
        if isinstance(node, kinds) and set(free_indices(node)) <= free and scores.affine(node):
            found.setdefault(canonical(node), node)
            return True
        if isinstance(node, Entry):
            definition = definition_of(node.tensor, scores.problem.definitions)
            return definition is not None and visit(definition.at(node))
        parts = children(node)
        return bool(parts) and all(visit(part) for part in parts)

    return tuple(found.values()) if visit(e) else None


def _by(
    scores: Scores, e: Expr, found: tuple[Expr, ...], definitions: tuple[Definition, ...]
) -> Hessian | None:
    formula, still, letters, extra = e, e, [], []
    for candidate in found:
        score, definition = scores.given_name(candidate)
        formula = scores.down_to(formula, candidate, score)
        letters.append(score)
        extra += [definition] if definition else []
    still = formula
    for score in letters:
        still = scores.substituted(still, score)
    known = (*definitions, *(d for d in extra if d not in definitions))
    if not scores.still(still) or size(formula) > LARGEST or not _independent(letters, known):
        return None
    goals = {
        (k, l): Diff(Diff(formula, letters[k]), letters[l])
        for k in range(len(letters))
        for l in range(k, len(letters))
    }
    sign = _sign(scores, goals, len(letters))
    if sign == 0 or not scores.attempt():
        return None
    seconds = dict(_seconds(scores, formula, letters, goals, tuple(extra)))
    if len(seconds) < len(goals):
        return None
    last = {pair: d.last for pair, d in seconds.items()}
    minors = []
    for chosen in _choices(len(letters)):
        value = _determinant(last, chosen, sign)
        form = nonnegative_form(value, known)
        if form is None:
            return None
        minors.append(Minor(_determinant(goals, chosen, sign), value, form))
    return Hessian(tuple(letters), formula, tuple(seconds.items()), tuple(minors), sign > 0)


def _independent(letters: list[Entry], known: tuple[Definition, ...]) -> bool:
    """Whether no score depends on another one: else they do not move one at a time."""
    return not any(
        depends(a, b.tensor, known) for a in letters for b in letters if a.tensor != b.tensor
    )


def _sign(scores: Scores, goals: Table, count: int) -> int:
    """1 or -1 where f may be convex or concave by some numbers, 0 where it is neither."""
    signs: set[int] = set()
    for k in range(count):
        signs |= scores.signs(goals[k, k])
    if {1, -1} <= signs:
        return 0
    for pair in combinations(range(count), 2):
        if -1 in scores.signs(_determinant(goals, pair, 1)):
            return 0
    return -1 if -1 in signs else 1


def _seconds(
    scores: Scores,
    formula: Expr,
    letters: list[Entry],
    goals: Table,
    extra: tuple[Definition, ...],
) -> Iterator[tuple[tuple[int, int], Derivation]]:
    for k, score in enumerate(letters):
        goal = Diff(formula, score)
        first = scores.derivative(goal, extra, 2 * LARGEST)
        slope = first[-1].after if first else goal
        if first is None or pending(slope):
            return
        for l in range(k, len(letters)):
            between = Diff(slope, letters[l])
            steps = scores.derivative(between, extra, 4 * LARGEST, last=True)
            if steps is None or pending(steps[-1].after if steps else between):
                return
            begun = Step(goals[k, l], between, "slope", "the first derivative")
            title = "second derivative by scores"
            yield (k, l), Derivation("", "theorem", title, goals[k, l], (begun, *steps))


def _choices(count: int) -> Iterator[tuple[int, ...]]:
    for size_ in range(1, count + 1):
        yield from combinations(range(count), size_)


def _determinant(of: Table, chosen: tuple[int, ...], sign: int) -> Expr:
    """A principal minor of a symmetric matrix of which the upper triangle is given, or of -it."""

    def at(k: int, l: int) -> Expr:
        return of[min(k, l), max(k, l)]

    def minor(rows: tuple[int, ...], columns: tuple[int, ...]) -> Expr:
        if len(rows) == 1:
            return at(rows[0], columns[0])
        terms = []
        for number, column in enumerate(columns):
            rest = minor(rows[1:], columns[:number] + columns[number + 1 :])
            product = mul(at(rows[0], column), rest)
            terms.append(mul(MINUS_ONE, product) if number % 2 else product)
        return add(*terms)

    value = minor(chosen, chosen)
    return value if sign > 0 or len(chosen) % 2 == 0 else mul(MINUS_ONE, value)
