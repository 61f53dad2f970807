"""Cost and gradient from one pass are those of the two functions, and share their work."""

import importlib
import inspect

import numpy as np
import pytest

CLASSES = np.eye(3)[[0, 1, 2, 1, 0, 2, 1]]


def arguments(name, rng):
    """Parameters, then data: seven rows, two features, three classes."""
    X, Theta = rng.normal(size=(7, 2)), rng.normal(size=(2, 3))
    y = rng.random(7)
    return {
        "softmax": (Theta, X, CLASSES),
        "softmax_l2": (Theta, X, CLASSES, 0.3),
        "softmax_offset": (Theta, X, CLASSES, rng.normal(size=(7, 3))),
        "maximum_entropy": (rng.normal(size=2), X, rng.normal(size=2)),
        "two_layer_network": (
            *(rng.normal(size=s) for s in ((2, 4), (4,), (4, 3), (3,))), X, CLASSES,
        ),
        "multi_output_ridge": (Theta, X, rng.normal(size=(7, 3)), 0.2),
        "poisson_offset": (rng.normal(size=2), X, np.round(5 * y), rng.normal(size=7)),
        "logistic_sparse": (rng.normal(size=2), X, np.round(y), 0.1),
    }[name]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["softmax", "softmax_l2", "softmax_offset", "maximum_entropy", "two_layer_network",
     "multi_output_ridge", "poisson_offset", "logistic_sparse"],
)  # fmt: skip
def test_both_at_once_are_each_of_them(name) -> None:
    module = importlib.import_module(f"generated.{name}")
    for seed in range(5):
        given = arguments(name, np.random.default_rng(seed))
        cost, *gradients = module.cost_and_gradient(*given)
        expected = module.gradient(*given)
        expected = expected if isinstance(expected, tuple) else (expected,)
        assert isinstance(cost, float)
        assert cost == pytest.approx(module.cost(*given), rel=1e-13)
        assert len(gradients) == len(expected)
        for found, wanted in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-14)
        assert module.MODEL.evaluate(*given)[0] == cost


@pytest.mark.parametrize("name", ["softmax", "softmax_l2", "softmax_offset", "maximum_entropy"])
def test_exponentials_are_taken_once(name) -> None:
    module = importlib.import_module(f"generated.{name}")
    code = inspect.getsource(module.cost_and_gradient)
    assert code.count("np.exp(") == 1


def test_scores_of_many_rows_are_stored_by_columns() -> None:
    softmax = importlib.import_module("generated.softmax")
    assert "Z = (Theta.T @ X.T).T" in inspect.getsource(softmax.cost_and_gradient)
    sparse = importlib.import_module("generated.logistic_sparse")
    assert ".T).T" not in inspect.getsource(sparse.cost_and_gradient)


def test_a_fit_by_scores_has_no_such_function() -> None:
    assert not hasattr(importlib.import_module("generated.logistic"), "cost_and_gradient")
