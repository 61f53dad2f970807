"""Conjugate gradients in a region."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..model import Array


@dataclass(frozen=True)
class Step:
    """A step p (k,), the decrease that the quadratic model predicts, and its least curvature.

    cut: the region's boundary ended it, or negative curvature did.
    """

    p: Array
    predicted: float
    cut: bool


def steihaug(product: Callable[[Array], Array], g: Array, radius: float, forcing: float) -> Step:
    """Minimise g'p + p'Hp/2 over |p| <= radius by conjugate gradients from p = 0.

    product(v) is H v.  Ends when the residual is at most forcing |g|, at the boundary, or
    along a direction of negative curvature, which is followed to the boundary (Steihaug 1983).
    For a singular H the directions without curvature are left alone unless g needs them.
    """
    unit = float(np.abs(g).max())
    if unit == 0:
        return Step(np.zeros_like(g), 0.0, cut=False)
    step = _steihaug(product, g / unit, radius / unit, forcing)  # no square overflows
    return Step(unit * step.p, unit * (unit * step.predicted), step.cut)


def _steihaug(product: Callable[[Array], Array], g: Array, radius: float, forcing: float) -> Step:
    p, Hp = np.zeros_like(g), np.zeros_like(g)
    r, d = g, -g
    wanted = forcing * float(np.linalg.norm(g))
    for _ in range(5 * g.size + 20):
        Hd = product(d)
        curvature = float(d @ Hd)
        if not math.isfinite(curvature):  # overflow: fall back on the gradient
            Hd, curvature = np.zeros_like(g), 0.0
        square = float(r @ r)
        a = square / curvature if curvature > 0 else 0.0
        if curvature <= 0 or not np.linalg.norm(p + a * d) < radius:
            t = _to_boundary(p, d, radius)
            p, Hp = p + t * d, Hp + t * Hd
            return Step(p, -float(g @ p + 0.5 * (p @ Hp)), cut=True)
        p, Hp = p + a * d, Hp + a * Hd
        r = g + Hp
        rest = float(r @ r)
        if math.sqrt(rest) <= wanted:
            break
        d = (rest / square) * d - r
    return Step(p, -float(g @ p + 0.5 * (p @ Hp)), cut=False)


def _to_boundary(p: Array, d: Array, radius: float) -> float:
    """The t >= 0 with |p + t d| = radius; p'd >= 0, as in conjugate gradients."""
    size = float(np.linalg.norm(d))
    if size == 0:
        return 0.0
    along = float(p @ d) / size
    room = max(radius - float(np.linalg.norm(p)), 0.0) * (radius + float(np.linalg.norm(p)))
    return room / (along + math.sqrt(along * along + room)) / size if room > 0 else 0.0
