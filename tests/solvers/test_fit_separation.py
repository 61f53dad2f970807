"""Categories with rare levels, and data that are nearly separated: linear programming is the judge.

A minimiser of a convex cost of scores X w exists if and only if every direction along which no
sample's loss rises in the end moves no score at all.
"""

import numpy as np
import pytest
from scipy.optimize import linprog

from generated.solvers import fit
from tests.solvers.exact_linear import LINEAR

MODELS = {
    m.name: m
    for m in LINEAR
    if m.name in ("logistic", "probit", "complementary_log_log", "log_log", "poisson", "gamma")
}
METHODS = ("auto", "newton", "lbfgs", "gradient_descent", "accelerated_gradient")
SLOW = {"gradient_descent": 500, "accelerated_gradient": 500}


def onehot(rng):
    """A category with rare levels, perhaps a second one, and perhaps a normal column."""
    m = int(rng.integers(40, 400))
    blocks = []
    for _ in range(rng.integers(1, 3)):
        level = np.minimum(rng.zipf(rng.uniform(1.2, 2.5), m), rng.integers(3, 25)) - 1
        block = np.zeros((m, level.max() + 1))
        block[np.arange(m), level] = 1
        blocks.append(block[:, 1:])
    if rng.random() < 0.5:
        blocks.append(rng.normal(size=(m, 1)))
    X = np.column_stack(blocks)
    return X[:, X.any(axis=0)]


def quasi(rng):
    """Data that are separated but for a few samples on the boundary, or just not separated."""
    m, n = int(rng.integers(10, 80)), int(rng.integers(1, 5))
    X = rng.integers(-3, 4, (m, n)).astype(float)
    return X if rng.random() < 0.5 else np.column_stack([X, rng.normal(size=m)])


def drawn(name, X, rng):
    z = X @ rng.normal(size=X.shape[1]) * rng.choice([0.5, 2.0, 8.0]) + rng.normal() * 1.5
    if name == "poisson":
        return rng.poisson(np.exp(np.clip(z - 1, -20, 3))).astype(float)
    if name == "gamma":
        return rng.gamma(1.0, size=len(z)) + 1e-3
    return (rng.random(len(z)) < 1 / (1 + np.exp(-np.clip(z, -30, 30)))).astype(float)


def has_minimiser(name, A, y) -> bool:
    """Whether no direction is one of recession; rows are looked at up to their rounding."""
    if name == "gamma":  # the loss rises on both sides
        return True
    if name == "poisson":
        B, held = A[y == 0], A[y > 0]
    else:
        B, held = (1 - 2 * y)[:, None] * A, np.zeros((0, A.shape[1]))
    best = linprog(
        B.sum(axis=0) if len(B) else np.zeros(A.shape[1]),
        A_ub=B if len(B) else None,
        b_ub=np.zeros(len(B)) if len(B) else None,
        A_eq=held if len(held) else None,
        b_eq=np.zeros(len(held)) if len(held) else None,
        bounds=[(-1, 1)] * A.shape[1],
    )
    return bool(best.fun > -1e-9)


def judged(seed, name, method):
    """What a fit says, and what is true."""
    rng = np.random.default_rng(seed)
    X = (onehot if seed % 2 else quasi)(rng)
    y = drawn(name, X, rng)
    found = fit(MODELS[name], X, y, method=method, max_iter=SLOW.get(method))
    return found, has_minimiser(name, np.column_stack([X, np.ones(len(X))]), y)


def check(seeds, name, method):
    for seed in seeds:
        found, exists = judged(seed, name, method)
        assert exists or not found.converged, (seed, found.status)
        if exists and method not in SLOW:
            assert found.converged, (seed, found.status)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("method", METHODS)
def test_no_method_calls_a_run_to_infinity_converged(name, method) -> None:
    check(range(2 if method in SLOW else 12), name, method)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("method", METHODS)
def test_on_two_hundred_data_sets(name, method) -> None:
    check(range(200), name, method)


def categories(seed):
    """Two thousand rows of a category with up to a hundred levels, most of them rare."""
    rng = np.random.default_rng(seed)
    level = np.minimum(rng.zipf(1.3, 2000), 100) - 1
    X = np.zeros((2000, 100))
    X[np.arange(2000), level] = 1
    y = (rng.random(2000) < 0.15).astype(float)
    X = X[:, 1:]
    return X[:, X.any(axis=0)], y


@pytest.mark.parametrize("name", ["logistic", "poisson"])
@pytest.mark.parametrize("seed", range(10))
def test_rare_levels_are_named(seed, name) -> None:
    found = fit(MODELS[name], *categories(seed))
    assert found.status.startswith("No minimiser exists"), found.status


@pytest.mark.parametrize("name", ["complementary_log_log", "log_log"])
def test_one_class_of_a_loss_with_one_flat_side(name) -> None:
    label = 1.0 if name == "complementary_log_log" else 0.0
    found = fit(MODELS[name], np.arange(3.0)[:, None], np.full(3, label))
    assert found.status.startswith("No minimiser exists"), found.status
    groups = np.repeat([[0.0], [1.0]], 10, axis=0)
    y = np.where(np.arange(20) < 5, 1 - label, label)
    found = fit(MODELS[name], groups, y)
    assert found.status.startswith("No minimiser exists"), found.status


def many_rows(seed):
    """Enough rows for the method of samples, with a rare level that may be of one class."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(6000, 3))
    X[:, 2] = np.arange(6000) % 2000 == seed
    y = (rng.random(6000) < 1 / (1 + np.exp(-X[:, 0]))).astype(float)
    return X, y


@pytest.mark.parametrize("name", ["logistic", "probit", "complementary_log_log", "log_log"])
def test_samples_of_the_rows_miss_no_rare_level(name) -> None:
    verdicts = set()
    for seed in range(8):
        X, y = many_rows(seed)
        found = fit(MODELS[name], X, y, method="samples")
        exists = has_minimiser(name, np.column_stack([X, np.ones(len(X))]), y)
        assert found.converged == exists, (seed, found.status)
        verdicts.add(exists)
    assert verdicts == {True, False}


@pytest.mark.parametrize("name", MODELS)
def test_among_samples_only_the_intercept_can_run_away(name) -> None:
    for seed in range(8):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(20, 40))
        y = drawn(name, X, rng)
        y = y if seed % 2 or name == "gamma" else np.zeros(20)
        found = fit(MODELS[name], X, y, l2=0.01, method="gram")
        assert found.converged == has_minimiser(name, np.ones((20, 1)), y), (seed, found.status)
