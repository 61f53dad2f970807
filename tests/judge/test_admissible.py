"""The judge's draws have every declared fact, and what has not is told, by independent NumPy."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from derive.certify.draws import LONG, SHORT, entries
from derive.judge.admissible import faults, positions
from derive.judge.points import point, slots
from derive.notation import BINARY, NONNEGATIVE, UNIT, Axis, Interval, Problem, Tensor
from derive.notation.facts import KNOWN, ROWS
from derive.notation.interval import REAL, finite
from derive.readers.file import catalogue
from tests.certify.fact_costs import violates

n, k = Axis("n"), Axis("k")
SQUARE = [("S", (fact,), REAL) for fact in KNOWN] + [
    ("S", ("positive semidefinite",), NONNEGATIVE),
    ("S", ("positive definite",), Interval(0, 5)),
    ("S", ("positive semidefinite",), Interval(-1, 1)),
    ("S", ("symmetric",), BINARY),
    ("S", ("symmetric",), finite(-1, 1)),
    ("S", ("diagonal", "positive semidefinite"), REAL),
    ("S", ("diagonal", "positive definite"), REAL),
    ("S", ("positive semidefinite",), Interval(integer=True)),
]
ROWED = [("R", (fact,), domain) for fact in ROWS for domain in (REAL, UNIT, BINARY, NONNEGATIVE)]


def array(tensor, values, sizes):
    shape = [sizes[a] for a in tensor.axes]
    return np.array([float(values[p]) for p in positions(tensor, sizes)]).reshape(shape)


@pytest.mark.parametrize(("name", "facts", "domain"), SQUARE + ROWED)
def test_draws_have_every_fact(name, facts, domain) -> None:
    axes = (n, n) if name == "S" else (n, k)
    tensor = Tensor(name, axes, "data", name, domain, frozenset(facts))
    for slot, attempt in product(slots((n, k)), range(3)):
        place = point("draws", slot, attempt)
        values = {p: place.value(tensor, p) for p in positions(tensor, place.sizes)}
        assert list(faults(tensor, values)) == []
        assert violates(tensor, array(tensor, values, place.sizes)) == ""
    good = 0
    for size, numbers, attempt in product((1, 2, 3), (SHORT, LONG), range(8)):
        sizes = {n: size, k: size}
        values = entries(tensor, sizes, numbers, f"seed {attempt}", inside=False)
        told, found = list(faults(tensor, values)), violates(tensor, array(tensor, values, sizes))
        assert bool(told) == bool(found)
        good += not told
    assert good > 8


def test_semidefinite_draws_are_singular_at_times() -> None:
    tensor = Tensor("K", (n, n), "data", "K", REAL, frozenset(("positive semidefinite",)))
    ranks = set()
    for slot in slots((n,)):
        place = point("draws", slot, 0)
        values = {p: place.value(tensor, p) for p in positions(tensor, place.sizes)}
        matrix = array(tensor, values, place.sizes)
        ranks.add(np.linalg.matrix_rank(matrix) == len(matrix))
    assert ranks == {True, False}


@pytest.mark.parametrize("problem", [p for p in catalogue() if isinstance(p, Problem)],
                         ids=lambda p: p.name)  # fmt: skip
def test_draws_of_the_catalogue(problem: Problem) -> None:
    letters = (*problem.data, *problem.parameters)
    axes = tuple(dict.fromkeys(a.root for t in letters for a in t.axes))
    for slot in slots(axes, least=(3,) * len(axes)):
        place = point(problem.name, slot, 0)
        for tensor in letters:
            values = {p: place.value(tensor, p) for p in positions(tensor, place.sizes)}
            assert list(faults(tensor, values)) == []


def test_exact_tests_of_matrices_agree_with_eigenvalues() -> None:
    rng = np.random.default_rng(0)
    kinds = {"positive semidefinite": 0, "positive definite": 0}
    for number in range(300):
        size = 1 + number % 4
        root = rng.integers(-2, 3, size=(rng.integers(1, size + 1), size))
        matrix = root.T @ root - (number % 3 == 0) * np.eye(size, dtype=int)
        values = {(a + 1, b + 1): Fraction(int(matrix[a, b])) for a, b in np.ndindex(size, size)}
        least = np.linalg.eigvalsh(matrix)[0]
        for fact in kinds:
            tensor = Tensor("S", (n, n), "data", "S", REAL, frozenset((fact,)))
            holds = least > 1e-9 if fact == "positive definite" else least > -1e-9
            assert (not list(faults(tensor, values))) == holds
            kinds[fact] += holds
    assert min(kinds.values()) > 50
