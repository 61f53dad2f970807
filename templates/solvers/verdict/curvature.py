"""What the Hessian says of a point where the gradient vanishes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np

from ..algebra.conjugate import Step, steihaug
from ..model import Array
from ..objective.parameters import Objective, Point

DIRECTIONS = 60
TINY = 1e-300
LEVEL = 1e-8  # curvature that counts as none, relative to the largest seen
SETTLED = 1e-3  # a Newton step that leads outwards by less, relatively, is near a minimiser
FORCING = 1e-4  # the residual of such a step, relative
HALVINGS = 60
ROWS = 1_000  # of a convex mean over more rows, whose curvature is looked at first
PER_ENTRY = 2  # and so many per entry of the parameters
MORE = 8  # times as many rows are looked at where these do not tell
LOOK = 5  # directions between two looks whether more of them are needed
CLEAR = 1e-3  # a residual by which an eigenvalue is known, relatively


@dataclass(frozen=True)
class Curvature:
    """The smallest curvature seen.

    value: v'Hv / v'v in the user's units, NaN where the Hessian overflows; v: the direction
    (k,) in the solver's coordinates; sign: -1, 0 (none to working precision) or 1.
    certain: no curvature is much smaller near the value found; elsewhere some may be.
    whole: the directions span the space, so it is the smallest there is (in the solver's
    coordinates); else only `directions` of them were looked along.
    bend: v'Hv in the solver's coordinates, where v is of length one; level: what counts as none.
    """

    value: float
    v: Array
    sign: int
    certain: bool
    directions: int
    whole: bool
    level: float = 0.0
    bend: float = 0.0


def smallest(objective: Objective, point: Point) -> Curvature:
    """The smallest curvature at a point along the directions of a Lanczos run (1950).

    The Hessian of a convex mean over rows is at least the share of some of the rows in it: where
    these are curved in all directions it is, and the mean over them alone is looked at.  Else
    one product tells how curved all rows are along the least curved direction found; more rows
    are looked at where it is flat for some of them, but not for all.
    """
    for some in samples(objective):
        seen = _smallest(some, point)
        if seen.sign > 0 and seen.certain:
            return seen
        if not np.isfinite(seen.value):
            continue
        bend = float(seen.v @ objective.product(point, seen.v))
        flat = bend <= seen.level
        if flat or seen.sign > 0:
            d = objective.scale * seen.v
            sign = int(not flat) - int(bend < -seen.level)
            value = float(bend / (d @ d))
            return replace(seen, value=value, sign=sign, certain=False, bend=bend)
    return _smallest(objective, point)


def samples(objective: Objective) -> Iterator[Objective]:
    """The objective over more and more of the rows, if it is a convex mean over many."""
    rows = max(ROWS, PER_ENTRY * objective.penalty.size)
    while objective.model.convex and objective.data.count >= 2 * rows:
        yield objective.sample(rows)
        rows *= MORE


def _smallest(objective: Objective, point: Point) -> Curvature:
    """The smallest curvature of an objective, by products with its own Hessian.

    They are those that conjugate gradients would take from a start that has no symmetry; it
    is the same in every run.  For a convex cost they end where the value is clear.
    """
    k, free = point.x.size, objective.freedom
    count = min(free, DIRECTIONS)
    q = objective.even(np.random.Generator(np.random.PCG64(1)).standard_normal(k))
    Q, HQ = np.zeros((k, count)), np.zeros((k, count))
    made = 0
    for column in range(count):
        for _ in range(2):  # once loses orthogonality to rounding, twice does not
            before = float(np.linalg.norm(q))
            q = q - Q[:, :made] @ (Q[:, :made].T @ q)
        left = float(np.linalg.norm(q))
        if not left > 1e-10 * before or not np.isfinite(left):
            break
        Q[:, column] = q / left
        HQ[:, column] = q = objective.product(point, Q[:, column])
        made += 1
        if not np.isfinite(q).all():
            return Curvature(float("nan"), np.zeros(k), 0, False, made, whole=False)
        if objective.model.convex and made % LOOK == 0:
            value, _, rest, level = _least(Q[:, :made], HQ[:, :made])
            if value > level and rest <= CLEAR * value:
                break
    value, v, rest, level = _least(Q[:, :made], HQ[:, :made])
    d = objective.scale * v
    sign = int(value > level) - int(value < -level)
    whole = made == free
    curved = rest < abs(value)
    return Curvature(float(value / (d @ d)), v, sign, curved, made, whole, level, value)


def _least(Q: Array, HQ: Array) -> tuple[float, Array, float, float]:
    """The least value of the Hessian in the span of Q, its direction and residual; none's size.

    An eigenvalue lies within the residual of the value found.
    """
    H = Q.T @ HQ
    values, vectors = np.linalg.eigh((H + H.T) / 2)
    least, v = float(values[0]), Q @ vectors[:, 0]
    rest = float(np.linalg.norm(HQ @ vectors[:, 0] - least * v))
    return least, v, rest, LEVEL * float(np.abs(values).max())


def escape(objective: Objective, point: Point, v: Array) -> tuple[float, Point] | None:
    """A step t and the lower point t away from a saddle point, along negative curvature.

    The cost must fall by a quarter of what the curvature promises; lengths are halved from
    that of the point itself, because a saddle point gives no other measure.
    """
    v = -v if float(objective.slope(point) @ v) > 0 else v
    bend = float(v @ objective.product(point, v))
    # Of the length of u, or what would take the curvature through the cost.
    whole = math.sqrt(objective.size(point.cost) / max(-bend, TINY))
    t = max(float(np.linalg.norm(point.x / objective.scale)), whole)
    for _ in range(HALVINGS):
        moved = objective.step(point, t * v)
        fell = point.cost - moved.cost
        if moved.finite() and fell > point.noise and fell >= -0.125 * bend * t * t:
            return t, moved
        t /= 2
    return None


class Ahead(Enum):
    """Where a Newton step from a point with a small gradient leads."""

    NEAR = auto()  # it is short or leads inwards
    FAR = auto()  # outwards, to a lower cost
    UNSEEN = auto()  # outwards, but the cost falls by less than rounding


def ahead(objective: Objective, point: Point, seen: Curvature | None) -> Ahead:
    """Whether the minimiser is near; `seen`: the smallest curvature there, if it is known.

    On the way to a minimum at infinity (separable data, for example) the gradient tends to
    zero while Newton steps lead outwards for ever.
    """
    for some in samples(objective):
        view, p = _ahead(some, point, seen)
        if view is Ahead.NEAR:
            return view  # with less curvature the step would only be longer
        if view is Ahead.FAR and _leads_outwards(objective, point, p):
            return view
        seen = None  # that was the curvature over fewer rows
    return _ahead(objective, point, seen)[0]


def _ahead(objective: Objective, point: Point, seen: Curvature | None) -> tuple[Ahead, Array]:
    """Where the Newton step leads whose Hessian is that of the objective, and that step."""
    u = point.x / objective.scale
    g = objective.slope(point)
    # In these coordinates curvature is about one, and a Newton step from zero as long as g.
    size = float(np.linalg.norm(u)) or float(np.linalg.norm(g))
    if not g.any():
        return Ahead.NEAR, np.zeros_like(u)
    if u.any() and seen is not None and seen.sign > 0 and seen.certain:
        # What a residual leaves of the step is at most its quotient by the least curvature.
        least = seen.value * float(np.linalg.norm(objective.scale * seen.v)) ** 2
        forcing = SETTLED / 2 * size * least / max(float(np.linalg.norm(g)), TINY)
        if forcing > FORCING:
            p = _newton_step(objective, point, size, min(forcing, 0.5)).p
            if np.linalg.norm(u + p) <= (1 + SETTLED / 2) * size:
                return Ahead.NEAR, p
    step = _newton_step(objective, point, size, FORCING)
    if u.any() and np.linalg.norm(u + step.p) <= (1 + SETTLED) * size:
        return Ahead.NEAR, step.p
    if step.predicted > point.noise:
        return Ahead.FAR, step.p
    return (Ahead.UNSEEN if u.any() else Ahead.NEAR), step.p


def _newton_step(objective: Objective, point: Point, size: float, forcing: float) -> Step:
    """The Newton step, at most `size` long."""
    g = objective.slope(point)
    return steihaug(lambda v: objective.product(point, v), g, size, forcing)


def _leads_outwards(objective: Objective, point: Point, p: Array) -> bool:
    """Whether along p, a Newton step over some of the rows, the cost over all is lower far out."""
    u = point.x / objective.scale
    slope, bend = float(objective.slope(point) @ p), float(p @ objective.product(point, p))
    t = min(1.0, -slope / bend) if bend > 0 else 1.0
    fall = -slope * t - 0.5 * bend * t * t
    outwards = np.linalg.norm(u + t * p) > (1 + SETTLED) * np.linalg.norm(u)
    return bool(outwards) and fall > point.noise
