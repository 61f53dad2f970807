"""The tables of polynomials: the file holds what the generator gives, within its bounds."""

from functools import cache

import mpmath
import numpy as np
import pytest

from derive.publish.environment import templates_folder
from derive.publish.kernel_tables import kernels_text
from derive.publish.solvers import solver_texts, special_functions
from derive.stabilise.chebyshev import BOUND, Piece, cell, pieces
from derive.stabilise.kernels import KERNELS, STEPS, Kernel, digamma_zero, powers
from generated.solvers import special
from generated.solvers.special import kernels

NAMES = [kernel.name for kernel in KERNELS]


@cache
def made(kernel: Kernel) -> tuple[Piece, ...]:
    return kernel.pieces()


def test_the_file_is_what_the_generator_writes() -> None:
    kept = (templates_folder() / "solvers" / "special" / "kernels.py").read_text(encoding="utf-8")
    assert kept == kernels_text(), "run `make tables`"


@pytest.mark.parametrize("kernel", KERNELS, ids=NAMES)
def test_the_generated_file_holds_the_generator_s_coefficients(kernel: Kernel) -> None:
    rows = np.array([(p.middle, p.low, *p.coefficients) for p in made(kernel)]).T
    table = getattr(kernels, kernel.name)
    np.testing.assert_array_equal(table.rows, rows)
    assert repr(table.cut) == repr(kernel.cut)


@pytest.mark.parametrize("kernel", KERNELS, ids=NAMES)
def test_the_bound_holds_between_the_points_of_interpolation(kernel: Kernel) -> None:
    for piece, c in zip(made(kernel), kernel.cut.cells(), strict=True):
        assert piece.bound <= BOUND
        with mpmath.workdps(45):
            for share in (-0.97, -0.31, 0.05, 0.62, 0.999):
                r = share * c.reach
                low, (first, *others) = mpmath.mpf(piece.low), piece.coefficients
                value = first + low + r * mpmath.polyval(others[::-1], r)
                true = kernel.function(c.middle + r)
                assert abs(value - true) <= piece.bound * abs(true) * (1 + mpmath.mpf("1e-9"))


def test_a_cell_that_is_too_wide_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="cut"):
        pieces(lambda t: 1 / (1 + 25 * t * t), (cell(mpmath.mpf(-1), mpmath.mpf(1)),))


def test_a_coefficient_that_needs_more_digits_than_float64_has_is_refused() -> None:
    """1 + 2^40 t is 1 at 0 beside 2^40 at 1: no float64 polynomial is relatively right there."""
    with pytest.raises(ArithmeticError, match="smaller"):
        pieces(lambda t: 1 + mpmath.pi * 2**40 * (t + 1), (cell(mpmath.mpf(-1), mpmath.mpf(1)),))


def test_powers_and_the_zero_of_psi_are_exact_in_two_parts() -> None:
    with mpmath.workdps(50):
        for k, (head, rest) in enumerate(zip(*powers(), strict=True)):
            true = mpmath.exp(mpmath.mpf(k) / STEPS)
            assert abs(mpmath.mpf(head) + mpmath.mpf(rest) - true) <= true * mpmath.mpf(2) ** -78
            assert (head * 2.0**25) % 1 == 0
        high, low = digamma_zero()
        assert abs(mpmath.psi(0, mpmath.mpf(high) + mpmath.mpf(low))) < 1e-31
    np.testing.assert_array_equal(kernels.POWERS, powers())
    assert digamma_zero() == kernels.DIGAMMA_ZERO


def test_what_is_judged_is_what_is_written() -> None:
    assert solver_texts()["solvers/special/kernels.py"].endswith(kernels_text())
    judged = special_functions()
    assert judged.__all__ == special.__all__
    t = np.linspace(0.1, 5, 50)
    for name in ("hazard", "log_gamma", "gumbel_hazard", "cauchy_hazard"):
        np.testing.assert_array_equal(getattr(judged, name)(t), getattr(special, name)(t))
