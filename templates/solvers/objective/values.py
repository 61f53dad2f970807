"""What is known of the objective at a point."""

import math
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from ..model import EPS, Array

SETTLED = 1e-3
BAND = 64 * EPS  # of the sizes that are added: what rounding may cost their sum


class Stop(Enum):
    """Why a solver stopped."""

    TOLERANCE = auto()  # the gradient is small enough
    NO_MINIMISER = auto()  # a direction was found along which the cost falls for ever
    ROUNDING = auto()  # float64 does not permit a smaller gradient, or a lower cost
    UNSETTLED = auto()  # the gradient is small, but the minimiser of a convex cost is not near
    LIMIT = auto()  # max_iter steps were taken
    OVERFLOW = auto()  # the cost or its gradient is no finite number at the next point
    DOMAIN = auto()  # the next point lies outside of a parameter's domain
    PRECISION = auto()  # the gradient is zero to the precision of float64: no more can be gained


def settled(change: float, z: Array) -> bool:
    """Whether a step is so short that a minimiser is near: by what it changes the scores z (m,)."""
    return change <= SETTLED * (1.0 + float(np.abs(z).max(initial=0.0)))


@dataclass(frozen=True)
class Value:
    """f and its gradient (k,) at w; norm: the gradient's largest entry.

    largest: the same with respect to phi (see `coordinates`).  slopes: the mean size of the
    samples' slopes; size: that of their losses, with the penalty.  sway: what a change of the
    scores must exceed to be more than rounding.
    """

    w: Array
    cost: float
    gradient: Array
    norm: float
    largest: float
    slopes: float
    size: float
    sway: float

    @property
    def rounding(self) -> float:
        """What a change of cost must exceed to be more than rounding."""
        return BAND * self.size

    def finite(self) -> bool:
        """Whether nothing overflowed."""
        return math.isfinite(self.cost) and math.isfinite(self.norm)


@dataclass(frozen=True)
class Point(Value):
    """A value with the scores z (m,) and the slopes r = s * d loss/dz (m,) that led to it.

    weights: s * d2 loss/dz2 (m,), where they were asked for.
    """

    z: Array
    r: Array
    weights: Array | None = None


@dataclass(frozen=True)
class Quadratic:
    """f to second order at w, in the coordinates phi: cost, gradient g (k,) and Hessian H (k, k).

    squares: sum s slope^2, bend: sum s curvature; their ratio is the dispersion.  slopes: the mean
    size of the slopes, size: that of the losses, with the penalty.
    """

    w: Array
    cost: float
    g: Array
    H: Array
    squares: float
    bend: float
    slopes: float
    size: float
