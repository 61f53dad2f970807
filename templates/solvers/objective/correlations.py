"""The shape of a convex cost where the columns of the data are correlated.

A parameter with an axis of a data matrix X (m, n) usually acts by a product with it, so along that
axis the curvature is about that of X'X.  Secant steps measured by it take as few steps for
correlated columns as for uncorrelated ones; a cost of another kind only takes more of them.
"""

from dataclasses import dataclass, replace

import numpy as np

from ..model import Array
from .parameters import Objective, Point

ROWS = 2_000  # of the data, which tell correlations well enough
PER_COLUMN = 20  # and so many per column
WIDE = 1_000  # columns from which on the inverse takes too long
CORRELATED = 10.0  # the condition number from which on it pays
NONE = 1e-12  # eigenvalues below this share of the largest are rounding: no steps need them


@dataclass(frozen=True)
class Correlations:
    """For each parameter None, or an axis and the inverse (n, n) of the shape along it.

    shapes: of the parameters; scale: of the coordinates, (k,): the inverses are those without it.
    """

    shapes: tuple[tuple[int, ...], ...]
    inverses: tuple[tuple[int, Array] | None, ...]
    scale: Array

    def times(self, q: Array) -> Array:
        """The inverse of the shape times q (k,)."""
        parts, end = [], 0
        inner = q / self.scale
        for shape, inverse in zip(self.shapes, self.inverses, strict=True):
            start, end = end, end + int(np.prod(shape, dtype=np.int64))
            if inverse is None:
                parts.append(q[start:end])
                continue
            axis, matrix = inverse
            part = np.tensordot(matrix, inner[start:end].reshape(shape), axes=(1, axis))
            parts.append(np.moveaxis(part, 0, axis).ravel() / self.scale[start:end])
        return np.concatenate(parts)


def correlated(objective: Objective, start: Point) -> Objective:
    """The objective with the correlations of the columns of its data, where they matter."""
    if not objective.model.convex:
        return objective
    widest = max((len(A.T) for A in _matrices(objective).values()), default=0)
    some = objective.sample(max(ROWS, PER_COLUMN * widest))
    matrices = _matrices(some)
    scales = objective.layout.unpack(objective.scale)
    inverses: list[tuple[int, Array] | None] = []
    for number, parameter in enumerate(objective.model.parameters):
        axis = next((n for n, letter in enumerate(parameter.axes) if letter in matrices), None)
        inverse = None
        if axis is not None and not parameter.facts:
            A, scale = matrices[parameter.axes[axis]], np.asarray(scales[number])
            inverse = _inverse(_Part(some, start, number, axis), A, scale)
        inverses.append(None if axis is None or inverse is None else (axis, inverse))
    if all(inverse is None for inverse in inverses):
        return objective
    found = Correlations(objective.layout.shapes, tuple(inverses), objective.scale)
    return replace(objective, shape=found.times)


def _matrices(objective: Objective) -> dict[str, Array]:
    """The first data matrix with rows for each letter of its columns."""
    found: dict[str, Array] = {}
    rows = objective.model.rows
    for variable, value in zip(objective.model.data, objective.data.data, strict=True):
        dense = not hasattr(value, "tocsr") and np.ndim(value) == 2
        if dense and rows is not None and variable.axes[0] == rows and value.shape[1] <= WIDE:
            found.setdefault(variable.axes[1], value)
    return found


@dataclass(frozen=True)
class _Part:
    """An axis of one of the parameters, and the curvature along it at the start."""

    objective: Objective
    start: Point
    number: int
    axis: int

    def curvature(self, e: Array) -> float:
        """That along e (n,) times random numbers, the same in every run."""
        random = np.random.Generator(np.random.PCG64(2))
        shapes = self.objective.layout.shapes
        parts = [np.zeros(shape) for shape in shapes]
        other = [n for a, n in enumerate(shapes[self.number]) if a != self.axis]
        along = np.multiply.outer(e, random.standard_normal(other))
        parts[self.number] = np.moveaxis(along, 0, self.axis)
        v = self.objective.layout.pack(parts)
        return float(v @ self.objective.product(self.start, v)) / float(v @ v)


def _inverse(part: _Part, A: Array, scale: Array) -> Array | None:
    """The inverse of A'A, of about size one in the coordinates; None if they are as good.

    What there is of curvature beside that of A'A, a penalty's for example, is seen where A'A has
    least of it, and added to all.
    """
    other = tuple(n for n in range(scale.ndim) if n != part.axis)
    size = np.sqrt(np.mean(scale**2, axis=other))
    B = A * size
    gram = B.T @ B
    middle = float(np.mean(np.diag(gram)))
    if not np.isfinite(gram).all() or not middle > 0:
        return None
    np.fill_diagonal(gram, np.where(np.diag(gram) > 0, np.diag(gram), middle))  # columns of zeros
    values, vectors = np.linalg.eigh(gram / middle)
    if len(A) < PER_COLUMN * len(values) or not values[-1] > CORRELATED * values[0]:
        return None
    values = np.maximum(values, 0.0)
    most, least = part.curvature(vectors[:, -1]), part.curvature(vectors[:, 0])
    if not (most > 0 and np.isfinite(least)):
        return None
    values = values + max(values[-1] * least / most - values[0], 0.0)
    inverse = (vectors / np.where(values > NONE * values[-1], values, 1.0)) @ vectors.T
    return np.asarray(size[:, None] * inverse * size)
