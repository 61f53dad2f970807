"""Gradient descent, plain or accelerated: one step length, with or without momentum."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..algebra.direction import RowSpace, cholesky_step, modified_step, row_space
from ..model import Array
from ..objective.ray import Ray
from ..objective.scores import Objective
from ..objective.values import Point, Stop
from ..result import Record
from ..verdict.outcome import Outcome
from ..verdict.recession import first_certain, slope_limits
from ..verdict.stopping import Rule
from . import newton

MAX_ITER = 100_000
STALL = 2_000  # steps without a smaller gradient or cost
DIAGNOSIS = 60  # Newton steps that may be spent on whether a minimiser exists; each costs
# as much as about k descent steps, so they are spent only where that is a small part
GROWTH = 1.1  # by how much a searched step length may grow again per step

Momentum = Callable[[int], float]
"""The share of the last step that is added, after so many steps without a restart."""


def none(count: int) -> float:
    """Plain gradient descent."""
    del count
    return 0.0


def nesterov(count: int) -> float:
    """The accelerated method (Nesterov 1983, in the form of Su, Boyd and Candes 2016)."""
    return count / (count + 3)


def minimise(
    objective: Objective, start: Point, tol: float, max_iter: int, momentum: Momentum
) -> Outcome:
    """Steps -gradient/L from `start` until the gradient's largest entry is at most tol.

        x_next = y - gradient(y)/L,    y_next = x_next + momentum (x_next - x)

    The points recorded are the y, where gradients are known.  Momentum starts again at zero where
    it leads uphill (O'Donoghue and Candes 2015): then no strong convexity need be known.

    The gradient is taken with respect to the columns centred (if there is an intercept) and
    scaled by powers of two.  L bounds the Hessian's largest eigenvalue there: curvature_bound
    times the Gram matrix, plus the penalty (Nesterov 2004, section 2.1.5).  Without a bound
    1/L is found by backtracking (Beck and Teboulle, 2009).
    """
    bound = objective.model.curvature_bound
    space = row_space(objective.gram(objective.data.s))
    L = _lipschitz(objective, space.scale, 1.0 if bound is None else bound)
    t = 1.0 / L if L > 0 else 1.0
    history = [Record(0, start.cost, start.norm, 0.0)]
    goal, point, best = Rule(tol, objective), start, start
    best_at, next_check, next_look = 0, 16, 1
    x, count = start.w, 0
    stop = Stop.LIMIT
    for iteration in range(1, max_iter + 1):
        if goal.small(point.largest, point.slopes) and iteration >= next_look:
            if _near(objective, point, space, goal):
                stop = Stop.TOLERANCE
                break
            next_look = 2 * iteration
        p = _direction(objective, point, space.scale)
        if bound is None:
            ray = Ray(objective, point, p, objective.scores(p))
            t = _backtrack(ray, t * GROWTH)
        after = point.w + t * p
        count = count + 1 if float(point.gradient @ (after - x)) <= 0 else 0
        moved = objective.at(after + momentum(count) * (after - x))
        x = after
        if not moved.finite():
            stop = Stop.OVERFLOW
            break
        if iteration - best_at > STALL or np.array_equal(moved.w, point.w):
            point, stop = best, Stop.ROUNDING
            break
        point = moved
        history.append(Record(iteration, point.cost, point.norm, t))
        if point.largest < best.largest or point.cost < best.cost - best.rounding:
            best, best_at = point, iteration
        if iteration == next_check:
            next_check *= 2
            if (early := _no_minimiser(objective, point, history)) is not None:
                return early
    small = stop is Stop.LIMIT and goal.small(point.largest, point.slopes)
    if stop is Stop.TOLERANCE or (small and _near(objective, point, space, goal)):
        stop = Stop.TOLERANCE
        return Outcome(point, tuple(history), stop, deficient=space.deficient)
    if objective.model.convex and len(history) > DIAGNOSIS * point.w.size:
        found = newton.minimise(objective, point, tol, DIAGNOSIS)
        if found.stop is Stop.NO_MINIMISER:
            return replace(found, point=point, history=tuple(history))
    return _no_minimiser(objective, point, history) or Outcome(
        point, tuple(history), stop, deficient=space.deficient
    )


def _near(objective: Objective, point: Point, space: RowSpace, goal: Rule) -> bool:
    """Whether the decrement is small enough: a small gradient may be due to small columns."""
    H, g = objective.hessian(point)
    phi = cholesky_step(H, g)
    phi = modified_step(H, g, space) if phi is None else phi
    return goal.close(-float(g @ phi), point.size)


def _direction(objective: Objective, point: Point, scale: Array) -> Array:
    """Minus the gradient in the scaled coordinates, in the user's units, (k,)."""
    g = objective.inward_gradient(point.w, point.gradient)
    return objective.coordinates.outward(-scale * scale * g)


def _lipschitz(objective: Objective, scale: Array, bound: float) -> float:
    """The largest eigenvalue of bound * Gram + penalty in the scaled coordinates."""
    H = objective.gram(bound * objective.data.s)
    return float(np.linalg.eigvalsh(scale[:, None] * H * scale).max(initial=0.0))


def _backtrack(ray: Ray, t: float) -> float:
    """The first of t, t/2, t/4, ... that a quadratic of curvature 1/t would bound.

    Where rounding hides the decrease, the slope tells: it must not have changed its sign.
    """
    slope = ray.slope(0.0)
    while t > 0:
        cost = ray.cost(t)
        change = cost - ray.origin.cost
        if change <= 0.5 * t * slope:
            break
        if change <= ray.origin.rounding and ray.slope(t) <= 0:
            break
        t /= 2
    return t


def _no_minimiser(objective: Objective, point: Point, history: list[Record]) -> Outcome | None:
    """The outcome if the iterate itself, or the intercept, is a direction of recession."""
    if not objective.model.convex:
        return None
    limits = slope_limits(objective.model, objective.data.y)
    found = first_certain(objective, limits, point.w)
    if found is None:
        return None
    return Outcome(point, tuple(history), Stop.NO_MINIMISER, found)
