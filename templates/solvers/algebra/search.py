"""The line search of Newton's method."""

from typing import Protocol

DECREASE = 1e-4  # Armijo's constant
NEAR = 0.8  # approximate Wolfe: 1 - 2 * 0.1
FAR = 0.9  # Wolfe's lower constant: a slope still this steep means the step is too short
TRIALS = 400


class Height(Protocol):
    """The cost at a point, and what a change of it must exceed to be more than rounding."""

    @property
    def cost(self) -> float: ...
    @property
    def rounding(self) -> float: ...


class Line(Protocol):
    """The cost on a half line from a point."""

    @property
    def origin(self) -> Height: ...
    def cost(self, t: float) -> float:
        """At the distance t."""

    def slope(self, t: float) -> float:
        """Its derivative by t."""


def search(ray: Line) -> float | None:
    """A step t > 0 that decreases f enough along the ray, or None if there is none.

    Backtracking from t = 1 with Armijo's rule (1966).  Near the minimum the cost's rounding
    hides the decrease; there the slope's decrease decides (approximate Wolfe conditions: Hager
    and Zhang, 2005).  A first step that is far too short (a saturated start) is doubled.
    Values that overflow are never accepted; from them t falls faster.
    """
    start, slope = ray.origin.cost, ray.slope(0.0)
    if not slope < 0:
        return None
    t = 1.0
    for trial in range(TRIALS):
        cost = ray.cost(t)
        if cost - start <= DECREASE * t * slope and cost < start:
            return _lengthen(ray, t, cost, slope) if trial == 0 else t
        if abs(cost - start) <= ray.origin.rounding and abs(ray.slope(t)) <= -NEAR * slope:
            return t
        t /= 2.0 if cost - start < float("inf") else 16.0
        if t == 0:
            break
    return None


def _lengthen(ray: Line, t: float, cost: float, slope: float) -> float:
    """Double t while the slope hardly changes and the cost keeps Armijo's rule."""
    while t < 2.0**200 and ray.slope(t) < FAR * slope:
        longer = ray.cost(2 * t)
        if not (longer < cost and longer - ray.origin.cost <= DECREASE * 2 * t * slope):
            break
        t, cost = 2 * t, longer
    return t
