"""Costs that are not convex: always down, always an end, and no claim beyond a stationary point."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated.solvers import LinearModel, Target, fit
from tests.solvers.models import SQUARED_SIGMOID, gradient, sigmoid

DOUBLE_WELL = LinearModel(
    name="double_well",
    loss=lambda z, y: 0.25 * (z * z - 1.0) ** 2 + 0.0 * y,
    slope=lambda z, y: z * (z * z - 1.0) + 0.0 * y,
    curvature=lambda z, y: 3.0 * z * z - 1.0 + 0.0 * y,
    target=Target(-np.inf, np.inf),
    convex=False,
    curvature_bound=None,
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    size=st.sampled_from((0.0, 1.0, 10.0, 1000.0)),
    model=st.sampled_from((SQUARED_SIGMOID, DOUBLE_WELL)),
    method=st.sampled_from(("newton", "lbfgs", "gradient_descent")),
)
def test_descends_ends_and_claims_no_more_than_a_stationary_point(
    seed, size, model, method
) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(40, 2))
    y = (X[:, 0] + rng.logistic(size=40) > 0).astype(float)
    result = fit(
        model, X, y, start=size * rng.normal(size=3), method=method, tol=1e-6, max_iter=300
    )
    costs = [record.cost for record in result.history]
    assert all(b <= a + 1e-13 * (1 + abs(a)) for a, b in pairwise(costs))
    assert "global" not in result.status
    assert "No minimiser" not in result.status
    if result.converged:
        assert "stationary point" in result.status
        assert "smallest eigenvalue" in result.status
        w = np.append(result.theta, result.intercept)
        assert np.abs(gradient(model, X, y, w)).max() <= 1.1e-6


@pytest.mark.parametrize("method", ["newton", "lbfgs", "gradient_descent"])
def test_a_start_on_a_hill_top_is_called_a_saddle_or_maximum(method) -> None:
    X = np.array([[1.0], [-1.0], [2.0]])
    top = fit(DOUBLE_WELL, X, np.zeros(3), fit_intercept=False, method=method)
    assert top.iterations == 0
    assert "saddle point or maximum" in top.status
    assert "is -2 " in top.status  # -(1 + 1 + 4)/3, in the units of X
    off = fit(DOUBLE_WELL, X, np.zeros(3), fit_intercept=False, start=[0.01], method=method)
    assert "a local minimum" in off.status
    np.testing.assert_allclose(off.theta, np.sqrt(6 / 18), rtol=1e-6)


def test_the_smallest_eigenvalue_is_that_of_the_users_hessian() -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=60) * 1000 + 5000, rng.normal(size=60)])
    y = sigmoid((X[:, 0] - 5000) / 1000 - X[:, 1])
    result = fit(SQUARED_SIGMOID, X, y, start=[1e-3, -1, -5.0])
    A = np.column_stack([X, np.ones(60)])
    z = X @ result.theta + result.intercept
    H = A.T @ (A * SQUARED_SIGMOID.curvature(z, y)[:, None]) / 60
    smallest = np.linalg.eigvalsh(H)[0]
    stated = float(result.status.split("there is ")[1].split(" ")[0])
    assert stated == pytest.approx(smallest, rel=1e-2)
    assert "a local minimum" in result.status
