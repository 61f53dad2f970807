"""Generated code with inverses and determinants: solves, one factor each, nan instead of errors."""

import importlib
from functools import cache

import numpy as np
import pytest

from derive.publish.solvers import special_functions
from tests.fuzz.whole import made

special = special_functions()
NAMES = (
    "gaussian_precision", "gaussian_mean_covariance", "gaussian_process_evidence",
    "d_optimal_design", "a_optimal_design", "metric_learning",
)  # fmt: skip


@cache
def whole(name):
    return made(importlib.import_module(f"derive.problems.{name}").PROBLEM)


def definite(n, seed=0):
    root = np.random.default_rng(seed).normal(size=(n, n))
    return root @ root.T + 0.1 * np.eye(n)


@pytest.mark.parametrize("n", [1, 2, 5, 64, 65, 150])
@pytest.mark.parametrize("columns", [(), (1,), (7,)])
def test_solutions_by_a_factor(n, columns) -> None:
    A, B = definite(n), np.random.default_rng(1).normal(size=(n, *columns))
    copy = B.copy()
    L = special.cholesky(A)
    assert np.allclose(special.solve_cholesky(L, B), np.linalg.solve(A, B), rtol=1e-9, atol=1e-9)
    assert np.allclose(special.inverse_cholesky(L), np.linalg.inv(A), rtol=1e-9, atol=1e-9)
    assert np.array_equal(special.inverse_cholesky(L), special.inverse_cholesky(L).T)
    assert np.array_equal(B, copy)
    assert special.log_det(A) == pytest.approx(np.linalg.slogdet(A)[1])


def test_no_value_is_nan_and_no_error() -> None:
    singular, negative = np.ones((3, 3)), -np.eye(3)
    for A in (negative, np.full((3, 3), np.nan)):
        L = special.cholesky(A)
        assert np.isnan(L).any()
        assert np.isnan(special.solve_cholesky(L, np.ones(3))).all()
    assert np.isnan(special.solve(singular, np.ones(3))).all()
    assert np.isnan(special.inverse(singular)).all()
    assert np.isnan(special.log_det(negative))
    assert np.isnan(special.log_det(singular))
    module = whole("gaussian_precision").module
    assert np.isnan(module["cost"](negative, np.eye(3)))
    assert np.isnan(module["gradient"](negative, np.eye(3))).all()


@pytest.mark.parametrize("name", NAMES)
def test_each_matrix_is_factored_once_and_none_inverted_by_hand(name) -> None:
    for judged in whole(name).program.kernels:
        code = "\n".join(line.text for line in judged.kernel.lines)
        assert code.count("special.cholesky(") <= 1
        assert "special.inverse(" not in code
        assert "np.linalg.inv" not in code


def central(f, x, step=1e-5):
    out = np.empty_like(x)
    for cell in np.ndindex(*x.shape):
        move = np.zeros_like(x)
        move[cell] = step
        out[cell] = (f(x + move) - f(x - move)) / (2 * step)
    return out


def test_evidence_of_a_gaussian_process_against_differences() -> None:
    module, rng = whole("gaussian_process_evidence").module, np.random.default_rng(3)
    X, y, at = rng.normal(size=(9, 2)), rng.normal(size=9), np.array([0.2, -0.3, -0.8])

    def evidence(p):
        squares = ((X[:, None] - X[None]) ** 2).sum(axis=2)
        K = np.exp(2 * p[0] - np.exp(-2 * p[1]) * squares / 2) + np.exp(2 * p[2]) * np.eye(9)
        return 0.5 * y @ np.linalg.solve(K, y) + 0.5 * np.linalg.slogdet(K)[1]

    assert module["cost"](*at, X, y) == pytest.approx(evidence(at), rel=1e-12)
    gradient = module["gradient"](*at, X, y)
    assert np.allclose(gradient, central(evidence, at), rtol=1e-6, atol=1e-7)
    for k, p in enumerate(("a", "ell", "s")):
        slopes = central(lambda q, k=k: module["gradient"](*q, X, y)[k], at)
        row = [module[f"hessian_{p}_{q}"](*at, X, y) for q in ("a", "ell", "s")]
        assert np.allclose(row, slopes, rtol=1e-6, atol=1e-7)


def test_a_design_against_differences() -> None:
    rng = np.random.default_rng(4)
    X, u = rng.normal(size=(7, 3)), rng.normal(size=7)
    for name in ("d_optimal_design", "a_optimal_design"):
        module = whole(name).module
        slopes = central(lambda q, module=module: module["cost"](q, X), u)
        assert np.allclose(module["gradient"](u, X), slopes, rtol=1e-6, atol=1e-8)
        assert abs(module["gradient"](u, X).sum()) < 1e-12  # a constant changes nothing
