"""How a solver's run ended, and the sentence that tells the user."""

from dataclasses import dataclass

import numpy as np

from ..algebra.direction import reciprocal
from ..model import EPS, Array
from ..objective.scores import Objective
from ..objective.values import Stop, Value
from ..result import Record
from .recession import Recession


@dataclass(frozen=True)
class Outcome:
    """The point reached and why the solver stopped there.

    recession: the direction, for NO_MINIMISER.  deficient: whether the columns are linearly
    dependent; None: that was not looked at.
    way: the methods that led there, where they were chosen automatically.
    """

    point: Value
    history: tuple[Record, ...]
    stop: Stop
    recession: Recession | None = None
    deficient: bool | None = None
    way: str = ""

    @property
    def converged(self) -> bool:
        """Whether the point is what was looked for, not only one with a small gradient."""
        return self.stop in {Stop.TOLERANCE, Stop.PRECISION}


def status(objective: Objective, outcome: Outcome, tol: float) -> str:
    """What happened and, if not converged, what to do; and which method was chosen, and why."""
    way = f" Chosen for {_shape(objective)}: {outcome.way}." if outcome.way else ""
    return _ending(objective, outcome, tol) + way


def _shape(objective: Objective) -> str:
    """What the choice of a method looks at."""
    kind = "a convex cost" if objective.model.convex else "a cost that is not convex"
    m, k = len(objective.data.y), objective.k
    return f"{kind} of {m} samples and {k} parameter{'' if k == 1 else 's'}"


def _ending(objective: Objective, outcome: Outcome, tol: float) -> str:
    """One sentence: what happened and, if not converged, what to do."""
    norm = outcome.point.norm
    where = reached(norm, len(outcome.history) - 1)
    if outcome.stop is Stop.NO_MINIMISER and outcome.recession is not None:
        return _no_minimiser(objective, outcome.recession)
    if outcome.stop is Stop.UNSETTLED:
        return (
            f"Not converged: {where}, but the steps are still long, so the minimiser may be far or "
            "may not exist: raise max_iter, or use l2 > 0."
        )
    if outcome.converged:
        enough = (
            f"small enough for tol = {tol:g}"
            if outcome.stop is Stop.TOLERANCE
            else "zero to working precision: no more can be gained in float64"
        )
        if objective.model.convex:
            many = (
                "; the columns are linearly dependent to working precision, so others are as good"
            )
            return (
                f"Converged to a global minimiser: {where}, {enough}"
                f"{many if outcome.deficient else ''}."
            )
        return (
            f"Converged to a stationary point: {where}, {enough}; "
            f"{_kind(objective, outcome.point.w)}; the cost is not convex, so a lower point may "
            "exist: try other starts."
        )
    return not_converged(outcome.stop, where, tol, _scales(objective))


def reached(norm: float, steps: int) -> str:
    """How far a run of so many steps came."""
    return f"after {steps} step{'' if steps == 1 else 's'} the gradient norm is {norm:.2g}"


def not_converged(stop: Stop, where: str, tol: float, advice: str) -> str:
    """The sentence for a run that did not reach tol; advice is added to what to do."""
    if stop is Stop.ROUNDING:
        return (
            f"Not converged: {where}, not small enough for tol = {tol:g}, and rounding in float64 "
            f"prevents further progress: pass a larger tol{advice}."
        )
    if stop is Stop.OVERFLOW:
        return (
            f"Not converged: {where}, and the next step overflows: start nearer to the "
            f"solution, or use l2 > 0{advice}."
        )
    return (
        f"Not converged: {where}, not small enough for tol = {tol:g}, and max_iter is used up: "
        "raise max_iter, or pass this result as start."
    )


def _no_minimiser(objective: Objective, recession: Recession) -> str:
    n, d = objective.n, recession.d
    certain = (
        "No minimiser exists: the cost falls"
        if recession.certain
        else ("No minimiser appears to exist: the cost seems to fall")
    )
    size = np.abs(d[:n]) / objective.coordinates.unit
    if not size.any():
        return (
            f"{certain} for ever along the intercept alone (y is of one class, or all its counts "
            "are zero): add samples with other values of y, or fit without the intercept."
        )
    column = int(np.argmax(size))
    return (
        f"{certain} for ever along a direction that separates the data (its largest component is "
        f"column {column} of X): use l2 > 0, or drop that column or the samples it separates."
    )


def _kind(objective: Objective, w: Array) -> str:
    """The smallest eigenvalue of the Hessian in the user's units, and what its sign means.

    The sign is judged after scaling the Hessian to a unit diagonal, where rounding is known;
    by Sylvester's law scaling does not change it.
    """
    inner, _ = objective.hessian(objective.at(w))
    H = objective.coordinates.outward_hessian(inner)
    if not (np.isfinite(inner).all() and np.isfinite(H).all()):
        return "the Hessian there overflows"
    if H.size == 0:
        return "there is nothing to fit"
    smallest = float(np.linalg.eigvalsh(H)[0])
    judged = float(_scaled_eigenvalues(inner)[0])
    noise = 64 * H.shape[0] * EPS
    kind = (
        "a local minimum"
        if judged > noise
        else (
            "a saddle point or maximum"
            if judged < -noise
            else "neither minimum nor saddle is certain"
        )
    )
    return f"the smallest eigenvalue of the Hessian there is {smallest:.3g} ({kind})"


def _scaled_eigenvalues(H: Array) -> Array:
    scale = reciprocal(np.sqrt(np.abs(np.diag(H))))
    return np.asarray(np.linalg.eigvalsh(scale[:, None] * H * scale), dtype=np.float64)


def _scales(objective: Objective) -> str:
    """Advice on units if the columns' sizes are far from one."""
    unit = objective.coordinates.unit
    extreme = unit.size and (unit.max() > 2.0**20 or unit.min() < 2.0**-20)
    return ", or express the columns of X in units that make them of size one" if extreme else ""
