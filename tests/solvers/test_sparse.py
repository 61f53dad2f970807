"""A matrix of data that is declared sparse may be one of SciPy's, from the cost to the fit."""

import numpy as np
import pytest
import scipy.sparse

from derive.programs.sparse_text import only_multiplied
from generated import logistic_sparse

RNG = np.random.default_rng(3)
S = scipy.sparse.random_array((300, 40), density=0.1, rng=RNG, format="csc")
X = S.toarray()
y = (RNG.random(300) < 0.5).astype(float)
L2 = 1e-2
theta, v = RNG.normal(size=(2, 40))


@pytest.mark.parametrize("kind", ["csr", "csc", "coo"])
def test_the_functions_are_those_of_the_dense_matrix(kind) -> None:
    rows = S.asformat(kind).tocsr()
    for name, args in (("cost", ()), ("gradient", ()), ("hvp", (v,))):
        f = getattr(logistic_sparse, name)
        np.testing.assert_allclose(
            f(theta, *args, rows, y, L2), f(theta, *args, X, y, L2), rtol=1e-13, atol=1e-15
        )


@pytest.mark.parametrize("method", ["auto", "newton_cg", "lbfgs"])
@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "lil"])
def test_the_fit_is_that_of_the_dense_matrix(kind, method) -> None:
    sparse = logistic_sparse.fit(S.asformat(kind), y, L2, method=method)
    dense = logistic_sparse.fit(X, y, L2, method=method)
    assert sparse.converged
    assert dense.converged
    np.testing.assert_allclose(sparse["theta"], dense["theta"], atol=1e-6)
    np.testing.assert_allclose(
        logistic_sparse.predict(sparse, S.tocsr()), logistic_sparse.predict(dense, X), atol=1e-6
    )


def test_the_minimiser_is_that_of_scikit_learn() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    peer = linear_model.LogisticRegression(
        C=1 / (L2 * len(y)), fit_intercept=False, tol=1e-10, max_iter=1000
    ).fit(S.tocsr(), y)
    found = logistic_sparse.fit(S, y, L2)
    np.testing.assert_allclose(found["theta"], peer.coef_[0], atol=1e-6)


def test_a_sparse_matrix_is_never_made_dense() -> None:
    rows = 50_000
    wide = scipy.sparse.random_array((rows, 100_000), density=2e-5, rng=RNG, format="csr")
    labels = (RNG.random(rows) < 0.5).astype(float)
    assert logistic_sparse.fit(wide, labels, 0.1).converged  # 40 GB as a dense matrix


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (scipy.sparse.csr_array([[1.0, np.nan]]), "NaN"),
        (scipy.sparse.csr_array([[1.0, np.inf]]), "infinite"),
        (scipy.sparse.csr_array((0, 3)), "none empty"),
    ],
)
def test_bad_entries_are_refused(bad, words) -> None:
    with pytest.raises(ValueError, match=words):
        logistic_sparse.fit(bad, np.ones(bad.shape[0]), L2)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("X @ theta", True),
        ("X.T @ (h - y) / X.shape[0]", True),
        ("Y @ X", True),
        ("X.T @ (w[:, None] * X)", False),
        ("np.sum(X)", False),
        ("X.T", False),
        ("special.solve(X, y)", False),
        ("y @ z", True),
    ],
)
def test_which_lines_only_multiply(text, holds) -> None:
    assert only_multiplied("X", text) is holds
