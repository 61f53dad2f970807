"""Whether a minimiser exists at all.

A convex objective that never rises along a direction d from any point, and somewhere falls,
has no minimiser: the data are separable along d, or all of one class, or counts are zero.
Whether it ever rises is told by the recession function (Rockafellar 1970, section 8 and
Theorem 27.1), the slope in the end.  With u = X d (plus d's intercept part)

    rec(d) = sum_i s_i (slope(+inf, y_i) u_i if u_i > 0 else slope(-inf, y_i) u_i),

plus infinity if l2 > 0 and d has a penalised part.  rec(d) <= 0 with u != 0 is the case
sought, provided that some sample's slope reaches its limit nowhere (else the minimum is
attained on a plateau, as with the squared hinge).  No name of a cost is needed.
"""

from dataclasses import dataclass

import numpy as np

from ..data.blocks import BLOCK
from ..model import EPS, Array, LinearModel, Mask
from ..objective.scores import Objective

FIRST = 8.0  # a score at which a strictly falling loss must still fall visibly
EXPONENTS = (6, 8, 12, 20, 36, 68, 132, 260, 516)  # further scores probed: 2 ** e
SAME = 1e-12
HALVINGS = 60
VANISHING = 1e-200  # a slope that no power of a distance in float64 makes
GRID = 2.0**10  # candidate directions are also tried rounded to this grid
NEGLIGIBLE = 1e-6  # relative to its scale, what counts as tending to zero


@dataclass(frozen=True)
class Side:
    """Slopes in the limit on one side, (m,), and whether they are approached but not attained."""

    limit: Array
    strict: Mask


@dataclass(frozen=True)
class Limits:
    """The slopes' limits for z -> -inf (left) and z -> +inf (right), per sample."""

    left: Side
    right: Side


@dataclass(frozen=True)
class Recession:
    """A direction d (k,) along which the objective never rises; certain, or as it appears."""

    d: Array
    certain: bool


def slope_limits(model: LinearModel, y: Array) -> Limits:
    """The limits per sample; each distinct y is probed once."""
    values, index = np.unique(y, return_inverse=True)
    left, right = _side(model, values, -1.0), _side(model, values, 1.0)
    return Limits(
        Side(left.limit[index], left.strict[index]), Side(right.limit[index], right.strict[index])
    )


def _side(model: LinearModel, y: Array, sign: float) -> Side:
    """Probe ever larger |z| until two successive slopes agree.

    A convex loss has a monotone slope, so a limit exists.  Slopes that overflow, or still grow
    at the end, are infinite; those that still shrink are zero.  Probes are multiples of 1 + |y|
    because z - y must not look constant for large y.
    """
    unit = sign * (1.0 + np.abs(y))
    first = model.slope(FIRST * unit, y)
    last, limit, open_ = first, first.copy(), np.ones(y.shape, dtype=bool)
    for exponent in EXPONENTS:
        value = model.slope(2.0**exponent * unit, y)
        open_ &= ~np.isnan(value)  # a formula that breaks down keeps its last value
        agree = np.abs(value - last) <= SAME * np.abs(value)
        limit = np.where(open_, value, limit)
        open_ &= ~agree & np.isfinite(value)
        last = np.where(open_, value, last)
        if not open_.any():
            break
    grown = open_ & (np.abs(limit) > np.abs(first))
    limit = np.where(grown, sign * np.inf, np.where(open_, 0.0, limit))
    return Side(limit, (first != limit) | _underflows(model, y, unit, limit))


def _underflows(model: LinearModel, y: Array, unit: Array, limit: Array) -> Mask:
    """Where a slope of zero at FIRST is not attained, but too small for a number.

    A slope that falls to zero in the manner of exp(-exp(z)) passes all sizes on its way there,
    while one that attains it like a power of the distance is still 1e-64 a rounding away from it.
    """
    near, far = np.zeros_like(unit), FIRST * unit
    vanished = (limit == 0) & (model.slope(far, y) == 0) & (model.slope(near, y) != 0)
    if not vanished.any():
        return vanished
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        gone = model.slope(middle, y) == 0
        near, far = np.where(gone, near, middle), np.where(gone, middle, far)
    return vanished & (np.abs(model.slope(near, y)) < VANISHING)


def never_rises(s: Array, limits: Limits, u: Array) -> bool:
    """rec(d) <= 0 for the direction with scores u (m,), and the objective falls along it."""
    moves = u != 0
    if not (moves.any() and np.isfinite(u).all()):
        return False
    up = u > 0
    slope = np.where(up, limits.right.limit, limits.left.limit)[moves]
    terms = s[moves] * slope * u[moves]
    strict = np.where(up, limits.right.strict, limits.left.strict)[moves]
    return bool(strict.any() and terms.sum() <= 0)


def certain_recession(objective: Objective, limits: Limits, d: Array) -> Recession | None:
    """d itself, or d rounded to a coarse grid, if rounding cannot have decided a sign of u.

    Rounding finds directions such as "this group's column alone", along which most of u is
    exactly zero.
    """
    weights = objective.coordinates.size
    relative = d * weights
    largest = float(np.abs(relative).max(initial=0.0))
    if not (0 < largest < np.inf):
        return None
    rounded = np.round(relative / largest * GRID) / GRID / weights
    for candidate in (d, rounded):
        if objective.l2 > 0 and candidate[: objective.n].any():
            continue
        u = objective.scores(candidate)
        if never_rises(objective.data.s, limits, u) and _signs_are_sure(objective, candidate, u):
            return Recession(candidate, certain=True)
    return None


def apparent_recession(objective: Objective, limits: Limits, d: Array) -> Recession | None:
    """d, if what is negligible in it, and in its scores, is taken to be zero in the limit.

    A score must be negligible both against the largest score and against the products that
    cancel in it: by the first alone one outlying sample would make the others look as if they
    did not move, by the second alone a large offset of a column would.
    """
    weights = objective.coordinates.size
    relative = np.abs(d) * weights
    d = np.where(relative > NEGLIGIBLE * relative.max(initial=0.0), d, 0.0)
    if objective.l2 > 0 and d[: objective.n].any():
        return None
    u = objective.scores(d)
    scale = np.minimum(np.abs(u).max(initial=0.0), _products(objective, d))
    u = np.where(np.abs(u) > NEGLIGIBLE * scale, u, 0.0)
    return Recession(d, certain=False) if never_rises(objective.data.s, limits, u) else None


def first_certain(objective: Objective, limits: Limits, *d: Array) -> Recession | None:
    """The first certain direction among the intercept alone, up or down, and the given ones."""
    alone = np.zeros(objective.n + 1)
    alone[-1] = 1.0
    for candidate in (alone, -alone, *d) if objective.intercept else d:
        found = certain_recession(objective, limits, candidate)
        if found is not None:
            return found
    return None


def _signs_are_sure(objective: Objective, d: Array, u: Array) -> bool:
    """Whether each u_i is beyond its rounding bound, or was computed without rounding."""
    products = _products(objective, d)
    unsure = (products > 0) & (np.abs(u) <= (d.size + 2) * EPS * products)
    return not unsure.any() or _exact(objective.data.X[unsure], d, products[unsure])


def _products(objective: Objective, d: Array) -> Array:
    """sum_j |X_ij d_j| (plus the intercept's part), shape (m,)."""
    X, n = objective.data.X, objective.n
    total = np.full(X.shape[0], abs(d[-1]) if objective.intercept else 0.0)
    rows = max(1, BLOCK // max(1, n))
    for start in range(0, X.shape[0], rows):
        block = slice(start, start + rows)
        total[block] += np.abs(X[block]) @ np.abs(d[:n])
    return total


def _exact(X: Array, d: Array, products: Array) -> bool:
    """Whether X d was computed without rounding: all sums fit into 52 bits."""
    return _whole(X * 2.0**8) and _whole(d * 2.0**16) and bool((products < 2.0**28).all())


def _whole(values: Array) -> bool:
    return bool((values == np.round(values)).all())
