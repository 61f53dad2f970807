"""Convex costs of several scores on data that are separated, wholly or in part, or just not.

Linear programming is the judge: there is a minimiser if and only if every direction along which no
term rises for ever is one along which no term changes.
"""

import numpy as np
import pytest
from scipy.optimize import linprog

from generated.solvers import GeneralModel, minimise
from tests.solvers.exact_linear import catalogue
from tests.solvers.test_fit_separation import onehot, quasi

MODELS = {m.name: m for m in catalogue(GeneralModel)}
NAMES = ("softmax", "multilabel_logistic", "logistic_wb", "binomial", "poisson_offset", "cox",
         "ordinal_all_threshold")  # fmt: skip
METHODS = ("auto", "newton_cg", "lbfgs")


def made(name, X, rng):
    """The data of a model, and rows C of the directions d that never raise it: C d >= 0."""
    m, n = X.shape
    z = X @ rng.normal(size=n) * rng.choice([0.5, 2.0, 8.0]) + rng.normal()
    p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
    if name == "logistic_wb":
        y = (rng.random(m) < p).astype(float)
        return (X, y), (2 * y - 1)[:, None] * np.column_stack([X, np.ones(m)])
    X = np.column_stack([X, np.ones(m)]) if name not in ("cox", "ordinal_all_threshold") else X
    if name == "binomial":
        N = rng.integers(1, 4, m).astype(float)
        y = rng.binomial(N.astype(int), p).astype(float)
        return (X, y, N), np.vstack([X[y > 0], -X[y < N]])
    if name == "poisson_offset":
        y = rng.poisson(np.exp(np.clip(z - 1, -20, 3))).astype(float)
        return (X, y, rng.normal(size=m)), np.vstack([-X, X[y > 0]])
    if name == "cox":
        times = rng.integers(1, 12, m) - np.clip(z, -3, 3)
        event = (rng.random(m) < 0.7).astype(float)
        event[0] = 1.0
        R = (times[None, :] >= times[:, None]).astype(float)
        i, j = np.nonzero(R * event[:, None])
        return (X, event, R), X[i] - X[j]
    if name == "ordinal_all_threshold":
        level = np.digitize(z + rng.logistic(size=m), [-1.0, 1.0])
        over = (level[:, None] > np.arange(2)).astype(float)
        rows = [np.column_stack([X, -np.tile(e, (m, 1))]) for e in np.eye(2)]
        return (X, over), np.vstack(
            [(2 * o - 1)[:, None] * r for o, r in zip(over.T, rows, strict=True)]
        )
    K = 3
    scores = np.column_stack([z, -z, 0 * z]) + rng.gumbel(size=(m, K))
    if name == "multilabel_logistic":
        Y = (scores > 0).astype(float)
        D = (2 * Y - 1)[:, :, None] * np.eye(K)  # of row i, for the class j
    else:
        Y = np.eye(K)[scores.argmax(axis=1)]
        D = Y[:, None, :] - np.eye(K)  # of row i, against the class j
    return (X, Y), np.einsum("ia,ijk->ijak", X, D).reshape(m * K, -1)


def has_minimiser(C) -> bool:
    """Whether C d >= 0 only where C d = 0."""
    best = linprog(-C.sum(axis=0), A_ub=-C, b_ub=np.zeros(len(C)), bounds=[(-1, 1)] * C.shape[1])
    return bool(best.fun > -1e-9)


def check(seeds, name, method):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        data, C = made(name, (onehot if seed % 2 else quasi)(rng), rng)
        found, exists = minimise(MODELS[name], *data, method=method), has_minimiser(C)
        assert exists == found.converged, (seed, exists, found.status)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", METHODS)
def test_no_method_calls_a_run_to_infinity_converged(name, method) -> None:
    check(range(6), name, method)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", METHODS)
def test_on_two_hundred_data_sets(name, method) -> None:
    check(range(200), name, method)
