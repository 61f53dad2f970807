"""What rounding takes from a sum, a product or a quotient of two numbers: a number itself.

The sum after O. Møller (1965) and D. E. Knuth, The Art of Computer Programming 2, 4.2.2; the
product after T. J. Dekker (1971), A floating-point technique for extending the available precision.
Where a part overflows there is no rest: 0.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.float64] | float

SPLIT = 2.0**27 + 1


def sum_rest(a: Numbers, b: Numbers) -> Array:
    """a + b - fl(a + b), which is exact."""
    with np.errstate(all="ignore"):
        total = a + b
        second = total - a
        return _finite((a - (total - second)) + (b - second))


def product_rest(a: Numbers, b: Numbers) -> Array:
    """a b - fl(a b), which is exact unless it is below 1e-308."""
    with np.errstate(all="ignore"):
        high, low = _halves(a)
        more, less = _halves(b)
        return _finite(((high * more - a * b) + high * less + low * more) + low * less)


def quotient_rest(a: Numbers, b: Numbers) -> Array:
    """a / b - fl(a / b), rounded."""
    with np.errstate(all="ignore"):
        found = a / b
        return _finite(((a - found * b) - product_rest(found, b)) / b)


def _halves(a: Numbers) -> tuple[Numbers, Numbers]:
    """A number as a sum of two of half as many bits."""
    grown = SPLIT * a
    high = grown - (grown - a)
    return high, a - high


def _finite(rest: Numbers) -> Array:
    return np.where(np.isfinite(rest), rest, 0.0)
