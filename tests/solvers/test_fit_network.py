"""A two-layer network on a small data set: the cost falls, and the status claims no more."""

import sys
import types
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from derive.problems.two_layer_network import PROBLEM
from derive.publish.module import Source, module_text
from tests.fuzz.whole import made


@cache
def module():
    """The generated module, from its text: relative imports as in the package."""
    whole = made(PROBLEM)
    space = types.ModuleType("generated._two_layer_network_under_test")
    space.__package__ = "generated"
    sys.modules[space.__name__] = space
    text = module_text(whole.proof, whole.program, Source("a", "b"))
    exec(compile(text, "<module>", "exec"), space.__dict__)  # noqa: S102
    return space


def sample():
    """A sine with a little noise, which no straight line fits."""
    rng = np.random.default_rng(0)
    X = np.linspace(-2.0, 2.0, 30)[:, None]
    return X, np.sin(2 * X) + 0.05 * rng.normal(size=X.shape)


@pytest.mark.parametrize("method", ["newton_cg", "lbfgs"])
def test_a_fit_goes_down_to_a_stationary_point(method) -> None:
    X, Y = sample()
    rng = np.random.default_rng(1)
    start = {
        "W": rng.normal(size=(1, 4)), "b": rng.normal(size=4), "V": rng.normal(size=(4, 1)),
        "a": np.zeros(1),
    }  # fmt: skip
    result = module().fit(X, Y, start=start, method=method, l2=1e-2, max_iter=500, tol=1e-7)
    values = [result[name] for name in ("W", "b", "V", "a")]
    costs = [record.cost for record in result.history]
    assert all(after <= before * (1 + 1e-12) for before, after in pairwise(costs))
    line = np.polyval(np.polyfit(X[:, 0], Y[:, 0], 1), X[:, 0])
    straight = np.mean((Y[:, 0] - line) ** 2) / 2
    assert module().cost(*values, X, Y) < straight / 5
    slopes = [g + 1e-2 * p for g, p in zip(module().gradient(*values, X, Y), values, strict=True)]
    assert max(np.abs(slope).max() for slope in slopes) < 1e-6
    assert result.status.startswith("Converged to a stationary point")
    assert "not known to be convex" in result.status
    assert "minimiser" not in result.status


def test_the_flat_start_at_zero_is_left() -> None:
    """At zero the weights have no slope: a saddle, which products with the Hessian show."""
    X, Y = sample()
    model = module()
    zero = (np.zeros((1, 4)), np.zeros(4), np.zeros((4, 1)), np.full(1, Y.mean()))
    assert all(np.abs(g).max() < 1e-12 for g in model.gradient(*zero, X, Y))
    result = model.fit(X, Y, l2=1e-3, sizes={"H": 4}, max_iter=300, tol=1e-6)
    values = [result[name] for name in ("W", "b", "V", "a")]
    assert model.cost(*values, X, Y) < model.cost(*zero, X, Y) / 10
