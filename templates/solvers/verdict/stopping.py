"""The one stopping rule: when a point is as near to a stationary one as `tol` asks for.

Two numbers are looked at, and neither changes with the units of anything: multiplying a column of
X, y, the weights or the cost by a power of two changes no verdict.

    steep: the gradient with respect to the scaled and centred columns, relative to the mean size
    of the samples' slopes, is at most tol;
    decrement: g'H^-1 g, twice what a Newton step would lower the cost by, is at most 4 tol^2 for
    each parameter, and never more than 128 tol^2, times the mean size of the losses.  For
    tol = 1e-8 that is always below what rounding may do to the cost.

H may be what a method knows of the Hessian: another point's, some rows', or what secant pairs tell.

Where a method can gain no more although these are not small enough, the rounding of the gradient
itself decides whether that is success: `at_precision`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..data.blocks import Block
from ..model import EPS, Array
from ..objective.scores import Objective
from ..objective.values import Value

EACH = 4.0  # times tol^2, for each parameter,
MOST = 128.0  # but not more
FITTED = 1e-6  # of the slopes where all scores are zero: smaller ones are those of an exact fit
UNITS = 4.0  # of rounding that a slope, or a product in a score, may have


@dataclass(frozen=True)
class Rule:
    """The rule for one fit.

    Where all samples are fitted exactly, slopes and losses tend to zero together with the gradient.
    Then those at scores of zero tell what is small.
    """

    tol: float
    objective: Objective

    def small(self, largest: float, slopes: float) -> bool:
        """Whether the largest entry of a gradient is small against slopes of this mean size."""
        if largest <= self.tol * slopes:
            return True
        return largest <= self.tol * FITTED * self.objective.level[0]

    def close(self, decrement: float, losses: float) -> bool:
        """Whether a decrement is small against losses of this mean size."""
        share = min(EACH * self.objective.k, MOST) * self.tol * self.tol
        if decrement <= share * losses:
            return True
        return bool(decrement <= share * FITTED * FITTED * self.objective.level[1])

    def met(self, point: Value, decrement: float) -> bool:
        """Whether the rule holds at a point."""
        small = self.small(point.largest, point.slopes)
        return small and self.close(decrement, point.size)


def at_precision(objective: Objective, point: Value) -> bool:
    """Whether every entry of the gradient is no larger than what rounding may make of zero.

    A slope is known to some units of its own last place, and to those of the score times the
    curvature; a score to those of the products that it adds.
    """
    bound = _rounding(objective, point.w)
    w, l2 = point.w, objective.l2
    bound[: objective.n] += EPS * np.abs(l2 * w[: objective.n]) * objective.coordinates.unit
    return bool((np.abs(_inward(objective, point.w)) <= bound).all())


def _rounding(objective: Objective, w: Array) -> Array:
    """What rounding may do to the gradient with respect to phi at w, (k,)."""
    model, n = objective.model, objective.n

    def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
        total, A = np.zeros(objective.k), None
        for block in blocks:
            z = objective.scores_of(block, w)
            sizes = np.abs(block.X) @ np.abs(w[:n]) + (abs(w[-1]) if objective.intercept else 0.0)
            error = np.abs(model.slope(z, block.y)) + np.abs(model.curvature(z, block.y)) * sizes
            A = objective.scaled(block, np.float64, A)
            total += (block.s * error) @ np.abs(A[: len(z)])
        return (total,)

    return UNITS * EPS * np.asarray(objective.team.add(part, objective.data, 0)[0])


def _inward(objective: Objective, w: Array) -> Array:
    """The gradient with respect to phi, from the centred columns: no digits are lost to means."""
    return objective.hessian(objective.at(w))[1]
