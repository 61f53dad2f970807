"""Known minimisers, peers, and that both methods agree."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LogisticRegression

from generated.solvers import fit, minimise
from tests.solvers.models import LOGISTIC
from tests.solvers.test_general_models import (
    FACTORISATION,
    NORMAL,
    QUADRATIC,
    RAYLEIGH,
    ROSENBROCK,
    SOFTMAX,
    WEIGHTED_LOGISTIC,
)

METHODS = ("newton_cg", "lbfgs")
both = pytest.mark.parametrize("method", METHODS)


def one_hot(y):
    return np.eye(int(y.max()) + 1)[y]


@both
@pytest.mark.parametrize(
    ("load", "rows", "l2"),
    [(load_iris, 150, 1e-2), (load_iris, 150, 1e-4), (load_digits, 400, 1.0)],
)
def test_softmax_agrees_with_scikit_learn(load, rows, l2, method) -> None:
    X, y = load(return_X_y=True)
    X, y = X[:rows], y[:rows]
    result = minimise(SOFTMAX, X, one_hot(y), l2=l2, method=method, tol=1e-10)
    assert result.converged, result.status
    peer = LogisticRegression(C=1 / (l2 * rows), fit_intercept=False, solver="newton-cg",
                              tol=1e-10, max_iter=10_000).fit(X, y)  # fmt: skip
    np.testing.assert_allclose(result["Theta"], peer.coef_.T, rtol=1e-6, atol=1e-6)
    assert result.cost <= SOFTMAX.cost(peer.coef_.T, X, one_hot(y)) + l2 / 2 * np.sum(
        peer.coef_**2
    ) + 1e-14  # fmt: skip


@both
def test_unpenalised_bias_and_weights_agree_with_the_linear_driver(method) -> None:
    X, y = load_iris(return_X_y=True)
    s = 1.0 + np.arange(150) % 3
    result = minimise(
        WEIGHTED_LOGISTIC, X, y == 1, s, l2=1e-3, penalise=("w",), method=method, tol=1e-10
    )
    peer = fit(LOGISTIC, X, y == 1, sample_weight=s, l2=1e-3)
    np.testing.assert_allclose(result["w"], peer.theta, rtol=1e-6)
    assert result["b"] == pytest.approx(peer.intercept, rel=1e-6)
    assert result["b"].shape == ()
    everything = minimise(WEIGHTED_LOGISTIC, X, y == 1, s, l2=1e-3, method=method)
    assert abs(everything["b"]) < abs(result["b"])


@both
def test_columns_of_very_different_sizes(method) -> None:
    X, y = load_iris(return_X_y=True)
    size = np.array([1e-5, 1.0, 1e3, 1e6])
    one = np.ones(150)
    plain = minimise(WEIGHTED_LOGISTIC, X, y == 1, one, method=method, tol=1e-10)
    scaled = minimise(WEIGHTED_LOGISTIC, X * size, y == 1, one, method=method, tol=1e-7)
    assert scaled.converged, scaled.status
    np.testing.assert_allclose(scaled["w"] * size, plain["w"], rtol=1e-4)


@both
def test_factorisation_finds_the_singular_vectors(method) -> None:
    random = np.random.default_rng(0)
    A = random.normal(size=(12, 3)) @ random.normal(size=(3, 9))
    values = np.linalg.svd(A, compute_uv=False)
    result = minimise(FACTORISATION, A, sizes={"d": 2}, method=method)
    assert result.converged, result.status
    assert result.cost == pytest.approx(0.5 * values[2] ** 2, rel=1e-10)
    assert (result["U"].shape, result["V"].shape) == ((12, 2), (9, 2))
    exact = minimise(FACTORISATION, A, sizes={"d": 3}, method=method)
    np.testing.assert_allclose(exact["U"] @ exact["V"].T, A, atol=1e-6)
    # Penalised, the minimum is the nuclear norm's: singular values shrink by l2.
    shrunk = minimise(FACTORISATION, A, sizes={"d": 4}, l2=1.0, method=method)
    kept = np.linalg.svd(shrunk["U"] @ shrunk["V"].T, compute_uv=False)
    np.testing.assert_allclose(kept[:3], values[:3] - 1.0, rtol=1e-6)


@both
def test_a_saddle_point_is_left(method) -> None:
    A = np.diag([3.0, 2.0, 1.0])
    zeros = {"U": np.zeros((3, 1)), "V": np.zeros((3, 1))}
    result = minimise(FACTORISATION, A, start=zeros, method=method)
    assert result.cost == pytest.approx(0.5 * (4 + 1))
    S = np.array([[2.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, -1.0]])
    values, vectors = np.linalg.eigh(S)
    for k in range(3):
        result = minimise(RAYLEIGH, S, start=5.0 * vectors[:, k], method=method)
        assert result.converged, result.status
        assert result.cost == pytest.approx(values[0], rel=1e-12)


@both
@pytest.mark.parametrize("n", [2, 10])
def test_rosenbrock(n, method) -> None:
    result = minimise(ROSENBROCK, start=np.tile([-1.2, 1.0], n // 2), method=method)
    assert result.converged, result.status
    if n == 2:
        np.testing.assert_allclose(result["x"], 1.0, rtol=1e-6)
        assert "a local minimum" in result.status
        assert result.curvature == pytest.approx(0.39936, rel=1e-3)


@both
def test_a_parameter_stays_in_its_domain(method) -> None:
    y = np.random.default_rng(1).normal(3.0, 2.0, size=40)
    for start in (None, {"t": 1e-3}, {"mu": -50.0, "t": 100.0}):
        result = minimise(NORMAL, y, start=start, method=method)
        assert result.converged, result.status
        assert result["mu"] == pytest.approx(y.mean())
        assert result["t"] == pytest.approx(y.var())


def ill_conditioned(condition, n=12):
    Q = np.linalg.qr(np.random.default_rng(2).normal(size=(n, n)))[0]
    A = (Q * np.geomspace(1.0, 1.0 / condition, n)) @ Q.T
    return (A + A.T) / 2


@both
def test_quadratics(method) -> None:
    for condition in (1.0, 1e2, 1e4):
        A = ill_conditioned(condition)
        x = np.linspace(-1, 1, 12)
        result = minimise(QUADRATIC, A, A @ x, method=method)
        assert result.converged, result.status
        np.testing.assert_allclose(result["x"], x, atol=1e-8 * condition * 2)
    D = np.geomspace(1e-6, 1e6, 12)  # bad scales alone do no harm
    A = np.outer(D, D) * (np.eye(12) + 0.3)
    result = minimise(QUADRATIC, A, A @ x, method=method, tol=1e-3)
    assert result.converged, result.status
    assert result.iterations < 100


def test_newton_solves_what_is_very_ill_conditioned() -> None:
    A = ill_conditioned(1e8)
    result = minimise(QUADRATIC, A, A @ np.ones(12), tol=1e-12)
    assert result.converged, result.status
    np.testing.assert_allclose(A @ result["x"], A @ np.ones(12), atol=1e-11)


@both
def test_softmax_without_penalty_is_determined_up_to_a_shift(method) -> None:
    random = np.random.default_rng(3)
    X, Y = random.normal(size=(60, 2)), one_hot(random.integers(3, size=60))
    result = minimise(SOFTMAX, X, Y, method=method)
    assert result.converged, result.status
    assert abs(result.curvature) < 1e-10
    assert "does not determine the minimiser" in result.status
    # From zeros, no step ever enters the invariant directions.
    np.testing.assert_allclose(result["Theta"].sum(axis=1), 0.0, atol=1e-9)
    shifted = minimise(SOFTMAX, X, Y, start=result["Theta"] + 7.0, method=method)
    assert shifted.cost == pytest.approx(result.cost, rel=1e-12)


@both
@pytest.mark.parametrize(("m", "n", "K"), [(1, 1, 1), (1, 1, 2), (5, 1, 2), (1, 4, 3), (3, 2, 1)])
def test_small_shapes(m, n, K, method) -> None:
    random = np.random.default_rng(4)
    X, Y = random.normal(size=(m, n)), one_hot(np.append(random.integers(K, size=m - 1), K - 1))
    result = minimise(SOFTMAX, X, Y, l2=0.1, method=method)
    assert result.converged, result.status
    assert result["Theta"].shape == (n, K)
    if K == 1:
        np.testing.assert_array_equal(result["Theta"], 0.0)
    for model, data in ((ROSENBROCK, ()), (RAYLEIGH, ([[3.0]],)), (QUADRATIC, ([[2.0]], [3.0]))):
        one = minimise(model, *data, start=[1.0], method=method, sizes={"n": 1})
        assert one.converged, one.status


def test_methods_agree() -> None:
    X, y = load_iris(return_X_y=True)
    one, other = (minimise(SOFTMAX, X, one_hot(y), l2=1e-2, method=m, tol=1e-10) for m in METHODS)
    np.testing.assert_allclose(one["Theta"], other["Theta"], atol=1e-8)
    # Another promise about the cost changes the start, not the minimiser.
    third = minimise(replace(SOFTMAX, convex=False), X, one_hot(y), l2=1e-2, tol=1e-10)
    np.testing.assert_allclose(one["Theta"], third["Theta"], atol=1e-8)
