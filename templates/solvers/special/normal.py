"""The error function and the normal distribution, entry by entry, right to the last digits or so.

What varies wildly is a Gaussian: it is taken from exp, with the part of its exponent that float64
does not hold put right (Dekker 1971 splits the square). What is left is smooth, and polynomials on
cells give it. On the side where the function has no Gaussian factor, the factor is e^0 = 1: one
formula serves both sides. Far below 0 the functions follow from Laplace's expansion in 1/t^2
(Laplace 1805; Abramowitz and Stegun 1964, 26.2.12). That erfc(x) e^(x^2) is smooth in a variable
like x/(8 + x) is used since Schonfelder (1978) and Shepherd and Laframboise (1981).
"""

import numpy as np

from . import kernels
from .tables import LIFT, LOWER, Array, Place, entrywise, patch, together, within

FAR = -16.0  # below, expansions in 1/t^2
FLAT = 40.0  # exp(-t^2/2) is 0 in float64 beyond
TINY = 37.0  # exp(-t^2/2) begins to lose digits above
WIDE, ONE = 30.0, 9.0  # exp(-t^2) is 0 beyond the first, Phi is 1 beyond the second
SIDE = 6.0  # erf is 1 and erfc(-t) is 2 beyond
GRID = 1.5 * 2.0**32  # adding it rounds to a multiple of 2^-20


def gaussian(m: Array, half: float, lift: float = 0.0) -> tuple[Array, Array]:
    """E and e such that exp(lift - m^2 half) = E (1 - e), for m up to 64 and half = 1 or 1/2.

    A lift must not round: it is 0, or a whole number beside a large square.
    """
    head = m + GRID
    head -= GRID
    rest = m - head
    m = m + head
    rest *= m
    rest *= half
    head *= head  # exact: at most 52 bits
    head *= half
    square = head + rest
    head -= square
    rest += head
    np.subtract(lift, square, out=square)
    return np.exp(square, out=square), rest


@entrywise
def erfc(t: Array) -> Array:
    """2/sqrt(pi) times the integral of exp(-u^2) from t on."""
    x = within(t, -SIDE, WIDE)
    E, lost = gaussian(np.maximum(x, 0.0), 1.0)
    E *= kernels.ERFC.scaled(x, lost)
    return E


@entrywise
def erf(t: Array) -> Array:
    """2/sqrt(pi) times the integral of exp(-u^2) from 0 to t."""
    x = within(t, -SIDE, SIDE)
    value = kernels.ERF(np.abs(x))
    value *= x
    return within(value, -1.0, 1.0)


@entrywise
def normal_cdf(t: Array) -> Array:
    """Phi(t), the standard normal distribution function."""
    x = within(t, -FLAT, ONE)
    E, lost = gaussian(np.maximum(-x, 0.0), 0.5)
    E *= kernels.NORMAL_CDF.scaled(x, lost)
    return E


@entrywise
def log_normal_cdf(t: Array) -> Array:
    """log Phi(t): -t^2/2 far below 0, where Phi itself underflows."""
    return _log_normal_cdf(t, *_placed(t))


@entrywise
def hazard(t: Array) -> Array:
    """phi(t)/Phi(t), the derivative of log Phi; -t - 1/t far below 0."""
    return _hazard(t, *_placed(t))


@entrywise
def hazard_slope(t: Array) -> Array:
    """h(t) (h(t) + t) for h = phi/Phi: minus the derivative of h, between 0 and 1."""
    return _hazard_slope(t, *_placed(t))


@together
def log_normal_cdf_and_hazards(t: Array) -> tuple[Array, Array, Array]:
    """log_normal_cdf, hazard and hazard_slope: the same values, with one exponential for all."""
    placed = _placed(t)
    return _log_normal_cdf(t, *placed), _hazard(t, *placed), _hazard_slope(t, *placed)


def _placed(t: Array) -> tuple[Array, Array, Array, Place]:
    """T within the tables' range, E and e such that the Gaussian is E (1 - e), and t's cells."""
    x = within(t, FAR, FLAT)
    E, lost = gaussian(np.maximum(x, 0.0), 0.5)
    return x, E, lost, kernels.HAZARD.place(x)


def _log_normal_cdf(t: Array, x: Array, E: Array, lost: Array, place: Place) -> Array:
    value = kernels.LOG_NORMAL_CDF.scaled_at(place, lost)
    value *= E
    below = np.minimum(x, 0.0)
    below *= below
    below *= 0.5
    value -= below
    patch(value, t, t < FAR, _far_log_normal_cdf)
    return value


def _hazard(t: Array, _: Array, E: Array, lost: Array, place: Place) -> Array:
    value = kernels.HAZARD.scaled_at(place, lost)
    value *= E
    patch(value, t, t < FAR, lambda t: -(kernels.FAR_HAZARD((1 / t) ** 2) / t + t))
    return value


def _hazard_slope(t: Array, x: Array, E: Array, lost: Array, place: Place) -> Array:
    value = kernels.HAZARD_SLOPE.scaled_at(place, lost)
    value *= E
    patch(value, t, t < FAR, _far_hazard_slope)
    patch(value, x, x > TINY, _tiny_hazard_slope)
    return value


def _far_log_normal_cdf(t: Array) -> Array:
    """-t^2/2 - log|t| - log sqrt(2 pi) - ..."""
    return -(t / 2 * t + (np.log(-t) + kernels.FAR_LOG_NORMAL_CDF((1 / t) ** 2)))


def _far_hazard_slope(t: Array) -> Array:
    """1 - 1/t^2 + ..."""
    v = (1 / t) ** 2
    return 1 - v * kernels.FAR_HAZARD_SLOPE(v)


def _tiny_hazard_slope(t: Array) -> Array:
    """Where the Gaussian would be a subnormal number, it is lifted, and lowered at the end."""
    E, lost = gaussian(t, 0.5, LIFT)
    return kernels.HAZARD_SLOPE.scaled(t, lost) * E * LOWER
