"""The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno."""

from collections import deque
from collections.abc import Callable

import numpy as np

from ..algebra import recursion
from ..algebra.recursion import Pair
from ..model import Array
from ..objective.parameters import Objective, Point, Run
from ..objective.values import Stop
from ..result import Record
from .wolfe import search

MAX_ITER = 10_000
MEMORY = 20  # pairs kept
STALL = 100  # steps at rounding level without a smaller gradient
SMALLER = 0.9
FAR_AWAY = 1e30  # where the cost still falls as fast as ever, it falls for ever


Shape = Callable[[Array], Array]
Pairs = deque[Pair]
"""Steps and the changes of the gradient along them."""


def no_pairs() -> Pairs:
    """Pairs to begin with."""
    return deque(maxlen=MEMORY)


def minimise(
    objective: Objective,
    start: Point,
    tol: float,
    max_iter: int,
    history: list[Record],
    pairs: Pairs | None = None,
) -> Run:
    """Steps from `start`, recorded in `history`, until the gradient is as small as tol asks for.

    Source: Liu and Nocedal (1989); Nocedal and Wright (2006), algorithms 7.4 and 7.5.  Where
    the line search fails, the pairs are forgotten once before the method gives up.  pairs: what is
    known of the curvature before, and afterwards.
    """
    point = best = start
    pairs = no_pairs() if pairs is None else pairs
    stall = 0
    while True:
        if objective.steep(point) <= tol:
            return Run(point, Stop.TOLERANCE)
        if len(history) > max_iter:
            return Run(point, Stop.LIMIT)
        p = -inverse_times(pairs, objective.slope(point), objective.shape)
        found = search(objective, point, p)
        if found.t == 0 or np.array_equal(found.point.x, point.x):
            if pairs:
                pairs.clear()
                continue
            return Run(best, found.trouble)
        if stall >= STALL:
            return Run(best, Stop.ROUNDING)
        moved = found.point
        s, y = found.t * p, objective.slope(moved) - objective.slope(point)
        straight = float(s @ y) > 1e-12 * float(np.linalg.norm(s) * np.linalg.norm(y))
        if straight and float(y @ y) > 0:  # squares may underflow
            pairs.append((s, y))
        at_rounding = abs(moved.cost - point.cost) <= point.noise
        steep, least = objective.steep(moved), objective.steep(best)
        stall = stall + 1 if at_rounding and steep > SMALLER * least else 0
        best = moved if steep < least or not at_rounding else best
        point = moved
        history.append(Record(len(history), point.cost, point.norm, found.t))
        if found.endless and float(np.abs(point.x).max()) > FAR_AWAY:
            return Run(point, Stop.OVERFLOW)


def inverse_times(pairs: Pairs, g: Array, shape: Shape | None = None) -> Array:
    """The approximate inverse Hessian times g: the recursion with two loops, shape (k,).

    shape: times a vector, what the pairs make more exact, up to a factor; None is the identity.
    """

    def shaped(q: Array) -> Array:
        return q if shape is None else shape(q)

    def initial(q: Array) -> Array:
        if not pairs:
            return shaped(q)
        s, y = pairs[-1]
        return shaped(q) * (float(s @ y) / float(y @ shaped(y)))

    return recursion.inverse_times(pairs, g, initial)
