"""Several parameters of any shape as one vector, and the objective as a function of it.

    f(x) = cost(parameters) + l2/2 |penalised parameters|^2,   x (k,) all entries in order

Values and gradients are the user's.  Search directions are taken in coordinates u = x / scale
(see `scaling`), so `Objective` gives slopes and Hessian-vector products with respect to u.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..data.row_blocks import RowBlocks
from ..model import EPS, EPS_SINGLE, Array, Blocks, GeneralModel, Variable
from ..objective.values import Stop

BAND = 1e-8  # changes of cost smaller than this, relatively, are judged by the slopes
SYMMETRIC = {"symmetric", "positive definite"}  # facts of a parameter that its iterates keep
NOISE = 64  # changes of cost by fewer units of rounding, relatively, are rounding
FITTED = 1e-12  # of the level of a cost: smaller costs are those of an exact fit


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
        """One vector (k,) from an array per parameter; of what comes before them, too."""
        return np.concatenate([np.ravel(np.asarray(v, dtype=np.float64)) for v in values])

    def unpack(self, x: Array) -> tuple[Array, ...]:
        """An array per parameter; one without axes is a NumPy number, which is a float."""
        parts = np.split(x, self.ends[:-1])
        # [()] takes the number out of an array without axes and leaves the others alone.
        return tuple(p.reshape(s)[()] for p, s in zip(parts, self.shapes, strict=True))


@dataclass(frozen=True)
class Point:
    """f and its gradient (k,) at x (k,); norm: the gradient's largest entry.

    cost: NaN where it was not asked for.
    trouble: why there is no further step from here to a point where nothing is finite.
    unit: the rounding of what led to these values, relatively.
    """

    x: Array
    cost: float
    gradient: Array
    norm: float
    trouble: Stop
    unit: float = EPS

    def finite(self) -> bool:
        """Whether nothing overflowed, inside of all domains."""
        return self.trouble is Stop.ROUNDING

    @property
    def band(self) -> float:
        """A change of cost below this is better judged by slopes than by costs."""
        return max(BAND, NOISE * self.unit) * abs(self.cost)

    @property
    def noise(self) -> float:
        """A change of cost below this is rounding."""
        return NOISE * self.unit * abs(self.cost)


@dataclass(frozen=True)
class Objective:
    """f for one model and one data set.

    penalty: l2 for every penalised entry, else 0, shape (k,); scale: of the coordinates, (k,).
    shape: the inverse of what shape is known of the Hessian with respect to u, times a vector (k,).
    level: the size of the terms that the cost is made of, where they may cancel or vanish.
    """

    model: GeneralModel
    data: RowBlocks
    layout: Layout
    penalty: Array
    scale: Array
    shape: Callable[[Array], Array] | None = None
    level: float = 0.0

    def size(self, cost: float) -> float:
        """What changes of the cost are measured by; the cost may be unknown (NaN)."""
        known = abs(cost) if math.isfinite(cost) else self.level
        return max(known, FITTED * self.level)

    def steep(self, point: Point) -> float:
        """The gradient's largest entry with respect to u, by the root of the cost's size.

        Curvature is about one with respect to u, so this is about the root of the share of the cost
        that a Newton step would gain: a number without units.
        """
        return self.steepness(point.gradient, point.cost)

    def steepness(self, gradient: Array, cost: float) -> float:
        """The same for any vector (k,) in the user's units."""
        largest, size = float(np.abs(self.scale * gradient).max(initial=0.0)), self.size(cost)
        if size > 0:
            return largest / math.sqrt(size)
        return math.inf if largest > 0 else 0.0

    def at(self, x: Array, *, cost: bool = True) -> Point:
        """f at x, with its gradient, from one pass over the data; without the cost it is NaN."""
        parameters = self._parameters(x)
        nowhere = np.full_like(x, np.nan)
        if not np.isfinite(x).all():
            return Point(x, math.inf, nowhere, math.inf, Stop.OVERFLOW)
        pairs = zip(self.model.parameters, parameters, strict=True)
        if not all(inside(p, np.asarray(value)) for p, value in pairs):
            return Point(x, math.inf, nowhere, math.inf, Stop.DOMAIN)

        def evaluate(data: tuple[Array, ...]) -> Array:
            if cost:
                return self.layout.pack(self.model.evaluate(*parameters, *data))
            return self.layout.pack((0.0, *_blocks(self.model.gradient(*parameters, *data))))

        try:
            values = np.asarray(self.data.mean(evaluate))
        except np.linalg.LinAlgError:  # a singular matrix among the values
            return Point(x, math.inf, nowhere, math.inf, Stop.OVERFLOW)
        value = float(values[0]) + 0.5 * float(x @ (self.penalty * x))
        if not math.isfinite(value):
            return Point(x, math.inf, nowhere, math.inf, Stop.OVERFLOW)
        gradient = self.even(values[1:]) + self.penalty * x
        norm = float(np.abs(gradient).max(initial=0.0))
        trouble = Stop.ROUNDING if math.isfinite(norm) else Stop.OVERFLOW
        unit = EPS_SINGLE if self.data.single else EPS
        return Point(x, value if cost else math.nan, gradient, norm, trouble, unit)

    def _parameters(self, x: Array) -> tuple[Array, ...]:
        """An array per parameter, in the precision of the data."""
        return self.layout.unpack(x.astype(np.float32) if self.data.single else x)

    def rounded(self) -> "Objective":
        """The objective in single precision, but for the sums over blocks of rows."""
        return replace(self, data=self.data.rounded())

    def slope(self, point: Point) -> Array:
        """The gradient (k,) with respect to u."""
        return self.scale * point.gradient

    def step(self, point: Point, p: Array, *, cost: bool = True) -> Point:
        """The point u + p away."""
        return self.at(self.even(point.x + self.scale * p), cost=cost)

    def product(self, point: Point, v: Array) -> Array:
        """The Hessian with respect to u times v, shape (k,)."""
        parameters = self._parameters(point.x)
        d = self.even(self.scale * v)
        directions = self._parameters(d)
        try:
            packed = self.data.mean(
                lambda data: self.layout.pack(
                    _blocks(self.model.hvp(*parameters, *directions, *data))
                )
            )
        except np.linalg.LinAlgError:
            return np.full_like(v, np.nan)
        return self.scale * (self.even(np.asarray(packed)) + self.penalty * d)

    def each(self, x: Array) -> list[float]:
        """The finite ones of the costs of single rows at x, without the penalty."""
        parameters = self._parameters(x)
        costs = (float(self.model.cost(*parameters, *row)) for row in self.data.rows())
        return [c for c in costs if math.isfinite(c)] or [0.0]

    def sample(self, rows: int) -> "Objective":
        """The objective over about so many of the rows; itself if there are not more of them."""
        return replace(self, data=self.data.sample(rows))

    def even(self, x: Array) -> Array:
        """x with every symmetric parameter's part A replaced by (A + A')/2.

        A cost is differentiated as if all entries were independent. The gradient and the
        products that are left after this projection are those in the space of symmetric
        matrices, which the iterates therefore never leave.
        """
        return self._with_transposes(x, lambda A, B: (A + B) / 2)

    def even_scale(self, scale: Array) -> Array:
        """A scale that is the same for an entry and its mirror image; still powers of two."""
        return self._with_transposes(scale, np.maximum)

    def _with_transposes(self, x: Array, join: Callable[[Array, Array], Array]) -> Array:
        if not any(SYMMETRIC & set(p.facts) for p in self.model.parameters):
            return x
        parts = [
            join(np.asarray(part), np.asarray(part).T) if SYMMETRIC & set(p.facts) else part
            for p, part in zip(self.model.parameters, self.layout.unpack(x), strict=True)
        ]
        return self.layout.pack(parts)

    @property
    def freedom(self) -> int:
        """The number of entries that move independently: half of a symmetric matrix's."""
        mirrored = (
            shape[0] * (shape[0] - 1) // 2
            for p, shape in zip(self.model.parameters, self.layout.shapes, strict=True)
            if SYMMETRIC & set(p.facts)
        )
        return self.penalty.size - sum(mirrored)


def _blocks(value: Blocks) -> tuple[Array | float, ...]:
    """One array for each parameter."""
    return value if isinstance(value, tuple) else (value,)


def inside(variable: Variable, value: Array) -> bool:
    """Whether a parameter is where it has to be: entries in a domain, or positive definite."""
    if not np.all(variable.target.contains(value)):
        return False
    if "positive definite" not in variable.facts:
        return True
    try:
        np.linalg.cholesky(value)
    except np.linalg.LinAlgError:
        return False
    return True


@dataclass(frozen=True)
class Run:
    """Where a method ended and why."""

    point: Point
    stop: Stop
