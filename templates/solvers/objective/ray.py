"""The objective along a line."""

from dataclasses import dataclass

import numpy as np

from ..model import Array
from .scores import Objective
from .values import Point


@dataclass(frozen=True)
class Ray:
    """f on the half line w + t p, t >= 0, from cached scores z + t u: no reading of X."""

    objective: Objective
    origin: Point
    p: Array
    u: Array

    def cost(self, t: float) -> float:
        """f(w + t p)."""
        o = self.objective
        theta = self.origin.w[: o.n] + t * self.p[: o.n]
        losses = o.data.s * o.model.loss(self.origin.z + t * self.u, o.data.y)
        return float(losses.sum()) + o.penalty(theta)

    def slope(self, t: float) -> float:
        """d/dt f(w + t p)."""
        o = self.objective
        theta = self.origin.w[: o.n] + t * self.p[: o.n]
        root = np.sqrt(o.l2)  # goes in first, as in the penalty
        penalty = float((root * theta) @ (root * self.p[: o.n]))
        if t == 0:
            return float(self.origin.r @ self.u) + penalty
        slopes = o.data.s * o.model.slope(self.origin.z + t * self.u, o.data.y)
        return float((slopes * self.u).sum()) + penalty
