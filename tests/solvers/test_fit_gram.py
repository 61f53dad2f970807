"""Newton's method among the samples: the same minimiser, where they are fewer than the columns."""

import numpy as np
import pytest

from generated.solvers import fit
from generated.solvers.objective.scores import Objective
from tests.solvers.exact_linear import LINEAR, drawn, exact
from tests.solvers.models import LOGISTIC, SQUARES

CONVEX = [m for m in LINEAR if m.convex]
WAY = "Newton's method among the samples."
names = {"ids": lambda model: model.name}


def wide(m=20, n=100, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, n)) + 0.5
    return X, X[:, :3] @ [1.0, -0.7, 0.4], rng


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("model", CONVEX, **names)
def test_the_minimiser_is_that_of_newtons_method_among_the_columns(model, intercept) -> None:
    X, z, rng = wide()
    y, s = drawn(model, z, rng), rng.uniform(0.5, 2.0, len(z))
    options = {"l2": 0.1, "fit_intercept": intercept, "sample_weight": s, "tol": 1e-12}
    found, other = fit(model, X, y, **options), fit(model, X, y, method="newton", **options)
    assert found.converged, found.status
    assert found.status.endswith(WAY)
    np.testing.assert_allclose(found.theta, other.theta, rtol=1e-10, atol=1e-10)
    assert found.intercept == pytest.approx(other.intercept, rel=1e-10, abs=1e-10)
    w = np.append(found.theta, found.intercept) if intercept else found.theta
    true = exact(model, X, y, w, 0.1, s, intercept)
    assert true.norm <= 1.1e-12
    assert abs(found.cost - true.cost) <= true.cost_error


def test_least_squares_have_a_closed_form() -> None:
    X, z, rng = wide()
    y = z + rng.normal(size=len(z))
    m, l2 = len(y), 0.3
    found = fit(SQUARES, X, y, l2=l2, fit_intercept=False, tol=1e-13)
    expected = X.T @ np.linalg.solve(X @ X.T + m * l2 * np.eye(m), y)
    np.testing.assert_allclose(found.theta, expected, rtol=1e-10, atol=1e-13)
    A = X - X.mean(axis=0)
    found = fit(SQUARES, X, y, l2=l2, tol=1e-13)
    expected = A.T @ np.linalg.solve(A @ A.T + m * l2 * np.eye(m), y - y.mean())
    np.testing.assert_allclose(found.theta, expected, rtol=1e-10, atol=1e-13)
    assert found.intercept == pytest.approx(y.mean() - X.mean(axis=0) @ expected, rel=1e-10)


@pytest.mark.parametrize("model", CONVEX, **names)
def test_one_sample(model) -> None:
    """Along the row x itself the problem has one unknown: theta = a x, with a the root of a slope.

    With an intercept the centred row is zero, and so is theta.
    """
    x, z, rng = wide(m=1, n=80)
    y = drawn(model, z, rng)
    found = fit(model, x, y, l2=0.2, fit_intercept=False, tol=1e-12)
    assert found.converged, found.status
    assert found.status.endswith(WAY)
    a = found.theta @ x[0] / (x[0] @ x[0])
    np.testing.assert_allclose(found.theta, a * x[0], rtol=1e-12)
    slope = float(model.slope(x @ found.theta, y)[0])
    assert slope + 0.2 * a == pytest.approx(0.0, abs=1e-12)
    assert not fit(model, x, y, l2=0.2).theta.any()


def test_symmetries_of_the_columns_are_kept() -> None:
    X, z, rng = wide()
    y = (z > 0).astype(float)
    X[:, 1], X[:, 2] = X[:, 0], -X[:, 0]
    plain = fit(LOGISTIC, X, y, l2=0.1, tol=1e-12)
    np.testing.assert_allclose(plain.theta[1], plain.theta[0], rtol=1e-10)
    np.testing.assert_allclose(plain.theta[2], -plain.theta[0], rtol=1e-10)
    order = rng.permutation(X.shape[1])
    turned = fit(LOGISTIC, X[:, order], y, l2=0.1, tol=1e-12)
    np.testing.assert_allclose(turned.theta, plain.theta[order], rtol=1e-9, atol=1e-12)
    flipped = fit(LOGISTIC, X, 1 - y, l2=0.1, tol=1e-12)
    np.testing.assert_allclose(flipped.theta, -plain.theta, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("unit", [2.0**-60, 2.0**-9, 2.0**9, 2.0**60])
def test_a_unit_of_all_columns_goes_with_the_penalty(unit) -> None:
    X, z, _ = wide()
    y = (z > 0).astype(float)
    plain = fit(LOGISTIC, X, y, l2=0.1, tol=1e-10)
    other = fit(LOGISTIC, X * unit, y, l2=0.1 * unit**2, tol=1e-10)
    assert other.converged, other.status
    np.testing.assert_allclose(other.theta * unit, plain.theta, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("spread", [2, 6, 12])
@pytest.mark.parametrize("l2", [1e-4, 1.0])
def test_columns_of_many_sizes_end_at_the_minimum(spread, l2) -> None:
    """Where small columns are lost in the kernel, other methods take over."""
    X, z, rng = wide(m=30, n=90)
    X = X * np.logspace(-spread, spread, 90)
    y = (z + rng.normal(size=30) > 0).astype(float)
    found = fit(LOGISTIC, X, y, l2=l2)
    other = fit(LOGISTIC, X, y, l2=l2, method="newton")
    assert found.cost <= other.cost + 1e-9
    w = np.append(found.theta, found.intercept)
    true = exact(LOGISTIC, X, y, w, l2)
    assert abs(found.gradient_norm - true.norm) <= true.error.max()
    assert found.converged or spread > 2, found.status


def test_ill_conditioned_columns_need_few_steps() -> None:
    X, z, rng = wide(m=100, n=2000)
    X = X * np.logspace(-2, 2, 2000)
    y = (z + rng.normal(size=100) > 0).astype(float)
    found = fit(LOGISTIC, X, y, l2=0.01)
    assert found.converged, found.status
    assert found.iterations <= 30  # secant steps take hundreds and do not arrive


def test_it_is_chosen_where_samples_are_few_and_a_penalty_holds() -> None:
    X, z, _ = wide()
    y = (z > 0).astype(float)
    assert WAY in fit(LOGISTIC, X, y, l2=0.1).status
    assert WAY not in fit(LOGISTIC, X, y).status
    assert WAY not in fit(LOGISTIC, X[:, :10], y, l2=0.1).status
    X, z, _ = wide(m=150, n=100)
    assert WAY not in fit(LOGISTIC, X, (z > 0).astype(float), l2=0.1).status


def test_many_samples_take_secant_steps_first() -> None:
    X, z, rng = wide(m=450, n=500)
    y = (z + rng.normal(size=450) > 0).astype(float)
    assert "parameters: secant steps." in fit(LOGISTIC, X, y, l2=0.1).status
    hard = fit(LOGISTIC, X * np.logspace(-2, 2, 500), y, l2=1e-3)
    assert hard.converged, hard.status
    assert hard.status.endswith(f"secant steps, then {WAY}")
    assert [r.iteration for r in hard.history] == list(range(hard.iterations + 1))


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_one_class_has_no_minimiser_because_of_the_intercept(label) -> None:
    X, _, _ = wide(m=10, n=3000)
    found = fit(LOGISTIC, X, np.full(10, label), l2=0.1)
    assert not found.converged
    assert "the intercept alone" in found.status


def test_storage_starts_and_limits() -> None:
    X, z, _ = wide()
    X = X.astype(np.float32).astype(float)
    y = (z > 0).astype(float)
    plain = fit(LOGISTIC, X, y, l2=0.1, tol=1e-10)
    for kind in (np.asfortranarray(X), X.astype(np.float32), X[::-1][::-1]):
        other = fit(LOGISTIC, kind, y, l2=0.1, tol=1e-10)
        np.testing.assert_allclose(other.theta, plain.theta, rtol=1e-8, atol=1e-11)
    assert fit(LOGISTIC, X, y, l2=0.1, start=plain).iterations <= 2
    far = fit(LOGISTIC, X, y, l2=0.1, start=1e4 * np.ones(101), tol=1e-10)
    np.testing.assert_allclose(far.theta, plain.theta, rtol=1e-8, atol=1e-11)
    short = fit(LOGISTIC, X, y, l2=0.1, max_iter=2)
    assert not short.converged
    assert short.iterations <= 3  # one step of Newton's method tells why


@pytest.mark.parametrize("intercept", [True, False])
def test_separable_data_of_many_columns_need_no_hessian(intercept, monkeypatch) -> None:
    X, _, rng = wide(m=50, n=2000)
    monkeypatch.setattr(Objective, "hessian", None)
    monkeypatch.setattr(Objective, "gram", None)
    y = (rng.random(50) < 0.5).astype(float)
    found = fit(LOGISTIC, X, y, fit_intercept=intercept)
    assert not found.converged
    assert found.status.startswith("No minimiser exists")
