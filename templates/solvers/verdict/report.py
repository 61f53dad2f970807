"""The sentence that tells how a minimisation over several parameters ended."""

from dataclasses import dataclass

from ..model import Array, GeneralModel
from ..objective.parameters import Point
from ..objective.values import Stop
from ..result import Record
from .curvature import Curvature
from .outcome import not_converged, reached


@dataclass(frozen=True)
class Ending:
    """The point reached and why the run stopped there.

    curvature: what was seen at the point, where its gradient is at most tol.
    definite: the Hessian there is safely positive definite, and the next step is short.
    direction: along which (k,) the cost seems to fall for ever.
    """

    point: Point
    history: tuple[Record, ...]
    stop: Stop
    curvature: Curvature | None
    definite: bool = False
    direction: Array | None = None

    @property
    def converged(self) -> bool:
        """Whether the point passed the stopping rule, and is not on the way to infinity."""
        return self.stop in {Stop.TOLERANCE, Stop.PRECISION}

    @property
    def steps(self) -> int:
        """The number of iterates after the start."""
        return len(self.history) - 1


def sentence(model: GeneralModel, ending: Ending, tol: float) -> str:
    """What happened and, if not converged, what to do.  Minima are global only if convex."""
    where = reached(ending.point.norm, ending.steps)
    if ending.stop is Stop.NO_MINIMISER and ending.direction is not None:
        return (
            f"Not converged: {where}, but no minimiser appears to exist: the cost seems to fall "
            "for ever along the direction in which the parameters grow (separable data, for "
            "example): use l2 > 0."
        )
    if ending.stop is Stop.NO_MINIMISER:
        return (
            f"Not converged: {where}, small enough for tol = {tol:g}, but Newton steps still lead "
            "outwards: the minimiser is far away, or there is none and the cost falls for ever "
            "(separable data, for example): use l2 > 0."
        )
    seen = ending.curvature
    enough = (
        f"small enough for tol = {tol:g}"
        if ending.stop is Stop.TOLERANCE
        else "zero to working precision: no more can be gained in float64"
    )
    if seen is not None:
        if not model.convex:
            return (
                f"Converged to a stationary point: {where}, {enough}; "
                f"{_kind(seen)}; the cost is not known to be convex, so a lower point may "
                "exist: try other starts."
            )
        if ending.definite:
            return f"Converged to a global minimiser: {where}, {enough}."
        return (
            f"Converged to the lowest cost: {where}, {enough}, but float64 does not "
            "determine the minimiser: along some directions the cost hardly changes, or falls "
            "less and less for ever. Use l2 > 0 for a definite one."
        )
    if ending.stop is Stop.DOMAIN:
        return (
            f"Not converged: {where}, not small enough for tol = {tol:g}, and the next step leaves "
            "the domain of a parameter: the minimum may lie on its boundary, or start further "
            "inside."
        )
    advice = ", or the cost may have no minimum" if ending.stop is Stop.OVERFLOW else ""
    return not_converged(ending.stop, where, tol, advice)


def _kind(seen: Curvature) -> str:
    """What the smallest curvature says of a stationary point."""
    if seen.value != seen.value:
        return "the Hessian there overflows"
    along = "" if seen.whole else f" seen along {seen.directions} directions"
    value = f"the smallest curvature{along} there is {seen.value:.3g}"
    if seen.sign < 0:
        return f"{value} (a saddle point or maximum)"
    if seen.sign > 0 and seen.whole:
        return f"{value} (a local minimum)"
    if seen.sign > 0 and seen.certain:
        return f"{value} (as at a local minimum)"
    if seen.sign > 0:
        return f"{value}, and along others it may be zero: nearby points may be as good"
    none = f"the smallest curvature{along} there is zero to working precision"
    return f"{none}: nearby points may be as good"
