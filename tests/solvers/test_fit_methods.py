"""Every method can be asked for: it does what its name says, or refuses."""

import numpy as np
import pytest

from generated.solvers import fit
from generated.solvers.methods.table import METHODS
from tests.solvers.models import LOGISTIC, POISSON, SQUARED_SIGMOID, SQUARES, gradient, sigmoid

CONVEX_ONLY = ("samples", "accelerated_gradient")


def ill_conditioned(m: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Two nearly equal columns: scaling does not help, the condition number is about 400."""
    rng = np.random.default_rng(0)
    common = rng.normal(size=m)
    X = np.column_stack([common, common + 0.1 * rng.normal(size=m), rng.normal(size=m)])
    return X, X @ [1.0, -2.0, 0.5] + 0.3 * rng.normal(size=m)


def test_momentum_takes_the_root_of_the_steps() -> None:
    X, y = ill_conditioned()
    plain = fit(SQUARES, X, y, method="gradient_descent", tol=1e-10)
    fast = fit(SQUARES, X, y, method="accelerated_gradient", tol=1e-10)
    assert plain.converged
    assert fast.converged
    np.testing.assert_allclose(fast.theta, np.linalg.lstsq(X - X.mean(0), y, rcond=None)[0])
    assert fast.iterations <= 0.2 * plain.iterations


@pytest.mark.parametrize("method", [m for m in METHODS if m != "gram"])
def test_all_methods_find_the_same_minimiser(method) -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(6_000, 4)) * [1.0, 5.0, 0.2, 1.0]
    y = (rng.random(6_000) < sigmoid(X @ [1.0, 0.1, -2.0, 0.5] - 0.4)).astype(float)
    one = fit(LOGISTIC, X, y, l2=1e-3, method="newton", tol=1e-11)
    other = fit(LOGISTIC, X, y, l2=1e-3, method=method, tol=1e-11)
    assert other.converged, other.status
    np.testing.assert_allclose(other.theta, one.theta, rtol=1e-8)
    w = np.append(other.theta, other.intercept)
    size = np.append(np.abs(X).max(axis=0), 1.0)  # tol is relative to the columns
    assert np.abs(gradient(LOGISTIC, X, y, w, l2=1e-3) / size).max() <= 1e-11
    assert ("Chosen" in other.status) == (method == "auto")


def test_newtons_method_among_the_samples_is_that_among_the_columns() -> None:
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(30, 50)), (rng.random(30) < 0.4).astype(float)
    one = fit(LOGISTIC, X, y, l2=1e-2, method="newton", tol=1e-11)
    other = fit(LOGISTIC, X, y, l2=1e-2, method="gram", tol=1e-11)
    assert other.converged, other.status
    np.testing.assert_allclose(other.theta, one.theta, rtol=1e-9, atol=1e-12)


def test_newtons_method_among_the_samples_needs_a_penalty_and_few_of_them() -> None:
    X, y = ill_conditioned()
    for l2, part in ((0.0, slice(None, 2)), (1.0, slice(None))):
        with pytest.raises(ValueError, match="l2 > 0 and fewer samples than columns"):
            fit(SQUARES, X[part], y[part], l2=l2, method="gram")


@pytest.mark.parametrize("method", CONVEX_ONLY)
def test_methods_for_convex_costs_refuse_others(method) -> None:
    X, y = ill_conditioned()
    with pytest.raises(ValueError, match=r"no certificate that it is convex") as caught:
        fit(SQUARED_SIGMOID, X, (y > 0).astype(float), method=method)
    assert f"method = {method!r}" in str(caught.value)


def test_samples_need_rows() -> None:
    X, y = ill_conditioned()
    with pytest.raises(ValueError, match="400 rows are too few for samples"):
        fit(SQUARES, X, y, method="samples")


@pytest.mark.parametrize("model", [LOGISTIC, POISSON], ids=lambda model: model.name)
@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("samples", "gram")])
def test_steps_are_limited_by_what_is_asked(model, method) -> None:
    X, y = ill_conditioned()
    result = fit(model, X, (y > 0).astype(float), l2=1e-6, method=method, max_iter=2)
    assert result.iterations <= 2
    assert not result.converged
    assert "max_iter" in result.status
