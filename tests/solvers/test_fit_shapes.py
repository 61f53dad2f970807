"""Odd shapes, rank deficiency, and every kind of array that NumPy takes."""

import numpy as np
import pandas as pd
import pytest

from generated.solvers import Result, Target, fit
from tests.solvers.models import LOGISTIC, POISSON, SQUARES, sigmoid

METHODS = ("newton", "lbfgs", "gradient_descent", "accelerated_gradient")


def samples(m=50, n=3):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(m, n))
    return X, sigmoid(X @ np.linspace(-1, 1, n) + 0.25)


def predicted(result, X):
    return np.asarray(X) @ result.theta + result.intercept


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_dependent_columns_change_nothing_in_the_predictions(method, l2) -> None:
    X, y = samples()
    m = len(y)
    extra = {
        "zero": np.zeros(m),
        "constant": np.full(m, 0.1),
        "nearly": np.full(m, 1e9) / 3,
    }
    plain = predicted(fit(LOGISTIC, X, y, l2=l2, tol=1e-11), X)
    for name, column in extra.items():
        tol = 1e-5 if name == "nearly" else 1e-11
        wide = np.column_stack([X, column])
        result = fit(LOGISTIC, wide, y, l2=l2, tol=tol, method=method)
        assert result.converged, (name, result.status)
        assert result.theta[-1] == 0.0
        np.testing.assert_allclose(predicted(result, wide), plain, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_duplicate_columns_share_the_coefficient(method) -> None:
    X, y = samples()
    wide = np.column_stack([X, X[:, 0]])
    plain, double = fit(LOGISTIC, X, y, tol=1e-11), fit(LOGISTIC, wide, y, tol=1e-11, method=method)
    assert double.converged
    assert "linearly dependent" in double.status
    np.testing.assert_allclose(double.theta[[0, 3]], plain.theta[0] / 2, rtol=1e-7)


def test_dummy_columns_of_all_levels_beside_the_intercept() -> None:
    level = np.arange(60) % 3
    dummies = np.eye(3)[level]
    y = np.where(np.arange(60) % 7 < 3, 1.0, 0.0)
    result = fit(LOGISTIC, dummies, y, tol=1e-12)
    assert result.converged
    rates = [y[level == j].mean() for j in range(3)]
    np.testing.assert_allclose(sigmoid(predicted(result, np.eye(3))), rates, rtol=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_more_columns_than_rows(method) -> None:
    X, y = samples(4, 9)
    result = fit(LOGISTIC, X, y, tol=1e-11, method=method)
    assert result.converged
    np.testing.assert_allclose(sigmoid(predicted(result, X)), y, rtol=1e-8)
    held = fit(SQUARES, X, y, l2=0.5, fit_intercept=False, method=method, tol=1e-12)
    dual = X.T @ np.linalg.solve(X @ X.T + 0.5 * 4 * np.eye(4), y)
    np.testing.assert_allclose(held.theta, dual, rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_one_sample_one_column_and_no_column(method, fit_intercept) -> None:
    kwargs = {"method": method, "fit_intercept": fit_intercept, "tol": 1e-12}
    one = fit(SQUARES, [[2.0]], [6.0], **kwargs)
    assert one.converged
    np.testing.assert_allclose(predicted(one, [[2.0]]), 6.0, rtol=1e-11)
    none = fit(POISSON, np.empty((4, 0)), [1, 0, 3, 4], **kwargs)
    assert none.converged
    assert none.theta.shape == (0,)
    expected = np.log(2.0) if fit_intercept else 0.0
    np.testing.assert_allclose(none.intercept, expected, rtol=1e-10)


def test_an_intercept_alone_is_the_weighted_mean() -> None:
    y, s = np.array([1.0, 5.0, 9.0]), np.array([1.0, 0.0, 3.0])
    assert fit(SQUARES, np.empty((3, 0)), y, sample_weight=s).intercept == pytest.approx(7.0)


def test_every_kind_of_array_gives_the_same_fit() -> None:
    X = np.arange(40.0).reshape(20, 2) % 7
    y = (np.arange(20) % 3 == 0).astype(float)
    expected = fit(LOGISTIC, X, y)
    wide = np.zeros((40, 4))
    wide[::2, ::2] = X
    locked = X.copy()
    locked.flags.writeable = False
    kinds = (
        X.tolist(),
        X.astype(int),
        X.astype(np.int8),
        X.astype(np.float32),
        X.astype(np.float16),
        np.asfortranarray(X),
        wide[::2, ::2],
        X[::-1][::-1],
        locked,
        X.astype(object),
        pd.DataFrame(X),
        pd.DataFrame(X.astype(int)).astype("Int64"),
        X.astype(np.longdouble),
        pd.DataFrame({"a": X[:, 0].astype(int), "b": X[:, 1]}),
    )
    for kind in kinds:
        np.testing.assert_allclose(fit(LOGISTIC, kind, y).theta, expected.theta, rtol=1e-12)
    for target in (
        y.tolist(),
        y.astype(int),
        y.astype(bool),
        pd.Series(y, index=range(20, 0, -1)),
        y.astype(np.float32),
        np.repeat(y, 2)[::2],
    ):
        np.testing.assert_allclose(fit(LOGISTIC, X, target).theta, expected.theta, rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_inputs_are_left_as_they_were(method) -> None:
    X, y = samples()
    s, start = np.arange(50.0), np.array([1.0, 2.0, 3.0, 4.0])
    before = [a.copy() for a in (X, y, s, start)]
    result = fit(LOGISTIC, X, y, sample_weight=s, start=start, method=method, max_iter=5)
    result.theta[:] = 0
    for a, b in zip((X, y, s, start), before, strict=True):
        np.testing.assert_array_equal(a, b)


def test_several_blocks_of_rows_are_one_sum() -> None:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(100_000, 3))
    y = X @ [1.0, -2.0, 0.5] + 3
    result = fit(SQUARES, X, y, tol=1e-13)
    np.testing.assert_allclose(result.theta, [1.0, -2.0, 0.5], rtol=1e-12)


def test_a_result_reads_well() -> None:
    X, y = samples(50, 12)
    result = fit(LOGISTIC, X, y, l2=0.1)
    assert isinstance(result, Result)
    assert repr(result).startswith("Result(converged=True, cost=")
    text = str(result)
    assert text.startswith(result.status)
    assert "(12 in all)" in text
    assert "\n" not in result.status


def test_a_target_knows_its_ends() -> None:
    assert Target(0, 1).contains(np.array([0, 1, np.nan, -1e-300])).tolist() == [
        True,
        True,
        False,
        False,
    ]
    half = Target(0, np.inf, low_open=True, high_open=True)
    assert half.contains(np.array([0, 1e-300, np.inf])).tolist() == [False, True, False]
    assert str(half) == "y in (0, inf)"
