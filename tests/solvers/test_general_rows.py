"""Means over many rows: blocks and samples of them change the way, not the result."""

import numpy as np
import pytest

from generated import softmax_l2, two_layer_network
from generated.solvers.data.row_blocks import RowBlocks, row_blocks
from generated.solvers.model import GeneralModel, Variable
from generated.solvers.objective.correlations import correlated
from generated.solvers.objective.parameters import Layout, Objective


def steepest(found, X, Y, penalty) -> float:
    """The largest entry of the gradient, for columns of size one."""
    size = np.maximum(np.abs(X).max(axis=0), 1.0)
    gradient = softmax_l2.gradient(found["Theta"], X, Y, penalty)
    return float(np.abs(gradient / size[:, None]).max())


def classes(m=6_000, n=6, k=4, seed=0, order=None):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, n))
    Z = X @ rng.normal(size=(n, k))
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    c = np.minimum((P.cumsum(axis=1) > rng.random((m, 1))).argmax(axis=1), k - 1)
    if order == "class":
        at = np.argsort(c, kind="stable")
        X, c = X[at], c[at]
    return X, np.eye(k)[c]


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
def test_blocks_give_the_cost_the_gradient_and_the_product_of_the_whole(size) -> None:
    X, Y = classes(m=250)
    layout = Layout(((6, 4),))
    rng = np.random.default_rng(2)
    x, v = rng.normal(size=(2, 24))
    one = Objective(
        softmax_l2.MODEL, row_blocks(softmax_l2.MODEL, (X, Y, 0.1), 6), layout, 0 * x, 0 * x + 1
    )
    data = RowBlocks(one.data.data, one.data.whole, size, 250)
    other = Objective(softmax_l2.MODEL, data, layout, 0 * x, 0 * x + 1)
    assert one.data.whole == (False, False, True)
    np.testing.assert_allclose(other.at(x).cost, one.at(x).cost, rtol=1e-13)
    np.testing.assert_allclose(other.at(x).gradient, one.at(x).gradient, rtol=1e-11, atol=1e-14)
    here = one.at(x)
    np.testing.assert_allclose(other.product(here, v), one.product(here, v), rtol=1e-11, atol=1e-14)


def test_a_sample_is_of_rows_and_a_cost_without_rows_has_none() -> None:
    X, Y = classes(m=1_000)
    some = row_blocks(softmax_l2.MODEL, (X, Y, 0.1), 6).sample(100)
    np.testing.assert_array_equal(some.data[0], X[::10])
    assert some.count == 100
    assert some.data[2] == 0.1
    free = GeneralModel("free", lambda w, a: w @ a, (lambda w, a: a,), (lambda w, v, a: 0 * v,),
                        (Variable("w", ("n",)),), (Variable("a", ("n",)),), True)  # fmt: skip
    whole = row_blocks(free, (np.ones(5),), 5)
    assert whole.count == 0
    assert whole.sample(2) is whole


@pytest.mark.parametrize("order", [None, "class"])
def test_softmax_of_many_rows_however_they_lie(order) -> None:
    X, Y = classes(m=40_000, order=order)
    found = softmax_l2.fit(X, Y, 1e-3)
    other = softmax_l2.fit(X, Y, 1e-3, method="newton_cg")
    assert found.converged, found.status
    assert found.status.startswith("Converged to a global minimiser")
    np.testing.assert_allclose(found["Theta"], other["Theta"], atol=1e-5)
    np.testing.assert_allclose(found.cost, other.cost, rtol=1e-12)
    norm = np.abs(softmax_l2.gradient(found["Theta"], X, Y, 1e-3)).max()
    assert norm <= 1.01e-8
    assert found.curvature == pytest.approx(1e-3, rel=1e-6)  # along a change of all classes alike


def test_separable_classes_of_many_rows_are_not_called_converged() -> None:
    X, _ = classes(m=6_000)
    Y = np.eye(2)[(X[:, 0] > 0).astype(int)]
    result = softmax_l2.fit(X[:, :1], Y, 0.0)
    assert not result.converged, result.status


def test_the_history_of_a_run_that_begins_on_samples() -> None:
    X, Y = classes(m=20_000)
    result = softmax_l2.fit(X, Y, 1e-3)
    assert [record.iteration for record in result.history] == list(range(len(result.history)))
    assert result.history[0].cost == pytest.approx(np.log(4))
    assert result.history[-1].cost == result.cost
    assert result.history[-1].gradient_norm == result.gradient_norm <= 1e-8


def test_a_network_of_many_rows_comes_to_rest() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(3_000, 2))
    Y = np.tanh(X @ [[1.0], [-2.0]]) + 0.05 * rng.normal(size=(3_000, 1))
    result = two_layer_network.fit(X, Y, l2=1e-2, sizes={"H": 2})
    assert result.converged, result.status
    again = two_layer_network.fit(X, Y, l2=1e-2, sizes={"H": 2}, start=result)
    assert again.iterations <= 1


@pytest.mark.parametrize("size", [100, 1000])
def test_single_precision_is_near_and_says_so(size) -> None:
    X, Y = classes(m=250)
    x = np.random.default_rng(2).normal(size=24)
    data = RowBlocks((X, Y, np.float64(0.1)), (False, False, True), size, 250)
    one = Objective(softmax_l2.MODEL, data, Layout(((6, 4),)), 0 * x, 0 * x + 1)
    here, rough = one.at(x), one.rounded().at(x)
    assert here.unit == np.finfo(np.float64).eps
    assert rough.unit == np.finfo(np.float32).eps
    assert rough.gradient.dtype == np.float64
    assert abs(rough.cost - here.cost) <= rough.noise
    np.testing.assert_allclose(rough.gradient, here.gradient, atol=3e-6)
    assert (rough.gradient != here.gradient).any()


def test_columns_that_single_precision_cannot_tell_apart_do_not_mislead() -> None:
    X, Y = classes(m=6_000, n=3)
    shifted = np.column_stack([X[:, 0], X[:, 1] + 1e9, X[:, 2], np.ones(len(X))])
    result = softmax_l2.fit(shifted, Y, 1e-3, tol=1e-4)
    norm = np.abs(softmax_l2.gradient(result["Theta"], shifted, Y, 1e-3)).max()
    assert result.gradient_norm == pytest.approx(norm, rel=1e-3, abs=1e-6)


def test_columns_of_very_different_sizes_need_few_steps() -> None:
    X, Y = classes(m=4_000, n=20, k=5)
    result = softmax_l2.fit(X * np.logspace(-2, 2, 20), Y, 1e-4)
    assert result.converged, result.status
    assert result.iterations < 60  # scales of their own for each class: hundreds


def test_rows_that_repeat_with_the_sample_mislead_it_only_for_a_while() -> None:
    X, Y = classes(m=32_000)
    X[::16] *= -3.0  # every 16th row, all that the samples see, says the opposite
    found = softmax_l2.fit(X, Y, 1e-3)
    other = softmax_l2.fit(X, Y, 1e-3, method="newton_cg")
    assert found.converged, found.status
    np.testing.assert_allclose(found["Theta"], other["Theta"], atol=1e-5)


def test_a_sample_far_below_all_rows_sends_the_run_back_to_its_start() -> None:
    X, Y = classes(m=32_000, n=1, k=2)
    X[:] = 1.0
    X[::16] = -40.0  # the share of these rows is small for all, but the sample sees no other
    found = softmax_l2.fit(X, Y, 1e-3)
    assert found.converged, found.status
    assert np.isfinite([record.cost for record in found.history[:1]]).all()
    assert steepest(found, X, Y, 1e-3) <= 1.01e-8


@pytest.mark.parametrize("limit", [1, 3, 6])
def test_a_run_cut_short_has_the_exact_cost_of_its_point(limit) -> None:
    X, Y = classes(m=20_000)
    result = softmax_l2.fit(X, Y, 1e-3, max_iter=limit)
    assert not result.converged
    assert result.iterations <= limit
    assert result.cost == pytest.approx(softmax_l2.cost(result["Theta"], X, Y, 1e-3), rel=1e-13)
    g = softmax_l2.gradient(result["Theta"], X, Y, 1e-3)
    np.testing.assert_allclose(result.gradient_norm, np.abs(g).max(), rtol=1e-9)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_bad_entry_in_a_row_outside_of_all_samples_is_refused(bad) -> None:
    X, Y = classes(m=20_000)
    X[12_345, 2] = bad
    with pytest.raises(ValueError, match="12345"):
        softmax_l2.fit(X, Y, 1e-3)


def test_huge_finite_entries_are_no_bad_entries() -> None:
    X, Y = classes(m=5_000)
    result = softmax_l2.fit(X * [1e160, 1.0, 1.0, 1.0, 1.0, 1e-160], Y, 1e-3, max_iter=3)
    assert np.isfinite(result.cost)


@pytest.mark.parametrize("labels", ["whole", "soft", "large"])
def test_narrow_data_are_read_as_they_are(labels) -> None:
    X, Y = classes(m=12_000)
    Y = {"whole": Y, "soft": 0.9 * Y + 0.1 / 4, "large": 1000.0 * Y}[labels]
    data = row_blocks(softmax_l2.MODEL, (X, Y, np.float64(0.1)), 6)
    assert (data.data[1].dtype == np.int8) == (labels == "whole")
    read = []
    data.mean(lambda part: read.append(part[1]) or 0.0)
    assert {part.dtype for part in read} == {np.dtype(np.float64)}
    np.testing.assert_array_equal(np.concatenate(read), Y)
    read.clear()
    data.rounded().mean(lambda part: read.append(part[1]) or 0.0)
    assert {part.dtype for part in read} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(np.concatenate(read), Y.astype(np.float32))


def test_the_gradient_without_the_cost_is_the_same() -> None:
    X, Y = classes(m=250)
    layout = Layout(((6, 4),))
    x = np.random.default_rng(2).normal(size=24)
    data = row_blocks(softmax_l2.MODEL, (X, Y, np.float64(0.1)), 6)
    objective = Objective(softmax_l2.MODEL, data, layout, 0 * x + 0.3, 0 * x + 1)
    with_cost, without = objective.at(x), objective.at(x, cost=False)
    assert np.isnan(without.cost)
    np.testing.assert_allclose(without.gradient, with_cost.gradient, rtol=1e-13, atol=1e-16)


def test_columns_of_very_different_sizes_need_few_products_over_all_rows(monkeypatch) -> None:
    X, Y = classes(m=30_000, n=20, k=5)
    seen = []
    product = Objective.product

    def counted(self, point, v):
        seen.append(self.data.count)
        return product(self, point, v)

    monkeypatch.setattr(Objective, "product", counted)
    result = softmax_l2.fit(X * np.logspace(-2, 2, 20), Y, 1e-5)
    assert result.converged, result.status
    assert sum(count == 30_000 for count in seen) <= 2


def rotated(X, condition, seed=4):
    """The rows with correlated columns."""
    rng = np.random.default_rng(seed)
    n = X.shape[1]
    Q, R = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    return X @ (Q * np.geomspace(1.0, 1.0 / condition, n)) @ R.T


@pytest.mark.parametrize("order", [None, "class"])
def test_correlated_columns_need_few_steps(order) -> None:
    X, Y = classes(m=20_000, n=12, k=4, order=order)
    X = rotated(X, 1e3)
    found = softmax_l2.fit(X, Y, 1e-5)
    other = softmax_l2.fit(X, Y, 1e-5, method="newton_cg", tol=1e-10)
    assert found.converged, found.status
    assert found.iterations < 40  # without a look at the correlations more than 200
    np.testing.assert_allclose(X @ found["Theta"], X @ other["Theta"], atol=1e-2)
    np.testing.assert_allclose(found.cost, other.cost, rtol=1e-10)


def test_the_shape_is_that_of_the_columns_in_any_coordinates() -> None:
    X, Y = classes(m=2_000, n=5, k=3)
    X = rotated(X, 100.0)
    model = softmax_l2.MODEL
    layout = Layout(((5, 3),))
    scale = np.repeat(2.0 ** np.arange(5), 3)
    data = row_blocks(model, (X, Y, np.float64(0.0)), 5)
    objective = Objective(model, data, layout, 0 * scale, scale)
    objective = correlated(objective, objective.at(0 * scale))
    v = np.random.default_rng(6).normal(size=15)
    A = X.T @ X
    H = scale[:, None] * np.kron(A, np.eye(3)) * scale  # with respect to u = x / scale
    back = objective.shape(H @ v)
    np.testing.assert_allclose(back / back[0], v / v[0], rtol=1e-4)
    even, _ = classes(m=2_000, n=5, k=3)
    alike = row_blocks(model, (even, Y, np.float64(0.0)), 5)
    objective = Objective(model, alike, layout, 0 * scale, 0 * scale + 1)
    assert correlated(objective, objective.at(0 * scale)).shape is None


def test_dependent_columns_need_few_steps() -> None:
    X, Y = classes(m=20_000, n=8, k=4)
    X = X @ (np.eye(8) + 0.9)
    X = np.hstack([X, X @ np.arange(1.0, 9.0)[:, None], np.zeros((len(X), 1))])
    found = softmax_l2.fit(X, Y, 0.0)
    assert found.converged, found.status
    assert found.status.startswith("Converged to the lowest cost")
    assert found.iterations < 40
    assert steepest(found, X, Y, 0.0) <= 1.01e-8


def test_columns_far_from_zero_leave_single_precision_in_time() -> None:
    X, Y = classes(m=30_000, n=6, k=4)
    found = softmax_l2.fit(X + 100.0, Y, 1e-4)
    assert found.converged, found.status
    assert found.iterations < 150
    assert steepest(found, X + 100.0, Y, 1e-4) <= 1.01e-8
