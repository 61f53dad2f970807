"""What is larger than the budget is answered in four lines, before anything is computed."""

import signal
import sys
import time
from contextlib import suppress

import pytest

from derive.budget import Budget, net
from derive.calculus.differentiate import differentiate
from derive.errors import BudgetError
from derive.notation.extent import require_extent
from derive.readers.file import problem_from_lines
from derive.readers.limits import require_short, text_within


@pytest.mark.parametrize(
    "cost",
    ["t^2 + 10^1000000000", "2^(10^6) t^2", "t^2/10^9999", "3^(2 * 10^5) t^2"],
)
def test_numbers_of_too_many_digits_are_refused_unseen(cost) -> None:
    problem = problem_from_lines(f"parameter t\nJ = {cost}", "large")
    with pytest.raises(BudgetError, match="digits"):
        require_extent(problem, Budget())


@pytest.mark.parametrize("cost", ["t^2 + 10^400", "t^2/10^400", "2^1000 t^2", "t^1000000"])
def test_numbers_within_the_budget_pass(cost) -> None:
    require_extent(problem_from_lines(f"parameter t\nJ = {cost}", "fine"), Budget())


def test_a_position_far_out_is_refused() -> None:
    problem = problem_from_lines("parameter x (n)\nJ = (x[5000] - 1)^2 + |x|^2", "far")
    with pytest.raises(BudgetError, match="5000"):
        require_extent(problem, Budget())


def test_long_texts_are_not_read(tmp_path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("# \n" * 3_000_000)
    with pytest.raises(BudgetError, match="characters"):
        text_within(path, Budget())
    with pytest.raises(BudgetError, match="lines say something"):
        require_short("z = t\n" * 1001, "here", Budget())


def test_the_net_ends_what_takes_too_long_and_leaves_no_timer() -> None:
    def endless() -> None:
        while True:
            with suppress(Exception):  # what some code does: the net must get through
                sum(range(1000))

    start = time.process_time()
    with pytest.raises(BudgetError, match="seconds of computing"), net("wait", Budget(seconds=0.3)):
        endless()
    assert time.process_time() - start < 3
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) is signal.SIG_DFL


def test_memory_counts_from_where_a_problem_begins() -> None:
    """What an earlier problem took and gave back is not counted, what this one takes is."""
    with net("take much and give it back", Budget(megabytes=400)):
        assert len(bytearray(200_000_000)) == 200_000_000

    def fill() -> list[bytearray]:
        kept = []
        while len(kept) < 100:
            kept.append(bytearray(b"1" * 4_000_000))
            sum(range(300_000))
        return kept

    with pytest.raises(BudgetError, match="100 MB of memory"), net("fill", Budget(megabytes=100)):
        fill()
    with net("little", Budget(megabytes=100)):
        sum(range(3_000_000))


def test_depth_is_answered_in_four_lines() -> None:
    def deeper(n: int) -> int:
        return deeper(n + 1)

    with pytest.raises(BudgetError) as caught, net("go down", Budget()):
        deeper(0)
    assert len(str(caught.value).splitlines()) == 4
    assert sys.getrecursionlimit() >= 1000


def test_many_parameters_get_products_and_grow_at_most_quadratically() -> None:
    def applications(count: int) -> int:
        lines = [f"parameter p{k}x" for k in range(count)]
        lines.append("J = " + " + ".join(f"(p{k}x - {k})^2" for k in range(count)))
        made = differentiate(problem_from_lines("\n".join(lines), "many"))
        assert not made.hessians
        assert len(made.products) == count
        every = (*made.lemmas, *made.gradients, *made.products)
        return sum(len(step.substeps) + 1 for d in every for step in d.steps)

    ten, twenty, forty = map(applications, (10, 20, 40))
    assert forty - twenty <= 4.2 * (twenty - ten)
