"""Coordinates in which every parameter's curvature is of about the same size."""

import math
from dataclasses import replace

import numpy as np

from ..algebra.direction import reciprocal
from ..model import Array
from .parameters import Objective, Point
from .residuals import residuals

ROUNDS = 8
PROBES = 8  # products per round
ROWS = 500  # of the data, which tell the sizes well enough
ALIKE = 16.0  # entries of a row (or a column) of a parameter that differ by less get one scale
LARGEST = 2.0**1000  # a scale; numbers of order one stay finite when they are multiplied by it
LOOKED_AT = 16  # rows whose costs are computed one by one
EVEN = 2.0  # rows whose norms differ from the middle one by less need no scaling


def equilibrated(objective: Objective, start: Point) -> Objective:
    """The objective with a scale that makes the rows of the Hessian at `start` alike, and a level.

    Rows are divided by the square roots of their norms until these agree (Ruiz 2001); the
    norms are estimated from products with random vectors, because no more of the Hessian is
    known (Bradley 2010).  The random numbers are the same in every run.  Scales are powers of
    two, so they round nothing.  A row without curvature keeps its scale; one that overflows gets a
    small one, to see more of it.
    """
    random = np.random.Generator(np.random.PCG64(0))
    scale, lost = objective.scale, np.zeros(start.x.size, dtype=bool)
    some = objective.sample(ROWS)
    for _ in range(ROUNDS):
        trial = replace(some, scale=scale)
        norms = _simpler(objective, _row_norms(trial, start, random))
        overflow = ~np.isfinite(norms)
        norms = np.where(lost, 0.0, np.where(overflow, LARGEST, norms))
        if not norms.any():
            break
        middle = float(np.median(norms[norms > 0]))
        # Within this factor they are estimates of the same size: to follow them would add noise.
        uneven = (norms > EVEN * middle) | ((norms < middle / EVEN) & (norms > 0))
        if not uneven.any() and 1 / EVEN <= middle <= EVEN:
            break
        size = np.where(uneven, norms, middle)
        better = scale * np.where(norms > 0, reciprocal(np.sqrt(size)), 1.0)
        # What needs a larger scale is lost in rounding, as if it had no curvature.
        lost |= better > LARGEST
        better = objective.even_scale(np.where(lost, 1.0, np.maximum(better, 1 / LARGEST)))
        if np.array_equal(better, scale):
            break
        scale = better
        if not (uneven.any() or overflow.any()):
            break
    return replace(objective, scale=scale, level=level(objective, start))


def level(objective: Objective, point: Point) -> float:
    """The size of the terms that the cost at a point is made of.

    Those of a sum of squares are what the residuals are the differences of; those of a mean over
    rows are the costs of single rows.
    """
    size = abs(point.cost) if math.isfinite(point.cost) else 0.0
    of = residuals(objective)
    if of is not None:
        r, J = of.at(point.x), of.jacobian(point.x)
        if r is not None and J is not None:
            terms = np.abs(J) @ np.abs(point.x) + np.abs(r)
            size = max(size, 0.5 * float(terms @ terms))
    elif objective.data.count > 1:
        rows = objective.sample(LOOKED_AT)
        size = max(size, float(np.mean([abs(c) for c in rows.each(point.x)])))
    return size if math.isfinite(size) else 0.0


def _row_norms(objective: Objective, start: Point, random: np.random.Generator) -> Array:
    """The norms of the rows of the Hessian with respect to u, estimated, shape (k,)."""
    norms = np.zeros(start.x.size)
    for _ in range(PROBES):
        norms += np.abs(objective.product(start, random.standard_normal(start.x.size)))
    return norms / PROBES


def _simpler(objective: Objective, norms: Array) -> Array:
    """The norms, with one for each row of a matrix parameter, or each column, where that will do.

    A cost may not change if all columns of a parameter change alike (softmax).  Steps in scales
    that differ from column to column would leave the directions in which nothing changes, along
    which a small penalty is then all that curves.
    """
    parts = []
    for parameter, part in zip(
        objective.model.parameters, objective.layout.unpack(norms), strict=True
    ):
        if np.ndim(part) == 2 and not parameter.facts and np.all(part > 0):
            sizes = np.log(part)
            for axis in (1, 0):
                mean = np.broadcast_to(sizes.mean(axis=axis, keepdims=True), sizes.shape)
                if np.abs(sizes - mean).max() <= np.log(ALIKE):
                    part = np.exp(mean)
                    break
        parts.append(part)
    return objective.layout.pack(parts)
