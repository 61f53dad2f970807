"""True values of a loss and its derivatives by the score, from the problem's index formula alone.

The cost of one sample with one feature of value 1 is the loss of that sample, and its parameter is
the score. The judge evaluates the cost as the problem states it and differentiates it by its own
jets; no rule of the engine and no line of the generated code has a part in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from derive.judge.arithmetic import OutsideError
from derive.judge.balls import BallArithmetic
from derive.judge.evaluation import Active, Variable, evaluation
from derive.judge.jets import Jet
from derive.judge.points import Point, Slot
from derive.judge.verdict import prepared
from derive.notation.expression import Tensor
from derive.notation.problem import Problem
from tests.accuracy.rounding import FLOAT64, Format, Rounded, rounded
from tests.accuracy.tails import TailArithmetic

FUNCTIONS = ("loss", "slope", "curvature")
MASKS = (0, 1, 3, 7)
"""Where a jet in three epsilons holds the value and its first, second and third derivative."""

BITS = (192, 768, 3072, 12288)
TAIL_BITS = (320, 2304, 6144)
FAR = 2000
"""From this score on exponentials are carried apart from numbers: e^-2000 beside 1."""


@dataclass(frozen=True, eq=False)
class Sample(Point):
    """One sample with one feature: every tensor has one entry."""

    values: Mapping[str, Fraction]

    def value(self, tensor: Tensor, position: tuple[int, ...]) -> Fraction:  # noqa: ARG002
        """What is not given is the feature, 1."""
        return self.values.get(tensor.name, Fraction(1))


class Reference:
    """The truth about a problem with a linear predictor."""

    def __init__(self, problem: Problem) -> None:
        import flint  # noqa: PLC0415  # the tool needs it, the tests of other rooms do not

        self._flint = flint
        self.problem = problem
        self._compiler = prepared(problem)
        self._cost = self._compiler.formula(problem.cost)
        (theta,) = problem.parameters
        self._theta = theta.name
        number = self._compiler.letter(theta).number
        self._active: Active = tuple(Variable(k, number, (1,), frozenset()) for k in range(3))
        self._sizes = dict.fromkeys(self._compiler.indices.axes, 1)

    def at(
        self, z: float, data: Mapping[str, float], kind: Format = FLOAT64
    ) -> tuple[Rounded | None, ...]:
        """Loss, slope, curvature and third derivative, rounded; None where there is no value.

        On a corner, where the judge has no derivative, a value counts that both sides share.
        """
        values = {name: Fraction(value) for name, value in data.items()}
        score = Fraction(z)
        found = self._settled(score, values, kind)
        if found is not None:
            return found
        plain = self._settled(score, values, kind, order=0) or (None,)
        step = Fraction(1, 2**1300)
        sides = [self._settled(score + s, values, kind) for s in (-step, step)]
        if None in sides:
            return (plain[0], None, None, None)
        left, right = sides
        shared = tuple(a if a == b else None for a, b in zip(left, right, strict=True))
        return (plain[0], *shared[1:])

    def _settled(
        self, z: Fraction, values: Mapping[str, Fraction], kind: Format, order: int = 3
    ) -> tuple[Rounded | None, ...] | None:
        """At a precision that tells the nearest numbers; None where there are no derivatives."""
        best: tuple[Rounded | None, ...] = (None,) * 4
        ladder = [BallArithmetic(self._flint, bits) for bits in BITS]
        if abs(z) > FAR:
            ladder = [TailArithmetic(self._flint, bits) for bits in TAIL_BITS]
        elif abs(z) > 90 or (z and abs(z) < Fraction(1, 2**100)):
            ladder = ladder[1:]
        for arithmetic in ladder:
            try:
                balls = self._balls(arithmetic, z, values, order)
            except OutsideError as error:
                if error.definite:
                    return None
                continue
            with arithmetic.working():
                found = tuple(rounded(ball, kind) for ball in balls)
            best = tuple(a or b for a, b in zip(found, best, strict=False))
            if all(best[: min(order, 2) + 1]):
                return best
        return best

    def _balls(
        self, arithmetic: BallArithmetic, z: Fraction, values: Mapping[str, Fraction], order: int
    ) -> list[object]:
        place = Sample("sample", Slot(0, (), ends=True), 0, self._sizes, {**values, self._theta: z})
        with arithmetic.working():
            v = evaluation(arithmetic, place)
            jet = v.value(self._cost, {}, self._active[:order])
            found = [part(jet, mask, v.zero) for mask in MASKS[: order + 1]]
            tails = isinstance(arithmetic, TailArithmetic)
            return list(map(arithmetic.ball, found)) if tails else found


def part(jet: Jet, mask: int, zero: object) -> object:
    """What stands at a set of epsilons; a number that no derivative moves stands for itself."""
    if isinstance(jet, dict):
        return jet.get(mask, zero)
    return zero if mask else jet


@dataclass(frozen=True)
class Truth:
    """Rounded true values at many points: nearest, the rest in ulp, and the ulp's exponent.

    `known` is False where there is no value (a corner) or none was found; `most` is the exponent
    at which the format ends.
    """

    nearest: np.ndarray
    rest: np.ndarray
    exponent: np.ndarray
    known: np.ndarray
    most: int

    def where(self, chosen: np.ndarray) -> Truth:
        """The truth at some of the points."""
        parts = (self.nearest, self.rest, self.exponent, self.known)
        return Truth(*(part[chosen] for part in parts), self.most)

    @staticmethod
    def of(values: Sequence[Rounded | None], kind: Format = FLOAT64) -> Truth:
        none = Rounded(math.nan, 0.0, 0)
        filled = [v or none for v in values]
        return Truth(
            np.array([v.nearest for v in filled]),
            np.array([v.rest for v in filled]),
            np.array([v.exponent for v in filled]),
            np.array([v is not None for v in values]),
            kind.most,
        )
