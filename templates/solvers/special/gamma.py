"""log Gamma and its first two derivatives for t > 0, right to the last digits or so.

The zeros are taken out as factors: t - 1 and t - 2 are exact next to 1 and 2, and the zero of psi
is known in two parts, so that nothing is lost next to them. Far out Stirling's series serves, near
0 the poles are taken out. Below 0 the value is nan.
"""

import numpy as np

from . import kernels
from .tables import Array, entrywise, patch, within

NEAR, FAR = 0.25, 64.0  # between them, tables
FROM, BETWEEN, TO = 0.5, 1.5, 4.0  # the tables are without the zeros there: of log Gamma 1, then 2
STIRLING = 0.41893853320467274  # log sqrt(2 pi) - 1/2
LARGEST = float(np.nextafter(FAR, 0.0))


@entrywise
def log_gamma(t: Array) -> Array:
    """log Gamma(t) for t > 0."""
    x = within(t, NEAR, LARGEST)
    value = kernels.LOG_GAMMA(x)
    zero = np.where(x < BETWEEN, 1.0, 2.0)
    value *= np.where((x >= FROM) & (x < TO), x - zero, 1.0)
    patch(value, t, t < NEAR, lambda t: kernels.NEAR_LOG_GAMMA(t) * t - np.log(t))
    patch(value, t, t >= FAR, _far_log_gamma)
    value += 0.0  # 0 at 1, not -0
    return value


@entrywise
def digamma(t: Array) -> Array:
    """psi(t) = (log Gamma)'(t) for t > 0."""
    x = within(t, NEAR, LARGEST)
    value = kernels.DIGAMMA(x)
    high, low = kernels.DIGAMMA_ZERO
    value *= np.where((x >= FROM) & (x < TO), (x - high) - low, 1.0)
    patch(value, t, t < NEAR, lambda t: kernels.NEAR_DIGAMMA(t) / _positive(t))
    patch(value, t, t >= FAR, _far_digamma)
    return value


@entrywise
def trigamma(t: Array) -> Array:
    """psi'(t) = (log Gamma)''(t) for t > 0."""
    x = within(t, NEAR, LARGEST)
    value = kernels.TRIGAMMA(x)
    patch(value, t, t < NEAR, lambda t: kernels.NEAR_TRIGAMMA(t) / _positive(t) / np.abs(t))
    patch(value, t, t >= FAR, _far_trigamma)
    return value


def _positive(t: Array) -> Array:
    """T, and nan below 0."""
    return np.where(t < 0, np.nan, np.abs(t))


def _far_log_gamma(t: Array) -> Array:
    """(t - 1/2) log t - t + log sqrt(2 pi) + 1/(12 t) - ..."""
    rest = kernels.FAR_LOG_GAMMA((1 / t) ** 2) / t
    return (t - 0.5) * (np.log(t) - 1) + (STIRLING + rest)


def _far_digamma(t: Array) -> Array:
    """log t - 1/(2 t) - 1/(12 t^2) + ..."""
    y = 1 / t
    return np.log(t) - (0.5 + y * kernels.FAR_DIGAMMA(y * y)) * y


def _far_trigamma(t: Array) -> Array:
    """1/t + 1/(2 t^2) + 1/(6 t^3) - ..."""
    y = 1 / t
    return y + y * y * (0.5 + y * kernels.FAR_TRIGAMMA(y * y))
