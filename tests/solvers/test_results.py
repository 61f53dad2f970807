"""What a fit returns can be stored, copied and read in both ways."""

import copy
import pickle

import numpy as np
import pytest

from generated import logistic, softmax


def test_results_are_stored_and_copied() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2))
    one = logistic.fit(X, rng.random(40) < 0.5, l2=0.1)
    other = softmax.fit(np.eye(3), np.eye(3), l2=0.1)
    (name,) = other.parameters
    for again in (lambda r: pickle.loads(pickle.dumps(r)), copy.deepcopy, copy.copy):  # noqa: S301 - our own
        assert np.array_equal(again(one)["theta"], one.theta)
        assert again(one)["intercept"] == one.intercept
        found = again(other)
        assert np.array_equal(found[name], other[name])
        assert np.array_equal(getattr(found, name), other[name])
        assert found.status == other.status
    with pytest.raises(AttributeError, match="nothing"):
        _ = other.nothing
    with pytest.raises(KeyError):
        one["status"]
