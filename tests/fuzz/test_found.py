"""Costs that a fuzz found wrong, refused or crashing, each with what it was about."""

import pytest

from derive.judge import judge
from derive.notation import Axis, Cases, Problem, Sum, When, data, parameter
from tests.fuzz.kinds import kind_problem
from tests.fuzz.networks import random_network
from tests.fuzz.whole import made, mistakes

m, n = Axis("m"), Axis("n")
i, j, k = m.index("i"), n.index("j"), n.index("k")

FOUND = (
    # a sum over a letter of nothing: its size was a factor already and was to be summed again
    ("network", 52),
    # deltas of two letters in the branches of cases, nested ones and under other functions
    ("cases", 21), ("cases", 24), ("cases", 84), ("cases", 104),
    # a factor that is 0 at every point: the derivative of the product is refused by the judge
    ("products", 42),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "seed"), FOUND)
def test_what_a_fuzz_found(kind, seed) -> None:
    problem = random_network(seed) if kind == "network" else kind_problem(kind, seed)
    assert mistakes(problem, seed) in ([], ["skipped"])


def test_numbers_in_cases_are_formulas() -> None:
    t, y, theta = data("t", m), data("y", m), parameter("theta")
    body = Cases(((When(t[i], "=", 1), (y[i] - theta()) ** 2),), 0)
    problem = Problem("chosen", "Chosen samples", (t, y), (theta,), Sum(body, i))
    whole = made(problem)
    assert mistakes(problem, 1, whole) == []
    assert judge(whole.proof).passed


def test_a_maximum_over_pairs_of_different_parameters_has_a_matrix_form() -> None:
    theta, phi = parameter("theta", n), parameter("phi", n)
    largest = Cases(((When(theta[j], ">=", phi[k]), theta[j] ** 2),), phi[k] ** 3)
    problem = Problem("pairs", "Pairs", (), (theta, phi), Sum(largest, j, k))
    whole = made(problem)
    assert mistakes(problem, 2, whole) == []
    assert judge(whole.proof).passed
