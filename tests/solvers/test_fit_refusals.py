"""Unusable input is refused in four lines: what was asked, where, what is wrong, what to do."""

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from generated.solvers import LinearModel, fit
from tests.solvers.models import LOGISTIC, POISSON, SQUARES

X = np.arange(12.0).reshape(6, 2) % 5
Y = np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])


def changed(array, index, value):
    array = np.array(array, dtype=float)
    array[index] = value
    return array


CASES = [
    ("one axis", {"X": X[:, 0]}, ("X of shape (6,)", "two axes", "X.reshape(-1, 1)")),
    ("three axes", {"X": X[None]}, ("X of shape (1, 6, 2)", "two axes")),
    ("number", {"X": 3.0}, ("X of shape ()", "two axes")),
    ("text", {"X": X.astype(str)}, ("X", "not numbers", "encode")),
    ("text objects", {"X": X.astype(str).astype(object)}, ("X", "not numbers", "encode")),
    ("objects", {"X": [[object(), 1]] * 6}, ("X", "not numbers")),
    ("ragged", {"X": [[1.0], [1.0, 2.0]]}, ("X", "different lengths", "rectangular")),
    ("text labels", {"y": list("ababab")}, ("y", "not numbers", "classes as 0 and 1")),
    ("dates", {"X": X.astype("datetime64[s]")}, ("X", "not numbers (dtype datetime64[s])")),
    ("complex", {"X": X + 0j}, ("X", "complex", "X.real")),
    ("masked", {"X": np.ma.masked_equal(X, 0)}, ("X", "masked")),
    ("sparse", {"X": scipy.sparse.csr_array(X)}, ("X", "sparse", "X.toarray()")),
    ("NaN in X", {"X": changed(X, [1, 4], np.nan)}, ("X, rows 1, 4 (2 of 6)", "NaN", "drop them")),
    ("missing", {"X": pd.DataFrame({"a": [1, None] * 3})}, ("X, rows 1, 3, 5 (3 of 6)", "NaN")),
    ("inf in X", {"X": changed(X, (5, 0), np.inf)}, ("X, rows 5 (1 of 6)", "infinite")),
    ("all NaN", {"X": X * np.nan}, ("rows 0, 1, 2, 3, 4, ... (6 of 6)",)),
    ("NaN in y", {"y": changed(Y, 2, np.nan)}, ("y, rows 2 (1 of 6)", "NaN", "nan")),
    ("NaN weight", {"sample_weight": changed(Y, 2, np.nan)}, ("sample_weight, rows 2", "NaN")),
    ("short y", {"y": Y[:4]}, ("X and y", "6 rows", "4 values")),
    ("short weights", {"sample_weight": [1.0]}, ("X and sample_weight", "6 rows", "1 values")),
    ("no rows", {"X": np.empty((0, 2)), "y": []}, ("X of shape (0, 2)", "no samples")),
    ("y too large", {"y": Y * 2}, ("y, rows 1, 3, 4 (3 of 6)", "y in [0, 1]: 2, 2, 2")),
    ("y column", {"y": Y[:, None]}, ("y of shape (6, 1)", "1-D", "y.ravel()")),
    ("y matrix", {"y": X}, ("y of shape (6, 2)", "1-D")),
    ("negative weight", {"sample_weight": [1, -1, 1, 1, 1, -2]}, ("rows 1, 5", "negative", "-2")),
    ("zero weights", {"sample_weight": np.zeros(6)}, ("sample_weight", "all weights are zero")),
    ("negative l2", {"l2": -1.0}, ("l2 = -1.0", ">= 0")),
    ("NaN l2", {"l2": np.nan}, ("l2 = nan", ">= 0")),
    ("infinite l2", {"l2": np.inf}, ("l2 = inf", "finite")),
    ("text l2", {"l2": "a"}, ("l2 = 'a'", "finite")),
    ("zero tol", {"tol": 0}, ("tol = 0", "> 0")),
    ("NaN tol", {"tol": np.nan}, ("tol = nan", "> 0")),
    (
        "method",
        {"method": "bfgs"},
        ("method = 'bfgs'", "'newton', 'samples', 'gram', 'lbfgs'"),
    ),
    ("no steps", {"max_iter": 0}, ("max_iter = 0", "integer >= 1")),
    ("half steps", {"max_iter": 2.5}, ("max_iter = 2.5", "integer >= 1")),
    ("true steps", {"max_iter": True}, ("max_iter = True", "integer >= 1")),
    ("long start", {"start": np.zeros(4)}, ("start of shape (4,)", "(2,) or (3,)", "last")),
    ("start", {"start": np.zeros(3), "fit_intercept": False}, ("start of shape (3,)", "(2,)")),
    ("NaN start", {"start": [0, np.nan]}, ("start", "NaN")),
]


@pytest.mark.parametrize(
    ("change", "words"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_unusable_input_is_refused_in_four_lines(change, words) -> None:
    arguments = {"X": X, "y": Y, **change}
    with pytest.raises(ValueError, match=r"asked: +fit logistic") as caught:
        fit(LOGISTIC, arguments.pop("X"), arguments.pop("y"), **arguments)
    lines = str(caught.value).split("\n")
    heads = [line.partition(":")[0] for line in lines]
    assert heads == ["asked", "where", "wrong", "what to do"]
    assert max(map(len, lines)) <= 140
    for word in words:
        assert word in str(caught.value)


def test_a_result_of_other_data_is_no_start() -> None:
    other = fit(LOGISTIC, X[:, :1], Y)
    with pytest.raises(ValueError, match="belongs to 1 columns, X has 2"):
        fit(LOGISTIC, X, Y, start=other)


def test_a_start_that_overflows_is_refused() -> None:
    with pytest.raises(ValueError, match="start nearer to zero"):
        fit(POISSON, X, Y, start=[1e5, 1e5])
    with pytest.raises(ValueError, match="overflows at the start"):
        fit(SQUARES, X, Y * 1e200)


def test_a_negative_count_is_named() -> None:
    with pytest.raises(ValueError, match=r"outside the target y >= 0: -3"):
        fit(POISSON, X, [1, 2, -3, 4, 5, 6])


@pytest.mark.parametrize("method", ["newton", "gradient_descent"])
def test_a_model_that_returns_nan_ends_honestly(method) -> None:
    broken = LinearModel(
        name="broken",
        loss=lambda z, y: np.where(np.abs(z) > 1, np.nan, 0.5 * (z - y) ** 2),
        slope=lambda z, y: np.where(np.abs(z) > 1, np.nan, z - y),
        curvature=lambda z, y: np.where(np.abs(z) > 1, np.nan, 1.0),
        target=SQUARES.target,
        convex=True,
        curvature_bound=None,
    )
    result = fit(broken, X, 10 * Y, method=method, max_iter=500)
    assert not result.converged
    assert np.isfinite(result.theta).all()
    assert np.isfinite(result.cost)


def test_overflow_on_the_way_stays_silent() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for method in ("newton", "gradient_descent"):
            result = fit(POISSON, 1e3 * X, 1e6 * Y, method=method, max_iter=200)
            assert np.isfinite(result.cost)
