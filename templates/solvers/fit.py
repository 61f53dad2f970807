"""The way in: `fit`."""

from typing import Any

import numpy as np

from . import auto, descent, newton
from .data import Asked, check_count, check_data, check_number, check_start, shape_text
from .model import LinearModel
from .objective import make_objective
from .outcome import Stop, status
from .result import Result

METHODS = {
    "auto": (auto.minimise, auto.MAX_ITER),
    "newton": (newton.minimise, newton.MAX_ITER),
    "gradient_descent": (descent.minimise, descent.MAX_ITER),
}


def fit(
    model: LinearModel,
    X: Any,
    y: Any,
    *,
    l2: float = 0.0,
    fit_intercept: bool = True,
    sample_weight: Any = None,
    start: Any = None,
    method: str = "auto",
    tol: float = 1e-8,
    max_iter: int | None = None,
) -> Result:
    """Minimise the weighted mean loss plus penalty over theta and the intercept b.

        f(theta, b) = sum_i s_i loss(z_i, y_i) / sum_i s_i + l2/2 |theta|^2,  z = X theta + b

    X: (m, n) and y: (m,), array-likes of real numbers; rows are samples.  They are not changed
    and are computed with in float64.  The intercept is not penalised.
    sample_weight: s (m,), s >= 0; an integer weight equals so many copies of the row, weight
    zero a row left out.  None means ones: the mean over samples.
    start: None (zeros), theta (n,), theta and intercept (n + 1,), or a Result.  For a convex
    cost, a start that is worse than zeros is replaced by zeros: a far start is saturated.
    method: "newton" (few steps, each of cost m n^2), "gradient_descent", or "auto": Newton's
    method, which for many rows of a convex cost begins on samples of the rows (history then has
    no cost, NaN, where a step needed none).
    tol: the largest entry of the gradient, in the units of X, that counts as zero.
    max_iter: the most steps; None means 200 for newton, 100000 for gradient_descent.

    Where the same penalty stands in other packages (s = 1 gives sum s = m):

        package and class                                parameter
        scikit-learn LogisticRegression                  C = 1 / (l2 * sum s)
        scikit-learn Ridge (loss (z - y)^2 / 2)          alpha = l2 * sum s
        scikit-learn PoissonRegressor                    alpha = l2
        glum GeneralizedLinearRegressor, l1_ratio=0      alpha = l2

    Returns a Result; look at `converged` and `status`.  Where no minimiser exists (separable
    data, a single class, counts that are all zero), converged is False however small the
    gradient; for a cost that is not convex only a stationary point is claimed.
    Raises ValueError for unusable input: what was asked, where, what is wrong, what to do.

    Sources: Nocedal and Wright (2006); Hager and Zhang (2005); Rockafellar (1970, section 8).
    """
    asked = Asked(f"fit {model.name} to X {shape_text(X)} and y {shape_text(y)}, method {method!r}")
    if method not in METHODS:
        known = " or ".join(map(repr, METHODS))
        asked.refuse(f"method = {method!r}", "there is no such method", f"choose {known}")
    minimise, default_limit = METHODS[method]
    limit = default_limit if max_iter is None else check_count(asked, "max_iter", max_iter)
    l2 = check_number(asked, "l2", l2, zero=True)
    tol = check_number(asked, "tol", tol, zero=False)
    data = check_data(asked, model, X, y, sample_weight)
    n = data.X.shape[1]
    w = check_start(asked, start, n, fit_intercept)

    with np.errstate(all="ignore"):  # overflow is met by looking at the values
        objective = make_objective(model, data, l2, bool(fit_intercept))
        first = objective.at(w)
        if not first.finite():
            where, to_do = ("start", "start nearer to zero") if w.any() else ("X, y", "scale them")
            asked.refuse(where, "the cost or its gradient overflows at the start", to_do)
        if model.convex and w.any():
            zeros = objective.at(np.zeros_like(w))
            first = zeros if zeros.cost < first.cost else first
        outcome = minimise(objective, first, tol, limit)
        text = status(objective, outcome, tol)
    point = outcome.point
    return Result(
        theta=point.w[:n].copy(),
        intercept=float(point.w[n]) if fit_intercept else 0.0,
        cost=point.cost,
        gradient_norm=point.norm,
        iterations=len(outcome.history) - 1,
        history=outcome.history,
        converged=outcome.stop is not Stop.NO_MINIMISER and point.norm <= tol,
        status=text,
    )
