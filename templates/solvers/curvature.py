"""What the Hessian says of a point where the gradient vanishes."""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from .model import Array
from .packing import Objective, Point
from .trust_region import steihaug

DIRECTIONS = 60
LEVEL = 1e-8  # curvature that counts as none, relative to the largest seen
SETTLED = 1e-3  # a Newton step that leads outwards by less, relatively, is near a minimiser
FORCING = 1e-4  # the residual of such a step, relative
HALVINGS = 60
ROWS = 1_000  # of a convex mean over more rows, whose curvature is looked at first
PER_ENTRY = 2  # and so many per entry of the parameters


@dataclass(frozen=True)
class Curvature:
    """The smallest curvature seen.

    value: v'Hv / v'v in the user's units, NaN where the Hessian overflows; v: the direction
    (k,) in the solver's coordinates; sign: -1, 0 (none to working precision) or 1.
    certain: no curvature is much smaller near the value found; elsewhere some may be.
    whole: the directions span the space, so it is the smallest there is (in the solver's
    coordinates); else only `directions` of them were looked along.
    """

    value: float
    v: Array
    sign: int
    certain: bool
    directions: int
    whole: bool


def smallest(objective: Objective, point: Point) -> Curvature:
    """The smallest curvature at a point along the directions of a Lanczos run (1950).

    The Hessian of a convex mean over rows is at least the share of some of the rows in it: where
    these are curved in all directions it is, and the mean over them alone is looked at.
    """
    some = _some(objective)
    if some is not None:
        seen = _smallest(some, point)
        if seen.sign > 0 and seen.certain:
            return seen
    return _smallest(objective, point)


def _some(objective: Objective) -> Objective | None:
    """The objective over some of the rows, if it is convex and they are few of them all."""
    rows = max(ROWS, PER_ENTRY * objective.penalty.size)
    if not objective.model.convex or objective.data.count < 2 * rows:
        return None
    return objective.sample(rows)


def _smallest(objective: Objective, point: Point) -> Curvature:
    """The smallest curvature of an objective, by products with its own Hessian.

    They are those that conjugate gradients would take from a start that has no symmetry; it
    is the same in every run.
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
    H = Q[:, :made].T @ HQ[:, :made]
    values, vectors = np.linalg.eigh((H + H.T) / 2)
    v = Q[:, :made] @ vectors[:, 0]
    d = objective.scale * v
    # An eigenvalue lies within the residual of the value found.
    rest = float(np.linalg.norm(HQ[:, :made] @ vectors[:, 0] - values[0] * v))
    level = LEVEL * float(np.abs(values).max())
    sign = int(values[0] > level) - int(values[0] < -level)
    return Curvature(
        float(values[0] / (d @ d)), v, sign, rest < abs(values[0]), made, whole=made == free
    )


def escape(objective: Objective, point: Point, v: Array) -> tuple[float, Point] | None:
    """A step t and the lower point t away from a saddle point, along negative curvature.

    The cost must fall by a quarter of what the curvature promises; lengths are halved from
    that of the point itself, because a saddle point gives no other measure.
    """
    v = -v if float(objective.slope(point) @ v) > 0 else v
    bend = float(v @ objective.product(point, v))
    t = 1.0 + float(np.linalg.norm(point.x / objective.scale))
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


def ahead(objective: Objective, point: Point) -> Ahead:
    """Whether the minimiser is near.

    On the way to a minimum at infinity (separable data, for example) the gradient tends to
    zero while Newton steps lead outwards for ever.
    """
    some = _some(objective)
    if some is not None and _ahead(some, point) is Ahead.NEAR:
        return Ahead.NEAR  # with less curvature the step would only be longer
    return _ahead(objective, point)


def _ahead(objective: Objective, point: Point) -> Ahead:
    """Where the Newton step leads whose Hessian is that of the objective."""
    u = point.x / objective.scale
    g = objective.slope(point)
    # In these coordinates curvature is about one, and a Newton step from zero as long as g.
    size = float(np.linalg.norm(u)) or float(np.linalg.norm(g))
    if size == 0:
        return Ahead.NEAR
    step = steihaug(lambda v: objective.product(point, v), g, size, FORCING)
    if u.any() and np.linalg.norm(u + step.p) <= (1 + SETTLED) * size:
        return Ahead.NEAR
    if step.predicted > point.noise:
        return Ahead.FAR
    return Ahead.UNSEEN if u.any() else Ahead.NEAR
