"""Data on which no minimiser exists, and data that only look like it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from generated.solvers import fit
from generated.solvers.verdict.recession import slope_limits
from tests.solvers.models import LOGISTIC, POISSON, PSEUDO_HUBER, SQUARED_HINGE, SQUARES, sigmoid

METHODS = ("newton", "lbfgs", "gradient_descent", "accelerated_gradient")


def gaussian(m=100, n=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, n)), rng


def assert_none(result, words="") -> None:
    assert not result.converged
    assert result.status.startswith("No minimiser"), result.status
    assert words in result.status
    assert np.isfinite(result.theta).all()
    assert np.isfinite(result.cost)


@pytest.mark.parametrize("tol", [1e-1, 1e-3, 1e-8])
@pytest.mark.parametrize("method", METHODS)
def test_separable_data(method, tol) -> None:
    X, _ = gaussian()
    y = (X[:, 1] > 0).astype(float)
    assert_none(fit(LOGISTIC, X, y, method=method, tol=tol, max_iter=2000), "column 1 of X")
    assert fit(LOGISTIC, X, y, method=method, l2=1e-2).converged
    assert fit(LOGISTIC, X, 0.9 * y + 0.05, method=method).converged


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("l2", [0.0, 1.0])
@pytest.mark.parametrize("label", [0.0, 1.0])
def test_one_class_runs_away_along_the_intercept_with_or_without_penalty(method, l2, label) -> None:
    X, _ = gaussian()
    y = np.full(100, label)
    assert_none(fit(LOGISTIC, X, y, l2=l2, method=method, max_iter=500), "the intercept alone")
    assert fit(LOGISTIC, X, y, l2=1.0, fit_intercept=False, method=method).converged


@pytest.mark.parametrize("method", METHODS)
def test_counts_that_are_all_zero(method) -> None:
    X, _ = gaussian()
    assert_none(fit(POISSON, X, np.zeros(100), method=method, max_iter=500), "intercept alone")


@pytest.mark.parametrize("model", [LOGISTIC, POISSON], ids=lambda model: model.name)
@pytest.mark.parametrize("method", METHODS)
def test_a_group_without_events_is_certain(model, method) -> None:
    X, rng = gaussian(200)
    group = (np.arange(200) % 10 == 0).astype(float)
    y = np.where(group > 0, 0.0, (rng.random(200) < sigmoid(X[:, 0])).astype(float))
    result = fit(model, np.column_stack([X, group]), y, method=method, max_iter=2000)
    assert_none(result, "column 3 of X")
    assert result.status.startswith("No minimiser exists")


def test_quasi_separation_along_an_oblique_direction_only_appears() -> None:
    X, rng = gaussian(200)
    y = (rng.random(200) < 0.5).astype(float)
    X[:, 2] = np.where(rng.random(200) < 0.3, rng.random(200), 0.0)
    y[X[:, 2] > 0] = 0.0
    result = fit(LOGISTIC, X @ rng.normal(size=(3, 3)), y)
    assert_none(result, "appears")


def test_one_contrary_sample_makes_a_minimiser() -> None:
    x = np.linspace(-1, 1, 40)
    y = (x > 0).astype(float)
    assert_none(fit(LOGISTIC, x[:, None], y))
    y[19] = 1.0  # the sample just below zero: ordered the other way round than its neighbour
    assert_none(fit(LOGISTIC, x[:, None], y))
    y[19], y[18] = 0.0, 1.0
    assert fit(LOGISTIC, x[:, None], y).converged


def test_an_outlying_sample_does_not_pass_for_separation() -> None:
    X, rng = gaussian(200)
    y = (rng.random(200) < sigmoid(X[:, 0])).astype(float)
    X[0] *= 1e9
    assert fit(LOGISTIC, X, y, tol=1e-5).converged


@pytest.mark.parametrize("offset", [1e4, 1e6, 1e8])
def test_an_offset_does_not_pass_for_separation(offset) -> None:
    X, _ = gaussian(200)
    for seed in range(10):
        y = (np.random.default_rng(seed).random(200) < sigmoid(3 * X[:, 0])).astype(float)
        result = fit(LOGISTIC, X + offset * np.array([1.0, -1.0, 2.0]), y)
        assert result.converged or "rounding" in result.status, result.status
    assert_none(fit(LOGISTIC, X + offset, (X[:, 0] > 0).astype(float)))


@pytest.mark.parametrize("method", METHODS)
def test_a_plateau_is_a_minimum(method) -> None:
    X, _ = gaussian()
    y = np.where(X[:, 0] > 0.0, 1.0, -1.0)
    X[:, 0] += y  # a margin
    result = fit(SQUARED_HINGE, X, y, method=method)
    assert result.converged, result.status
    assert result.cost < 1e-12


@pytest.mark.parametrize("model", [SQUARES, PSEUDO_HUBER], ids=lambda model: model.name)
@pytest.mark.parametrize("method", METHODS)
def test_losses_that_rise_on_both_sides_always_have_a_minimiser(model, method) -> None:
    X, rng = gaussian(30, 2)
    for y in (np.zeros(30), np.full(30, 100.0), 3 * rng.normal(size=30)):
        assert fit(model, X, y, method=method).converged


def test_slopes_in_the_limit() -> None:
    def ends(model, *y):
        limits = slope_limits(model, np.array(y, dtype=float))
        return limits.left.limit.tolist(), limits.right.limit.tolist()

    with np.errstate(all="ignore"):
        assert ends(LOGISTIC, 0, 1, 0.25) == ([0, -1, -0.25], [1, 0, 0.75])
        assert ends(SQUARES, 0, 1e20) == ([-np.inf, -np.inf], [np.inf, np.inf])
        assert ends(POISSON, 0, 7, 1e20) == ([0, -7, -1e20], [np.inf] * 3)
        assert np.allclose(ends(PSEUDO_HUBER, 0, 1e6), ([-1, -1], [1, 1]), rtol=1e-15)


def has_minimiser(model, A, y) -> bool:
    """By linear programming: is there a direction along which no sample's loss ever rises?"""
    if model is LOGISTIC:
        B, held = (1 - 2 * y)[:, None] * A, np.zeros((0, A.shape[1]))
    else:
        B, held = A[y == 0], A[y > 0]
    best = linprog(
        B.sum(axis=0),
        A_ub=B,
        b_ub=np.zeros(len(B)),
        A_eq=held,
        b_eq=np.zeros(len(held)),
        bounds=[(-1, 1)] * A.shape[1],
    )
    return bool(best.fun > -1e-9)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    m=st.integers(1, 30),
    n=st.integers(1, 5),
    kind=st.sampled_from(("integers", "normal", "dummies", "dependent")),
    intercept=st.booleans(),
    model=st.sampled_from((LOGISTIC, POISSON)),
)
def test_existence_is_judged_as_linear_programming_does(seed, m, n, kind, intercept, model) -> None:
    rng = np.random.default_rng(seed)
    X = {
        "integers": lambda: rng.integers(-2, 3, (m, n)).astype(float),
        "normal": lambda: rng.normal(size=(m, n)),
        "dummies": lambda: (rng.random((m, n)) < 0.3).astype(float),
        "dependent": lambda: rng.integers(0, 2, (m, n)) @ rng.normal(size=(n, n)),
    }[kind]()
    y = (rng.integers(0, 2, m) if model is LOGISTIC else rng.poisson(0.5, m)).astype(float)
    result = fit(model, X, y, fit_intercept=intercept)
    exists = has_minimiser(model, np.column_stack([X, np.ones(m)]) if intercept else X, y)
    assert result.converged == exists, result.status
    if not exists:
        assert_none(result)
