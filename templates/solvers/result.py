"""What a fit returns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .model import Array
from .refusal import refusal


@dataclass(frozen=True, slots=True)
class Record:
    """One iterate: its cost, its gradient's largest entry, and the step that led to it.

    step: the multiple of the search direction that was taken (of a trust region: how long the
    step was, in the coordinates of the solver); 0 for the starting point.
    """

    iteration: int
    cost: float
    gradient_norm: float
    step: float


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """A fitted model.

    theta: (n,) coefficients in the units of the X that was passed; intercept: a number,
    0 if none was fitted.  cost and gradient_norm (largest absolute entry of the gradient with
    respect to theta and intercept) belong to exactly this point.  history[k] is iterate k;
    the returned point may be an earlier one where rounding stopped all progress.
    status: one sentence that says what happened and, if not converged, what to do.
    """

    theta: Array
    intercept: float
    cost: float
    gradient_norm: float
    iterations: int
    history: tuple[Record, ...]
    converged: bool
    status: str

    def __getitem__(self, name: str) -> Array | float:
        """result["theta"] and result["intercept"], as a fit of several parameters has them."""
        if name not in ("theta", "intercept"):
            raise KeyError(name)
        value: Array | float = getattr(self, name)
        return value

    def scores(self, X: ArrayLike) -> Array:
        """X theta + intercept, shape (m,), for rows X (m, n) in the units of the fitted X."""
        rows = np.asarray(X, dtype=np.float64)
        if rows.ndim != 2 or rows.shape[1] != self.theta.size:
            n = self.theta.size
            raise refusal(
                f"the scores of new rows by a fit with {n} features",
                f"X of shape {rows.shape}",
                f"X must be (m, {n}), one row per sample",
                "pass the columns of the fit; a single sample x is x[None, :]",
            )
        return rows @ self.theta + self.intercept

    def __repr__(self) -> str:
        return (
            f"Result(converged={self.converged}, cost={self.cost:.9g}, "
            f"gradient_norm={self.gradient_norm:.2g}, iterations={self.iterations}, "
            f"n={self.theta.size})"
        )

    def __str__(self) -> str:
        return "\n".join(
            (
                self.status,
                *figures(self.cost, self.gradient_norm, self.iterations),
                f"intercept     {self.intercept:.6g}",
                f"theta         {listed(self.theta)}",
            )
        )


def figures(cost: float, norm: float, iterations: int) -> tuple[str, ...]:
    """What a run reached, one line each."""
    return (
        f"cost          {cost:.12g}",
        f"gradient norm {norm:.3g}",
        f"iterations    {iterations}",
    )


def listed(values: Array) -> str:
    """The first few entries of a vector."""
    shown = ", ".join(f"{value:.6g}" for value in values[:8])
    return f"[{shown}{f', ... ({values.size} in all)' if values.size > 8 else ''}]"
