"""One formula at one point whose numbers are given: a witness is looked at, not believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.judge.arithmetic import Arithmetic, MalformedError, OutsideError
from derive.judge.best import best_arithmetic
from derive.judge.evaluation import evaluation
from derive.judge.points import Point, Slot
from derive.judge.squares import false_squares
from derive.judge.verdict import judge, prepared
from derive.notation.expression import Axis, Expr, Tensor
from derive.notation.problem import Problem
from derive.record import Certificate, Proof, StepVerdict, Witness

Position = tuple[int, ...]
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
    def axes(self) -> tuple[Axis, ...]:
        """All axes whose sizes a point must give."""
        return tuple(self._compiler.indices.axes)

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
    sizes = dict(witness.sizes)
    values = {
        tensor: dict(zip(positions(tensor, sizes), entries, strict=True))
        for tensor, entries in (*witness.values, *witness.direction)
    }
    wrong = [
        f"{tensor.name} = {x} is outside of its domain"
        for tensor, entries in witness.values
        for x in entries
        if x not in tensor.domain or (tensor.domain.integer and x.denominator != 1)
    ]
    message = "; ".join(wrong)
    if not message:
        try:
            sign, value = Bench(witness.problem, witness.curvature).sign(sizes, values)
            message = "" if sign == -1 else f"the second derivative is {value:.6g}, not negative"
        except (OutsideError, MalformedError) as error:
            message = f"there is no value at the witness: {error}"
    return StepVerdict("witness", (), 1, 0.0, not message, message)


def positions(tensor: Tensor, sizes: Mapping[Axis, int]) -> tuple[Position, ...]:
    """All positions of a tensor, row by row, counted from 1."""
    found: list[Position] = [()]
    for axis in tensor.axes:
        found = [(*p, k) for p in found for k in range(1, sizes[axis] + 1)]
    return tuple(found)
