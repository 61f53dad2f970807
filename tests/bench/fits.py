"""The fits that are compared, ours and the peers', and the literal gradient that judges them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression, PoissonRegressor

from generated import logistic, poisson, softmax_l2

TOLERANCE = 1e-8


@dataclass(frozen=True)
class Data:
    """Features, targets and the strength of the penalty."""

    X: np.ndarray
    y: np.ndarray
    l2: float


Fit = Callable[[Data], np.ndarray]


def _linear(module) -> Callable[[Data, int], np.ndarray]:
    def run(data: Data, threads: int) -> np.ndarray:
        found = module.fit(data.X, data.y, l2=data.l2, tol=TOLERANCE, threads=threads)
        return np.append(found.theta, found.intercept)

    return run


def _linear_norm(mean: Callable[[np.ndarray], np.ndarray]) -> Callable[[Data, np.ndarray], float]:
    """The largest entry of the gradient of a generalised linear model, as it is written."""

    def norm(data: Data, w: np.ndarray) -> float:
        r = mean(data.X @ w[:-1] + w[-1]) - data.y
        g = data.X.T @ r / len(r) + data.l2 * w[:-1]
        return float(max(np.abs(g).max(), abs(r.mean())))

    return norm


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def _sklearn(solver: str) -> Fit:
    def run(data: Data) -> np.ndarray:
        C = 1 / (data.l2 * len(data.y))
        model = LogisticRegression(C=C, solver=solver, tol=TOLERANCE, max_iter=500)
        model.fit(data.X, data.y)
        return np.append(model.coef_[0], model.intercept_[0])

    return run


def _sklearn_poisson(solver: str) -> Fit:
    def run(data: Data) -> np.ndarray:
        model = PoissonRegressor(alpha=data.l2, solver=solver, tol=TOLERANCE, max_iter=500)
        model.fit(data.X, data.y)
        return np.append(model.coef_, model.intercept_)

    return run


def _scipy(data: Data) -> np.ndarray:
    def value(w):
        z = data.X @ w[:-1] + w[-1]
        T = np.exp(-np.abs(z))
        loss = np.maximum(z, 0) - data.y * z + np.log1p(T)
        r = np.where(z >= 0, 1, T) / (1 + T) - data.y
        g = data.X.T @ r / len(r) + data.l2 * w[:-1]
        return loss.mean() + data.l2 / 2 * w[:-1] @ w[:-1], np.append(g, r.mean())

    options = {"maxiter": 500, "ftol": 0.0, "gtol": TOLERANCE, "maxcor": 10}
    start = np.zeros(data.X.shape[1] + 1)
    return minimize(value, start, jac=True, method="L-BFGS-B", options=options).x


def _softmax(data: Data, threads: int) -> np.ndarray:
    del threads  # a cost of any form has no such argument
    return softmax_l2.fit(data.X, _one_hot(data), data.l2, tol=TOLERANCE)["Theta"]


def _sklearn_softmax(solver: str) -> Fit:
    def run(data: Data) -> np.ndarray:
        C = 1 / (data.l2 * len(data.y))
        model = LogisticRegression(
            C=C, solver=solver, tol=TOLERANCE, max_iter=500, fit_intercept=False
        )
        return model.fit(data.X, data.y).coef_.T

    return run


def _softmax_norm(data: Data, Theta: np.ndarray) -> float:
    Z = data.X @ Theta
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    g = data.X.T @ (P - _one_hot(data)) / len(data.y) + data.l2 * Theta
    return float(np.abs(g).max())


def _one_hot(data: Data) -> np.ndarray:
    return np.eye(int(data.y.max()) + 1)[data.y.astype(int)]


LINEAR = {"logistic": logistic.MODEL, "poisson": poisson.MODEL}
"""The models of the fits by scores."""

FITS = {
    "logistic": (
        _linear(logistic),
        {
            **{s: _sklearn(s) for s in ("lbfgs", "newton-cholesky", "newton-cg", "liblinear")},
            "scipy": _scipy,
        },
        _linear_norm(_sigmoid),
    ),
    "poisson": (
        _linear(poisson),
        {s: _sklearn_poisson(s) for s in ("lbfgs", "newton-cholesky")},
        _linear_norm(np.exp),
    ),
    "softmax": (
        _softmax,
        {s: _sklearn_softmax(s) for s in ("lbfgs", "newton-cg")},
        _softmax_norm,
    ),
}
"""By kind: our fit, the peers by name, and the gradient at what a fit returned."""
