"""Loss, slope and curvature in one pass: the values of the separate functions, bit for bit."""

import warnings

import numpy as np
import pytest

from derive.programs.fuse import TOGETHER, fuse
from derive.publish.solvers import special_functions
from tests.fuzz.whole import made
from tests.programs.linear_models import LINEAR

SCORES = np.concatenate([
    np.linspace(-40, 40, 801), [0.0, -0.0, 700.0, -700.0, 1e300, -1e300, 5e-324, -5e-324, 1e-12],
])  # fmt: skip


def targets(problem, count):
    """Data beside the scores: a number for a letter without axes."""
    rng = np.random.default_rng(1)
    made_ = made(problem).program.linear
    for tensor in made_.others:
        low, high = float(tensor.domain.low), float(tensor.domain.high)
        low = -1.0 if not np.isfinite(low) else low
        high = low + 2.0 if not np.isfinite(high) else high
        values = rng.uniform(low, high, count if tensor.axes else None)
        values = np.clip(np.rint(values), low, high) if tensor.domain.integer else values
        yield values if tensor.axes else float(values)


@pytest.mark.parametrize("problem", LINEAR, ids=lambda p: p.name)
def test_fused_values_are_those_of_the_separate_functions(problem) -> None:
    whole = made(problem)
    z = SCORES
    others = tuple(targets(problem, len(z)))
    assert [f.name for f in whole.program.fused] == ["fused", "fused_value", "fused_slope"]
    lines = " ".join(line.text for j in whole.program.samplewise for line in j.kernel.lines)
    refined = "special.refined" in lines
    # A pass leaves out what is done for numbers beyond 1e150, and beside a jump.
    left_out = any(word in lines for word in ("2**400", "log1p_square", "_rest("))
    size = np.abs(z)
    compared = (size < 1e150) & ((size > 1e-300) | (z == 0)) if left_out else size >= 0
    # A rest of rounding is left out too: of an exponent up to 745 it is at most 2^-44.
    allowed = 2.0**-43 if "_rest(" in lines else 1e-14
    for fused in whole.program.fused:
        out = np.full((fused.rows, len(z)), np.nan)
        with np.errstate(all="ignore"):
            assert whole.module[fused.name](z, *others, out) is None
            for number, name in enumerate(fused.outputs):
                exact = whole.module[name](z, *others)
                if not refined:
                    np.testing.assert_array_equal(out[number][compared], exact[compared])
                    continue
                known = np.isfinite(exact) & compared
                distance = np.abs(out[number] - exact)[known]
                assert (distance <= allowed * np.maximum(np.abs(exact), 1.0)[known]).all()


def test_shared_work_is_done_once() -> None:
    logistic = next(p for p in LINEAR if p.name == "logistic")
    fused, _, slope = made(logistic).program.fused
    assert sum("np.exp(" in line for line in fused.lines) == 1
    assert sum("np.log1p(" in line for line in fused.lines) == 1
    assert sum("np.exp(" in line for line in slope.lines) == 1
    assert not any("log1p" in line for line in slope.lines)


def test_a_family_of_functions_is_called_once_for_each_argument() -> None:
    """With z and -z: one Gaussian and one place in the tables for log Phi and both hazards."""
    probit = next(p for p in LINEAR if p.name == "probit")
    fused, _, slope = made(probit).program.fused
    assert sum("special.log_normal_cdf_and_hazards(" in line for line in fused.lines) == 2
    assert not any("special.hazard" in line for line in fused.lines)
    assert sum("special.hazard(" in line for line in slope.lines) == 2


@pytest.mark.parametrize("name", TOGETHER)
def test_a_family_gives_the_values_of_its_functions(name: str) -> None:
    whole, *others = (n.removeprefix("special.") for n in (name, *TOGETHER[name]))
    special = special_functions()
    values = getattr(special, whole)(SCORES)
    for function, found in zip(others, values, strict=True):
        np.testing.assert_array_equal(found, getattr(special, function)(SCORES))


def test_nothing_is_allocated_and_arguments_stay() -> None:
    logistic = next(p for p in LINEAR if p.name == "logistic")
    whole = made(logistic)
    fused = whole.program.fused[0]
    z, y = SCORES.copy(), np.full(SCORES.shape, 0.25)
    whole.module["fused"](z, y, np.empty((fused.rows, len(z))))
    np.testing.assert_array_equal(z, SCORES)
    assert (y == 0.25).all()
    assert all("out=" in line for line in fused.lines)


def test_a_difference_that_nearly_vanishes_is_right_absolutely_in_the_pass() -> None:
    logistic = next(p for p in LINEAR if p.name == "logistic")
    whole = made(logistic)
    fused = whole.program.fused[0]
    z, y = np.array([1e-9, 1e-9, 3.0, -1e-9]), np.array([0.5, 1.0, 0.5, 0.5])
    out = np.empty((fused.rows, 4))
    whole.module["fused"](z, y, out)
    true = [2.5e-10, -0.49999999975, 0.4525741268224333, -2.5e-10]
    np.testing.assert_allclose(out[1], true, atol=1e-16)
    np.testing.assert_allclose(whole.module["slope"](z, y), true, rtol=1e-15)
    assert not any("expm1" in line for line in fused.lines), "the refined form costs nothing here"


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
