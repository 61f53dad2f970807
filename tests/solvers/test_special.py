"""The functions that NumPy lacks, against 60 digits in both tails."""

import mpmath
import numpy as np
import pytest

from generated.solvers import special

POINTS = np.concatenate([
    np.linspace(-40, 12, 1041), -np.logspace(1, 7, 61),
    [-5.0, -4.999999, -5.000001, 0.0, 38.5, 60.0],
])  # fmt: skip


def exact(name: str, t: float) -> mpmath.mpf:
    x = mpmath.mpf(t)
    # Far out the distribution function is below every number of mpmath's erfc: use the tail's.
    log_cdf = mpmath.log(mpmath.erfc(-x / mpmath.sqrt(2)) / 2)
    ratio = mpmath.exp(-x * x / 2 - log_cdf) / mpmath.sqrt(2 * mpmath.pi)
    values = {"log_normal_cdf": log_cdf, "hazard": ratio, "hazard_slope": ratio * (ratio + x)}
    return values[name]


# Largest relative errors seen: 2.3e-14 (near t = 12 the rounding of t/sqrt 2 costs t^2 of them),
# 6.6e-15, and 8.6e-14 (just above the switch, where phi/Phi + t cancels).
@pytest.mark.parametrize(
    ("name", "bound"), [("log_normal_cdf", 5e-14), ("hazard", 2e-14), ("hazard_slope", 2e-13)]
)
def test_both_tails_are_accurate(name: str, bound: float) -> None:
    values = getattr(special, name)(POINTS)
    worst = 0.0
    with mpmath.workdps(80):
        for t, value in zip(POINTS, values, strict=True):
            true = exact(name, float(t))
            if abs(true) > 1e-300:  # below, the result may underflow
                worst = max(worst, float(abs(mpmath.mpf(float(value)) - true) / abs(true)))
    assert worst <= bound, worst


@pytest.mark.parametrize("name", ["erfc", "normal_cdf", "log_normal_cdf", "hazard", "hazard_slope"])
def test_shapes_and_extremes(name: str) -> None:
    function = getattr(special, name)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(function(np.array([-1e150, -1e3, 0.0, 1e3, 1e308]))).all()
        assert function(np.zeros((0,))).shape == (0,)
        assert function(np.zeros((2, 3))).shape == (2, 3)
    slope = special.hazard_slope(POINTS)
    assert ((slope >= 0) & (slope <= 1)).all()
