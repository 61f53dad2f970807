"""The way in: `fit`."""

from typing import Any

import numpy as np

from .data.blocks import column_means, team
from .data.checks import (
    Asked,
    check_count,
    check_data,
    check_finite,
    check_number,
    check_start,
    shape_text,
)
from .data.offsets import without_offsets
from .methods.confirm import confirmed
from .methods.table import METHODS
from .model import LinearModel
from .objective.scores import make_objective
from .objective.start import Start
from .result import Result
from .verdict.outcome import status


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
    threads: int = 1,
) -> Result:
    """Minimise the weighted mean loss plus penalty over theta and the intercept b.

        f(theta, b) = sum_i s_i loss(z_i, y_i) / sum_i s_i + l2/2 |theta|^2,  z = X theta + b

    X: (m, n) and y: (m,), array-likes of real numbers; rows are samples.  They are not changed
    and are computed with in float64; an X of float64 or float32 in C or Fortran order is not
    copied and may be larger than memory (numpy.memmap).  (Secant steps over fewer than 100000 rows
    begin on a float32 copy, of at most 256 MiB.)  The intercept is not penalised.
    sample_weight: s (m,), s >= 0; an integer weight equals so many copies of the row, weight
    zero a row left out.  None means ones: the mean over samples.
    start: None (zeros), theta (n,), theta and intercept (n + 1,), or a Result.  For a convex
    cost, a start that is worse than zeros is replaced by zeros: a far start is saturated.
    method: "newton" (few steps, each of cost m n^2), "samples" (Newton's method on samples of the
    rows of a convex cost, then steps over all of them; history has no cost, NaN, where a step
    needed none), "lbfgs" (secant steps, for many columns), "gram" (Newton's method among the
    samples, for a convex cost with l2 > 0 and fewer samples than columns), "gradient_descent" (with
    the step 1/L that the certified bound of the curvature gives), "accelerated_gradient" (the same
    with momentum, for convex costs), or "auto": for a convex cost samples if the rows are many,
    lbfgs if the columns are, gram if l2 > 0 and the samples are few; else, or where these fail,
    newton.  Least squares of few or of ill-conditioned columns are solved by a factorisation of X:
    where columns are linearly dependent, with the least |theta|.  The status says which it was.
    tol: relative, and free of units: a fit ends where the gradient, with respect to columns scaled
    to size one, is at most tol times the mean size of the samples' slopes, and a Newton step would
    lower the cost by at most 2 tol^2 of its size per parameter, or where float64 permits no more.
    max_iter: the most steps; None means 200 for newton, samples, gram and auto, 10000 for lbfgs,
    100000 for gradient_descent and accelerated_gradient.
    threads: in how many threads the rows are read.  The result is reproducible for a given
    number.  It pays for large X, and only if NumPy's BLAS is kept from using threads of its own
    (OMP_NUM_THREADS=1 in the environment), which is why it is 1 unless asked for.

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

    A column of subnormal numbers counts as zero: its coefficient could not be represented.

    Sources: Nocedal and Wright (2006); Hager and Zhang (2005); Rockafellar (1970, section 8).
    """
    asked = Asked(f"fit {model.name} to X {shape_text(X)} and y {shape_text(y)}, method {method!r}")
    if method not in METHODS:
        known = ", ".join(map(repr, METHODS))
        asked.refuse(f"method = {method!r}", "there is no such method", f"choose one of {known}")
    minimise, default_limit = METHODS[method]
    limit = default_limit if max_iter is None else check_count(asked, "max_iter", max_iter)
    l2 = check_number(asked, "l2", l2, zero=True)
    tol = check_number(asked, "tol", tol, zero=False)
    threads = check_count(asked, "threads", threads)
    data = check_data(asked, model, X, y, sample_weight)
    n = data.X.shape[1]
    w = check_start(asked, start, n, fit_intercept)

    with np.errstate(all="ignore"), team(threads) as crew:  # overflow is met by looking at values
        freed = without_offsets(data) if fit_intercept else None
        if freed is not None:
            data, w = freed.data, freed.inward(w)
        mean = column_means(data, crew)
        if not np.isfinite(mean).all():
            check_finite(asked, data.X)
        objective = make_objective(model, data, mean, l2, bool(fit_intercept), crew)
        outcome = confirmed(objective, minimise(Start(asked, objective, w), tol, limit), tol)
        text = status(objective, outcome, tol)
    point = outcome.point
    w, gradient = point.w, point.gradient
    if freed is not None:
        w, gradient = freed.outward(w), freed.outward_gradient(gradient)
    return Result(
        theta=w[:n].copy(),
        intercept=float(w[n]) if fit_intercept else 0.0,
        cost=point.cost,
        gradient_norm=float(np.abs(gradient).max(initial=0.0)),
        iterations=len(outcome.history) - 1,
        history=outcome.history,
        converged=outcome.converged,
        status=text,
    )
