"""A cost with its points and true values: everything that a measurement needs, made once.

made = case(problem_of("logistic"), ("y",), QUICK)
made.errors(lambda z, y: ..., "slope").conditioned
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import numpy as np

from derive.notation.problem import Problem
from tests.accuracy.errors import Errors, errors
from tests.accuracy.points import Plan, Setting, neighbours, numbers, roots, scores, settings
from tests.accuracy.reference import FUNCTIONS, Reference, Truth
from tests.accuracy.rounding import FLOAT64, Format, Rounded

AROUND_ROOTS = 3
HALVINGS = 90


@dataclass(frozen=True)
class Case:
    """The points of one cost, and the truth about its three functions.

    `arguments` are the scores and the data, as the functions take them; `conditions` are
    |z f'(z)/f(z)|, `crossings` where f is 0 for some z while the data stay.
    """

    name: str
    letters: tuple[str, ...]
    kind: Format
    arguments: tuple[np.ndarray, ...]
    truths: dict[str, Truth]
    conditions: dict[str, np.ndarray]
    crossings: dict[str, np.ndarray]

    @property
    def hard(self) -> np.ndarray:
        """Where all data are whole numbers."""
        return np.all([a == np.round(a) for a in self.arguments[1:]], axis=0)

    def where(self, chosen: np.ndarray) -> Case:
        """The case at some of its points."""
        return replace(
            self,
            arguments=tuple(a[chosen] for a in self.arguments),
            truths={f: t.where(chosen) for f, t in self.truths.items()},
            conditions={f: c[chosen] for f, c in self.conditions.items()},
            crossings={f: c[chosen] for f, c in self.crossings.items()},
        )

    def errors(self, function: Callable[..., object], name: str) -> Errors:
        """The errors of an implementation of one of the three functions."""
        return errors(
            function, self.truths[name], self.given(), self.conditions[name],
            self.crossings[name], self.hard,
        )  # fmt: skip

    def given(self) -> tuple[np.ndarray, ...]:
        """The arguments in the format's own type."""
        return tuple(a.astype(self.kind.name) for a in self.arguments)


def modules(folder: Path) -> Iterator[tuple[str, ModuleType]]:
    """The generated modules of linear models, which have a loss of one score and its derivatives.

    The same losses of scores that are made otherwise have the same forms: a test says so.
    """
    for path in sorted(folder.glob("*.py")):
        if "\ndef fused(" in path.read_text(encoding="utf-8"):
            yield path.stem, loaded(folder, path.stem)


def loaded(folder: Path, name: str) -> ModuleType:
    """A module of a generated package that may lie anywhere."""
    folder = folder.resolve()
    package = "measured_" + "".join(c if c.isalnum() else "_" for c in str(folder))
    if package not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            package, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None or spec.loader is None:
            raise FileNotFoundError(f"{folder} is no package of generated modules")
        sys.modules[package] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return importlib.import_module(f"{package}.{name}")


def problem_of(name: str) -> Problem:
    """The catalogue's problem of this name."""
    problem = importlib.import_module(f"derive.problems.{name}").PROBLEM
    if not isinstance(problem, Problem):
        raise TypeError(f"{name} is no problem")
    return problem


def letters_of(function: Callable[..., object]) -> tuple[str, ...]:
    """The data that a function takes beside the score."""
    return tuple(inspect.signature(function).parameters)[1:]


def case(problem: Problem, letters: tuple[str, ...], plan: Plan, kind: Format = FLOAT64) -> Case:
    """Points of all settings, with those around the roots of all three functions."""
    reference = Reference(problem)
    tensors = {t.name: t for t in problem.data}
    special = numbers(problem)
    columns: list[list[float]] = [[] for _ in range(len(letters) + 1)]
    found: list[tuple[Rounded | None, ...]] = []
    crossings: dict[str, list[bool]] = {f: [] for f in FUNCTIONS}
    for setting in settings([tensors[letter] for letter in letters], plan.settings):
        given = in_format(setting, kind)
        values = _values(reference, given, letters, plan, kind, special)
        signs = [{np.sign(v[k].nearest) for v in values.values() if v[k]} for k in range(3)]
        for z, value in values.items():
            for column, entry in zip(columns, (z, *given), strict=True):
                column.append(entry)
            found.append(value)
        for k, function in enumerate(FUNCTIONS):
            zero = {-1.0, 1.0} <= signs[k] or _touches(values, k)
            crossings[function] += [zero] * len(values)
    arguments = tuple(np.array(c) for c in columns)
    truths = [Truth.of([v[k] for v in found], kind) for k in range(4)]
    with np.errstate(all="ignore"):
        ratios = [
            np.abs(arguments[0] * truths[k + 1].nearest / truths[k].nearest) for k in range(3)
        ]
    conditions = [np.where(np.isfinite(r), r, 0.0) for r in ratios]
    return Case(
        problem.name, letters, kind, arguments,
        dict(zip(FUNCTIONS, truths, strict=False)),
        dict(zip(FUNCTIONS, conditions, strict=True)),
        {f: np.array(c) for f, c in crossings.items()},
    )  # fmt: skip


TOUCH = 2.0**30


def _touches(values: dict[float, tuple[Rounded | None, ...]], k: int) -> bool:
    """Whether a function is 0 somewhere without a change of its sign: |z f'/f| is huge there."""
    with np.errstate(all="ignore"):
        return any(
            abs(z * v[k + 1].nearest) > TOUCH * abs(v[k].nearest) > 0
            for z, v in values.items()
            if v[k] and v[k + 1]
        )


def in_format(values: Setting, kind: Format) -> Setting:
    """Values rounded to a format."""
    return values if kind == FLOAT64 else tuple(float(np.float32(v)) for v in values)


def _values(
    reference: Reference, given: Setting, letters: tuple[str, ...], plan: Plan, kind: Format,
    special: tuple[float, ...],
) -> dict[float, tuple[Rounded | None, ...]]:  # fmt: skip
    data = dict(zip(letters, given, strict=True))
    found: dict[float, tuple[Rounded | None, ...]] = {}

    def at(z: float) -> tuple[Rounded | None, ...]:
        if z not in found:
            found[z] = reference.at(z, data, kind)
        return found[z]

    def allowed(zs: np.ndarray) -> list[float]:
        with np.errstate(over="ignore", under="ignore"):
            cast = np.unique(zs.astype(kind.name).astype(float))
        return [float(z) for z in cast[np.isfinite(cast)]]

    for z in allowed(scores(plan, reference.problem.name, given, special)):
        at(z)
    for k in range(3):
        signed = {z: v[k].nearest for z, v in list(found.items()) if v[k]}
        for low, high in roots(signed):
            root = _root(reference, data, k, low, high)
            for z in allowed(np.array(neighbours(root, AROUND_ROOTS))):
                at(z)
    return dict(sorted(found.items()))


def _root(reference: Reference, data: dict[str, float], k: int, low: float, high: float) -> float:
    """The float nearest to where a function changes its sign."""
    right = reference.at(high, data)[k]
    sign = right is not None and right.nearest > 0
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        if middle in (low, high):
            break
        value = reference.at(middle, data)[k]
        if value is None or value.nearest == 0:
            return middle
        low, high = (low, middle) if (value.nearest > 0) == sign else (middle, high)
    return high
