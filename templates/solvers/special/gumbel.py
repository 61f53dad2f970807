"""The logarithm and the hazard of Gumbel's distribution function 1 - exp(-e^t), to the last digits.

With u = e^t they are smooth in u up to t = 0, and e^(1 - u) times something smooth above. An error
of u is multiplied by u in e^-u: above 0, e^t is therefore computed in two parts, from a table at
the multiples of 1/16 (Tang 1989 computes exp so).
"""

import numpy as np

from . import kernels
from .tables import LIFT, LOWER, Array, Table, entrywise

LAST = 6.75  # exp(-e^t) is 0 in float64 beyond
TINY = -700.0  # the exponential begins to lose digits below
GRID = 1.5 * 2.0**22  # adding it rounds to a multiple of 2^-30
STEPS = 16
SERIES = tuple(1 / float(np.prod(np.arange(1.0, k + 1))) for k in range(10, 1, -1))


def exponential(t: Array) -> tuple[Array, Array]:
    """e^t in two parts, for t from 0 to 6.75: e^(k/16) e^r, with e^r - 1 - r by its series."""
    k = np.rint(t * STEPS)
    r = t - k / STEPS
    high, low = (row.take(k.astype(np.intp), mode="clip") for row in kernels.POWERS)
    head = r + GRID
    head -= GRID
    curved = SERIES[0] * r
    for c in SERIES[1:]:
        curved += c
        curved *= r
    curved *= r
    step = high * head  # exact: 26 bits times 25
    total = high + step
    rest = high - total
    rest += step
    rest += high * (curved + (r - head)) + (low + low * (curved + r))
    whole = total + rest
    total -= whole
    total += rest
    return whole, total


def _scaled(t: Array, table: Table, *, factor: bool) -> Array:
    """The table's values times e^(1 - u) above 0, times u below if it is a factor there."""
    x = np.minimum(t, LAST)
    u, lost = exponential(np.maximum(x, 0.0))
    exponent = np.minimum(x, 0.0)  # one of this and of 1 - u is 0
    exponent += np.subtract(1.0, u, out=u)
    E = np.exp(exponent)
    value = table.scaled(np.where(x > 0, x, E - 1), lost)
    if not factor:
        E = np.where(x <= 0, 1.0, E)
    E *= value
    tiny = (exponent < TINY) & (x > 0)
    if tiny.any():  # where e^(1 - u) would be subnormal, it is lifted, and lowered at the end
        E[tiny] = np.exp(exponent[tiny] + LIFT) * value[tiny] * LOWER
    return E


@entrywise
def log_gumbel_cdf(t: Array) -> Array:
    """log(1 - exp(-e^t)): t far below 0, -exp(-e^t) above."""
    value = _scaled(t, kernels.LOG_GUMBEL_CDF, factor=True)
    value += np.minimum(t, 0.0)
    return value


@entrywise
def gumbel_hazard(t: Array) -> Array:
    """u/(e^u - 1) for u = e^t, the derivative of log(1 - exp(-e^t)): between 0 and 1."""
    return _scaled(t, kernels.GUMBEL_HAZARD, factor=False)


@entrywise
def gumbel_hazard_slope(t: Array) -> Array:
    """g (u + g - 1) for u = e^t and g = u/(e^u - 1), minus the derivative of g."""
    return _scaled(t, kernels.GUMBEL_HAZARD_SLOPE, factor=True)
