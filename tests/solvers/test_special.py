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


def other(name: str, t: float) -> mpmath.mpf:
    """Cauchy's and Gumbel's distributions and log cosh, in as many digits as they need."""
    x = mpmath.mpf(t)
    u = mpmath.exp(x)
    gumbel, cauchy = 1 - mpmath.exp(-u), mpmath.atan2(1, -x) / mpmath.pi
    ratio = u * mpmath.exp(-u) / gumbel
    values = {
        "log_cosh": mpmath.log(mpmath.cosh(x)),
        "log_cauchy_cdf": mpmath.log(cauchy),
        "cauchy_hazard": 1 / (mpmath.pi * (1 + x * x) * cauchy),
        "log_gumbel_cdf": mpmath.log(gumbel),
        "gumbel_hazard": ratio,
        "gumbel_hazard_slope": ratio * (u + ratio - 1),
    }
    return values[name]


# exp(-e^t) multiplies the rounding of e^t by e^t, so Gumbel's functions are looked at up to 5.
@pytest.mark.parametrize(
    ("name", "high"),
    [
        ("log_cosh", 40), ("log_cauchy_cdf", 1e3), ("cauchy_hazard", 1e3),
        ("log_gumbel_cdf", 5), ("gumbel_hazard", 5), ("gumbel_hazard_slope", 5),
    ],
)  # fmt: skip
def test_other_functions_are_accurate(name: str, high: float) -> None:
    points = np.concatenate([np.linspace(-42, high, 500), np.linspace(-3, 3, 500)])
    values = getattr(special, name)(points)
    worst = 0.0
    with mpmath.workdps(80):
        for t, value in zip(points, values, strict=True):
            true = other(name, float(t))
            if true:
                worst = max(worst, float(abs(mpmath.mpf(float(value)) - true) / abs(true)))
    assert worst <= 5e-14, worst


OTHERS = ("log_cosh", "log_cauchy_cdf", "cauchy_hazard", "log_gumbel_cdf", "gumbel_hazard",
          "gumbel_hazard_slope")  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_functions_at_extremes(name: str) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values = getattr(special, name)(np.array([-1e150, -800.0, 0.0, 800.0, 1e150]))
    assert np.isfinite(values).all()


@pytest.mark.parametrize("name", ["erfc", "normal_cdf", "log_normal_cdf", "hazard", "hazard_slope"])
def test_shapes_and_extremes(name: str) -> None:
    function = getattr(special, name)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(function(np.array([-1e150, -1e3, 0.0, 1e3, 1e308]))).all()
        assert function(np.zeros((0,))).shape == (0,)
        assert function(np.zeros((2, 3))).shape == (2, 3)
    slope = special.hazard_slope(POINTS)
    assert ((slope >= 0) & (slope <= 1)).all()


@pytest.mark.parametrize("name", ["log_gamma", "digamma", "trigamma"])
def test_the_gamma_function_s_logarithm_and_its_derivatives(name: str) -> None:
    points = np.concatenate([np.logspace(-8, 8, 400), np.linspace(0.1, 30, 300)])
    exact = {
        "log_gamma": mpmath.loggamma, "digamma": mpmath.digamma,
        "trigamma": lambda t: mpmath.psi(1, t),
    }[name]  # fmt: skip
    values = getattr(special, name)(points)
    with mpmath.workdps(40):
        for t, value in zip(points, values, strict=True):
            true = exact(mpmath.mpf(float(t)))
            # log Gamma and digamma have roots, next to which no relative accuracy is left
            assert abs(value - true) <= 1e-14 * max(abs(true), 1 if name != "trigamma" else 0)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(getattr(special, name)(np.array([1e-100, 1.0, 1e150]))).all()
    assert getattr(special, name)(np.ones((2, 3))).shape == (2, 3)


def test_a_choice_takes_the_first_test_that_holds_without_warnings() -> None:
    t = np.array([-2.0, 0.5, 3.0])
    with np.errstate(all="raise"):
        found = special.choose([t > 1, t > 0], [lambda: np.log(t), lambda: 2 * t, lambda: 7.0])
    np.testing.assert_allclose(found, [7.0, 1.0, np.log(3.0)])
