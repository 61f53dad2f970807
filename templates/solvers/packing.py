"""Several parameters of any shape as one vector, and the objective as a function of it.

    f(x) = cost(parameters) + l2/2 |penalised parameters|^2,   x (k,) all entries in order

Values and gradients are the user's.  Search directions are taken in coordinates u = x / scale
(see `scaling`), so `Objective` gives slopes and Hessian-vector products with respect to u.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .model import Array, GeneralModel
from .objective import EPS
from .outcome import Stop

BAND = 1e-8  # changes of cost smaller than this, relatively, are judged by the slopes
NOISE = 64 * EPS  # changes of cost smaller than this, relatively, are rounding


@dataclass(frozen=True)
class Layout:
    """Where each parameter lies in the packed vector."""

    shapes: tuple[tuple[int, ...], ...]

    @property
    def ends(self) -> tuple[int, ...]:
        """Where each parameter ends."""
        sizes = np.array([math.prod(shape) for shape in self.shapes], dtype=np.int64)
        return tuple(int(end) for end in np.cumsum(sizes))

    def pack(self, values: Sequence[Array | float]) -> Array:
        """One vector (k,) from an array per parameter."""
        return np.concatenate([np.ravel(np.asarray(v, dtype=np.float64)) for v in values])

    def unpack(self, x: Array) -> tuple[Array, ...]:
        """An array per parameter; one without axes is a NumPy number, which is a float."""
        parts = np.split(x, self.ends[:-1])
        # [()] takes the number out of an array without axes and leaves the others alone.
        return tuple(p.reshape(s)[()] for p, s in zip(parts, self.shapes, strict=True))


@dataclass(frozen=True)
class Point:
    """f and its gradient (k,) at x (k,); norm: the gradient's largest entry.

    trouble: why there is no further step from here to a point where nothing is finite.
    """

    x: Array
    cost: float
    gradient: Array
    norm: float
    trouble: Stop

    def finite(self) -> bool:
        """Whether nothing overflowed, inside of all domains."""
        return self.trouble is Stop.ROUNDING

    @property
    def band(self) -> float:
        """A change of cost below this is better judged by slopes than by costs."""
        return BAND * abs(self.cost)

    @property
    def noise(self) -> float:
        """A change of cost below this is rounding."""
        return NOISE * abs(self.cost)


@dataclass(frozen=True)
class Objective:
    """f for one model and one data set.

    penalty: l2 for every penalised entry, else 0, shape (k,); scale: of the coordinates, (k,).
    """

    model: GeneralModel
    data: tuple[Array, ...]
    layout: Layout
    penalty: Array
    scale: Array

    def at(self, x: Array) -> Point:
        """f at x; where the cost is no finite number its gradient is not computed."""
        parameters = self.layout.unpack(x)
        nowhere = np.full_like(x, np.nan)
        if not np.isfinite(x).all():
            return Point(x, math.inf, nowhere, math.inf, Stop.OVERFLOW)
        pairs = zip(self.model.parameters, parameters, strict=True)
        if not all(np.all(p.target.contains(np.asarray(value))) for p, value in pairs):
            return Point(x, math.inf, nowhere, math.inf, Stop.DOMAIN)
        try:
            cost = float(self.model.cost(*parameters, *self.data))
            cost += 0.5 * float(x @ (self.penalty * x))
            if not math.isfinite(cost):
                return Point(x, math.inf, nowhere, math.inf, Stop.OVERFLOW)
            parts = [g(*parameters, *self.data) for g in self.model.gradients]
        except np.linalg.LinAlgError:  # a singular matrix among the values
            return Point(x, math.inf, nowhere, math.inf, Stop.OVERFLOW)
        gradient = self.layout.pack(parts) + self.penalty * x
        norm = float(np.abs(gradient).max(initial=0.0))
        trouble = Stop.ROUNDING if math.isfinite(norm) else Stop.OVERFLOW
        return Point(x, cost, gradient, norm, trouble)

    def slope(self, point: Point) -> Array:
        """The gradient (k,) with respect to u."""
        return self.scale * point.gradient

    def step(self, point: Point, p: Array) -> Point:
        """The point u + p away."""
        return self.at(point.x + self.scale * p)

    def product(self, point: Point, v: Array) -> Array:
        """The Hessian with respect to u times v, shape (k,)."""
        parameters = self.layout.unpack(point.x)
        d = self.scale * v
        directions = self.layout.unpack(d)
        try:
            parts = [h(*parameters, *directions, *self.data) for h in self.model.hvps]
        except np.linalg.LinAlgError:
            return np.full_like(v, np.nan)
        return self.scale * (self.layout.pack(parts) + self.penalty * d)


@dataclass(frozen=True)
class Run:
    """Where a method ended and why."""

    point: Point
    stop: Stop
