"""Kinks and jumps that bend down: the curvature beside them sees nothing, so nothing is proved."""

from __future__ import annotations

import pytest

from derive.certify.certificate import certified
from derive.judge import judge_certificate, judge_stated
from derive.readers.plain import problem_from_text

PLANE = "parameter x > 0\nparameter y > 0\n"
WHOLE = "parameter x\nparameter y\n"


def certificate(declared: str, cost: str):
    problem = problem_from_text(f"{declared}J = {cost}\n", "kinks")
    found, _ = certified(problem)
    verdicts = (*judge_certificate(found), *judge_stated(found, problem))
    assert all(verdict.passed for verdict in verdicts), [v.message for v in verdicts]
    return found


@pytest.mark.parametrize(
    ("declared", "cost"),
    [
        (WHOLE, "|x| - |y|"),
        (WHOLE, "x^2 + |y| - |x|"),
        (WHOLE, "x^2 + y^2 - |x + y|"),
        (WHOLE, "x^2 + y^2 - max(x, y)"),
        (WHOLE, "max(x, 0) - max(y, 0)"),
        (PLANE, "x log(x/y) - |x - y|"),
        (PLANE, "x^2/y - |x - y|"),
        (PLANE, "min(x, 1/x) + y"),
        (PLANE, "{1/x if x < 1; x - 1 otherwise} + y"),
    ],
)
def test_a_corner_that_bends_down_is_no_convex_cost(declared, cost) -> None:
    found = certificate(declared, cost)
    assert not found.convex
    alone = {p.name for argument in found.arguments for p in argument.parameters}
    assert alone <= ({"x"} if cost.endswith(("- |y|", "- max(y, 0)")) else {"y"})


@pytest.mark.parametrize(
    ("declared", "cost"),
    [
        (WHOLE, "|x| + |y| + |x - y|"),
        (WHOLE, "x^2 + y^2 + |x + y|"),
        (PLANE, "x log(x/(x + y))"),
        (PLANE, "x^2/(x + y)"),
        (PLANE, "max(x^2, 1/x) + y"),
    ],
)
def test_a_corner_that_bends_up_is_none_either(declared, cost) -> None:
    assert certificate(declared, cost).convex


@pytest.mark.parametrize("cost", ["exp(10^400 (x - t))", "(t - x + 10^400)^2", "10^400 |x - t|"])
def test_the_range_of_a_number_beyond_all_floats(cost) -> None:
    assert certificate("data x\nparameter t\n", cost).convex
