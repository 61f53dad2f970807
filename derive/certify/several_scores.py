"""A formula as a function of a few affine scores: its second derivatives, by minors or squares.

A symmetric matrix is positive semidefinite exactly if none of its principal minors is negative;
so x log(x/y), x^2/y, sqrt(xy) and xy/(x + y) are seen to be convex or concave in both arguments.
A matrix H of polynomials is so if v'Hv is a sum of squares: x^4 + y^4 + z^4 + x^2 y^2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from derive.calculus.dependence import depends, pending
from derive.certify.factorwise import as_squares
from derive.certify.one_score import LARGEST, Scores
from derive.certify.signs import nonnegative_form
from derive.notation.expression import (
    MINUS_ONE,
    ZERO,
    Add,
    Diff,
    Entry,
    Expr,
    Num,
    Sum,
    Tensor,
    add,
    mul,
)
from derive.notation.problem import Definition, definition_of
from derive.notation.tree import canonical, children, free_indices, size
from derive.record import Derivation, Reason, Step

Table = Mapping[tuple[int, int], Expr]
"""The upper triangle of a symmetric matrix, by row and column."""

MOST = 5
"""So many scores are looked at together."""

MOST_MINORS = 3
"""Of a matrix with more rows the minors are not worked out."""


@dataclass(frozen=True)
class Part:
    """A principal minor of the second derivatives, or v'Hv, and a form that shows that it is >= 0.

    `goal` is that of the derivatives not yet carried out, `value` that of those that are.
    """

    title: str
    goal: Expr
    value: Expr
    form: Expr


@dataclass(frozen=True)
class Hessian:
    """The second derivatives of f by several scores.

    Attributes:
        scores: Affine in the parameters. `formula`: f with the scores as letters.
        seconds: By pairs of numbers of scores: the derivation of a second derivative.
        parts: The minors, or v'Hv, of the Hessian H where f is convex, of -H where f is concave.
        directions: The letters v_1, ..., where there are some.
        convex: Which of the two it is.
    """

    scores: tuple[Entry, ...]
    formula: Expr
    seconds: tuple[tuple[tuple[int, int], Derivation], ...]
    parts: tuple[Part, ...]
    directions: tuple[Tensor, ...]
    convex: bool

    @property
    def slopes(self) -> tuple[Expr, ...]:
        """The first derivatives by the scores, as the second ones begin."""
        begun = (d.steps[0].after for _, d in self.seconds)
        return tuple(dict.fromkeys(first.body for first in begun if isinstance(first, Diff)))

    def reason(self, e: Expr, assumes: tuple[Tensor, ...]) -> Reason:
        """The argument in a sentence, for f as it is written: `e`."""
        kind = "convex" if self.convex else "concave"
        formulas = [e, *self.scores, *(d.last for _, d in self.seconds)]
        count = len(self.scores)
        letters = _listed(range(1, count + 1))
        words = (
            f"As a function of {letters} alone, {{0}} has the second derivatives "
            f"{_listed(range(count + 1, len(formulas)))}, row by row of the upper triangle; "
        )
        turned = "" if self.convex else " with its signs changed"
        if self.directions:
            words += f"v'Hv with this matrix H{turned} is a sum of squares, {{{len(formulas)}}}"
            formulas.append(self.parts[0].form)
        else:
            words += f"no principal minor of this matrix{turned} is negative"
        words += f"; so it is {kind} in {letters} jointly."
        return Reason("several-scores", words, tuple(formulas), assumes)

    def claims(self, label: str) -> tuple[Derivation, ...]:
        """The second derivatives and the signs of the minors, for the judge."""
        out = [d for _, d in self.seconds]
        for part in self.parts:
            steps = [] if part.goal == part.value else [_carried_out(part)]
            if part.form != part.value:
                steps.append(Step(part.value, part.form, "sum-of-squares", "collect"))
            steps.append(Step(part.form, ZERO, "sign", "no part is negative", sign=">="))
            out.append(Derivation(label, "theorem", part.title, part.goal, tuple(steps)))
        return tuple(
            Derivation(f"{label}.{k}", d.kind, d.title, d.goal, d.steps)
            for k, d in enumerate(out, start=1)
        )


def _listed(numbers: range) -> str:
    places = [f"{{{k}}}" for k in numbers]
    return f"{', '.join(places[:-1])} and {places[-1]}"


def _carried_out(part: Part) -> Step:
    return Step(part.goal, part.value, "derivative", "the second derivatives")


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
    if not scores.still(still) or size(formula) > LARGEST:
        return None
    held = _held(letters, known)
    goals = {
        (k, l): _by_score(_by_score(formula, letters[k], held), letters[l], held)
        for k in range(len(letters))
        for l in range(k, len(letters))
    }
    sign = _sign(scores, goals, len(letters))
    if sign == 0 or not scores.attempt():
        return None
    seconds = dict(_seconds(scores, formula, letters, goals, held, tuple(extra)))
    if len(seconds) < len(goals):
        return None
    last = {pair: d.last for pair, d in seconds.items()}
    parts = _by_minors(goals, last, len(letters), sign, known)
    directions: tuple[Tensor, ...] = ()
    if parts is None:
        parts, directions = _by_squares(scores, goals, last, len(letters), sign, known)
    if parts is None:
        return None
    pairs = tuple(seconds.items())
    return Hessian(tuple(letters), formula, pairs, parts, directions, sign > 0)


def _by_minors(
    goals: Table, last: Table, count: int, sign: int, known: tuple[Definition, ...]
) -> tuple[Part, ...] | None:
    """The principal minors of the Hessian, or of its negative, if none of them is negative."""
    parts = []
    if count > MOST_MINORS:
        return None
    for chosen in _choices(count):
        value = _determinant(last, chosen, sign)
        form = nonnegative_form(value, known)
        if form is None:
            return None
        goal = _determinant(goals, chosen, sign)
        parts.append(Part("a principal minor", goal, value, form))
    return tuple(parts)


def _by_squares(
    scores: Scores,
    goals: Table,
    last: Table,
    count: int,
    sign: int,
    known: tuple[Definition, ...],
) -> tuple[tuple[Part, ...] | None, tuple[Tensor, ...]]:
    """v'Hv, or its negative, if it is a polynomial and a sum of squares."""
    taken = {t.name for t in (*scores.problem.data, *scores.problem.parameters)}
    taken |= {d.tensor.name for d in known}
    stem = next(
        letter
        for letter in ("v", "d", "dir", "direction_")
        if not any(name.startswith(letter) for name in taken)
    )
    directions = tuple(
        Tensor(f"{stem}{k}", (), "data", f"{stem}_{{{k}}}") for k in range(1, count + 1)
    )

    def form(of: Table) -> Expr:
        terms = []
        for (k, l), entry in of.items():
            number = Num(Fraction(sign if k == l else 2 * sign))
            terms.append(mul(number, directions[k](), directions[l](), entry))
        return add(*terms)

    squares = as_squares(form(last), known)
    if squares is None:
        return None, ()
    return (Part("the form of the second derivatives", form(goals), form(last), squares),), (
        directions
    )


def _held(letters: list[Entry], known: tuple[Definition, ...]) -> tuple[Tensor, ...]:
    """The scores that are made of other ones, as sum_k x_k is of x_i: they move by themselves."""
    return tuple(
        a.tensor
        for a in letters
        if any(depends(a, b.tensor, known) for b in letters if a.tensor != b.tensor)
    )


def _by_score(e: Expr, score: Entry, held: tuple[Tensor, ...]) -> Diff:
    """The derivative by a score while the other ones stand still; what is held has none."""
    return Diff(e, score, tuple(t for t in held if t != score.tensor))


def _sign(scores: Scores, goals: Table, count: int) -> int:
    """1 or -1 where f may be convex or concave by some numbers, 0 where it is neither."""
    signs: set[int] = set()
    for k in range(count):
        signs |= scores.signs(goals[k, k])
    if {1, -1} <= signs:
        return 0
    for pair in combinations(range(count), 2) if count <= MOST_MINORS else ():
        if -1 in scores.signs(_determinant(goals, pair, 1)):
            return 0
    return -1 if -1 in signs else 1


def _seconds(
    scores: Scores,
    formula: Expr,
    letters: list[Entry],
    goals: Table,
    held: tuple[Tensor, ...],
    extra: tuple[Definition, ...],
) -> Iterator[tuple[tuple[int, int], Derivation]]:
    for k, score in enumerate(letters):
        goal = _by_score(formula, score, held)
        first = scores.derivative(goal, extra, 2 * LARGEST)
        slope = first[-1].after if first else goal
        if first is None or pending(slope):
            return
        for l in range(k, len(letters)):
            between = _by_score(slope, letters[l], held)
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
