"""Search directions: the Newton step where the Hessian allows it, else the nearest thing to it."""

from dataclasses import dataclass

import numpy as np

from ..model import EPS, Array

FLOOR = 1e-14  # smallest curvature believed, relative to the largest


@dataclass(frozen=True)
class RowSpace:
    """The directions that change the objective at all: phi = scale * (Q c), Q (k, r) orthonormal.

    Its complement are linear dependences between the columns; steps keep out of it, which
    makes them the minimum-norm steps.  top: the Gram matrix's largest eigenvalue after scaling.
    """

    scale: Array
    Q: Array
    top: float

    @property
    def deficient(self) -> bool:
        """Whether the columns are linearly dependent."""
        return bool(self.Q.shape[1] < self.Q.shape[0])


def row_space(G: Array) -> RowSpace:
    """The row space of the data from their Gram matrix G (k, k) (penalty included)."""
    k = G.shape[0]
    scale = reciprocal(np.sqrt(np.diag(G)))
    values, vectors = np.linalg.eigh(scale[:, None] * G * scale)
    kept = values > 64 * k * EPS * max(values.max(initial=0.0), 0.0)
    return RowSpace(scale, vectors[:, kept], float(values.max(initial=0.0)))


def reciprocal(size: Array) -> Array:
    """The power of two nearest 1/size; 1 where size is 0 (or no number)."""
    usable = np.isfinite(size) & (size > 0)
    exponent = np.frexp(np.where(usable, size, 1.0))[1]
    return np.where(usable, np.ldexp(1.0, -np.clip(exponent, -1000, 1000)), 1.0)


def cholesky_step(H: Array, g: Array) -> Array | None:
    """-H^-1 g, or None where H is not safely positive definite.

    Cholesky's pivots decide, after scaling H to a diagonal of about one; a pivot at rounding
    level means a singular H whose solution would be noise.
    """
    diagonal = H.diagonal()
    if not diagonal.min(initial=1.0) > 0:
        return None
    scale = np.ldexp(1.0, -np.frexp(np.sqrt(diagonal))[1])
    scaled = scale[:, None] * H
    scaled *= scale
    try:
        pivots = np.linalg.cholesky(scaled).diagonal()
        if not pivots.min(initial=1.0) ** 2 > 64 * g.size * EPS:  # or it is no number
            return None
        step: Array = -scale * np.linalg.solve(scaled, scale * g)
    except np.linalg.LinAlgError:
        return None
    return step


def modified_step(H: Array, g: Array, space: RowSpace) -> Array:
    """A descent direction for any symmetric H: -|H|^-1 g inside the row space.

    Eigenvalues enter by their absolute value, as in Nocedal and Wright (2006, section 3.4),
    so negative curvature is descended; those lost in rounding are raised to a floor.  Without
    any curvature left (all samples saturated, or overflow) it is a gradient step of length one.
    """
    reduced_g = space.Q.T @ (space.scale * g)
    if not np.isfinite(H).all():
        H = np.zeros_like(H)
    reduced_H = space.Q.T @ (space.scale[:, None] * H * space.scale) @ space.Q
    values, vectors = np.linalg.eigh(reduced_H)
    size = np.abs(values)
    largest = float(size.max(initial=0.0))
    if not largest > 0:
        largest = float(np.abs(reduced_g).max(initial=0.0)) or 1.0
        size = np.full_like(size, largest)
    size = np.maximum(size, FLOOR * largest)
    step: Array = -space.scale * (space.Q @ (vectors @ ((vectors.T @ reduced_g) / size)))
    return step
