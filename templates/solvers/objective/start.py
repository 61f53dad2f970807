"""The point that a fit starts from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..data.checks import Asked
from ..model import Array
from .scores import Objective
from .values import Point


@dataclass(frozen=True)
class Start:
    """The start w (k,): zeros, or what the user gave; not evaluated before somebody asks."""

    asked: Asked
    objective: Objective
    w: Array

    @cached_property
    def point(self) -> Point:
        """The objective there, or at zeros where a convex cost is lower there; else a refusal."""
        first = self.objective.at(self.w)
        given = bool(self.w.any())
        if not first.finite():
            where, to_do = ("start", "start nearer to zero") if given else ("X, y", "scale them")
            self.asked.refuse(where, "the cost or its gradient overflows at the start", to_do)
        if self.objective.model.convex and given:
            zeros = self.objective.at(np.zeros_like(self.w))
            return zeros if zeros.cost < first.cost else first
        return first
