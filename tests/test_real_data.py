"""The generated modules on real data, beside scikit-learn and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

from generated import (
    least_squares,
    logistic,
    logistic_signs,
    logistic_wb,
    poisson,
    probit,
    sigmoid_squares,
    softmax,
)

RAW, LABELS = load_breast_cancer(return_X_y=True)
SCALED = (RAW - RAW.mean(axis=0)) / RAW.std(axis=0)
L2 = 1e-3


def close(ours, theirs, bound: float = 1e-8) -> bool:
    return bool(np.abs(np.subtract(ours, theirs)).max() <= bound * np.abs(theirs).max())


@pytest.mark.parametrize("X", [SCALED, RAW], ids=["standardised", "raw"])
def test_logistic_is_scikit_learns(X) -> None:
    ours = logistic.fit(X, LABELS, l2=L2, tol=1e-10)
    peer = LogisticRegression(
        C=1 / (L2 * len(LABELS)), solver="newton-cholesky", tol=1e-14, max_iter=1000
    ).fit(X, LABELS)
    assert ours.converged
    assert ours.gradient_norm <= 1e-10
    assert close(ours.theta * X.std(axis=0), peer.coef_[0] * X.std(axis=0))
    assert abs(ours.intercept - peer.intercept_[0]) <= 1e-7
    assert close(logistic.predict(ours, X), peer.predict_proba(X)[:, 1])


def test_separable_data_have_no_minimiser() -> None:
    ours = logistic.fit(SCALED, LABELS)
    assert not ours.converged
    assert ours.status.startswith("No minimiser exists")


def test_least_squares_are_scikit_learns() -> None:
    X, y = load_diabetes(return_X_y=True)
    ours = least_squares.fit(X, y, tol=1e-10)
    assert ours.gradient_norm <= 1e-10
    assert close(ours.theta, LinearRegression().fit(X, y).coef_)
    ridge = Ridge(alpha=0.1 * len(y), solver="cholesky").fit(X, y)
    assert close(least_squares.fit(X, y, l2=0.1).theta, ridge.coef_)


def test_poisson_is_statsmodels() -> None:
    counts = sm.datasets.randhie.load_pandas()
    X, y = counts.exog.to_numpy(), counts.endog.to_numpy()
    ours = poisson.fit(X, y, tol=1e-10)
    peer = sm.GLM(y, sm.add_constant(X), family=sm.families.Poisson()).fit(tol=1e-14, maxiter=100)
    assert ours.converged
    assert close(np.r_[ours.intercept, ours.theta], peer.params)


def test_probit_is_statsmodels() -> None:
    X = SCALED[:, [0, 1, 4]]
    ours = probit.fit(X, LABELS, tol=1e-10)
    peer = sm.Probit(LABELS, sm.add_constant(X)).fit(disp=0, tol=1e-14, maxiter=100)
    assert ours.converged
    assert close(np.r_[ours.intercept, ours.theta], peer.params, 1e-7)


def test_softmax_is_scikit_learns() -> None:
    X, y = load_iris(return_X_y=True)
    X = np.column_stack([(X - X.mean(axis=0)) / X.std(axis=0)])
    Y = np.eye(3)[y]
    ours = softmax.fit(X, Y, l2=1e-2)
    peer = LogisticRegression(C=1 / (1e-2 * len(y)), fit_intercept=False, tol=1e-12, max_iter=5000)
    assert ours.converged
    assert close(softmax.predict(ours, X), peer.fit(X, y).predict_proba(X), 1e-6)


def test_other_statements_of_the_log_loss_have_the_same_minimiser() -> None:
    X = SCALED[:, :5]
    ours = logistic.fit(X, LABELS, l2=L2)
    signs = logistic_signs.fit(X, 2.0 * LABELS - 1, l2=L2)
    apart = logistic_wb.fit(X, LABELS, l2=L2, penalise=("w",))
    assert close(signs.theta, ours.theta, 1e-6)
    assert close(apart["w"], ours.theta, 1e-6)
    assert abs(float(apart["b"]) - ours.intercept) <= 1e-6


def test_a_cost_that_is_not_convex_claims_no_global_minimum() -> None:
    ours = sigmoid_squares.fit(SCALED, LABELS, l2=L2)
    assert ours.converged
    assert "not convex" in ours.status
    assert "global" not in ours.status


def test_the_functions_serve_other_optimisers() -> None:
    X = SCALED[:, :4]
    found = minimize(
        logistic.cost,
        np.zeros(4),
        args=(X, LABELS),
        jac=logistic.gradient,
        hessp=logistic.hvp,
        method="trust-ncg",
        options={"gtol": 1e-9},
    )
    ours = logistic.fit(X, LABELS, fit_intercept=False)
    assert close(ours.theta, found.x, 1e-6)
