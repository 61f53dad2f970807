"""Newton's method that begins on samples of the rows: the same minimiser, however rows lie."""

from dataclasses import replace

import numpy as np
import pytest

from generated.solvers import fit
from generated.solvers.data.blocks import Team
from generated.solvers.data.checks import Data, uniform
from generated.solvers.methods import secant
from generated.solvers.methods.samples import EVERY, LAST, LEAN, levels
from generated.solvers.objective.scores import Objective, make_objective
from tests.solvers.models import LOGISTIC, POISSON, SQUARES, gradient


def rows(m, n, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, n))
    z = X @ (rng.normal(size=n) / np.sqrt(n)) - 0.3
    return X, z, rng


def logistic(m=40_000, n=5, seed=0):
    X, z, rng = rows(m, n, seed)
    return X, (rng.random(m) < 1 / (1 + np.exp(-z))).astype(float)


def same(one, other, rtol=1e-7) -> None:
    assert one.converged, one.status
    assert other.converged, other.status
    np.testing.assert_allclose(one.theta, other.theta, rtol=rtol, atol=1e-9)
    np.testing.assert_allclose(one.intercept, other.intercept, rtol=rtol, atol=1e-9)
    np.testing.assert_allclose(one.cost, other.cost, rtol=1e-12)


def test_levels_need_enough_rows() -> None:
    assert levels(10**6, 20) == (*EVERY, LAST)
    assert levels(10**5, 20) == (EVERY[1], LEAN)
    assert levels(1000, 5) == ()
    assert levels(10**5, 300) == (LAST,)
    assert levels(20_000, 50) == (LAST,)


@pytest.mark.parametrize("model", [LOGISTIC, POISSON, SQUARES], ids=lambda m: m.name)
@pytest.mark.parametrize("l2", [0.0, 1e-3])
@pytest.mark.parametrize("intercept", [True, False])
def test_the_minimiser_is_that_of_newtons_method(model, l2, intercept) -> None:
    X, z, rng = rows(30_000, 6)
    y = {
        "logistic": lambda: (rng.random(len(z)) < 1 / (1 + np.exp(-z))).astype(float),
        "poisson": lambda: rng.poisson(np.exp(z)).astype(float),
        "least_squares": lambda: z + 3.0 * rng.normal(size=len(z)),
    }[model.name]()
    found = fit(model, X, y, l2=l2, fit_intercept=intercept, tol=1e-10)
    same(found, fit(model, X, y, l2=l2, fit_intercept=intercept, tol=1e-10, method="newton"))
    w = np.append(found.theta, found.intercept)
    own = gradient(model, X, y, w, l2=l2)
    slopes = np.abs(model.slope(X @ found.theta + found.intercept, y)).mean()
    size = np.append(np.abs(X).max(axis=0), 1.0)  # tol is relative to columns and slopes
    assert np.abs((own / size) if intercept else (own / size)[:-1]).max() <= 2e-10 * slopes


@pytest.mark.parametrize("order", ["target", "column", "clustered", "period"])
def test_the_order_of_the_rows_does_not_matter(order) -> None:
    X, y = logistic()
    if order == "period":  # every eighth row is unlike the others: each sample sees these alone
        X[::8] *= 30.0
        y[::8] = 0.0
    by = {
        "target": np.argsort(y, kind="stable"),
        "column": np.argsort(X[:, 0]),
        "clustered": np.lexsort((X[:, 1], np.rint(X[:, 0]))),
        "period": np.arange(len(y)),
    }[order]
    same(fit(LOGISTIC, X[by], y[by]), fit(LOGISTIC, X, y, method="newton"), rtol=1e-5)


def test_separable_data_of_many_rows_have_no_minimiser() -> None:
    X, _ = logistic()
    y = (X[:, 0] > 0).astype(float)
    result = fit(LOGISTIC, X, y)
    assert not result.converged
    assert "No minimiser" in result.status


def test_a_sample_may_be_separable_although_all_rows_are_not() -> None:
    X, _ = logistic(m=60_000)
    y = (X[:, 0] > 0).astype(float)
    y[1::8] = 1 - y[1::8]  # no sample of every eighth row sees the contrary ones
    same(fit(LOGISTIC, X, y), fit(LOGISTIC, X, y, method="newton"), rtol=1e-6)


def test_weights_dependent_columns_and_both_orders_of_storage() -> None:
    X, y = logistic()
    X = np.column_stack([X, X[:, 0] + X[:, 1]])
    s = np.arange(len(y)) % 3 + 0.5
    found = fit(LOGISTIC, X, y, sample_weight=s)
    other = fit(LOGISTIC, np.asfortranarray(X), y, sample_weight=s, method="newton")
    assert found.converged
    assert other.converged
    np.testing.assert_allclose(found.scores(X), other.scores(X), rtol=1e-5, atol=1e-6)


def test_the_history_tells_every_step_and_the_last_cost() -> None:
    X, y = logistic()
    result = fit(LOGISTIC, X, y)
    assert [r.iteration for r in result.history] == list(range(len(result.history)))
    assert result.iterations == len(result.history) - 1
    assert result.history[-1].cost == result.cost
    assert result.history[-1].gradient_norm == result.gradient_norm


def test_a_limit_is_kept() -> None:
    X, y = logistic()
    result = fit(LOGISTIC, X, y, max_iter=1, tol=1e-14)
    assert not result.converged
    assert result.iterations <= 2


@pytest.mark.parametrize("model", [LOGISTIC, SQUARES], ids=lambda m: m.name)
@pytest.mark.parametrize("spread", [0, 3])
@pytest.mark.parametrize("m", [60, 900])
def test_many_columns_by_secant_steps(model, spread, m) -> None:
    n = 120
    X, z, rng = rows(m, n, seed=3)
    X = X * np.logspace(-spread, spread, n) + 0.5 * X[:, :1]
    y = (rng.random(m) < 1 / (1 + np.exp(-z))).astype(float)
    found = fit(model, X, y, l2=0.1, tol=1e-9)
    other = fit(model, X, y, l2=0.1, tol=1e-9, method="newton")
    assert found.converged, found.status
    np.testing.assert_allclose(found.scores(X), other.scores(X), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.cost, other.cost, rtol=1e-12)


def test_secant_steps_do_not_hide_separation() -> None:
    X, _, _ = rows(200, 80, seed=5)
    result = fit(LOGISTIC, X, (X[:, 0] > 0).astype(float))
    assert not result.converged
    assert "No minimiser" in result.status


@pytest.mark.parametrize("case", ["alike", "sizes", "offsets", "weights"])
def test_first_steps_in_single_precision_leave_the_minimiser(case) -> None:
    X, y = logistic(m=8_000, n=140)
    assert X.size >= secant.COPIED[0]  # so many columns for these rows: secant steps
    assert levels(len(X), X.shape[1] + 1) == ()
    X = {
        "sizes": X * np.logspace(-3, 3, 140),
        "offsets": X + 1e6,  # in single precision these columns are noise
    }.get(case, X)
    s = 1.0 + np.arange(len(y)) % 3 if case == "weights" else None
    tol = 1e-6 if case == "offsets" else 1e-8
    found = fit(LOGISTIC, X, y, l2=1e-4, sample_weight=s, tol=tol)
    assert found.converged, found.status
    w = np.append(found.theta, found.intercept)
    if s is None:
        g, mean = gradient(LOGISTIC, X, y, w, l2=1e-4), X.mean(axis=0)
        inner = (g[:-1] - mean * g[-1]) / np.abs(X - mean).max(axis=0)
        assert np.abs(np.append(inner, g[-1])).max() <= tol
    other = fit(LOGISTIC, X, y, l2=1e-4, sample_weight=s, method="newton", tol=tol)
    np.testing.assert_allclose(found.cost, other.cost, rtol=1e-9)


def test_a_rounded_copy_is_made_where_it_is_safe() -> None:
    X, y = logistic(m=2_000, n=3)
    data = Data(X, y, uniform(len(y)))

    def objective(X):
        one = replace(data, X=X)
        return make_objective(LOGISTIC, one, X.mean(axis=0), 0.1, True, Team())

    w = np.array([0.3, -0.2, 0.1, 0.4])
    exact, rough = objective(X), objective(X).rounded()
    assert rough.data.X.dtype == np.float32
    np.testing.assert_allclose(rough.at(w).gradient, exact.at(w).gradient, atol=1e-6)
    assert (rough.at(w).gradient != exact.at(w).gradient).any()
    assert objective(1e30 * X).rounded() is None
    assert objective(X.astype(np.float32)).rounded() is None


def test_newtons_steps_are_few_and_read_the_rows_once(monkeypatch) -> None:
    X, y = logistic(m=300, n=4)
    read = []
    whole = Objective.at
    monkeypatch.setattr(Objective, "at", lambda *a, **k: read.append(1) or whole(*a, **k))
    result = fit(LOGISTIC, X, y, method="newton")
    assert result.converged
    assert result.iterations <= 7
    # A step longer than the whole one is read for at its own end as well.
    longer = sum(record.step > 1 for record in result.history)
    assert len(read) == result.iterations + 1 + longer


def test_steps_are_longer_where_samples_are_nearly_separated() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(400, 8))
    y = (X @ np.linspace(-2, 2, 8) + 0.2 * rng.normal(size=400) > 0).astype(float)
    result = fit(LOGISTIC, X, y, l2=1e-4, method="newton")
    assert result.converged
    assert max(record.step for record in result.history) > 1.5
    costs = [record.cost for record in result.history]
    assert costs == sorted(costs, reverse=True)
    # Whole steps need 10: the score of a separated sample grows by about one in each.
    assert result.iterations <= 7


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("sizes", [(1.0, 1.0, 1.0, 1.0), (1e-20, 1e20, 3.0, 1e3)])
def test_a_sample_in_single_precision_is_the_objective_in_other_coordinates(
    intercept, sizes
) -> None:
    X, y = logistic(m=4_000, n=4)
    X = X * sizes + (1e6 * np.asarray(sizes) if intercept else 0.0)  # offsets beyond float32
    data = Data(X, y, uniform(len(y)))
    whole = make_objective(LOGISTIC, data, X.mean(axis=0), 1e-3, intercept, Team())
    phi = np.array([0.3, -0.2, 0.1, 0.4, -0.1])[: whole.k]
    w = whole.coordinates.outward(phi)
    np.testing.assert_allclose(whole.coordinates.inward(w)[:4], phi[:4], rtol=1e-12)
    some, few = whole.sample(4), whole.inward_sample(4)
    assert few.data.X.dtype == few.data.y.dtype == np.float32
    point, at = some.at(w), few.quadratic(phi)
    H, g = some.hessian(point)
    np.testing.assert_allclose(at.cost, point.cost, rtol=1e-5)
    np.testing.assert_allclose(at.g, g, atol=1e-5)
    np.testing.assert_allclose(at.H, H, atol=1e-5)
    np.testing.assert_allclose(few.gradient(phi), g, atol=1e-5)


def test_slopes_in_single_precision_give_the_gradient_roughly() -> None:
    X, y = logistic(m=3_000, n=4)
    whole = make_objective(LOGISTIC, Data(X, y, uniform(3_000)), X.mean(0), 0.1, True, Team())
    w = np.array([0.3, -0.2, 0.1, 0.4, -0.1])
    exact, rough = whole.gradient(w), whole.gradient(w, rough=True)
    np.testing.assert_allclose(rough, exact, atol=1e-6)
    assert (rough != exact).any()
