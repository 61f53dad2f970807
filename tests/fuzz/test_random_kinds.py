"""Random costs of ten kinds through the whole pipeline, against the literal cost."""

import pytest

from tests.fuzz.kinds import KINDS, kind_problem
from tests.fuzz.test_random_costs import UNCOVERED, ran


def written(kind):
    return lambda seed: kind_problem(kind, seed)


@pytest.mark.parametrize("kind", KINDS)
def test_random_costs_of_every_kind(kind) -> None:
    count = ran(range(4), 4, written(kind))
    assert not count["refused"], count
    assert count["right"] >= 2, count


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(5))
@pytest.mark.parametrize("kind", KINDS)
def test_five_thousand_random_costs_of_every_kind(kind, batch) -> None:
    seeds = range(1000 + batch * 100, 1100 + batch * 100)
    count = ran(seeds, 20, written(kind))
    assert count["refused"] <= UNCOVERED * 100, count
    assert count["right"] >= 75, count
