"""The literal objective of a linear model in extended precision, and data to try it on.

Linear models are found in the catalogue, not listed; their targets are made from what the model
itself says of y.
"""

import importlib
import pkgutil
from dataclasses import dataclass

import numpy as np

import generated
from generated.solvers import LinearModel

Long = np.longdouble
UNITS = 64 * 2.0**-52  # of the sizes that cancel: what rounding in float64 may cost a sum
SMALL = 1e-300  # below it results are subnormal, with fewer digits
HALVINGS = 70
CURVED = 1e-6  # a loss is not called least where it hardly bends


def catalogue(kind: type) -> list:
    """The models of one kind, by name."""
    names = sorted(m.name for m in pkgutil.iter_modules(generated.__path__) if not m.ispkg)
    modules = (importlib.import_module(f"generated.{name}") for name in names)
    return [m.MODEL for m in modules if isinstance(getattr(m, "MODEL", None), kind)]


LINEAR = catalogue(LinearModel)


@dataclass(frozen=True)
class Exact:
    """The cost and its gradient (k,), and by how much float64 may miss them.

    steep: the gradient's largest entry for columns that are centred, if there is an intercept, and
    of size one, relative to the mean size of the samples' slopes: it has no units. Columns that
    are constant, or of subnormal numbers, do not count.
    """

    cost: float
    gradient: np.ndarray
    cost_error: float
    error: np.ndarray
    steep: float
    steep_error: float

    @property
    def norm(self) -> float:
        return float(np.abs(self.gradient).max(initial=0.0))


def exact(model, X, y, w, l2=0.0, s=None, intercept=True) -> Exact:
    """f at w = (theta, b): scores and sums in extended precision, the losses to first order.

    A score z is rounded to float64 for the model's own functions; what was rounded enters by the
    slope and the curvature there.
    """
    X, y = np.asarray(X, dtype=float).astype(Long), np.asarray(y, dtype=float)
    n = X.shape[1]
    theta, b = w[:n].astype(Long), Long(w[n]) if intercept else Long(0)
    s = np.ones(len(y), Long) if s is None else np.asarray(s, dtype=float).astype(Long)
    s = s / s.max() / (s / s.max()).sum()
    X, y, s = X[s > 0], y[s > 0], s[s > 0]
    z = X @ theta + b
    size = np.abs(X) @ np.abs(theta) + abs(b)
    with np.errstate(all="ignore"):
        z0 = z.astype(float)
        near = [z0, *(z0 + side * UNITS * size.astype(float) for side in (-1.0, 1.0))]
        bends = [model.curvature(t, y) for t in near]
        slope = model.slope(z0, y).astype(Long) + bends[0] * (z - z0)
        loss = model.loss(z0, y).astype(Long) + slope * (z - z0)
        bend = np.abs(bends).max(axis=0)
    penalty = Long(l2) / 2 * (theta @ theta)
    each = np.abs(slope) + bend * size
    gradient, error = X.T @ (s * slope) + Long(l2) * theta, np.abs(X).T @ (s * each)
    error = error + Long(l2) * np.abs(theta)
    C = X - s @ X if intercept else X
    spread = np.abs(C).max(axis=0)
    counts = (spread > UNITS * np.abs(X).max(axis=0)) & (spread >= np.finfo(float).tiny)
    unit = 1 / np.where(counts, spread, np.inf)
    inner = unit * (C.T @ (s * slope) + Long(l2) * theta)
    lost = unit * (np.abs(C).T @ (s * each) + Long(l2) * np.abs(theta))
    if intercept:
        inner, lost = np.append(inner, s @ slope), np.append(lost, s @ each)
    # Where all is fitted exactly, they count as a millionth of those for scores of zero.
    mean = max(s @ np.abs(slope), 1e-6 * (s @ np.abs(model.slope(np.zeros(len(y)), y))))
    steep, steep_error = (
        float(v.max(initial=0.0) / mean) if mean > 0 else 0.0 for v in (np.abs(inner), UNITS * lost)
    )
    if intercept:
        gradient, error = np.append(gradient, s @ slope), np.append(error, s @ each)
    cost_error = s @ (np.abs(loss) + (np.abs(slope) + UNITS * bend * size) * size) + penalty
    return Exact(
        float(s @ loss + penalty),
        gradient.astype(float),
        float(UNITS * cost_error) + SMALL,
        (UNITS * error).astype(float) + SMALL,
        steep,
        steep_error,
    )


def drawn(model, z, rng) -> np.ndarray:
    """Admissible targets (m,) that follow the scores z (m,)."""
    low, high = model.target.low, model.target.high
    if np.isfinite(high):
        return np.where(rng.random(z.size) < 1 / (1 + np.exp(-np.clip(z, -30, 30))), high, low)
    if np.isfinite(low):
        counts = rng.poisson(np.exp(np.clip(z, -3, 3))).astype(float)
        return low + counts + (0.5 if model.target.low_open else 0.0)
    return np.asarray(z + rng.normal(size=z.size))


def fitting(model, z) -> np.ndarray | None:
    """The targets (m,) for which every sample's loss is stationary at its score, by halving.

    None where the model has no such targets for these scores.
    """
    low, high = model.target.low, model.target.high
    low, high = max(low, -1e3), min(high, 1e3)
    ends = [np.full(z.shape, end) for end in (np.nextafter(low, high), np.nextafter(high, low))]
    signs = [np.sign(model.slope(z, end)) for end in ends]
    if not (signs[0] * signs[1] < 0).all():
        return None
    left, right = ends
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        same = np.sign(model.slope(z, middle)) == signs[0]
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    return left if (model.curvature(z, left) > CURVED).all() else None
