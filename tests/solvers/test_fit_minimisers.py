"""Problems whose minimiser is known because y was made from it, and identities between fits."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generated.solvers import fit
from tests.solvers.models import LOGISTIC, POISSON, SQUARES, gradient, objective, sigmoid

METHODS = ("newton", "lbfgs", "gradient_descent", "accelerated_gradient")
MEANS = {"logistic": sigmoid, "least_squares": lambda z: z, "poisson": np.exp}
MODELS = (LOGISTIC, SQUARES, POISSON)


def samples(seed=0, m=80, n=4):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, n)), 0.7 * rng.normal(size=n), rng


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_soft_labels_give_back_the_parameters_they_were_made_from(
    model, fit_intercept, method
) -> None:
    X, theta, _ = samples()
    b = 0.3 if fit_intercept else 0.0
    y = MEANS[model.name](X @ theta + b)  # the slope is zero for each sample
    result = fit(model, X, y, fit_intercept=fit_intercept, method=method, tol=1e-10)
    assert result.converged, result.status
    np.testing.assert_allclose(result.theta, theta, rtol=1e-7)
    np.testing.assert_allclose(result.intercept, b, rtol=1e-7)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    m=st.integers(6, 40),
    n=st.integers(1, 5),
    powers=st.lists(st.integers(-60, 60), min_size=5, max_size=5),
    model=st.sampled_from(MODELS),
)
def test_columns_in_other_units_give_the_same_predictions(seed, m, n, powers, model) -> None:
    X, theta, _ = samples(seed, m + n, n)
    y = MEANS[model.name](X @ theta + 0.2)
    unit = 2.0 ** np.array(powers[:n])
    plain, scaled = fit(model, X, y, tol=1e-11), fit(model, X * unit, y, tol=1e-11)
    np.testing.assert_allclose(scaled.theta * unit, plain.theta, rtol=1e-7, atol=1e-8)
    assert plain.converged, plain.status
    assert scaled.converged, scaled.status


@pytest.mark.parametrize("method", METHODS)
def test_both_methods_agree_on_real_labels(method) -> None:
    X, theta, rng = samples(3, 300)
    y = (rng.random(300) < sigmoid(X @ theta)).astype(float)
    newton = fit(LOGISTIC, X, y, l2=0.01, tol=1e-12)
    other = fit(LOGISTIC, X, y, l2=0.01, tol=1e-10, method=method)
    np.testing.assert_allclose(other.theta, newton.theta, rtol=1e-7)
    np.testing.assert_allclose(other.intercept, newton.intercept, rtol=1e-7)
    assert other.cost >= newton.cost - 1e-15


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_an_integer_weight_is_that_many_copies_of_the_row(model, method) -> None:
    X, theta, rng = samples(4, 60, 3)
    z = X @ theta[:3] if theta.size > 3 else X @ theta
    y = {
        "logistic": (z + rng.logistic(size=60) > 0) * 1.0,
        "least_squares": z,
        "poisson": rng.poisson(np.exp(z)) * 1.0,
    }[model.name]
    s = rng.integers(0, 4, size=60)
    kwargs = {"l2": 0.02, "method": method, "tol": 1e-11}
    weighted = fit(model, X, y, sample_weight=s, **kwargs)
    copied = fit(model, np.repeat(X, s, axis=0), np.repeat(y, s), **kwargs)
    assert weighted.converged
    assert copied.converged
    np.testing.assert_allclose(weighted.theta, copied.theta, rtol=1e-8)
    np.testing.assert_allclose(weighted.cost, copied.cost, rtol=1e-12)
    huge = fit(model, X, y, sample_weight=s * 1e307, **kwargs)
    np.testing.assert_allclose(huge.theta, weighted.theta, rtol=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_the_reported_cost_and_gradient_are_those_of_the_literal_formula(method) -> None:
    X, theta, rng = samples(5)
    y = (X @ theta + rng.logistic(size=80) > 0).astype(float)
    s = rng.random(80)
    for limit in (1, 3, None):
        r = fit(LOGISTIC, X, y, l2=0.1, sample_weight=s, method=method, max_iter=limit)
        w = np.append(r.theta, r.intercept)
        np.testing.assert_allclose(r.cost, objective(LOGISTIC, X, y, w, 0.1, s), rtol=1e-13)
        norm = np.abs(gradient(LOGISTIC, X, y, w, 0.1, s)).max()
        np.testing.assert_allclose(r.gradient_norm, norm, rtol=1e-6, atol=1e-15)
        assert r.history[-1].cost == r.cost
        assert len(r.history) == r.iterations + 1
        assert r.history[0].cost == pytest.approx(np.log(2), rel=1e-14)


@pytest.mark.parametrize("method", [m for m in METHODS if m != "accelerated_gradient"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_cost_never_rises(model, method) -> None:
    X, theta, _ = samples(6)
    y = MEANS[model.name](2 * X @ theta + 1)
    costs = [record.cost for record in fit(model, X, y, method=method, max_iter=300).history]
    assert all(b <= a + 1e-13 * (1 + abs(a)) for a, b in pairwise(costs))


def test_a_warm_start_at_the_solution_takes_no_steps() -> None:
    X, theta, _ = samples(7)
    y = sigmoid(X @ theta + 0.5)
    cold = fit(LOGISTIC, X, y, tol=1e-12)
    for start in (cold, np.append(cold.theta, cold.intercept)):
        for method in METHODS:
            warm = fit(LOGISTIC, X, y, start=start, tol=1e-10, method=method)
            assert warm.iterations == 0
            assert warm.converged
    assert fit(LOGISTIC, X, y, start=cold.theta, tol=1e-10).converged


@pytest.mark.parametrize("size", [1e2, 1e4, 1e8])
def test_a_saturated_start_finds_its_way_back(size) -> None:
    X, theta, _ = samples(8)
    y = sigmoid(X @ theta)
    result = fit(LOGISTIC, X, y, start=-size * theta, tol=1e-10)
    assert result.converged, result.status
    np.testing.assert_allclose(result.theta, theta, rtol=1e-7)


@pytest.mark.parametrize("scale", [1e-150, 1e-20, 1.0, 1e20, 1e150, 1e300])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_extreme_columns_are_fitted_and_the_tolerance_has_no_units(model, scale) -> None:
    X, theta, _ = samples(9)
    y = MEANS[model.name](X @ theta)
    unit = np.array([1.0, scale, 1.0, 1.0])
    result = fit(model, X * unit, y, l2=0.0)
    np.testing.assert_allclose(result.theta * unit, theta, rtol=1e-6)
    assert result.converged, result.status


def test_a_large_offset_of_a_column_costs_no_accuracy_of_the_other_parameters() -> None:
    X, theta, _ = samples(10)
    y = sigmoid(X @ theta)
    result = fit(LOGISTIC, X + np.array([1e5, 0, 0, 0]), y, tol=1e-7)
    np.testing.assert_allclose(result.theta, theta, rtol=1e-5)


def test_large_counts_do_not_overflow() -> None:
    X, theta, _ = samples(11)
    y = np.exp(5 * X @ theta + 12)
    result = fit(POISSON, X, y, tol=1e-2)
    assert result.converged, result.status
    np.testing.assert_allclose(result.theta, 5 * theta, rtol=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_a_tolerance_below_rounding_ends_and_says_so(method) -> None:
    X, theta, rng = samples(12)
    y = sigmoid(X @ theta) * 0.9 + 0.05 * rng.random(80)
    result = fit(LOGISTIC, X, y, tol=1e-300, method=method)
    assert result.gradient_norm < 1e-14
    assert result.converged
    assert result.gradient_norm == 0 or "zero to working precision" in result.status


@pytest.mark.parametrize("method", METHODS)
def test_an_exhausted_limit_is_reported(method) -> None:
    X, theta, _ = samples(13)
    y = sigmoid(3 * X @ theta)
    result = fit(LOGISTIC, X, y, max_iter=1, method=method)
    assert not result.converged
    assert result.iterations == 1
    assert "raise max_iter" in result.status
