"""Newton's method on samples of the rows, then steps over all rows that need no Hessian.

The minimiser over a sample of m' rows lies within its statistical error, of order sqrt(k/m'), of
the minimiser over all rows: far from the solution most rows only confirm what a few say. Newton
steps are taken on every 512th, 64th and 8th (or 16th) row, each level only as far as its own error
allows; on the last one gradients lead so near its minimiser that one Hessian is enough. Samples are
copied, in scaled and centred columns and in single precision, so that these steps cost little. The
last Hessian, corrected by secant pairs, then gives the shape of the steps over all rows, each of
which needs one reading of X for the gradient. Slopes are in single precision while gradients are
far larger than its rounding; the last ones are always in double precision.

The result is the minimiser over all rows, to the tolerance. A sample that misleads (sorted or
clustered rows) only costs time: where the observed rate is poor, the run is given back unsettled.

Source: Byrd, Chin, Nocedal and Wu (2012), Sample size selection in optimization methods for
machine learning.
"""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from ..algebra.direction import cholesky_step
from ..algebra.recursion import Pair
from ..model import EPS_SINGLE, MANY, Array
from ..objective.scores import Objective
from ..objective.values import Quadratic, Value
from ..result import Record
from ..verdict.stopping import Rule
from . import secant

EVERY = (512, 64)  # levels: every so manyth row,
LAST = 8  # and at last every 8th,
LEAN = 16  # or 16th of MANY rows of few columns, beside which buffers are no small part already
AMPLE = 1 << 22  # entries of X from which on a copy of every 8th row is affordable
ROWS = 500  # the fewest rows of a level
PER_COLUMN = 12  # the fewest rows of a level per column
NEARER = 5  # gradients on the last level before its Hessian is computed
STEPS = 30  # evaluations on one level
SHARE = 0.1  # of a level's statistical error, to which its cost is minimised
SLOW = 0.3  # a gradient that falls by less than this factor, twice: the Hessian misleads


@dataclass(frozen=True)
class Run:
    """The point reached over all rows, how, and whether it is the minimiser to the tolerance."""

    point: Value
    history: tuple[Record, ...]
    settled: bool


def levels(m: int, k: int) -> tuple[int, ...]:
    """The strides of the levels that m rows of k columns permit."""
    last = LEAN if m >= MANY and m * k < AMPLE else LAST
    return tuple(every for every in (*EVERY, last) if m // every >= max(ROWS, PER_COLUMN * k))


def minimise(objective: Objective, start: Array, tol: float, max_iter: int) -> Run | None:
    """Newton steps on samples, then steps over all rows; None where no sample was of use."""
    given = objective.coordinates.inward(start)
    phi, H, error, allowed, before = np.zeros_like(start), None, 1.0, 0.0, 1
    scale = Scale(0.0, 0.0)
    m = len(objective.data.y)
    strides = levels(m, objective.k)
    for every in strides:
        sample, last = objective.inward_sample(every), every == strides[-1]
        if last and H is not None and (inverse := inverted(H)) is not None:
            phi = _nearer(sample, phi, inverse, allowed * before / len(sample.data.y))
        found = _on_sample(sample, phi, last=last)
        if found is not None:
            phi, H, error = found.phi, found.H, sqrt(objective.k * every / m)
            scale, allowed, before = found.scale, found.allowed, len(sample.data.y)
            known = sample.value(given) if start.any() else None
            if known is not None and known.cost <= found.cost + found.allowed:
                phi = given  # as good as the sample can tell
        del sample
    if H is None or (inverse := inverted(H)) is None:
        return None
    w = objective.coordinates.outward(phi)
    return over_all_rows(objective, w, inverse, error, tol, max_iter, (), scale)


def _nearer(sample: Objective, phi: Array, inverse: Array, allowed: float) -> Array:
    """A point whose cost over a sample is least up to `allowed`, by gradients: they are cheap.

    inverse: the inverse Hessian over another sample.  Ends where a step does not help.
    """
    pairs: list[Pair] = []
    best, size, g, p = phi, np.inf, np.zeros_like(phi), np.zeros_like(phi)
    for _ in range(NEARER):
        after = sample.gradient(phi)
        now = float(after @ inverse @ after)
        if not now < size:
            break
        if p.any() and float((after - g) @ p) > 0:
            pairs.append((p, after - g))
        best, size, g = phi, now, after
        if now <= allowed:
            break
        p = -secant.inverse_times(pairs, g, inverse)
        phi = phi + p
    return best


@dataclass(frozen=True)
class Scale:
    """What is small near a minimiser: the mean size of slopes and of losses.

    rounding: the error of a gradient from slopes in single precision, in phi's coordinates.
    """

    slopes: float
    losses: float
    rounding: float = np.inf


@dataclass(frozen=True)
class _Found:
    """A sample's minimiser phi up to its error, a Hessian near it, and the cost, to `allowed`."""

    phi: Array
    H: Array
    cost: float
    allowed: float
    scale: Scale


def _on_sample(sample: Objective, phi: Array, *, last: bool) -> _Found | None:
    """The minimiser over a sample, to its own error; one reading of the sample per step.

    None where the sample has no usable minimiser: it may be separable although all rows are not.
    Steps after which the cost is higher are halved.  The last level's Hessian is used again: it is
    taken so near the minimiser that its own error is that of the sample.
    """
    best: Quadratic | None = None
    for _ in range(STEPS):
        at = sample.quadratic(phi)
        if best is not None and not at.cost <= best.cost:
            phi = (phi + best.w) / 2
            continue
        p = cholesky_step(at.H, at.g)
        if p is None or not np.isfinite(at.cost):
            return None
        best, phi = at, at.w + p
        decrement = -float(at.g @ p)
        # For a likelihood the dispersion is one; for least squares it is the noise's variance.
        dispersion = at.squares / at.bend if at.bend > 0 else 0.0
        error = dispersion * sample.k / len(sample.data.y)
        # What Newton's method will leave of the decrement is about its square.
        left = decrement * min(1.0, decrement / dispersion) if dispersion > 0 else decrement
        if left <= SHARE * error and (decrement <= error or not last):
            scale = Scale(at.slopes, at.size, EPS_SINGLE * sqrt(at.squares))
            return _Found(phi, at.H, at.cost - decrement / 2, error, scale)
    return None


def inverted(H: Array) -> Array | None:
    """H^-1, or None where H is not safely positive definite."""
    if not np.isfinite(H).all() or cholesky_step(H, np.zeros(len(H))) is None:
        return None
    return np.asarray(np.linalg.inv(H), dtype=np.float64)


def over_all_rows(
    objective: Objective,
    w: Array,
    inverse: Array,
    rate: float,
    tol: float,
    max_iter: int,
    history: tuple[Record, ...],
    scale: Scale,
) -> Run | None:
    """Steps with an inverse Hessian (k, k) and secant pairs; each reads all rows once.

    rate: the factor by which a step is expected to shorten the gradient.  A step is kept if it
    does, as that inverse measures it; otherwise the run ends where it is.  The cost is computed
    with the gradient that is expected to be the last.  None: nothing was reached.
    Gradients that are larger than their rounding in single precision are computed so.
    """
    records, pairs = [*history], list[Pair]()
    goal, slow, expected, steep = Rule(tol, objective), 0, np.inf, np.inf
    value, g, size = None, np.zeros(0), np.inf

    def small(steep: float, decrement: float) -> bool:
        return goal.small(steep, scale.slopes) and goal.close(decrement, scale.losses)

    phi, moved = np.zeros_like(w), w
    while True:
        if small(expected, rate * rate * size):
            value, rough = objective.value(moved), False
            scale = replace(scale, slopes=value.slopes, losses=value.size)
            outer = value.gradient
        else:
            value, rough = None, expected > scale.rounding
            outer = objective.gradient(moved, rough=rough)
        after = objective.inward_gradient(moved, outer)
        now = float(after @ inverse @ after)
        if not now < size:
            value = None
            break
        if phi.any() and float((after - g) @ phi) > 0:
            pairs.append((phi, after - g))
        slow = slow + 1 if now > SLOW * SLOW * size else 0
        rate = sqrt(now / size) if np.isfinite(size) else rate
        w, g, size, norm = moved, after, now, float(np.abs(outer).max(initial=0.0))
        steep = objective.largest(after)
        records.append(Record(len(records), np.nan, norm, 1.0))
        if (small(steep, size) and not rough) or slow == 2 or len(records) > max_iter:
            break
        phi = -secant.inverse_times(pairs, g, inverse)
        moved, expected = w + objective.coordinates.outward(phi), rate * steep
    if not np.isfinite(size):
        return None
    value = value or objective.value(w)
    records[-1] = Record(len(records) - 1, value.cost, value.norm, records[-1].step)
    return Run(value, tuple(records), goal.met(value, size))
