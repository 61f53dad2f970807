"""Coordinates in which every parameter's curvature is of about the same size."""

from dataclasses import replace

import numpy as np

from .direction import reciprocal
from .model import Array
from .packing import Objective, Point

ROUNDS = 8
PROBES = 3  # products per round
EVEN = 4.0  # rows whose norms differ by less need no scaling


def equilibrated(objective: Objective, start: Point) -> Objective:
    """The objective with a scale that makes the rows of the Hessian at `start` alike.

    Rows are divided by the square roots of their norms until these agree (Ruiz 2001); the
    norms are estimated from products with random vectors, because no more of the Hessian is
    known (Bradley 2010).  The random numbers are the same in every run.  Scales are powers of
    two, so they round nothing.  A row without curvature keeps its scale.
    """
    random = np.random.Generator(np.random.PCG64(0))
    scale = np.ones(start.x.size)
    for _ in range(ROUNDS):
        trial = replace(objective, scale=scale)
        norms = _row_norms(trial, start, random)
        if not np.isfinite(norms).all() or not norms.any():
            break
        kept = norms[norms > 0]
        if kept.max() <= EVEN * kept.min() and 1 / EVEN <= kept.max() <= EVEN:
            break
        scale = scale * np.where(norms > 0, reciprocal(np.sqrt(norms)), 1.0)
        scale = objective.even_scale(scale)
    return replace(objective, scale=scale)


def _row_norms(objective: Objective, start: Point, random: np.random.Generator) -> Array:
    """The norms of the rows of the Hessian with respect to u, estimated, shape (k,)."""
    norms = np.zeros(start.x.size)
    for _ in range(PROBES):
        norms += np.abs(objective.product(start, random.standard_normal(start.x.size)))
    return norms / PROBES
