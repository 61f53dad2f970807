"""Millions of points: screened in extended precision, the worst of them measured with balls.

NumPy's longdouble has 64 bits on x86, so its own error is about 1/2000 ulp of float64. The formulas
here are written by hand, and a point that looks bad is judged by the reference, not by them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from derive.notation.problem import Problem
from tests.accuracy.errors import Errors, errors
from tests.accuracy.points import SEED, settings
from tests.accuracy.reference import FUNCTIONS, Reference, Truth
from tests.accuracy.rounding import FLOAT64

CONFIRMED = 400
BLOCK = 1 << 18

Function = Callable[..., np.ndarray]
Wide = np.longdouble


def _log_loss(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.abs(z) * np.where(z >= 0, 1 - y, y) + np.log1p(np.exp(-np.abs(z)))


def _log_loss_slope(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """For soft labels by the distance of z to its root logit(y)."""
    t = np.exp(-np.abs(z))
    plain = np.where(z >= 0, 1 / (1 + t) - y, t / (1 + t) - y)
    exact_one = np.where(z >= 0, -t / (1 + t), -1 / (1 + t))
    with np.errstate(all="ignore"):
        w = np.expm1(z - (np.log(y) - np.log1p(-y)))
        near = y * (1 - y) * w / (1 + y * w)
    return np.where(y == 1, exact_one, np.where((y > 0) & (np.abs(w) < 1), near, plain))


def _log_loss_curvature(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    t = np.exp(-np.abs(z))
    return t / (1 + t) ** 2 + 0 * y


SCREENS: dict[str, dict[str, Function]] = {
    "logistic": {
        "loss": _log_loss, "slope": _log_loss_slope, "curvature": _log_loss_curvature,
    },
}  # fmt: skip


def scan(problem: Problem, functions: dict[str, Function], count: int) -> dict[str, Errors]:
    """The errors at those of `count` random points that look worst, by the reference."""
    reference = Reference(problem)
    rng = np.random.default_rng([SEED, 5])
    (label,) = (t for t in problem.data if len(t.axes) == 1)
    values = np.array([s[0] for s in settings([label], 99)])
    suspects: dict[str, list[tuple[float, float, float]]] = {f: [] for f in FUNCTIONS}
    for _ in range(-(-count // BLOCK)):
        z, y = _draws(rng, BLOCK), rng.choice(values, BLOCK)
        for name in FUNCTIONS:
            off = _screened(functions[name](z, y), SCREENS[problem.name][name], z, y)
            order = np.argpartition(-off, CONFIRMED)[:CONFIRMED]
            suspects[name] += [(float(off[k]), float(z[k]), float(y[k])) for k in order]
    found = {}
    for k, name in enumerate(FUNCTIONS):
        chosen = sorted(suspects[name], reverse=True)[:CONFIRMED]
        zs, ys = (np.array([row[p] for row in chosen]) for p in (1, 2))
        every = [reference.at(z, {label.name: y}) for z, y in zip(zs, ys, strict=True)]
        truth = Truth.of([v[k] for v in every], FLOAT64)
        above = np.array([v[k + 1].nearest if v[k + 1] else 0.0 for v in every])
        with np.errstate(all="ignore"):
            condition = np.nan_to_num(np.abs(zs * above / truth.nearest), posinf=0.0)
        hard = ys == np.round(ys)
        crossing = ~hard & (name == "slope")
        found[name] = errors(functions[name], truth, [zs, ys], condition, crossing, hard)
    return found


def _draws(rng: np.random.Generator, count: int) -> np.ndarray:
    """Half in the active range, a quarter as far as exp goes, a quarter over all binades."""
    kind = rng.random(count)
    sign = rng.choice([-1.0, 1.0], count)
    far = np.ldexp(1 + rng.random(count), rng.integers(-1074, 1024, count))
    z = np.where(kind < 0.75, rng.uniform(-760, 760, count), sign * far)
    return np.where(kind < 0.5, rng.uniform(-40, 40, count), z)


def _screened(result: np.ndarray, screen: Function, z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The distance to the screen in ulp, over 1 + the condition as differences tell it."""
    wide = screen(z.astype(Wide), y.astype(Wide))
    near = wide.astype(float)
    with np.errstate(all="ignore"):
        ulp = np.spacing(np.abs(near)).astype(Wide)
        off = np.abs(result.astype(Wide) - wide) / ulp
        off = np.where(np.isnan(off), np.inf, off)
        soft = (y > 0) & (y < 1) & (screen is _log_loss_slope)
        h = _log_loss_curvature(z.astype(Wide), y)
        condition = np.where(soft, np.abs(z * h / wide), 0)
        return (off / (1 + np.where(np.isfinite(condition), condition, 0))).astype(float)
