"""What a certificate states of a cost, looked at without its argument.

A convex cost lies nowhere above its chords and bends down in no direction: both are tried at many
points, near to each other and far apart, of several sizes. Chords also see jumps and kinks. Where a
modulus or a bound is stated, it is taken off first. A value that the precision does not tell from
what is allowed refutes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from derive.judge import jets
from derive.judge.admissible import Position, positions
from derive.judge.arithmetic import Arithmetic, OutsideError, Value
from derive.judge.best import best_arithmetic
from derive.judge.equality import Court, Equation
from derive.judge.evaluation import Evaluation, Formula, Letter, evaluation
from derive.judge.formulas import Compiler
from derive.judge.points import Point, Slot, slots
from derive.judge.verdict import prepared
from derive.notation.expression import Diff, Expr, Num, Tensor
from derive.notation.facts import SYMMETRIC, has
from derive.notation.problem import Problem
from derive.record import Argument, Certificate, Derivation
from derive.verdicts import StepVerdict

REACHES = (Fraction(1), Fraction(6), Fraction(1, 8), Fraction(40))
"""How far out the chords of one kind of point lie, in turn."""

PIECES = 8
"""A chord is cut into so many pieces; all points of it are compared with all shorter chords."""

ATTEMPTS = 6
"""So many draws are made for a chord whose ends have no value."""

KINDS, CHORDS = 3, 7
"""So many kinds of points have chords, and so many chords there are in all."""

HESSIANS, LARGEST = 2, 9
"""At so many kinds of points the Hessian is tried, where it has at most so many rows."""


@dataclass(frozen=True, eq=False)
class Between(Point):
    """A point on the line between two draws of some parameters; the rest is that of the first."""

    moving: tuple[Tensor, ...]
    share: Fraction
    drawn: dict[tuple[Tensor, Position], tuple[Fraction, Fraction]]

    def value(self, tensor: Tensor, position: Position) -> Fraction:
        """The entry of a tensor without definition."""
        near, far = self.ends(tensor, position)
        return near + self.share * (far - near)

    def ends(self, tensor: Tensor, position: Position) -> tuple[Fraction, Fraction]:
        """The entry at both ends of the line; all points of a line share the draws."""
        found = self.drawn.get((tensor, position))
        if found is None:
            near = far = super().value(tensor, position)
            if tensor in self.moving:
                other = Point(f"{self.name}|far", self.slot, self.attempt, self.sizes)
                far = other.value(tensor, position)
            found = self.drawn[tensor, position] = near, far
        return found


@dataclass(frozen=True)
class Tried:
    """A cost that is stated to be convex in some parameters, with a modulus or without."""

    name: str
    compiler: Compiler
    cost: Formula
    modulus: Formula | None
    moving: tuple[Tensor, ...]
    arithmetic: Arithmetic


def judge_stated(
    certificate: Certificate, problem: Problem, arithmetic: Arithmetic | None = None
) -> tuple[StepVerdict, ...]:
    """The verdicts on what is stated of the cost in all parameters, and in single ones."""
    arithmetic = arithmetic or best_arithmetic()
    fault = _fault(certificate, problem)
    if fault:
        return (StepVerdict("convexity", (), 1, 0.0, False, fault),)
    found = [
        _verdict(problem, argument, certificate.modulus, arithmetic)
        for argument in certificate.arguments
    ]
    if certificate.bounded is not None:
        found.append(_bound(problem, certificate.bounded, arithmetic))
    return tuple(found)


def _bound(problem: Problem, bounded: Derivation, arithmetic: Arithmetic) -> StepVerdict:
    """That a curvature stays below its bound, at scores near and far that are drawn as they are."""
    match bounded.goal, bounded.last, bounded.given:
        case Diff(Diff(_, z), again), Num(), (score,) if z == again and z.tensor == score:
            pass
        case _:
            wrong = "what is bounded is no second derivative by a score, or not by a number"
            return StepVerdict("bound", (), 1, 0.0, False, wrong)
    compiler = prepared(problem, narrowed=bounded.given)
    sides = compiler.formula(bounded.goal), compiler.formula(bounded.last)
    free = compiler.indices.named(sides[0].free)
    equation = Equation(*sides, free, sign=bounded.sign)
    kinds = slots(compiler.indices.axes, least=compiler.indices.least)
    drawn = tuple(
        replace(slot, number=slot.number + 100 * k, reach=reach)
        for k, reach in enumerate(REACHES)
        for slot in kinds
    )
    court = Court(f"{problem.name} bound", drawn, (arithmetic, arithmetic.finer()))
    found = court.examine(equation)
    passed = found.outcome == "agree"
    return StepVerdict("bound", (), found.points, found.gap, passed, found.message)


def _fault(certificate: Certificate, problem: Problem) -> str:
    """Why the parts of a certificate do not belong together or not to the problem."""
    every = tuple(a.parameters for a in certificate.arguments)
    witness = certificate.witness
    if certificate.convex and every != (problem.parameters,):
        return "it is said to be convex in all parameters, but no argument is about them all"
    if any(p not in problem.parameters for parameters in every for p in parameters):
        return "an argument is about what is no parameter"
    if (certificate.convexity == "not convex") != (witness is not None):
        return "what is said to be not convex needs a witness, and nothing else has one"
    if certificate.modulus is not None and not certificate.convex:
        return "a modulus is stated of a cost that is not said to be convex"
    if witness is None:
        return ""
    own = witness.problem
    starts = [t for t, _ in witness.values[len(witness.values) - len(witness.direction) :]]
    like = [replace(s, name=p.name, role=p.role) for s, p in zip(starts, problem.parameters,
                                                                strict=False)]  # fmt: skip
    given = {t for t, _ in witness.values}
    if tuple(like) != problem.parameters or not set(problem.data) <= given & set(own.data):
        return "the witness is about other letters than the problem"
    if own.cost != problem.cost or not set(problem.definitions) <= set(own.definitions):
        return "the witness is about another cost"
    return "" if own.ties == problem.ties else "the witness forgets what ties the data together"


def _verdict(
    problem: Problem, argument: Argument, modulus: Expr | None, arithmetic: Arithmetic
) -> StepVerdict:
    label = "convexity" if modulus is None else "strong convexity"
    compiler = prepared(problem)
    tried = Tried(
        problem.name,
        compiler,
        compiler.formula(problem.cost),
        None if modulus is None else compiler.formula(modulus),
        argument.parameters,
        arithmetic,
    )
    letters = {compiler.letter(p).number for p in tried.moving}
    if tried.modulus is not None and tried.modulus.depends & letters:
        return StepVerdict(label, (), 1, 0.0, False, "the modulus depends on the parameters")
    count, wrong = 0, ""
    for found in _found(tried):
        count, wrong = count + 1, found
        if wrong:
            break
    return StepVerdict(label, (), count, 0.0, not wrong, wrong)


def _found(tried: Tried) -> Iterator[str]:
    """What is wrong at chords and with Hessians, one after another; empty where nothing is."""
    axes = tried.compiler.indices
    kinds = [s for s in slots(axes.axes, least=axes.least) if not s.thin or not axes.axes][:KINDS]
    for number in range(CHORDS):
        reach = REACHES[number % len(REACHES)]
        far = replace(kinds[number % len(kinds)], number=1000 + number, reach=reach)
        for attempt in range(ATTEMPTS):
            try:
                yield from _chord(tried, far, attempt)
            except OutsideError:
                continue
            break
    for slot in kinds[:HESSIANS]:
        for attempt in range(ATTEMPTS):
            try:
                yield from _hessian(tried, replace(slot, number=2000 + slot.number), attempt)
            except OutsideError:
                continue
            break


def _chord(tried: Tried, slot: Slot, attempt: int) -> Iterator[str]:
    """f(a) - 2 f(b) + f(c) >= mu |b - a|^2 for all b in the middle of points a and c of a chord."""
    a, shares = tried.arithmetic, [Fraction(k, PIECES) for k in range(PIECES + 1)]
    with a.working():
        values: list[Value] = []
        drawn: dict[tuple[Tensor, Position], tuple[Fraction, Fraction]] = {}
        for share in shares:
            sizes = dict(slot.sizes)
            place = Between(tried.name, slot, attempt, sizes, tried.moving, share, drawn)
            v = evaluation(a, place)
            values.append(v.value(tried.cost, {}))
        piece = _least(tried, v)
        if piece is not None:
            piece = piece * _length(tried, place) / PIECES**2
        for step in range(1, PIECES // 2 + 1):
            for middle in range(step, PIECES - step + 1):
                above = values[middle - step] + values[middle + step]
                below = 2 * values[middle]
                if piece is not None:
                    below = below + piece * step**2
                if not _surely_below(a, above, below):
                    yield ""
                    continue
                low, here, high = (a.text(values[middle + k * step]) for k in (-1, 0, 1))
                yield f"it lies above a chord: {here} between {low} and {high}{_at(slot)}"


def _at(slot: Slot) -> str:
    sizes = ", ".join(f"{axis.letter} = {size}" for axis, size in slot.sizes)
    return f" at {sizes}" if sizes else ""


def _least(tried: Tried, v: Evaluation) -> Value | None:
    """The modulus there, or None where none is stated."""
    return None if tried.modulus is None else v.value(tried.modulus, {})


def _length(tried: Tried, place: Between) -> Value:
    """The squared length of the whole chord."""
    ends = (place.ends(t, p) for t in tried.moving for p in positions(t, place.sizes))
    return tried.arithmetic.number(sum(((far - near) ** 2 for near, far in ends), Fraction(0)))


def _surely_below(a: Arithmetic, left: Value, right: Value) -> bool:
    return a.sign(left - right) == -1 and a.compare(left, right).equal is False


def _hessian(tried: Tried, slot: Slot, attempt: int) -> Iterator[str]:
    """v'Hv >= mu |v|^2 for the direction v in which the Hessian bends least."""
    a, sizes = tried.arithmetic, dict(slot.sizes)
    places = [
        (tried.compiler.letter(p), where) for p in tried.moving for where in positions(p, sizes)
    ]
    if len(places) > LARGEST:
        return
    with a.working():
        v = evaluation(a, Between(tried.name, slot, attempt, sizes, tried.moving, Fraction(0), {}))
        least = _least(tried, v)
        h = [[v.zero] * len(places) for _ in places]
        for row, first in enumerate(places):
            for column, second in enumerate(places[: row + 1]):
                h[row][column] = h[column][row] = _second(tried, v, first, second)
        numbers = np.array([[a.approximate(x) for x in row] for row in h])
        if not np.isfinite(numbers).all():
            return
        along = _symmetrised(places)
        _, vectors = np.linalg.eigh(along.T @ numbers @ along)
        for direction in (along @ vectors).T:
            size = max(np.abs(direction).max(), 1e-300)
            w = along @ np.rint(direction / size * 64)
            exact = [a.number(Fraction(x)) for x in w]
            bent = jets.total(
                [
                    x * y * h[r][c]
                    for r, x in enumerate(exact)
                    for c, y in enumerate(exact)
                    if w[r] and w[c]
                ],
                v.zero,
            )
            length = a.number(sum((Fraction(x) ** 2 for x in w), Fraction(0)))
            wanted = v.zero if least is None else least * length
            if not _surely_below(a, bent, wanted):
                yield ""
                continue
            wrong = f"in a direction v the curvature v'Hv is {a.text(bent)}"
            yield f"{wrong}, below {a.text(wanted)}{_at(slot)}"


def _second(
    tried: Tried, v: Evaluation, first: tuple[Letter, Position], second: tuple[Letter, Position]
) -> Value:
    """The second derivative of the cost by two entries."""
    outer = v.variable((), *first, frozenset())
    inner = v.variable((outer,), *second, frozenset())
    jet = jets.coefficient(v.value(tried.cost, {}, (outer, inner)), 1 << inner.bit, v.zero)
    return jets.plain(jets.coefficient(jet, 1 << outer.bit, v.zero))


def _symmetrised(
    places: list[tuple[Letter, Position]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Onto directions in which symmetric parameters stay symmetric."""
    along = np.eye(len(places))
    for row, (letter, where) in enumerate(places):
        if has(letter.tensor, SYMMETRIC) and where[0] != where[1]:
            mirror = places.index((letter, where[::-1]))
            along[row, row] = along[row, mirror] = 0.5
    return along
