"""Loss, slope and curvature in one pass: the values of the separate functions, bit for bit."""

import warnings

import numpy as np
import pytest

from derive.programs.fuse import fuse
from derive.readers.file import catalogue
from tests.fuzz.whole import made

LINEAR = [
    problem
    for problem in catalogue()
    if hasattr(problem, "cost") and any(made(problem).program.samplewise)
]
SCORES = np.concatenate([
    np.linspace(-40, 40, 801), [0.0, -0.0, 700.0, -700.0, 1e300, -1e300, 5e-324, -5e-324, 1e-12],
])  # fmt: skip


def targets(problem, count):
    rng = np.random.default_rng(1)
    made_ = made(problem).program.linear
    for tensor in made_.others:
        low, high = float(tensor.domain.low), float(tensor.domain.high)
        low = -1.0 if not np.isfinite(low) else low
        high = low + 2.0 if not np.isfinite(high) else high
        values = rng.uniform(low, high, count)
        yield np.clip(np.rint(values), low, high) if tensor.domain.integer else values


@pytest.mark.parametrize("problem", LINEAR, ids=lambda p: p.name)
def test_fused_values_are_those_of_the_separate_functions(problem) -> None:
    whole = made(problem)
    z = SCORES
    others = tuple(targets(problem, len(z)))
    assert [f.name for f in whole.program.fused] == ["fused", "fused_value", "fused_slope"]
    for fused in whole.program.fused:
        out = np.full((fused.rows, len(z)), np.nan)
        with np.errstate(all="ignore"):
            assert whole.module[fused.name](z, *others, out) is None
            for number, name in enumerate(fused.outputs):
                np.testing.assert_array_equal(out[number], whole.module[name](z, *others))


def test_shared_work_is_done_once() -> None:
    logistic = next(p for p in LINEAR if p.name == "logistic")
    fused, _, slope = made(logistic).program.fused
    assert sum("np.exp(" in line for line in fused.lines) == 1
    assert sum("np.log1p(" in line for line in fused.lines) == 1
    assert sum("np.exp(" in line for line in slope.lines) == 1
    assert not any("log1p" in line for line in slope.lines)


def test_nothing_is_allocated_and_arguments_stay() -> None:
    logistic = next(p for p in LINEAR if p.name == "logistic")
    whole = made(logistic)
    fused = whole.program.fused[0]
    z, y = SCORES.copy(), np.full(SCORES.shape, 0.25)
    whole.module["fused"](z, y, np.empty((fused.rows, len(z))))
    np.testing.assert_array_equal(z, SCORES)
    assert (y == 0.25).all()
    assert all("out=" in line for line in fused.lines)


def test_every_point_is_free_of_warnings_where_the_separate_functions_are() -> None:
    logistic = next(p for p in LINEAR if p.name == "logistic")
    whole = made(logistic)
    z = np.array([-800.0, -745.0, 0.0, 30.0, 745.0, 800.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        whole.module["fused"](z, np.ones(6), np.empty((whole.program.fused[0].rows, 6)))


def test_a_text_that_is_not_elementwise_is_left_alone() -> None:
    logistic = next(p for p in LINEAR if p.name == "logistic")
    program = made(logistic).program
    gradient = next(j.kernel for j in program.kernels if j.kernel.name == "gradient")
    assert fuse("fused", [gradient], program.functions) is None
