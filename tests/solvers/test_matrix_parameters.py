"""Fits whose parameter is a symmetric matrix: known minimisers, iterates that keep their facts."""

import importlib
import types

import numpy as np
import pytest

from derive.notation import Axis, Problem, Sum, data, parameter
from derive.pipeline import derive
from derive.publish.module import Source, module_text
from generated.solvers import GeneralModel, Variable, minimise

METHODS = ("newton_cg", "lbfgs")
LETTERS = np.random.default_rng(0)
X = LETTERS.normal(size=(40, 4)) @ LETTERS.normal(size=(4, 4)) + 1.0
COVARIANCE = np.cov(X.T, bias=True)


def module_of(problem):
    proof, program = derive(problem)
    text = module_text(proof, program, Source("a", "b")).replace(
        "from .solvers", "from generated.solvers"
    )
    space = types.ModuleType("module_under_test")
    exec(compile(text, "<module>", "exec"), space.__dict__)  # noqa: S102
    return space


@pytest.fixture(scope="module")
def modules():
    names = ("gaussian_precision", "gaussian_mean_covariance", "d_optimal_design")
    return {n: module_of(importlib.import_module(f"derive.problems.{n}").PROBLEM) for n in names}


@pytest.mark.parametrize("method", METHODS)
def test_the_mean_and_the_covariance_of_the_samples(modules, method) -> None:
    result = modules["gaussian_mean_covariance"].fit(X, method=method)
    assert result.converged, result.status
    assert np.allclose(result["Sigma"], COVARIANCE, rtol=1e-7, atol=1e-7)
    assert np.allclose(result["mu"], X.mean(axis=0), atol=1e-7)
    assert np.array_equal(result["Sigma"], result["Sigma"].T)
    assert "a local minimum" in result.status  # antisymmetric directions are no directions


@pytest.mark.parametrize("method", METHODS)
def test_the_precision_is_the_inverse_covariance(modules, method) -> None:
    result = modules["gaussian_precision"].fit(COVARIANCE, method=method)
    assert result.converged, result.status
    assert np.allclose(result["Theta"] @ COVARIANCE, np.eye(4), atol=1e-5)
    assert np.array_equal(result["Theta"], result["Theta"].T)
    assert result.history[0].cost == pytest.approx(np.trace(COVARIANCE))  # from the identity


@pytest.mark.parametrize("method", METHODS)
def test_the_fit_steps_back_from_matrices_without_a_factor(modules, method) -> None:
    """From far away the first steps lead out of the positive definite matrices."""
    start = 1e3 * np.eye(4)
    result = modules["gaussian_precision"].fit(COVARIANCE, method=method, start=start)
    assert result.converged, result.status
    assert np.linalg.eigvalsh(result["Theta"])[0] > 0


def test_a_start_that_is_not_positive_definite_is_refused(modules) -> None:
    with pytest.raises(ValueError, match="not positive"):
        modules["gaussian_precision"].fit(COVARIANCE, start=-np.eye(4))
    with pytest.raises(ValueError, match="not symmetric"):
        modules["gaussian_precision"].fit(X[:4])


def test_leverages_of_a_d_optimal_design(modules) -> None:
    """Kiefer and Wolfowitz (1960): the largest leverage of an optimal design is n."""
    result = modules["d_optimal_design"].fit(X, method="lbfgs", tol=1e-7)
    w = np.exp(result["u"]) / np.exp(result["u"]).sum()
    leverages = np.einsum("ij,jk,ik->i", X, np.linalg.inv(X.T @ (w[:, None] * X)), X)
    assert leverages.max() == pytest.approx(4, abs=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_a_cost_that_does_not_know_of_the_symmetry_keeps_it(method) -> None:
    """The minimiser of |A - M|^2 over symmetric A is (M + M')/2."""
    n = Axis("n")
    j, k = n.index("j"), n.index("k")
    A, M = parameter("A", n, n, facts=("symmetric",)), data("M", n, n)
    cost = Sum((A[j, k] - M[j, k]) ** 2, j, k) / 2
    module = module_of(Problem("nearest", "Nearest symmetric matrix", (M,), (A,), cost))
    result = module.fit(X[:4], method=method)
    assert result.converged, result.status
    assert np.allclose(result["A"], (X[:4] + X[:4].T) / 2, atol=1e-7)
    assert np.array_equal(result["A"], result["A"].T)


@pytest.mark.parametrize("method", METHODS)
def test_a_cost_that_is_nan_at_once_beyond_an_edge(method) -> None:
    """x - log x with nan instead of an error for x <= 0, from a start with long first steps."""
    model = GeneralModel(
        name="edge",
        cost=lambda x: float(x - np.log(x)) if x > 0 else float("nan"),
        gradient=lambda x: 1.0 - 1.0 / x,
        hvp=lambda x, v: v / x**2,
        parameters=(Variable("x"),),
        data=(),
        convex=False,
    )
    for start in (1e-3, 50.0):
        result = minimise(model, start=start, method=method)
        assert result.converged, result.status
        assert result["x"] == pytest.approx(1.0, abs=1e-6)
