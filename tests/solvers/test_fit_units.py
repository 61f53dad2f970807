"""Units change nothing: y, X, a column, the weights or the cost times a power of two."""

from dataclasses import replace

import numpy as np
import pytest

from generated.solvers import fit
from tests.solvers.exact_linear import LINEAR, drawn

POWERS = (-60, -30, 30, 60)
EQUIVARIANT = {"least_squares", "least_squares_no_half"}
METHODS = ("auto", "lbfgs", "gradient_descent")


def data(model, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, 3))
    y = drawn(model, 0.3 + X @ np.array([1.0, -0.7, 0.4]), np.random.default_rng(1))
    return X, y, 1.0 + rng.random(60)


def same(one, two, unit=1.0) -> None:
    """The same answer, bit for bit, and the same verdict."""
    assert (one.converged, one.iterations) == (two.converged, two.iterations), two.status
    assert np.array_equal(one.theta, two.theta * unit)
    assert one.intercept == two.intercept


def scaled(model, power):
    """The model whose cost is multiplied by a power of two."""
    c = 2.0**power
    return replace(
        model,
        loss=lambda z, y: c * model.loss(z, y),
        slope=lambda z, y: c * model.slope(z, y),
        curvature=lambda z, y: c * model.curvature(z, y),
        curvature_bound=None if model.curvature_bound is None else c * model.curvature_bound,
        fused=None,
        fused_value=None,
        fused_slope=None,
    )


@pytest.mark.parametrize("model", LINEAR, ids=lambda model: model.name)
@pytest.mark.parametrize("method", ["auto", "lbfgs"])
def test_units_of_the_columns_the_weights_and_the_cost(model, method) -> None:
    X, y, s = data(model)
    plain = fit(model, X, y, sample_weight=s, method=method)
    slow = fit(scaled(model, 0), X, y, sample_weight=s, method=method)
    for power in POWERS:
        unit = 2.0**power
        same(plain, fit(model, X * unit, y, sample_weight=s, method=method), unit)
        columns = np.array([1.0, unit, 1.0])
        same(plain, fit(model, X * columns, y, sample_weight=s, method=method), columns)
        same(plain, fit(model, X, y, sample_weight=s * unit, method=method))
        same(slow, fit(scaled(model, power), X, y, sample_weight=s, method=method))


@pytest.mark.parametrize("method", ["auto", "newton", "lbfgs", "gradient_descent"])
def test_units_of_y_in_least_squares(method) -> None:
    (model,) = (m for m in LINEAR if m.name == "least_squares")
    X, y, s = data(model)
    plain = fit(model, X, y, sample_weight=s, method=method)
    for power in POWERS:
        found = fit(model, X, y * 2.0**power, sample_weight=s, method=method)
        assert (plain.converged, plain.iterations) == (found.converged, found.iterations)
        assert np.array_equal(plain.theta * 2.0**power, found.theta)


@pytest.mark.parametrize("offset", [1e8, -1e10])
def test_offsets_of_columns(offset) -> None:
    (model,) = (m for m in LINEAR if m.name == "logistic")
    X, y, s = data(model)
    X = np.round(X * 2.0**8) / 2.0**8  # so that X + offset is exact
    plain, moved = (fit(model, A, y, sample_weight=s) for A in (X, X + offset))
    assert moved.converged, moved.status
    np.testing.assert_allclose(moved.theta, plain.theta, rtol=1e-9)
