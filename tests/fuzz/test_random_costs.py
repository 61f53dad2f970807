"""Random costs through the whole pipeline, against the literal cost."""

from collections import Counter

import mpmath
import numpy as np
import pytest

from derive.errors import NoRuleError
from derive.judge import judge
from derive.notation.text import text
from tests.fuzz.costs import random_problem
from tests.fuzz.dual_numbers import mp_number
from tests.fuzz.literal import Literal
from tests.fuzz.networks import random_network
from tests.fuzz.shifted import shifted_problem
from tests.fuzz.whole import drawn, made, mistakes, reference

BATCH = 25
NOWHERE = "no admissible point was found"
UNCOVERED = 0.02  # of the costs may be refused with a clear message


def story(problem) -> str:
    return "; ".join(f"{d.tensor.name} = {text(d.body)}" for d in problem.all_definitions)


def ran(seeds, judged_every: int, written=random_problem) -> Counter:
    """Counts of what happened; a wrong value or a crash fails at once, with the cost."""
    count: Counter = Counter()
    for seed in seeds:
        problem = written(seed)
        if problem is None:
            count["no problem"] += 1
            continue
        try:
            whole = made(problem)
        except NoRuleError:
            count["refused"] += 1
            continue
        found = mistakes(problem, seed, whole)
        if found == ["skipped"]:
            count["skipped"] += 1
            continue
        assert not found, f"seed {seed}: {story(problem)}\n" + "\n".join(found)
        count["right"] += 1
        if seed % judged_every == 0:
            failed = [s for s in judge(whole.proof).steps if not s.passed]
            if failed and all(s.message.startswith(NOWHERE) for s in failed):
                # max(theta_j, theta_k) where j = k: refused, since a condition never holds.
                count["no point"] += 1
                continue
            assert not failed, f"seed {seed}: {story(problem)}\n{failed[:2]}"
            count["judged"] += 1
    return count


@pytest.mark.parametrize("batch", range(8))
def test_random_costs(batch) -> None:
    count = ran(range(batch * BATCH, (batch + 1) * BATCH), judged_every=8)
    assert count["refused"] <= 1, count
    assert count["right"] >= 20, count


@pytest.mark.parametrize("batch", range(4))
def test_random_costs_with_shifted_letters(batch) -> None:
    count = ran(range(batch * 15, (batch + 1) * 15), judged_every=15, written=shifted_problem)
    assert count["refused"] <= 1, count
    assert count["right"] >= 12, count


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(10))
def test_three_thousand_random_costs_with_shifted_letters(batch) -> None:
    seeds = range(1000 + batch * 300, 1300 + batch * 300)
    count = ran(seeds, judged_every=20, written=shifted_problem)
    assert count["refused"] <= UNCOVERED * 300, count
    assert count["right"] >= 240, count


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(20))
def test_ten_thousand_random_costs(batch) -> None:
    count = ran(range(1000 + batch * 500, 1500 + batch * 500), judged_every=20)
    assert count["refused"] <= UNCOVERED * 500, count
    assert count["right"] >= 400, count


@pytest.mark.parametrize("batch", range(4))
def test_random_networks(batch) -> None:
    count = ran(range(batch * BATCH, (batch + 1) * BATCH), 8, random_network)
    assert count["refused"] <= 1, count
    assert count["right"] >= 20, count


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(10))
def test_five_thousand_random_networks(batch) -> None:
    count = ran(range(1000 + batch * 500, 1500 + batch * 500), 20, random_network)
    assert count["refused"] <= UNCOVERED * 500, count
    assert count["right"] >= 400, count


@pytest.mark.parametrize("seed", [4, 12, 20, 36, 104])
def test_the_reference_itself_against_differences_in_fifty_digits(seed) -> None:
    problem = random_problem(seed)
    sizes, arrays = drawn(problem, seed)
    jet = reference(problem, sizes, arrays)
    with mpmath.workdps(60):
        exact = {
            name: np.vectorize(lambda t: mpmath.mpf(float(t)), otypes=[object])(values)
            for name, values in arrays.items()
        }
        step = mpmath.mpf(10) ** -15
        cells = [
            (p.name, cell) for p in problem.parameters for cell in np.ndindex(*arrays[p.name].shape)
        ]

        def cost(*moves):
            moved = {name: values.copy() for name, values in exact.items()}
            for (name, cell), by in moves:
                moved[name][cell] = moved[name][cell] + by * step
            return Literal(sizes, moved, problem.definitions, mp_number).value(problem.cost)

        scale = max(1.0, abs(jet.v), np.abs(jet.g).max(), np.abs(jet.h).max())
        assert abs(cost() - jet.v) < 1e-12 * scale
        for a, first in enumerate(cells):
            slope = (cost((first, 1)) - cost((first, -1))) / (2 * step)
            assert abs(slope - jet.g[a]) < 1e-11 * scale
            for b, second in enumerate(cells[: a + 1]):
                mixed = sum(x * y * cost((first, x), (second, y)) for x in (1, -1) for y in (1, -1))
                assert abs(mixed / (4 * step**2) - jet.h[a, b]) < 1e-11 * scale
