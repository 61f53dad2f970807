"""The way in for costs of any form: `minimise`."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from .data.arguments import check_arrays, check_penalise, check_point, check_sizes, described
from .data.checks import Asked, check_count, check_number, shape_text
from .data.row_blocks import row_blocks
from .methods import lbfgs, levenberg_marquardt, row_samples, starts, trust_region
from .model import Array, GeneralModel
from .objective.parameters import Layout, Objective, Point, Run
from .objective.residuals import residuals
from .objective.scaling import equilibrated
from .objective.values import Stop
from .result import Record
from .solution import Solution
from .verdict.curvature import Ahead, Curvature, ahead, escape, smallest
from .verdict.report import Ending, sentence
from .verdict.stationary import attained, falls_for_ever, leads_outwards, promise, vanished

Method = Callable[[Objective, Point, float, int, list[Record]], Run]

METHODS: dict[str, tuple[Method, int]] = {
    "auto": (row_samples.minimise, lbfgs.MAX_ITER),
    "newton_cg": (trust_region.minimise, trust_region.MAX_ITER),
    "lbfgs": (lbfgs.minimise, lbfgs.MAX_ITER),
    "levenberg_marquardt": (levenberg_marquardt.minimise, levenberg_marquardt.MAX_ITER),
}
ROUNDS = 3  # how often tol is tightened where the steps are still long
TIGHTER = 1e-3
LONGER = 60  # steps that each of these rounds may take
TIMES = 100  # how often a method goes on in the coordinates of where it ended
LEAST_AIM = 1e-12  # of tol: a method that does not even move for this much less has ended
FALLEN = 1e-6  # of the cost's level at the start: it may fall for ever
OUTWARDS = 1.01  # growth of the parameters that tells a run to infinity from noise


def minimise(
    model: GeneralModel,
    *data: Any,
    l2: float = 0.0,
    penalise: Any = None,
    start: Any = None,
    method: str = "auto",
    tol: float = 1e-8,
    max_iter: int | None = None,
    sizes: Any = None,
) -> Solution:
    """Minimise cost(parameters, data) + l2/2 times the sum of squares of penalised parameters.

    data: the arrays of model.data in their order, array-likes of real numbers.  They are not
    changed and are computed with in float64.  Axes with the same letter have the same size.
    penalise: the names of the penalised parameters, for example ("w",); None means all.
    start: a dictionary of arrays by parameter name, one array if there is one parameter, or a
    Solution.  What it leaves out starts at zero for a convex cost, otherwise at small numbers
    without symmetry that are the same in every run, inside of the parameter's domain.  For a
    convex cost, a start that is worse than zeros is replaced by zeros.
    method: "newton_cg" (trust region with exact Hessian-vector products), "lbfgs" (gradients
    alone, but for scaling the parameters and looking at the curvature in the end), or "auto":
    for a mean over many rows secant steps as in lbfgs on some of the rows, then on all of them,
    and where that does not suffice, or for other costs, newton_cg; if the cost is convex, they are
    measured by the correlations of the data's columns, and computed in float32, but the last
    ones always in float64.  (history then has the cost of the start over some of the rows, where
    that is zeros, and none, NaN, where a step needed none.)
    tol: relative and without units: a fit ends where a Newton step would lower the cost by no more
    than about tol^2 of its size.
    max_iter: the most steps over all rows; None means 1000 for newton_cg, 10000 otherwise.
    sizes: the lengths of axes that occur in no data, by letter, for example {"d": 5}.

    Returns a Solution; look at `converged` and `status`.  For a cost that is not known to be
    convex, only a stationary point is claimed; saddle points are left where negative curvature
    shows them.  A singular Hessian (softmax: adding a vector to all classes changes nothing)
    is no error: of the equally good points one is found, and the status says so.
    Raises ValueError for unusable input: what was asked, where, what is wrong, what to do.

    Sources: Nocedal and Wright (2006), chapters 4 and 7; Steihaug (1983); Liu and Nocedal
    (1989); Hager and Zhang (2005).
    """
    shapes = ", ".join(described(model.data, [shape_text(value) for value in data]))
    to = f" to {shapes}" if shapes else ""
    asked = Asked(f"fit {model.name}{to}, method {method!r}")
    if method not in METHODS:
        known = " or ".join(map(repr, METHODS))
        asked.refuse(f"method = {method!r}", "there is no such method", f"choose {known}")
    run, default_limit = METHODS[method]
    limit = default_limit if max_iter is None else check_count(asked, "max_iter", max_iter)
    l2 = check_number(asked, "l2", l2, zero=True)
    tol = check_number(asked, "tol", tol, zero=False)
    arrays = check_arrays(asked, model, data)
    lengths = check_sizes(asked, model, arrays, start, sizes)
    layout = Layout(tuple(tuple(lengths[a] for a in p.axes) for p in model.parameters))
    chosen = check_penalise(asked, model, penalise)
    penalty = [np.full(s, l2 if yes else 0.0) for s, yes in zip(layout.shapes, chosen, strict=True)]
    x = check_point(asked, model, layout, start, convex=model.convex)

    with np.errstate(all="ignore"):  # overflow is met by looking at the values
        # [()] turns an array without axes into a number, which is what kernels take.
        values = tuple(a if hasattr(a, "tocsr") else a[()] for a in arrays)
        longest = max((size for a, size in lengths.items() if a != model.rows), default=1)
        rows = row_blocks(model, values, longest)
        objective = Objective(model, rows, layout, layout.pack(penalty), np.ones_like(x))
        if residuals(objective) is not None and method == "auto":
            run, method = levenberg_marquardt.minimise, "levenberg_marquardt"
        if (
            start is None
            and not model.convex
            and (found := starts.from_data(objective)) is not None
        ):
            x = found
        elif start is None and not model.convex:
            x = starts.in_scale(objective, x)
        at = row_samples.first if method == "auto" else Objective.at
        ending = _run(_first(asked, objective, x, start, at), objective, run, tol, limit)
        text = sentence(model, ending, tol)
    point, seen = ending.point, ending.curvature
    parts = [np.array(part) for part in layout.unpack(point.x)]
    names = [p.name for p in model.parameters]
    return Solution(
        parameters=dict(zip(names, parts, strict=True)),
        cost=point.cost,
        gradient_norm=point.norm,
        curvature=float("nan") if seen is None else seen.value,
        iterations=ending.steps,
        history=ending.history,
        converged=ending.converged,
        status=text,
    )


def _first(
    asked: Asked,
    objective: Objective,
    x: Array,
    start: Any,
    at: Callable[[Objective, Array], Point],
) -> Point:
    """The first point: finite, and for a convex cost no worse than zeros."""
    first = at(objective, x)
    if not first.finite():
        where, to_do = ("start", "start nearer to zero") if start is not None else (
            "the default start", "pass start, or scale the data"
        )  # fmt: skip
        asked.refuse(where, "the cost or its gradient overflows there", to_do)
    if objective.model.convex and x.any():
        zeros = at(objective, np.zeros_like(x))
        return zeros if zeros.cost < first.cost else first
    return first


def _run(first: Point, objective: Objective, method: Method, tol: float, limit: int) -> Ending:
    """Run the method, away from saddle points, until the one stopping rule holds at its point.

    The method stops by the coordinates of its start. Where those of its end show that this was too
    early, it goes on from there in these.
    """
    started = objective = equilibrated(objective, first)
    history = [Record(0, first.cost, first.norm, 0.0)]
    point, aim = first, tol
    for _ in range(TIMES):
        before = point
        run = method(objective, point, aim, limit, history)
        point, stop = run.point, run.stop
        if not point.gradient.any():
            stop = Stop.TOLERANCE
        objective = equilibrated(objective, point)
        seen = None
        if not objective.model.convex and objective.steep(point) <= tol:
            seen = smallest(objective, point)
            away = escape(objective, point, seen.v) if seen.sign < 0 else None
            if away is not None and len(history) <= limit:
                t, point = away
                history.append(Record(len(history), point.cost, point.norm, t))
                continue
        damping = 0.0 if seen is None or seen.sign > 0 else 2 * (seen.level + abs(seen.bend))
        ahead = promise(objective, point, damping)
        if ahead.small(tol) and objective.steep(point) <= tol:
            return _confirmed(objective, point, method, aim, limit, history, seen, started)
        stuck = stop is not Stop.TOLERANCE or np.array_equal(before.x, point.x)
        done = stuck or objective.steep(point) <= aim
        if stop is not Stop.LIMIT and done and ahead.at_precision:
            ending = _confirmed(objective, point, method, aim, limit, history, seen, started)
            precise = ending.stop is Stop.TOLERANCE
            return replace(ending, stop=Stop.PRECISION) if precise else ending
        if objective.model.convex and objective.size(point.cost) < FALLEN * started.level:
            d = falls_for_ever(objective, point, started.scale, np.zeros_like(point.x))
            if d is not None:
                return Ending(point, tuple(history), Stop.NO_MINIMISER, None, direction=d)
        if stop is not Stop.TOLERANCE or len(history) > limit:
            ended = Stop.LIMIT if stop is Stop.TOLERANCE else stop
            return Ending(point, tuple(history), ended, None)
        if method is levenberg_marquardt.minimise:
            method = trust_region.minimise
        elif stuck and objective.steep(point) <= aim * LEAST_AIM:
            return Ending(point, tuple(history), Stop.ROUNDING, None)
        share = ahead.share(tol) * ahead.size / (2 * ahead.step.predicted)
        steep = objective.steep(point)
        aim = aim if steep > aim else min(aim, steep * math.sqrt(share)) / 2
    return Ending(point, tuple(history), Stop.ROUNDING, None)


def _further(
    objective: Objective, point: Point, tol: float, history: list[Record]
) -> Iterator[Point]:
    """Where Newton's method, which sees curvature, leads from a point with a small gradient.

    And from zeros, because far out there may be no curvature left to see.
    """
    for start in (point, objective.at(np.zeros_like(point.x))):
        record = list(history)
        run = trust_region.minimise(objective, start, TIGHTER * tol, len(history) + LONGER, record)
        if run.point.finite():
            yield run.point


def _confirmed(
    objective: Objective,
    reached: Point,
    method: Method,
    tol: float,
    limit: int,
    history: list[Record],
    seen: Curvature | None,
    started: Objective,
) -> Ending:
    """The ending of a run whose point passed the stopping rule, where this curvature was seen.

    A gradient may also be small because the minimum is at infinity. Of a convex cost it is proved
    that there is a minimiser, or a direction is sought along which the cost falls for ever. Of
    others, while Newton steps lead outwards the run goes on with a tighter tol.  If that takes the
    parameters ever further away, the minimum is at infinity, or too far to be told from it.
    """
    seen = smallest(objective, reached) if seen is None else seen
    curved = (seen.sign > 0 and seen.certain) or bool((objective.penalty > 0).all())
    if objective.model.convex:
        further = _further(objective, reached, tol, history)
        flattened = False
        for point in chain((reached,), further):  # what is further only in need
            there_is, near = attained(objective, point, started.scale)
            found = seen if point is reached else smallest(objective, point)
            flattened = vanished(objective, point, found)
            if there_is and not flattened:
                return Ending(reached, tuple(history), Stop.TOLERANCE, seen, curved)
            for end in (near, point):
                d = falls_for_ever(objective, end, started.scale, found.v)
                if d is not None:
                    return Ending(reached, tuple(history), Stop.NO_MINIMISER, seen, direction=d)
        outwards = flattened or leads_outwards(objective, point, started.scale)
        stop = Stop.NO_MINIMISER if outwards else Stop.TOLERANCE
        return Ending(reached, tuple(history), stop, seen)
    point, view = reached, ahead(objective, reached, seen)
    for _ in range(ROUNDS):
        if view is not Ahead.FAR:
            break
        tol = TIGHTER * min(tol, objective.steep(point))
        run = method(objective, point, tol, min(limit, len(history) + LONGER), history)
        point = run.point if run.point.cost <= reached.cost else point
        view = ahead(objective, point, None)
        if run.stop is not Stop.TOLERANCE:
            break
    before, after = (float(np.linalg.norm(p.x / objective.scale)) for p in (reached, point))
    # Along a flat direction rounding may lead anywhere, but the cost stays the same.
    fell = reached.cost - point.cost > reached.noise
    runs_away = view is not Ahead.NEAR and after > OUTWARDS * before and fell
    if not runs_away and objective.steep(point) > objective.steep(reached):
        point = reached
    seen = smallest(objective, point) if point is not reached else seen
    stop = Stop.NO_MINIMISER if runs_away else Stop.TOLERANCE
    curved = (seen.sign > 0 and seen.certain) or bool((objective.penalty > 0).all())
    return Ending(point, tuple(history), stop, seen, curved and view is Ahead.NEAR)
