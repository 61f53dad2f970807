"""Costs of several scores: softmax and ordered classes, at a single sample of one feature.

X is a single 1, so the parameters are the scores (or the score and the thresholds). The truth is
the judge's, from the cost as the problem states it; gradient and Hessian are its jets. Where the
module has the loss of a row of scores, that and its derivatives are measured, else the kernels.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType

import numpy as np

from derive.judge.arithmetic import OutsideError
from derive.judge.evaluation import Active, Variable, evaluation
from derive.judge.points import Point, Slot
from derive.judge.verdict import prepared
from derive.notation.expression import Tensor
from derive.notation.problem import Problem
from tests.accuracy.errors import Errors, errors
from tests.accuracy.points import SEED
from tests.accuracy.reference import Truth, part
from tests.accuracy.rounding import FLOAT64, Rounded, rounded
from tests.accuracy.tails import TailArithmetic

BITS = (2304, 6144)

Values = Mapping[str, np.ndarray]

KERNELS = ("cost", "gradient", "Hessian")
LOSS = ("loss", "slope", "curvature")


@dataclass(frozen=True, eq=False)
class Single(Point):
    """One sample with these arrays."""

    values: Values

    def value(self, tensor: Tensor, position: tuple[int, ...]) -> Fraction:
        """The entry of an array, positions counted from 1."""
        return Fraction(float(self.values[tensor.name][tuple(p - 1 for p in position)]))


@dataclass(frozen=True)
class General:
    """Errors of a function of several scores, and its worst point and some wrong ones in words."""

    errors: Errors
    lines: tuple[str, ...]


class GeneralReference:
    """The truth about a cost of several parameters at one sample."""

    def __init__(self, problem: Problem) -> None:
        import flint  # noqa: PLC0415  # as in reference.py

        self.problem = problem
        self._ladder = [TailArithmetic(flint, bits) for bits in BITS]
        self._compiler = prepared(problem)
        self._cost = self._compiler.formula(problem.cost)

    def at(self, values: Values, where: tuple[tuple[Tensor, tuple[int, ...]], ...]) -> (
            Rounded | None):  # fmt: skip
        """A derivative of the cost by some entries of parameters (none: the cost itself)."""
        numbers = [self._compiler.letter(t).number for t, _ in where]
        active: Active = tuple(
            Variable(k, n, position, frozenset())
            for k, (n, (_, position)) in enumerate(zip(numbers, where, strict=True))
        )
        place = Single("single", Slot(0, (), ends=True), 0, self._sizes(values), values)
        for arithmetic in self._ladder:
            with arithmetic.working():
                v = evaluation(arithmetic, place)
                try:
                    jet = v.value(self._cost, {}, active)
                except OutsideError:
                    continue
                found = rounded(arithmetic.ball(part(jet, 2 ** len(where) - 1, v.zero)), FLOAT64)
            if found is not None:
                return found
        return None

    def _sizes(self, values: Values) -> dict:
        return {
            axis: size
            for t in (*self.problem.data, *self.problem.parameters)
            for axis, size in zip(t.axes, values[t.name].shape, strict=True)
        }


def entries(problem: Problem, values: Values) -> Iterator[tuple[Tensor, tuple[int, ...]]]:
    """All entries of all parameters."""
    for tensor in problem.parameters:
        shape = values[tensor.name].shape
        for position in itertools.product(*(range(1, n + 1) for n in shape)):
            yield tensor, position


def general_errors(
    module: ModuleType, problem: Problem, places: list[Values]
) -> dict[str, General]:
    """The errors of cost, gradient and Hessian, entry by entry, over some places.

    The condition of an entry f is sum |p df/dp|/|f| over all entries p of the parameters; it counts
    for the gradient where the data are not whole numbers, whose entries change their sign.
    """
    reference = GeneralReference(problem)
    rows: dict[str, list[tuple]] = {k: [] for k in (LOSS if _has_loss(module) else KERNELS)}
    for values in places:
        every = list(entries(problem, values))
        sizes = {e: abs(float(values[e[0].name][tuple(p - 1 for p in e[1])])) for e in every}
        exact = all((values[t.name] == np.round(values[t.name])).all() for t in problem.data)
        whole = {(): reference.at(values, ())}
        first = {(e,): reference.at(values, (e,)) for e in every}
        second = {(e, f): reference.at(values, (e, f)) for e in every for f in every}
        shown = {at: v for at, v in second.items() if at[0] == at[1] or not _has_loss(module)}
        kinds = LOSS if _has_loss(module) else KERNELS
        third = {} if _has_loss(module) else _thirds(reference, values, every, second)
        for kind, level, above in zip(
            kinds, (whole, first, shown), (first, second, third), strict=True
        ):
            for at, true in level.items():
                moved = sum(
                    sizes[e] * abs(above[(*at, e)].nearest) for e in every
                    if above.get((*at, e)) and sizes[e]
                )  # fmt: skip
                ratio = moved / abs(true.nearest) if true and true.nearest else 0.0
                # A kernel makes the scores of the parameters itself, and rounds their sum.
                crossing = (level is first and not exact) or not _has_loss(module)
                rows[kind].append((values, at, true, ratio, crossing, exact))
    return {kind: _errors(module, problem, found) for kind, found in rows.items()}


def _thirds(
    reference: GeneralReference, values: Values, every: list, second: Mapping
) -> dict[tuple, Rounded | None]:
    """The third derivatives, which are the condition of the second ones."""
    return {(*at, e): reference.at(values, (*at, e)) for at in second for e in every}


def _has_loss(module: ModuleType) -> bool:
    return hasattr(module, "loss")


def _errors(module: ModuleType, problem: Problem, rows: list[tuple]) -> General:
    truth = Truth.of([true for _, _, true, *_ in rows])
    condition, crossing, exact = (np.array([row[k] for row in rows]) for k in (3, 4, 5))

    def function(which: np.ndarray) -> np.ndarray:
        return np.array([computed(module, problem, *rows[int(k)][:2]) for k in which])

    which = np.arange(len(rows), dtype=float)
    with np.errstate(over="ignore"):
        found = errors(function, truth, [which], condition, crossing, exact)
    named = [(at, got, true) for _, at, got, true in found.worst[:1] if found.conditioned[0] > 4]
    lines = [f"{_described(problem, *rows[int(at[0])][:2])}: {got!r} for {true!r}"
             for at, got, true in (*named, *found.wrong_at)]  # fmt: skip
    return General(found, tuple(dict.fromkeys(lines)))


def computed(
    module: ModuleType,
    problem: Problem,
    values: Values,
    at: tuple[tuple[Tensor, tuple[int, ...]], ...],
) -> float:
    """The entry of what the module's cost, gradient or Hessian returns, or its loss by scores."""
    if _has_loss(module):
        (scores,), labels = (values[t.name] for t in problem.parameters), values["Y"]
        found = getattr(module, LOSS[len(at)])(scores, labels)
        return float(found[0, at[0][1][-1] - 1] if at else found[0])
    tensors = (*problem.parameters, *problem.data)
    given = [values[t.name] if t.axes else float(values[t.name]) for t in tensors]
    position = tuple(p - 1 for _, place in at for p in place)
    parts = [t.name for t, _ in at] if len(problem.parameters) > 1 else []
    if len(at) == 1 and parts:  # one function returns the gradients of all parameters
        found = module.gradient(*given)[[t.name for t in problem.parameters].index(parts[0])]
    else:
        name = "_".join((("cost", "gradient", "hessian")[len(at)], *parts))
        found = getattr(module, name)(*given)
    return float(np.asarray(found)[position])


def _described(
    problem: Problem, values: Values, at: tuple[tuple[Tensor, tuple[int, ...]], ...]
) -> str:
    tensors = (*problem.parameters, *problem.data[1:])
    text = ", ".join(f"{t.name} = {values[t.name].tolist()}" for t in tensors)
    by = ", ".join(f"{t.name}{list(place) or ''}" for t, place in at)
    return f"at {text}" + (f" by {by}" if by else "")


def softmax_places(most: int = 60) -> list[Values]:
    """Scores of three and four classes: ordinary, equal, far apart, huge; whole and soft labels."""
    rng = np.random.default_rng([SEED, 3])
    scores = [
        [0.0, 0.0, 0.0], [1.0, 1.0, -2.0], [800.0, -800.0, 0.0], [-800.0, -800.0, -800.0],
        [1e308, 1e308, 0.0], [1e308, -1e308, 0.0], [37.0, 0.0, -37.0], [745.0, 0.0, 0.5],
        [1e-10, 0.0, -1e-10], [1e-300, 1e-320, 0.0], [709.8, 709.8, 709.7], [20.0, 19.5, -15.0],
        [0.3, 0.1, -0.7, 2.0],
        *rng.normal(0, 2, (most // 4, 3)).tolist(), *rng.uniform(-40, 40, (most // 4, 3)).tolist(),
        *rng.uniform(-700, 700, (most // 8, 3)).tolist(),
        *rng.normal(0, 5, (most // 8, 4)).tolist(),
    ]  # fmt: skip
    places = []
    for k, z in enumerate(scores):
        whole = np.eye(len(z))[k % len(z)]
        # Dyadic, so that the row sums to 1 exactly.
        soft = rng.multinomial(64, np.full(len(z), 1 / len(z))) / 64
        labels = (whole, np.eye(len(z))[int(np.argmax(z))], soft)
        places += [
            {"X": np.ones((1, 1)), "Y": y[None, :], "Theta": np.array(z)[None, :]} for y in labels
        ]
    return places


def ordered(most: int = 40) -> list[tuple[float, float, np.ndarray, int]]:
    """A score, the lowest threshold, the logarithms of two gaps, and one of four classes."""
    rng = np.random.default_rng([SEED, 4])
    scores = [0.0, 1.0, -1.0, 37.0, -37.0, 710.0, -710.0, 745.0, -800.0, 1e5, -1e308,
              *rng.normal(0, 2, most // 2), *rng.uniform(-40, 40, most // 2)]  # fmt: skip
    gaps = [(0.0, 0.0), (-1.0, 0.5), (-20.0, 1.0), (2.0, -36.0), (3.5, 3.5)]
    return [
        (float(z), float(rng.normal()), np.array(gaps[k % len(gaps)]), (k + shift) % 4)
        for k, z in enumerate(scores)
        for shift in range(4)
    ]


def cumulative_logit_places(most: int = 40) -> list[Values]:
    """The masks by which the cost tells the classes apart."""
    return [
        {
            "X": np.ones((1, 1)), "theta": np.array([z]), "b": np.array(b), "g": g,
            "U": np.array([[float(k < c) for k in range(2)]]),
            "L": np.array([[float(k < c - 1) for k in range(2)]]),
            "u": np.array([float(c < 3)]), "l": np.array([float(c > 0)]),
            "G": np.array([[float(k == c - 1 and c < 3) for k in range(2)]]),
        }
        for z, b, g, c in ordered(most)
    ]  # fmt: skip


PLACES = {
    "softmax": softmax_places,
    "cumulative_logit": cumulative_logit_places,
}
