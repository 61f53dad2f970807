"""Unusable input of `minimise` is refused in four lines."""

import numpy as np
import pytest
import scipy.sparse

from generated.solvers import minimise
from tests.solvers.test_general_models import (
    FACTORISATION,
    NORMAL,
    QUADRATIC,
    ROSENBROCK,
    SOFTMAX,
    WEIGHTED_LOGISTIC,
)

X = np.arange(12.0).reshape(6, 2) % 5
Y = np.eye(3)[[0, 1, 2, 0, 1, 2]]
y = np.array([0.0, 1.0, 0.0, 1.0, 1.0, 0.0])
NAN = np.where(np.arange(12).reshape(6, 2) == 3, np.nan, X)

CASES = [
    ("shapes", SOFTMAX, (X, Y[:4]), {}, ("X and Y", "m has 6 entries in X, 4 in Y")),
    ("one axis", SOFTMAX, (X, y), {}, ("Y of shape (6,)", "axes (m, K)")),
    ("square", QUADRATIC, (X, y), {}, ("wrong:      the matrix is not square",)),
    ("symmetric", QUADRATIC, ([[1, 2], [3, 4]], [1, 2]), {}, ("A", "not symmetric")),
    ("no rows", SOFTMAX, (X[:0], Y[:0]), {}, ("X of shape (0, 2)", "empty")),
    ("NaN", SOFTMAX, (NAN, Y), {}, ("X, rows 1 (1 of 6)", "NaN")),
    ("inf", SOFTMAX, (X, Y - np.inf), {}, ("Y, rows", "infinite")),
    ("domain", SOFTMAX, (X, 2 * Y), {}, ("Y, rows 0, 1, 2, 3, 4, ...", "[0, 1]")),
    ("values", WEIGHTED_LOGISTIC, (X, 2 * y, y), {}, ("y, rows 1, 3, 4", "y in [0, 1]: 2, 2, 2")),
    ("negative", WEIGHTED_LOGISTIC, (X, y, -y), {}, ("s, rows", "s >= 0: -1")),
    ("text", SOFTMAX, (X.astype(str), Y), {}, ("X", "not numbers")),
    ("sparse", SOFTMAX, (scipy.sparse.csr_array(X), Y), {}, ("sparse", "X.toarray()")),
    ("complex", SOFTMAX, (X + 0j, Y), {}, ("complex", "X.real")),
    ("few arrays", SOFTMAX, (X,), {}, ("1 arrays of data", "takes 2 arrays: X, Y")),
    ("no size", FACTORISATION, (X,), {}, ("wrong:      no data and no start", 'sizes={"d": ...}')),
    ("bad size", FACTORISATION, (X,), {"sizes": {"d": 0}}, ("sizes['d'] = 0", ">= 1")),
    ("half a size", FACTORISATION, (X,), {"sizes": {"d": 1.5}}, ("sizes['d'] = 1.5", ">= 1")),
    ("other size", SOFTMAX, (X, Y), {"sizes": {"n": 3}}, ("3 entries in sizes, but 2 in X",)),
    ("unknown size", SOFTMAX, (X, Y), {"sizes": {"q": 3}}, ("sizes['q']", "choose from m, n, K")),
    ("sizes", SOFTMAX, (X, Y), {"sizes": 3}, ("sizes", "no dictionary")),
    ("start shape", SOFTMAX, (X, Y), {"start": np.zeros(6)}, ("start Theta", "(n, K)")),
    ("start size", SOFTMAX, (X, Y), {"start": np.zeros((2, 4))}, ("Y and Theta", "K has 3")),
    ("start NaN", SOFTMAX, (X, Y), {"start": np.full((2, 3), np.nan)}, ("start Theta", "NaN")),
    ("start name", SOFTMAX, (X, Y), {"start": {"theta": 0}}, ("start['theta']", "Theta")),
    ("start list", FACTORISATION, (X,), {"start": X}, ("2 parameters", '{"U": ..., "V": ...}')),
    ("start domain", NORMAL, (y,), {"start": {"t": -1.0}}, ("start t = -1", "t > 0")),
    ("start inf", ROSENBROCK, (), {"start": [1e200, 0]}, ("start", "overflows")),
    ("penalise", SOFTMAX, (X, Y), {"penalise": ("w",)}, ("no parameter 'w'", "Theta")),
    ("penalise all", SOFTMAX, (X, Y), {"penalise": True}, ("penalise = True", "Theta")),
    ("l2", SOFTMAX, (X, Y), {"l2": -1}, ("l2 = -1", ">= 0")),
    ("tol", SOFTMAX, (X, Y), {"tol": 0}, ("tol = 0", "> 0")),
    ("max_iter", SOFTMAX, (X, Y), {"max_iter": 0}, ("max_iter = 0", ">= 1")),
    ("method", SOFTMAX, (X, Y), {"method": "bfgs"}, ("'bfgs'", "'newton_cg' or 'lbfgs'")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "data", "options", "words"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_unusable_input_is_refused_in_four_lines(model, data, options, words) -> None:
    with pytest.raises(ValueError, match=f"asked: +fit {model.name}") as caught:
        minimise(model, *data, **options)
    lines = str(caught.value).split("\n")
    heads = [line.partition(":")[0] for line in lines]
    assert heads == ["asked", "where", "wrong", "what to do"]
    assert max(map(len, lines)) <= 140
    for word in words:
        assert word in str(caught.value)


def test_array_likes_are_taken() -> None:
    plain = minimise(SOFTMAX, X, Y, l2=0.1)
    lists = minimise(SOFTMAX, X.tolist(), Y.astype(int).tolist(), l2=0.1)
    fortran = minimise(SOFTMAX, np.asfortranarray(X), Y[::1], l2=0.1, penalise="Theta")
    np.testing.assert_array_equal(plain["Theta"], lists["Theta"])
    np.testing.assert_allclose(plain["Theta"], fortran["Theta"], rtol=1e-12)


def test_sizes_come_from_data_then_start_then_sizes() -> None:
    assert minimise(FACTORISATION, X, sizes={"d": 2})["U"].shape == (6, 2)
    assert minimise(FACTORISATION, X, start={"V": np.ones((2, 1))})["U"].shape == (6, 1)
    assert minimise(ROSENBROCK, sizes={"n": 3})["x"].shape == (3,)
