"""The functions that NumPy lacks on the whole line, against 60 digits: errors in last places."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from derive.stabilise.kernels import KERNELS
from generated.solvers import special
from generated.solvers.special import kernels
from tests.solvers.exact_special import EXACT, error

# The largest error that is allowed, in units of the last place; NumPy's exp and log differ a little
# from machine to machine. Seen: 1.9 at most, but where Stirling's formula begins (log_gamma: 2.0)
# and where results come near the smallest normal number (slopes: 2.1, gumbel_hazard: 2.5).
BOUNDS = dict.fromkeys(EXACT, 2.5) | {"gumbel_hazard": 3.0}

# Where a function is neither constant nor a power, about; numbers at which another formula begins.
ACTIVE = {
    "erf": (-6.5, 6.5), "erfc": (-6.5, 27.5), "normal_cdf": (-38.7, 9.5),
    "log_normal_cdf": (-20, 38.8), "hazard": (-20, 38.8), "hazard_slope": (-20, 38.8),
    "log_gamma": (0.01, 80), "digamma": (0.01, 80), "trigamma": (0.01, 80), "log_cosh": (-21, 21),
    "log_gumbel_cdf": (-40, 6.65), "gumbel_hazard": (-40, 6.65), "gumbel_hazard_slope": (-40, 6.65),
    "log_cauchy_cdf": (-20, 20), "cauchy_hazard": (-20, 20),
}  # fmt: skip
SWITCHES = (0.25, 0.5, 1.0, 1.4616321449683623, 1.5, 2.0, 4.0, 6.0, 6.55, 6.75, 9.0, 16.0, 20.0,
            30.0, 37.0, 38.5, 40.0, 64.0, 700.0, 708.0, 745.0, 1e150, 1.3e154)  # fmt: skip
POSITIVE = ("log_gamma", "digamma", "trigamma")


def arguments(table: str, z: np.ndarray) -> np.ndarray:
    """The arguments of a function whose table is read at z."""
    with np.errstate(divide="ignore"):
        if table.startswith("FAR"):
            return (1 if table.endswith("GAMMA") else -1) / np.sqrt(z)
        if "GUMBEL" in table:
            return np.where(z > 0, z, np.log1p(np.minimum(z, 0)))
        return z / (1 - np.abs(z)) if "CAUCHY" in table else z


def ends(table: str, share: float = 1.0) -> np.ndarray:
    """Both ends of every cell of a table, or points inside, as arguments of its function."""
    cells = tuple(next(kernel.cut for kernel in KERNELS if kernel.name == table).cells())
    z = np.array([[c.middle + s * float(c.reach) for s in (-share, share)] for c in cells])
    return arguments(table, z)


@cache
def points(name: str) -> np.ndarray:
    """Points all over the line, the same everywhere: dense where it matters, and every binade."""
    low, high = ACTIVE[name]
    golden = (math.sqrt(5) - 1) / 2
    spread = low + (high - low) * (np.arange(1, 400) * golden % 1)
    middle = max(low, -3) + (min(high, 5) - max(low, -3)) * (np.arange(1, 200) * golden % 1)
    exponents = np.concatenate([np.arange(-1074, 1024, 17), np.arange(-60, 10)])
    binades = np.ldexp(1 + exponents * golden % 1, exponents.astype(int) - 1)
    switches = np.array([*SWITCHES, *ends(name.upper()).flat])
    switches = np.concatenate([np.nextafter(switches, side) for side in (-np.inf, 0, np.inf)])
    sided = np.concatenate([binades, switches, [5e-324, 1.7e308]])
    every = np.unique(np.concatenate([spread, middle, sided, -sided]))
    every = every[np.isfinite(every)]
    return every[every > 0] if name in POSITIVE else every


def worst(name: str, among: np.ndarray) -> tuple[float, float]:
    """The largest error at some points, and the point."""
    with np.errstate(all="raise"):
        values = getattr(special, name)(among)
    return max(
        (error(name, float(t), float(v)), float(t)) for t, v in zip(among, values, strict=True)
    )


@pytest.mark.parametrize("name", EXACT)
def test_every_value_is_right_to_the_last_digits(name: str) -> None:
    largest, where = worst(name, points(name))
    assert largest <= BOUNDS[name], (largest, where)


FAMILIES = {name.upper(): name for name in EXACT}
PREFIXED = {f"{side}_{table}": name for side in ("NEAR", "FAR") for table, name in FAMILIES.items()}


@pytest.mark.parametrize("table", [kernel.name for kernel in KERNELS])
def test_a_wrong_coefficient_is_caught(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each coefficient of a cell in the middle, off by what is 2^-30 at the end of the cell."""
    name = (FAMILIES | PREFIXED)[table]
    cells = tuple(next(kernel.cut for kernel in KERNELS if kernel.name == table).cells())
    cell = len(cells) // 2
    rows = getattr(kernels, table).rows
    near = ends(table, share=1 - 1e-9)[cell]  # next to ends that are looked at above
    assert worst(name, near)[0] <= BOUNDS[name]
    for k in range(len(rows) - 2):
        wrong = rows.copy()
        wrong[k + 2, cell] += rows[2, cell] * 2.0**-30 / float(cells[cell].reach) ** k
        monkeypatch.setattr(getattr(kernels, table), "rows", wrong)
        assert worst(name, near)[0] > BOUNDS[name], k


INF, NAN = np.inf, np.nan
LIMITS = {  # at -inf, 0, inf
    "erf": (-1, 0, 1), "erfc": (2, 1, 0), "normal_cdf": (0, 0.5, 1),
    "log_normal_cdf": (-INF, -math.log(2), 0), "hazard": (INF, math.sqrt(2 / math.pi), 0),
    "hazard_slope": (1, 2 / math.pi, 0), "log_gamma": (NAN, INF, INF), "digamma": (NAN, -INF, INF),
    "trigamma": (NAN, INF, 0), "log_cosh": (INF, 0, INF),
    "log_gumbel_cdf": (-INF, math.log1p(-math.exp(-1)), 0),
    "gumbel_hazard": (1, 1 / math.expm1(1), 0),
    "gumbel_hazard_slope": (0, 1 / math.expm1(1) ** 2, 0),
    "log_cauchy_cdf": (-INF, -math.log(2), 0), "cauchy_hazard": (0, 2 / math.pi, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", EXACT)
def test_limits_and_nan_without_a_warning(name: str) -> None:
    with np.errstate(all="raise"):
        values = getattr(special, name)(np.array([-INF, 0.0, INF, NAN]))
    np.testing.assert_allclose(values, [*LIMITS[name], NAN], rtol=4e-16)


@pytest.mark.parametrize("name", POSITIVE)
def test_left_of_its_poles_the_gamma_function_has_no_value(name: str) -> None:
    assert np.isnan(getattr(special, name)(np.array([-1e300, -2.5, -1.0, -1e-300]))).all()


@pytest.mark.parametrize("name", EXACT)
def test_shapes_and_types(name: str) -> None:
    function: Callable[[object], np.ndarray] = getattr(special, name)
    one = function(1.25)
    assert np.ndim(one) == 0
    assert one.dtype == np.float64
    assert function(np.zeros((0, 3))).shape == (0, 3)
    grid = np.linspace(0.5, 3, 24).reshape(4, 6)
    given = grid.copy()
    np.testing.assert_array_equal(function(grid[:, ::2]), function(grid)[:, ::2])
    np.testing.assert_array_equal(function(np.asfortranarray(grid)), function(grid))
    np.testing.assert_array_equal(grid, given)  # what comes in is not changed
    assert function([1, 2]).dtype == np.float64
    single = grid.astype(np.float32)
    assert function(single).dtype == np.float32
    np.testing.assert_array_equal(
        function(single), function(single.astype(np.float64)).astype(np.float32)
    )


@pytest.mark.parametrize("name", EXACT)
def test_blocks_do_not_show(name: str) -> None:
    low, high = ACTIVE[name]
    t = np.linspace(low, high, 20_001)
    function = getattr(special, name)
    np.testing.assert_array_equal(function(t)[::997], [function(x) for x in t[::997]])


RANGES = {
    "erf": (-1, 1), "erfc": (0, 2), "normal_cdf": (0, 1), "log_normal_cdf": (-INF, 0),
    "hazard": (0, INF), "hazard_slope": (0, 1), "trigamma": (0, INF), "log_cosh": (0, INF),
    "log_gumbel_cdf": (-INF, 0), "gumbel_hazard": (0, 1), "gumbel_hazard_slope": (0, 1),
    "log_cauchy_cdf": (-INF, 0), "cauchy_hazard": (0, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", RANGES)
def test_values_stay_within_their_bounds(name: str) -> None:
    low, high = RANGES[name]
    values = getattr(special, name)(points(name))
    assert values.min() >= low
    assert values.max() <= high


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_log_phi_and_its_hazards_are_the_same_in_one_pass(kind: type) -> None:
    t = np.linspace(-45, 45, 999).astype(kind).reshape(-1, 9)
    names = ("log_normal_cdf", "hazard", "hazard_slope")
    for name, values in zip(names, special.log_normal_cdf_and_hazards(t), strict=True):
        np.testing.assert_array_equal(values, getattr(special, name)(t))
        assert values.dtype == kind


def test_zeros_are_zeros() -> None:
    np.testing.assert_array_equal(special.log_gamma(np.array([1.0, 2.0])), [0.0, 0.0])
    assert special.erf(0.0) == special.log_cosh(0.0) == 0.0
    assert np.signbit(special.erf(-0.0))


def test_a_choice_takes_the_first_test_that_holds_without_warnings() -> None:
    t = np.array([-2.0, 0.5, 3.0])
    with np.errstate(all="raise"):
        found = special.choose([t > 1, t > 0], [lambda: np.log(t), lambda: 2 * t, lambda: 7.0])
    np.testing.assert_allclose(found, [7.0, 1.0, np.log(3.0)])
