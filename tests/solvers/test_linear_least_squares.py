"""Least squares by a factorisation: as many digits as the best of numpy, scipy and statsmodels.

The reference solves the normal equations in 80 digits, with exactly the numbers that are passed.
"""

import warnings

import mpmath
import numpy as np
import pytest
import scipy.linalg
import statsmodels.api as sm

from generated import least_squares

MOST = 15.0  # digits of a double: more cannot be told
ULP = 0.5  # of a digit, by which a rounding may differ
WAMPLER = np.array(
    [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048], dtype=float
)
WAMPLER = np.append(WAMPLER, WAMPLER[-2::-1])


def exact(X, y, s=None, l2=0.0, intercept=True):
    """(theta, b) in 80 digits, rounded; theta alone is penalised."""
    with mpmath.workdps(80):
        C = np.column_stack([X, np.ones(len(y))]) if intercept else np.asarray(X, float)
        A = mpmath.matrix(C.tolist())
        s = np.ones(len(y)) if s is None else s
        W = mpmath.matrix([[mpmath.mpf(float(v)) for v in row] for row in (C * 1.0)])
        total = mpmath.fsum(map(float, s))
        for i, weight in enumerate(s):
            for j in range(C.shape[1]):
                W[i, j] *= mpmath.mpf(float(weight)) / total
        G, g = W.T * A, W.T * mpmath.matrix(np.asarray(y, float).tolist())
        for j in range(X.shape[1]):
            G[j, j] += mpmath.mpf(l2)
        return np.array([float(v) for v in mpmath.lu_solve(G, g)])


def digits(found, right) -> float:
    with np.errstate(divide="ignore"):
        return float(min(MOST, -np.log10(np.max(np.abs(found / right - 1.0)))))


def peers(X, y):
    C = np.column_stack([X, np.ones(len(y))])
    yield np.linalg.lstsq(C, y, rcond=None)[0]
    for driver in ("gelsd", "gelsy"):
        yield scipy.linalg.lstsq(C, y, lapack_driver=driver)[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of singular matrices
        for method in ("pinv", "qr"):
            yield np.asarray(sm.OLS(y, C).fit(method=method).params)


def point(result):
    return np.append(result.theta, result.intercept)


def longley():
    data = sm.datasets.longley.load_pandas()
    return data.exog.to_numpy(float), data.endog.to_numpy(float)


def wampler(number):
    x = np.arange(21.0)
    X = np.stack([x**k for k in range(1, 6)], axis=1)
    size = {1: 0, 2: 0, 3: 1, 4: 100, 5: 10_000}[number]
    scale = 0.1 ** np.arange(1, 6) if number == 2 else np.ones(5)
    return X, 1 + X @ scale + size * WAMPLER


def filip(rows=82, degree=10):
    x = np.linspace(-8.8, -3.1, rows)
    rng = np.random.default_rng(0)
    X = np.stack([x**k for k in range(1, degree + 1)], axis=1)
    return X, 0.9 + 0.05 * np.sin(x) + 0.003 * rng.normal(size=rows)


def offset():
    rng = np.random.default_rng(0)
    return rng.normal(size=(50, 3)) + 1e8, rng.normal(size=50)


SETS = {
    "longley": longley,
    **{f"wampler{k}": (lambda k=k: wampler(k)) for k in range(1, 6)},
    "filip": filip,
    "offset": offset,
    "vandermonde": lambda: filip(40, 7),
}


@pytest.mark.parametrize("name", SETS)
def test_as_many_digits_as_the_best_peer(name) -> None:
    X, y = SETS[name]()
    right, found = exact(X, y), least_squares.fit(X, y)
    assert found.converged, found.status
    assert "linearly dependent" not in found.status
    best = max(digits(peer, right) for peer in peers(X, y))
    own = digits(point(found), right)
    assert own >= best - ULP, (own, best)
    assert own >= 7


@pytest.mark.parametrize("name", ["longley", "wampler5", "filip"])
@pytest.mark.parametrize("l2", [0.0, 1e-6])
@pytest.mark.parametrize("intercept", [True, False])
def test_weights_penalty_and_intercept(name, l2, intercept) -> None:
    X, y = SETS[name]()
    s = np.random.default_rng(1).integers(0, 4, len(y)).astype(float)
    if name == "longley":
        s += 1
    found = least_squares.fit(X, y, sample_weight=s, l2=l2, fit_intercept=intercept)
    assert found.converged, found.status
    right = exact(X, y, s, l2, intercept)
    assert digits(point(found)[: len(right)], right) >= 7


def test_columns_that_depend_on_others() -> None:
    rng = np.random.default_rng(2)
    A = rng.integers(-9, 9, size=(30, 3)).astype(float)
    X, y = np.column_stack([A, A[:, 0] + 2 * A[:, 1], np.full(30, 4.0)]), rng.normal(size=30)
    found = least_squares.fit(X, y)
    assert found.converged
    assert "linearly dependent" in found.status
    C = X - X.mean(axis=0)
    np.testing.assert_allclose(found.theta, np.linalg.pinv(C) @ (y - y.mean()), atol=1e-13)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1), (2, 5), (5, 8)])
@pytest.mark.parametrize("intercept", [True, False])
def test_few_rows_and_columns(shape, intercept) -> None:
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=shape), rng.normal(size=shape[0])
    found = least_squares.fit(X, y, fit_intercept=intercept)
    assert found.converged, found.status
    mean, level = (X.mean(axis=0), y.mean()) if intercept else (0.0, 0.0)
    theta = np.linalg.lstsq(X - mean, y - level, rcond=None)[0]
    np.testing.assert_allclose(found.theta, theta, rtol=1e-11, atol=1e-13)


def test_single_precision_is_computed_exactly() -> None:
    X, y = filip(60, 6)
    X = X.astype(np.float32)
    found = least_squares.fit(X, y)
    assert found.converged
    assert digits(point(found), exact(X.astype(float), y)) >= 12


def test_blocks_of_rows_and_ill_conditioned_large_data() -> None:
    rng = np.random.default_rng(4)
    m = 300_000
    x = 5 + rng.random(m)
    X = np.stack([x**k for k in range(1, 9)], axis=1)
    y = 1.0 + X.sum(axis=1)
    found = least_squares.fit(X, y)
    assert found.converged, found.status
    assert "factorisation" in found.status
    rounding = np.abs(X).sum(axis=1).max() * 2.0**-50
    assert np.abs(found.scores(X) - y).max() <= 16 * rounding
