"""Least squares by the residuals: the method of Levenberg and Marquardt, in the columns' units.

Steps minimise |r + J d|^2 + mu |D d|^2, where D holds the lengths of the columns of J: no change
of units changes them.  They come from a factorisation of J, whose condition is not squared.  The
parameters that enter linearly are solved for at every point.
Sources: Moré (1978); Nielsen (1999), Damping parameter in Marquardt's method.
"""

from dataclasses import dataclass

import numpy as np

from ..model import EPS, Array
from ..objective.parameters import Objective, Point, Run
from ..objective.residuals import Residuals, lengths, residuals
from ..objective.values import Stop
from ..result import Record
from . import trust_region

MAX_ITER = 1_000
BOLD = 1e-3  # how much the first steps are damped,
CAREFUL = (1e-1, 1.0)  # and where a Jacobian of so few entries makes it cheap, in other runs
CHEAP = 1 << 17
RAISED = 60  # raises of the damping for one step
LEVEL = 1e-9  # a share of the cost to gain below which slopes judge better than costs
NEWTON = 12  # steps by the exact Hessian at the end
MOST = 60  # parameters with which that Hessian is formed
ALIKE = 1e-9  # costs that differ by less, relatively, are equally good;
ROUNDED = 1e4  # and so are those that differ by so many roundings
OPPOSITE = 100.0  # how far apart numbers of opposite signs count


def minimise(
    objective: Objective, start: Point, tol: float, max_iter: int, history: list[Record]
) -> Run:
    """Steps from `start`, recorded in `history`, until float64 permits no more.

    Of equally good minimisers, as where terms of the same form may change places, the one nearest
    the start is taken.
    """
    of = residuals(objective)
    if of is None:
        return trust_region.minimise(objective, start, tol, max_iter, history)
    limit = max(0, max_iter + 1 - len(history))
    found = nearest(of, start.x, limit)
    if found is None:
        return trust_region.minimise(objective, start, tol, max_iter, history)
    for cost, norm, length in found.steps:
        history.append(Record(len(history), cost, norm, length))
    point = _by_newton(objective, objective.at(found.x))
    if not point.finite() or point.cost - start.cost > start.band:
        return trust_region.minimise(objective, start, tol, max_iter, history)
    if point.norm < history[-1].gradient_norm:
        history[-1] = Record(len(history) - 1, point.cost, point.norm, history[-1].step)
    return Run(point, Stop.LIMIT if len(found.steps) >= limit else Stop.TOLERANCE)


@dataclass(frozen=True)
class Found:
    """Where a run ended: half the squares there, and the cost, gradient and length of its steps.

    rounding: of the squares, if each residual is rounded as the terms are that it is made of.
    """

    x: Array
    cost: float
    rounding: float
    steps: tuple[tuple[float, float, float], ...]


def nearest(of: Residuals, x: Array, limit: int) -> Found | None:
    """The best of runs with bold and with careful steps; of equally good ones that nearest to x."""
    J = of.jacobian(x)
    others = CAREFUL if J is not None and J.size <= CHEAP else ()
    runs = [run(of, x, limit, damping) for damping in (BOLD, *others)]
    found = [r for r in runs if r is not None]
    if not found:
        return None
    least = min(r.cost for r in found)
    alike = max(ALIKE * least, ROUNDED * found[0].rounding)
    return min((r for r in found if r.cost <= least + alike), key=lambda r: _away(of, x, r.x))


def _away(of: Residuals, x: Array, y: Array) -> float:
    """How far y is from x: the squares of the logarithms of the ratios of their entries."""
    a, b = x[~of.linear], y[~of.linear]
    ratio = np.where((a != 0) & (b != 0), np.abs(b) / np.where(a != 0, np.abs(a), 1.0), 1.0)
    return float((np.log(ratio) ** 2 + OPPOSITE * (a * b < 0)).sum())


def run(of: Residuals, x: Array, limit: int, damping: float) -> Found | None:
    """Steps from x whose first is damped so much; None where nothing is finite at x."""
    first = of.solved(x)
    if first is None:
        return None
    x, r = first
    own = ~of.linear
    steps: list[tuple[float, float, float]] = []
    mu, raised, size = damping, 2.0, np.zeros(int(own.sum()))
    while len(steps) < limit:
        J = of.jacobian(x)
        if J is None or not own.any():
            break
        A, Q = of.apart(J)
        size = np.maximum(lengths(A), size / 2)
        U, s, V = np.linalg.svd(A / size, full_matrices=False)
        g = U.T @ (r - Q @ (Q.T @ r))
        cost = float(r @ r)
        if not s[0] > 0 or float(g @ g) <= LEVEL * cost * EPS:
            break
        moved: tuple[Array, Array] | None = None
        for _ in range(RAISED):
            kept = s / (s * s + mu * s[0] ** 2)
            d = -(V.T @ (kept * g)) / size
            foreseen = float(g @ g - ((g * (1 - s * kept)) ** 2).sum())
            trial = x.copy()
            trial[own] += d
            moved = of.solved(trial)
            if moved is not None and float(moved[1] @ moved[1]) < cost:
                break
            moved, mu, raised = None, mu * raised, 2 * raised
            if (np.abs(d) <= EPS * np.abs(x[own])).all():
                break
        if moved is None:
            break
        x, r = moved
        share = (cost - float(r @ r)) / foreseen if foreseen > 0 else 1.0
        mu, raised = mu * max(1 / 9, 1 - (2 * share - 1) ** 3), 2.0
        steps.append((float(r @ r) / 2, float(np.abs(J.T @ r).max()), float(np.linalg.norm(d))))
        if (np.abs(d) <= EPS * np.abs(x[own])).all():
            break
    J = of.jacobian(x)
    size_of_terms = 0.0 if J is None else float(np.linalg.norm(np.abs(J) @ np.abs(x)))
    return Found(x, float(r @ r) / 2, (EPS * size_of_terms) ** 2, tuple(steps))


def _by_newton(objective: Objective, point: Point) -> Point:
    """Newton steps while they make the gradient smaller: costs no longer tell the way."""
    k = point.x.size
    if k > MOST or not point.finite():
        return point
    for _ in range(NEWTON):
        H = np.stack([objective.product(point, e) for e in np.eye(k)], axis=1)
        bend = np.sqrt(np.abs(np.diagonal(H)))
        if not (np.isfinite(H).all() and (bend > 0).all()):
            return point
        try:
            factor = np.linalg.cholesky((H + H.T) / 2 / np.outer(bend, bend))
        except np.linalg.LinAlgError:
            return point
        g = objective.slope(point) / bend
        p = -np.linalg.solve(factor.T, np.linalg.solve(factor, g)) / bend
        moved = objective.step(point, p)
        gap = float(np.linalg.norm(objective.slope(moved) / bend))
        if not (moved.finite() and gap < float(np.linalg.norm(g)) / 2):
            return point
        point = moved
    return point
