"""Cauchy's distribution, log cosh and log(1 + t^2), to the last digits or so.

Cauchy's are smooth in t/(1 + |t|), which is between -1 and 1, once 1 + |t| or 1 + t^2 is taken out.
"""

import numpy as np

from . import kernels
from .tables import Array, entrywise, patch, within

FAR = 1e150  # a square is finite in float64 up to here
STRAIGHT = 20.0  # from here on log cosh(t) is |t| - log 2 in float64
LOG_2 = 0.6931471805599453


@entrywise
def log_cosh(t: Array) -> Array:
    """log cosh(t): t^2/2 near 0, |t| - log 2 far away."""
    size = np.abs(t)
    x = np.minimum(size, STRAIGHT)
    value = kernels.LOG_COSH(x)
    value *= x
    value *= x
    patch(value, size, size > STRAIGHT, lambda t: t - LOG_2)
    return value


@entrywise
def log1p_square(t: Array) -> Array:
    """log(1 + t^2), which is 2 log|t| where t^2 is no number any more."""
    size = np.abs(t)
    x = np.minimum(size, FAR)
    value = np.log1p(x * x)
    patch(value, size, size > FAR, lambda t: 2 * np.log(t))
    return value


def log1p_square_ratio(t: Array, scale: Array | float) -> Array:
    """log(1 + (t/scale)^2) for a scale > 0, also where t/scale is no number any more."""
    with np.errstate(over="ignore"):
        ratio = t / scale
    value: Array = np.asarray(log1p_square(ratio))
    far = np.isinf(ratio) & np.isfinite(t)
    if far.any():
        logs = np.log(np.abs(np.where(far, t, 1.0))) - np.log(scale)
        value = np.where(far, 2 * logs, value)
    return value


@entrywise
def log_cauchy_cdf(t: Array) -> Array:
    """log(1/2 + arctan(t)/pi), without cancellation on either side."""
    value = kernels.LOG_CAUCHY_CDF(_bounded(t))
    value /= 1 + np.maximum(t, 0.0)
    value -= np.log1p(np.maximum(-t, 0.0))
    return value


@entrywise
def cauchy_hazard(t: Array) -> Array:
    """The derivative of the logarithm of Cauchy's distribution function: -1/t far below 0."""
    above = np.maximum(t, 0.0)
    grown = above * above + np.maximum(-t, 0.0)
    whole = 1 + grown
    lost = grown - (whole - 1)  # exact: what 1 + grown was rounded by
    value = kernels.CAUCHY_HAZARD.scaled(_bounded(t), lost / whole)
    value /= whole
    patch(value, t, t < -FAR, lambda t: -1 / t)
    patch(value, t, t > FAR, lambda t: 1 / np.pi / t / t)
    return value


def _bounded(t: Array) -> Array:
    """t/(1 + |t|)."""
    x = within(t, -FAR, FAR)
    x /= 1 + np.abs(x)
    return x
