"""Functions that NumPy lacks: the error function's complement and the normal distribution's.

All act entry by entry on float64 arrays and are accurate in both tails. Below T = -5 the normal
distribution function is phi(x)/(x + c(x)) with x = -t and Laplace's continued fraction
c(x) = 1/(x + 2/(x + 3/(x + ...))), in which nothing cancels (Laplace 1805; Abramowitz and Stegun
1964, 26.2.14).
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

SWITCH = 5.0  # from here on LEVELS levels of the fraction leave no error in float64
LEVELS = 30
ROOT_2, ROOT_2_PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)
FLAT = 40.0  # exp(-t^2/2) is 0 in float64 beyond

_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def erfc(t: Array) -> Array:
    """2/sqrt(pi) times the integral of exp(-u^2) from t on."""
    values: Array = _erfc(t)
    return values


def normal_cdf(t: Array) -> Array:
    """Phi(t), the standard normal distribution function."""
    return erfc(-np.asarray(t) / ROOT_2) / 2


def log_normal_cdf(t: Array) -> Array:
    """log Phi(t): -t^2/2 far below 0, where Phi itself underflows."""
    x, c = _tail(t)
    tail = -x * x / 2 - np.log(ROOT_2_PI * (x + c))
    below = np.log(erfc(np.clip(-np.asarray(t), 0.0, SWITCH) / ROOT_2) / 2)
    above = np.log1p(-erfc(np.maximum(t, 0.0) / ROOT_2) / 2)
    return np.where(np.less(t, -SWITCH), tail, np.where(np.less(t, 0.0), below, above))


def hazard(t: Array) -> Array:
    """phi(t)/Phi(t), the derivative of log Phi; -t - 1/t far below 0."""
    x, c = _tail(t)
    return np.where(np.less(t, -SWITCH), x + c, _near(t))


def hazard_slope(t: Array) -> Array:
    """h(t) (h(t) + t) for h = phi/Phi: minus the derivative of h, between 0 and 1."""
    x, c = _tail(t)
    h = _near(t)
    near = h * (h + np.clip(t, -SWITCH, FLAT))
    return np.where(np.less(t, -SWITCH), (x + c) * c, near)


def _near(t: Array) -> Array:
    """phi/Phi above the switch, at the switch below it."""
    inside = np.clip(t, -SWITCH, FLAT)
    ratio: Array = np.exp(-inside * inside / 2) / (ROOT_2_PI * normal_cdf(inside))
    return ratio


def _tail(t: Array) -> tuple[Array, Array]:
    """x = -t below the switch (else at the switch), and the continued fraction c(x)."""
    x = np.maximum(-np.asarray(t), SWITCH)
    c = np.zeros_like(x)
    for k in range(LEVELS, 0, -1):
        c = k / (x + c)
    return x, c
