"""One formula at one point whose numbers are given: a witness is looked at, not believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.judge.admissible import Position, faults, positions
from derive.judge.arithmetic import Arithmetic, MalformedError, OutsideError, Value
from derive.judge.best import best_arithmetic
from derive.judge.evaluation import evaluation
from derive.judge.points import Point, Slot
from derive.judge.squares import false_squares
from derive.judge.verdict import judge, prepared
from derive.notation.expression import Axis, Expr, Tensor
from derive.notation.interval import REAL, Interval
from derive.notation.problem import Problem
from derive.record import Certificate, Proof, Witness
from derive.verdicts import StepVerdict

Values = Mapping[Tensor, Mapping[Position, Fraction]]


@dataclass(frozen=True, eq=False)
class Chosen(Point):
    """A point whose values are written down; a letter that is not has the only one it may have."""

    values: Values

    def value(self, tensor: Tensor, position: Position) -> Fraction:
        """The entry of a tensor without definition."""
        own = self.values.get(tensor)
        if own is not None:
            return own[position]
        if tensor.domain.low == tensor.domain.high:
            return Fraction(tensor.domain.low)
        raise MalformedError(f"no value is given for {tensor.name}")


class Bench:
    """A formula without free letters, compiled once and evaluated at chosen points."""

    def __init__(self, problem: Problem, formula: Expr, arithmetic: Arithmetic | None = None):
        self._arithmetic = arithmetic or best_arithmetic()
        self._compiler = prepared(problem)
        self._formula = self._compiler.formula(formula)

    @property
    def least(self) -> dict[Axis, int]:
        """All axes whose sizes a point must give, and the least that give the formula a meaning."""
        return self._compiler.indices.least_sizes

    def sign(self, sizes: Mapping[Axis, int], values: Values) -> tuple[int | None, float]:
        """The sign of the value, None where none is certain, and the value rounded.

        Raises:
            OutsideError: The formula has no value there.
        """
        slot = Slot(0, tuple(sizes.items()), ends=True)
        place = Chosen("chosen", slot, 0, dict(sizes), values)
        with self._arithmetic.working():
            v = evaluation(self._arithmetic, place)
            value = v.value(self._formula, {})
            return self._arithmetic.sign(value), self._arithmetic.approximate(value)


def judge_certificate(certificate: Certificate) -> tuple[StepVerdict, ...]:
    """What of a certificate can be compared with numbers: its claims and its witness."""
    found = [
        step
        for argument in certificate.arguments
        for problem, claims in argument.claims
        for step in judge(Proof(problem, claims)).steps
    ]
    for argument in certificate.arguments:
        for part in (part for _, claims in argument.claims for part in claims):
            message = false_squares(part)
            if message:
                found.append(StepVerdict(part.label, (), 0, 0.0, False, message))
    if certificate.witness is not None:
        found.append(judge_witness(certificate.witness))
    return tuple(found)


def judge_witness(witness: Witness) -> StepVerdict:
    """Whether the second derivative is negative at the witness's numbers, all admissible."""
    message = "; ".join(dict.fromkeys(witness_faults(witness)))
    if not message:
        try:
            bench, sizes = Bench(witness.problem, witness.curvature), dict(witness.sizes)
            short = [a.letter for a, least in bench.least.items() if sizes.get(a, 0) < least]
            message = f"there are too few positions along {', '.join(short)}" if short else ""
            sign, value = (-1, 0.0) if short else bench.sign(sizes, _given(witness))
            if sign != -1:
                message = f"the second derivative is {value:.6g}, not negative"
        except (OutsideError, MalformedError) as error:
            message = f"there is no value at the witness: {error}"
    return StepVerdict("witness", (), 1, 0.0, not message, message)


def _given(witness: Witness) -> Values:
    sizes = dict(witness.sizes)
    return {
        tensor: dict(zip(positions(tensor, sizes), entries, strict=False))
        for tensor, entries in (*witness.values, *witness.direction)
    }


def witness_faults(witness: Witness) -> Iterator[str]:
    """What is declared and does not hold of the numbers, or of those near them on the line."""
    sizes, given = dict(witness.sizes), _given(witness)
    for tensor, entries in (*witness.values, *witness.direction):
        if len(entries) != len(positions(tensor, sizes)):
            yield f"{tensor.name} has {len(entries)} entries"
            return
        yield from faults(tensor, given[tensor])
    starts = witness.values[len(witness.values) - len(witness.direction) :]
    for (start, at), (_, way) in zip(starts, witness.direction, strict=True):
        inside, where = start.domain, f"the line leaves the domain of {start.name}"
        if any(way) and inside.discrete:
            yield where
        if any(v and x in (inside.low, inside.high) for x, v in zip(at, way, strict=True)):
            yield where
    try:
        yield from _defined_faults(witness.problem, sizes, given)
    except (OutsideError, MalformedError) as error:
        yield f"there is no value at the witness: {error}"


def _defined_faults(problem: Problem, sizes: Mapping[Axis, int], given: Values) -> Iterator[str]:
    """Data that follow from other data must do so; what is defined must lie where it is said to."""
    arithmetic, compiler = best_arithmetic(), prepared(problem)
    place = Chosen("chosen", Slot(0, tuple(sizes.items()), ends=True), 0, dict(sizes), given)
    letters = [
        compiler.letter(d.tensor)
        for d in (*problem.ties, *problem.definitions)
        if d in problem.ties or d.tensor.domain != REAL
    ]
    with arithmetic.working():
        v = evaluation(arithmetic, place)
        for letter in letters:
            tensor = letter.tensor
            for position in positions(tensor, sizes):
                value = v.letter(letter, position, ())
                own = given.get(tensor)
                if own is not None:
                    if not arithmetic.compare(value, arithmetic.number(own[position])).equal:
                        yield f"{tensor.name} does not follow from the other data"
                elif _outside(arithmetic, value, tensor.domain):
                    yield f"{tensor.name} is outside of its domain"


def _outside(arithmetic: Arithmetic, value: Value, domain: Interval) -> bool:
    """Whether a value lies beyond an end of a domain, as far as the precision shows."""
    for end, is_open, beyond in (
        (domain.low, domain.low_open, -1),
        (domain.high, domain.high_open, 1),
    ):
        if isinstance(end, Fraction):
            sign = arithmetic.sign(value - arithmetic.number(end))
            if sign == beyond or (sign == 0 and is_open):
                return True
    return False


def followed(problem: Problem, sizes: Mapping[Axis, int], given: Values) -> Values:
    """The numbers with those of the data that follow from others put right.

    Raises:
        OutsideError: Such data have no value there.
    """
    if not problem.ties:
        return given
    arithmetic, compiler = best_arithmetic(), prepared(problem)
    place = Chosen("chosen", Slot(0, tuple(sizes.items()), ends=True), 0, dict(sizes), given)
    found = dict(given)
    with arithmetic.working():
        v = evaluation(arithmetic, place)
        for tie in problem.ties:
            letter = compiler.letter(tie.tensor)
            found[tie.tensor] = {
                p: Fraction(arithmetic.approximate(v.letter(letter, p, ())))
                for p in positions(tie.tensor, sizes)
            }
    return found
