"""However X is stored, and whatever number of threads reads it: the same fit, and little memory."""

import tracemalloc

import numpy as np
import pytest

from generated import logistic
from generated.solvers import fit
from generated.solvers.data.blocks import BLOCK
from tests.solvers.models import LOGISTIC, SQUARES


def samples(m=60_000, n=20, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, n)).astype(np.float32).astype(np.float64)
    z = X @ (rng.normal(size=n) / np.sqrt(n))
    return X, (rng.random(m) < 1 / (1 + np.exp(-z))).astype(float)


def same(one, other) -> None:
    assert one.converged, one.status
    np.testing.assert_allclose(one.theta, other.theta, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(one.cost, other.cost, rtol=1e-13)


@pytest.mark.parametrize("method", ["auto", "newton", "gradient_descent"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_type_and_order_of_storage_do_not_matter(method, dtype, order) -> None:
    X, y = samples(30_000, 8)
    stored = np.array(X, dtype=dtype, order=order)
    same(fit(LOGISTIC, stored, y, l2=1e-3, method=method), fit(LOGISTIC, X, y, l2=1e-3))
    assert stored.dtype == dtype


@pytest.mark.parametrize("method", ["auto", "newton"])
@pytest.mark.parametrize("model", [LOGISTIC, SQUARES], ids=lambda m: m.name)
def test_threads_give_the_same_minimiser_and_the_same_bits_each_time(model, method) -> None:
    X, y = samples()
    s = np.arange(len(y)) % 5 + 0.5
    one, two, again = (
        fit(model, X, y, l2=1e-3, sample_weight=s, method=method, threads=count)
        for count in (1, 2, 2)
    )
    same(two, one)
    np.testing.assert_array_equal(two.theta, again.theta)
    assert two.cost == again.cost
    assert two.intercept == again.intercept


def test_overflow_in_a_thread_is_as_silent_as_without() -> None:
    X, y = samples(40_000, 10)
    X *= 1e150  # in these units no gradient is a small number
    one, two = (fit(LOGISTIC, X, y, threads=count) for count in (1, 2))
    assert two.converged, two.status
    np.testing.assert_allclose(two.scores(X), one.scores(X), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "two"])
def test_threads_must_be_a_count(wrong) -> None:
    with pytest.raises(ValueError, match="threads"):
        fit(LOGISTIC, [[0.0], [1.0]], [0.0, 1.0], threads=wrong)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_file_is_read_in_place(tmp_path, dtype, order) -> None:
    X, y = samples(70_000, 12)
    path = tmp_path / "X"
    written = np.memmap(path, dtype=dtype, mode="w+", shape=X.shape, order=order)
    written[:] = X
    written.flush()
    mapped = np.memmap(path, dtype=dtype, mode="r", shape=X.shape, order=order)
    tracemalloc.start()
    try:
        found = fit(LOGISTIC, mapped, y, l2=1e-3)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    same(found, fit(LOGISTIC, X, y, l2=1e-3))
    # Some blocks, whatever the size of the file, and shares of it.
    assert peak <= 0.05 * mapped.nbytes + 4 * 8 * BLOCK


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_little_memory_is_needed_beside_the_data(dtype, order) -> None:
    X, y = samples(200_000, 40)
    X = np.array(X, dtype=dtype, order=order)
    logistic.fit(X[:50], y[:50], l2=1.0)  # what NumPy imports on the way is not counted
    tracemalloc.start()
    try:
        result = logistic.fit(X, y, l2=1e-5)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result.converged, result.status
    assert peak <= 0.08 * len(y) * 40 * 8  # that of the copy of every eighth row is 0.0625


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_bad_entry_among_many_is_found(bad, dtype) -> None:
    X, y = samples(30_000, 8)
    X = X.astype(dtype)
    X[20_001, 3] = bad
    with pytest.raises(ValueError, match=r"X, rows 20001 \(1 of 30000\)"):
        fit(LOGISTIC, X, y)


def test_a_column_that_the_sample_of_rows_misjudges() -> None:
    """Rare entries, huge where they occur: the sample that scales the columns sees only zeros."""
    X, y = samples(40_000, 4)
    X[:, 2] = 0.0
    X[7::1000, 2] = 1e120
    X[9::1000, 2] = -2e120
    found = fit(LOGISTIC, X, y)
    scaled = X * np.array([1.0, 1.0, 1e-120, 1.0])
    other = fit(LOGISTIC, scaled, y, method="newton")
    np.testing.assert_allclose(found.scores(X), other.scores(scaled), rtol=1e-6, atol=1e-7)
    assert other.converged, other.status


def test_status_says_which_method_was_chosen() -> None:
    X, y = samples(30_000, 8)
    assert "samples of the rows" in fit(LOGISTIC, X, y).status
    assert "Newton's method" in fit(LOGISTIC, X[:50], y[:50], l2=1.0).status
    assert "Chosen" not in fit(LOGISTIC, X[:50], y[:50], l2=1.0, method="newton").status
    wide = np.random.default_rng(0).normal(size=(200, 100))
    assert "secant steps" in fit(LOGISTIC, wide, y[:200], l2=1.0).status


def test_a_start_at_the_solution_is_kept() -> None:
    X, y = samples(30_000, 8)
    first = fit(LOGISTIC, X, y, l2=1e-3)
    again = fit(LOGISTIC, X, y, l2=1e-3, start=first)
    assert again.converged
    assert again.iterations <= 1
    far = fit(LOGISTIC, X, y, l2=1e-3, start=1e3 * np.ones(9))
    same(far, first)
