"""Random networks through the whole pipeline, against the literal cost."""

import pytest

from derive.calculus.structure import layered
from derive.judge import judge
from tests.fuzz.layers import layered_problem
from tests.fuzz.test_random_costs import story
from tests.fuzz.whole import made, mistakes


def ran(seeds, judged_every: int) -> int:
    right = 0
    for seed in seeds:
        problem = layered_problem(seed)
        assert layered(problem), seed
        whole = made(problem)
        found = mistakes(problem, seed, whole)
        if found == ["skipped"]:
            continue
        assert not found, f"seed {seed}: {story(problem)}\n" + "\n".join(found)
        right += 1
        if seed % judged_every == 0:
            failed = [s for s in judge(whole.proof).steps if not s.passed]
            assert not failed, f"seed {seed}: {story(problem)}\n{failed[:2]}"
    return right


@pytest.mark.parametrize("batch", range(2))
def test_random_networks(batch) -> None:
    assert ran(range(batch * 10, batch * 10 + 10), judged_every=10) >= 9


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(10))
def test_a_thousand_random_networks(batch) -> None:
    assert ran(range(1000 + batch * 100, 1100 + batch * 100), judged_every=20) >= 90
