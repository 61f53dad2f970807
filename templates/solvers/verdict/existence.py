"""Whether a convex cost of a linear score certainly has a minimiser, told at a point near it.

Along a direction of recession d (see `recession`) the cost never rises, so at any point w

    -g'd >= sum_i s_i gap_i |u_i|,    u = A d,

where gap_i is by how much the slope of sample i still differs from what it becomes far out. A
lower bound of the gap is what the slope changes by over a long way to either side. With the Gram
matrix G = A' diag(s gap) A the right-hand side is at least d'Gd / max_i |u_i|, and both |g'd| and
|u_i| are bounded by what they have of sqrt(d'Gd). So there is no such d, and a minimiser exists, if

    g'G^-1 g * max_i a_i'G^-1 a_i < 1.

No units matter, some of the rows suffice, and on data that are separated, wholly or in part, it
never holds: there both sides shrink alike. What it does not prove is left to Newton's method, which
sees curvature, and to the exact check of a direction.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..algebra.direction import row_space
from ..algebra.products import weighted_gram
from ..data.blocks import BLOCK, Block
from ..model import EPS, Array
from ..objective.scores import Objective
from ..objective.values import Value

LONG = 8.0  # the way over which a slope is followed, in units of the largest score
SAFE = 0.1  # of the bound, because both sides are rounded
FEWEST = 500  # rows that are looked at first,
PER_COLUMN = 20  # and so many per column;
MORE = 8  # then so many times as many
LARGEST = 1e100  # gap: sums of them stay finite


@dataclass(frozen=True)
class Proof:
    """That there is a minimiser; deficient: of many, for the columns are linearly dependent."""

    deficient: bool = False


def proof(objective: Objective, point: Value) -> Proof | None:
    """That a minimiser certainly exists; `point` is one where the gradient is small."""
    if objective.k == 0 or (objective.l2 > 0 and not objective.intercept):
        return Proof()
    m, each = len(objective.data.y), 0 if objective.l2 > 0 else PER_COLUMN
    every = max(1, m // max(FEWEST, each * objective.k))
    while (found := _proof(objective, point, every)) is None and every > 1:
        every = max(1, every // MORE)
    return found


def _proof(objective: Objective, point: Value, every: int) -> Proof | None:
    """The proof from every so manyth row."""
    g = objective.inward_gradient(point.w, point.gradient)
    if objective.l2 > 0:  # only the intercept may run away
        reach = sum(float(gaps.sum()) for _, gaps in _blocks(objective, point.w, every))
        return Proof() if abs(float(g[-1])) < SAFE * reach else None
    k = objective.k
    G = np.zeros((k, k))
    for A, gaps in _rows(objective, point.w, every):
        G += weighted_gram(A, gaps)
    basis, deficient = _basis(G), False
    if basis is None and every == 1:
        # Linear dependences between columns move no score: they do not count.
        space = row_space(objective.gram(objective.data.s))
        if deficient := space.deficient:
            inner = _basis(space.Q.T @ (space.scale[:, None] * G * space.scale) @ space.Q)
            basis = None if inner is None else space.scale[:, None] * (space.Q @ inner)
    if basis is None:
        return None
    far = max(
        float(np.square(A @ basis).sum(axis=1).max(initial=0.0))
        for A, _ in _rows(objective, point.w, every)
    )
    along = basis.T @ g
    return Proof(deficient) if float(along @ along) * far < SAFE * SAFE else None


def _basis(G: Array) -> Array | None:
    """B (k, k) with B B' = G^-1, or None where G is not safely positive definite."""
    diagonal = G.diagonal()
    if not (np.isfinite(G).all() and diagonal.min(initial=1.0) > 0):
        return None
    scale = np.ldexp(1.0, -np.frexp(np.sqrt(diagonal))[1])
    try:
        L = np.linalg.cholesky(scale[:, None] * G * scale)
    except np.linalg.LinAlgError:
        return None
    if not L.diagonal().min(initial=1.0) ** 2 > 64 * len(G) * EPS:
        return None
    return np.asarray(scale[:, None] * np.linalg.inv(L).T)


def _rows(objective: Objective, w: Array, every: int) -> Iterator[tuple[Array, Array]]:
    """Scaled and centred rows A (rows, k) and their weighted gaps (rows,), block by block."""
    buffer = None
    for block, gaps in _blocks(objective, w, every):
        buffer = objective.scaled(block, np.float64, buffer)
        yield buffer[: len(gaps)], gaps


def _blocks(objective: Objective, w: Array, every: int) -> Iterator[tuple[Block, Array]]:
    """Every so manyth row, block by block, with their weighted gaps (rows,)."""
    data, k = objective.data, objective.k
    X, y, s = data.X[::every], data.y[::every], data.s[::every]
    size = max(1, BLOCK // max(1, k))
    for first in range(0, len(y), size):
        rows = slice(first, first + size)
        block = Block(rows, X[rows].astype(np.float64, copy=False), y[rows], s[rows], y[None, rows])
        z = objective.scores_of(block, w)
        yield block, block.s * _gaps(objective, z, block.y)


def _gaps(objective: Objective, z: Array, y: Array) -> Array:
    """By how much at least the slopes still change to either side, (rows,)."""
    slope = objective.model.slope
    way = LONG * (1.0 + float(np.abs(z).max(initial=0.0)))
    here = slope(z, y)
    gaps = np.minimum(slope(z + way, y) - here, here - slope(z - way, y))
    return np.where(gaps > 0, np.minimum(gaps, LARGEST), 0.0)  # NaN is no gap
