"""Starts for sums of squares where none is given: magnitudes and places that the data suggest.

A parameter that enters non-linearly is a rate (one over a length of the data), a length, a place
among the data, or a plain number.  Many such points are tried, the linear parameters solved for at
each; from the best a few steps are taken, and the best of these is the start.
"""

import numpy as np

from ..model import Array, Target
from ..objective.parameters import Objective
from ..objective.residuals import Residuals, residuals
from .levenberg_marquardt import BOLD, run

TRIED = 250  # points for each entry that enters non-linearly,
MOST = 1_000  # in all
KEPT = 12  # of them that steps are taken from,
STEPS = 60  # so many at most
ROWS = 2_000  # of the data that are looked at
SPREAD = 1.5  # decimal orders of magnitude around a scale of the data
EXPONENTS = range(-80, 81, 2)  # of two, by which a start is multiplied
FAR_LESS = 0.99  # of the cost of a start: what another saves if it is in other units
ALIKE = 0.1  # by which the costs of good multiples differ, relatively
PLACES = 0.3  # the share of places among the data


def from_data(objective: Objective) -> Array | None:
    """The start (k,), or None where the cost is no sum of squares or nothing was finite."""
    of = residuals(objective.sample(ROWS))
    if of is None or of.linear.all():
        return None
    random = np.random.Generator(np.random.PCG64(0))
    tried = sorted(_costs(of, random), key=lambda pair: pair[0])[:KEPT]
    runs = [run(of, x, STEPS, BOLD) for _, x in tried]
    found = [(r.cost, k, r.x) for k, r in enumerate(runs) if r is not None]
    return min(found)[2] if found else None


def in_scale(objective: Objective, x: Array) -> Array:
    """The start x (k,), or a multiple of it by a power of two if that costs far less.

    The numbers of a start that nobody gave have no units, but the data do.
    """
    some = objective.sample(ROWS)
    usual = some.at(x).cost
    costs = [(some.at(2.0**e * x).cost, e) for e in EXPONENTS]
    least = min((cost for cost, _ in costs if np.isfinite(cost)), default=usual)
    if not (np.isfinite(least) and usual - least > FAR_LESS * abs(usual)):
        return x
    # Far below the scale of the data all costs are those of zeros, a saddle point perhaps.
    near = least + ALIKE * abs(least)
    return np.asarray(2.0 ** max(e for cost, e in costs if cost <= near) * x)


def _costs(of: Residuals, random: np.random.Generator) -> list[tuple[float, Array]]:
    own = np.flatnonzero(~of.linear)
    count = min(MOST, TRIED * own.size)
    vectors = [a for a in of.objective.data.everything() if np.ndim(a) == 1]
    points = np.ones((count, of.linear.size))
    for k in own:
        points[:, k] = _values(vectors, count, random)
    found = []
    for x in points:
        solved = of.solved(_within(of.objective, x))
        if solved is not None:
            found.append((float(solved[1] @ solved[1]), solved[0]))
    return found


def _values(vectors: list[Array], count: int, random: np.random.Generator) -> Array:
    """So many values for one parameter."""
    scales = [1.0]
    for v in vectors:
        sizes = (float(np.ptp(v)), float(np.abs(v).max()), float(np.abs(v).mean()))
        scales += [s for size in sizes if size > 0 for s in (size, 1 / size)]
    signs = random.choice((-1.0, 1.0), count)
    size = random.choice(scales, count) * 10 ** random.uniform(-SPREAD, SPREAD, count)
    if not vectors:
        return signs * size
    v = vectors[0]
    place = random.uniform(v.min(), v.max(), count)
    return np.where(random.random(count) < PLACES, place, signs * size)


def _within(objective: Objective, x: Array) -> Array:
    """x with every entry inside of its parameter's domain, its size kept where that may be."""
    model, layout = objective.model, objective.layout
    pairs = zip(model.parameters, layout.unpack(x), strict=True)
    return layout.pack([_moved(p.target, np.asarray(value)) for p, value in pairs])


def _moved(target: Target, z: Array) -> Array:
    low, high = target.low, target.high
    if np.isfinite(low) and np.isfinite(high):
        return np.asarray(low + (high - low) * (np.abs(z) / (1 + np.abs(z))))
    if np.isfinite(low):
        return np.asarray(low + np.abs(z))
    return np.asarray(high - np.abs(z)) if np.isfinite(high) else z
