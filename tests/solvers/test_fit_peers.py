"""The drivers against scikit-learn and statsmodels on real data."""

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor, Ridge

from generated.solvers import Result, fit
from tests.solvers.models import LOGISTIC, POISSON, SQUARES, gradient


def assert_stationary(model, X, y, result: Result, bound: float = 1e-10, **kwargs) -> None:
    w = np.append(result.theta, result.intercept)
    assert result.converged, result.status
    g = gradient(model, X, y, w, **kwargs)
    assert np.abs(result.gradient_norm - np.abs(g).max()) <= bound * np.abs(X).max()
    # The stopping rule's measure: columns centred and of size one.
    C, slopes = X - X.mean(axis=0), np.abs(model.slope(X @ result.theta + result.intercept, y))
    inner = np.append(g[:-1] - X.mean(axis=0) * g[-1], g[-1]) / np.append(np.abs(C).max(axis=0), 1)
    assert np.abs(inner).max() <= 2 * bound * slopes.mean()


@pytest.fixture(scope="module")
def cancer():
    data = load_breast_cancer()
    return data.data, data.target.astype(float)


@pytest.fixture(scope="module")
def randhie():
    data = sm.datasets.randhie.load_pandas()
    return data.exog.to_numpy(float), data.endog.to_numpy(float)


@pytest.mark.parametrize("l2", [1e-1, 1e-3])
@pytest.mark.parametrize("standardised", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_l2_is_the_inverse_of_scikit_learns_c(cancer, l2, standardised, weighted) -> None:
    X, y = cancer
    X = (X - X.mean(axis=0)) / X.std(axis=0) if standardised else X
    s = 1.0 + np.arange(len(y)) % 3 if weighted else np.ones(len(y))
    ours = fit(LOGISTIC, X, y, l2=l2, sample_weight=s, tol=1e-10)
    assert_stationary(LOGISTIC, X, y, ours, l2=l2, s=s)
    peer = LogisticRegression(
        C=1 / (l2 * s.sum()), solver="newton-cholesky", tol=1e-12, max_iter=1000
    ).fit(X, y, sample_weight=s)
    scale = X.std(axis=0)
    np.testing.assert_allclose(ours.theta * scale, peer.coef_[0] * scale, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(ours.intercept, peer.intercept_[0], rtol=1e-8)


def test_without_penalty_on_data_that_are_not_separable(cancer) -> None:
    X, y = cancer
    X = X[:, :4]
    ours = fit(LOGISTIC, X, y, tol=1e-10)
    assert_stationary(LOGISTIC, X, y, ours)
    peer = sm.Logit(y, sm.add_constant(X)).fit(method="newton", disp=False, tol=1e-10, maxiter=99)
    np.testing.assert_allclose(ours.theta, peer.params[1:], rtol=1e-8)
    np.testing.assert_allclose(ours.intercept, peer.params[0], rtol=1e-8)
    np.testing.assert_allclose(-ours.cost * len(y), peer.llf, rtol=1e-12)


@pytest.mark.parametrize("standardised", [True, False])
def test_all_of_breast_cancer_is_separable(cancer, standardised) -> None:
    X, y = cancer
    X = (X - X.mean(axis=0)) / X.std(axis=0) if standardised else X
    result = fit(LOGISTIC, X, y)
    assert not result.converged
    assert result.status.startswith("No minimiser exists")


@pytest.mark.parametrize("weighted", [True, False])
def test_l2_is_ridges_alpha_over_the_sum_of_weights(weighted) -> None:
    X, y = load_diabetes(return_X_y=True)
    s = 1.0 + np.arange(len(y)) % 3 if weighted else np.ones(len(y))
    free = fit(SQUARES, X, y, sample_weight=s, tol=1e-10)
    assert_stationary(SQUARES, X, y, free, s=s)
    assert free.iterations <= 2
    peer = LinearRegression().fit(X, y, sample_weight=s)
    np.testing.assert_allclose(free.theta, peer.coef_, rtol=1e-8)
    np.testing.assert_allclose(free.intercept, peer.intercept_, rtol=1e-8)

    l2 = 1e-3
    held = fit(SQUARES, X, y, l2=l2, sample_weight=s, tol=1e-10)
    assert_stationary(SQUARES, X, y, held, l2=l2, s=s)
    peer = Ridge(alpha=l2 * s.sum(), solver="cholesky").fit(X, y, sample_weight=s)
    np.testing.assert_allclose(held.theta, peer.coef_, rtol=1e-8)
    np.testing.assert_allclose(held.intercept, peer.intercept_, rtol=1e-8)


@pytest.mark.parametrize("weighted", [True, False])
def test_l2_is_poisson_regressors_alpha(randhie, weighted) -> None:
    X, y = randhie
    s = 1.0 + np.arange(len(y)) % 3 if weighted else np.ones(len(y))
    ours = fit(POISSON, X, y, l2=1e-2, sample_weight=s, tol=1e-10)
    assert_stationary(POISSON, X, y, ours, l2=1e-2, s=s)
    peer = PoissonRegressor(alpha=1e-2, solver="newton-cholesky", tol=1e-12).fit(
        X, y, sample_weight=s
    )
    np.testing.assert_allclose(ours.theta, peer.coef_, rtol=1e-8)
    np.testing.assert_allclose(ours.intercept, peer.intercept_, rtol=1e-8)


def test_statsmodels_poisson_on_randhie(randhie) -> None:
    X, y = randhie
    ours = fit(POISSON, X, y, tol=1e-10)
    assert_stationary(POISSON, X, y, ours)
    peer = sm.GLM(y, sm.add_constant(X), family=sm.families.Poisson()).fit(tol=1e-14)
    np.testing.assert_allclose(ours.theta, peer.params[1:], rtol=1e-8)
    np.testing.assert_allclose(ours.intercept, peer.params[0], rtol=1e-8)


def test_statsmodels_logit_on_randhie(randhie) -> None:
    X, y = randhie
    visited = (y > 0).astype(float)
    ours = fit(LOGISTIC, X, visited, tol=1e-10)
    assert_stationary(LOGISTIC, X, visited, ours)
    peer = sm.Logit(visited, sm.add_constant(X)).fit(method="newton", disp=False, tol=1e-14)
    np.testing.assert_allclose(ours.theta, peer.params[1:], rtol=1e-8)
