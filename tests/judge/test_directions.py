"""A sum over all entries of a derivative times a direction: one evaluation, the same value."""

from dataclasses import replace

import numpy as np
import pytest

from derive.judge import formulas, judge
from derive.judge.directions import directional
from derive.notation import Diff, Sum, data, exp, parameter, sin
from derive.notation.expression import Expr
from derive.notation.tree import free_indices
from tests.judge.cases import (
    DEFINITIONS,
    SQUARES,
    J,
    S,
    X,
    drawn,
    i,
    j,
    k,
    l,
    m,
    n,
    proof,
    refuted,
    step,
    theta,
    z,
)

p = n.index("p")
V, v, U = data("V", m, n), data("v", n), parameter("U", m, n)

F = Sum(exp(sin(z[i])) * U[i, j] ** 2 * theta[j], i, j)
"""A function of all letters, of the defined one too."""

SLOPE = Diff(F, theta[l])

ALONG = {
    "first derivative": Sum(Diff(F, theta[k]) * v[k], k),
    "direction in front": Sum(v[k] * Diff(F, theta[k]), k),
    "second derivative": Sum(Diff(SLOPE, theta[k]) * v[k], k),
    "both letters of a matrix": Sum(Diff(F, U[i, k]) * V[i, k], i, k),
    "second derivative, by a matrix": Sum(Diff(SLOPE, U[i, k]) * V[i, k], k, i),
    "by a defined letter": Sum(Diff(F, z[i]) * X[i, l], i),
    "direction that moves": Diff(Sum(Diff(F, theta[k]) * theta[k] ** 2, k), theta[l]),
    "direction that is a derivative": Sum(Diff(F, theta[k]) * Diff(SLOPE, theta[k]), k),
    "direction within a direction": Sum(
        Diff(Sum(Diff(F, theta[k]) * v[k] * theta[k], k), theta[p]) * v[p], p
    ),
    "no direction": Sum(Diff(F, theta[k]), k),
    "direction of several factors": Sum(2 * v[k] * Diff(SLOPE, theta[k]) * theta[l], k),
    "letter held": Sum(Diff(F, theta[k], (z.tensor,)) * v[k], k),
}


@pytest.mark.parametrize("e", ALONG.values(), ids=ALONG.keys())
def test_it_is_recognised(e: Expr) -> None:
    inner = e.body if isinstance(e, Diff) else e
    assert isinstance(inner, Sum)
    assert directional(inner) is not None


@pytest.mark.parametrize("e", ALONG.values(), ids=ALONG.keys())
def test_it_is_the_literal_sum(e: Expr, monkeypatch) -> None:
    for slot in range(4):
        at_once = drawn(e, *free_indices(e), slot=slot, definitions=DEFINITIONS).values
        with monkeypatch.context() as literally:
            literally.setattr(formulas, "directional", lambda _: None)
            one_by_one = drawn(e, *free_indices(e), slot=slot, definitions=DEFINITIONS).values
        assert np.abs(one_by_one).max() > 0
        np.testing.assert_allclose(at_once, one_by_one, rtol=1e-14)


NOT_ALONG = {
    "some entries": Sum(Diff(F, U[i, k]) * V[i, k], k),
    "one more letter": Sum(Diff(F, theta[k]) * v[k] * U[i, k], i, k),
    "the diagonal": Sum(Diff(Sum(exp(S[j, k]), j, k), S[p, p]) * v[p], p),
    "the letter inside too": Sum(Diff(theta[k] * theta[l] ** 2, theta[k]) * v[k], k),
    "not all positions": Sum(Diff(F, theta[k]) * v[k], (k, 2, n)),
    "the derivative inside of a function": Sum(exp(Diff(F, theta[k])) * v[k], k),
    "no derivative": Sum(theta[k] * v[k], k),
}


@pytest.mark.parametrize("e", NOT_ALONG.values(), ids=NOT_ALONG.keys())
def test_what_is_no_directional_derivative_stays_a_sum(e: Sum) -> None:
    assert directional(e) is None


PRODUCT = Sum(Diff(Diff(J(), theta[k]), theta[l]) * v[l], l)
RIGHT = 1 / m * Sum(X[i, k] * Sum(X[i, j] * v[j], j), i)
WRONG = {
    "a factor": 2 / m * Sum(X[i, k] * Sum(X[i, j] * v[j], j), i),
    "another direction": 1 / m * Sum(X[i, k] * Sum(X[i, j] * theta[j], j), i),
    "one entry short": 1 / m * Sum(X[i, k] * Sum(X[i, j] * v[j], (j, 2, n)), i),
    "transposed": 1 / m * Sum(X[i, k] * Sum(X[i, j] * v[k], j), i),
    "a small error": RIGHT + theta[k] / 10**12,
}
MORE = replace(SQUARES, data=(*SQUARES.data, v))


def test_a_hessian_vector_product_is_confirmed() -> None:
    assert judge(proof(step(PRODUCT, RIGHT), problem=MORE)).passed


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_hessian_vector_product_is_refuted(wrong: Expr) -> None:
    assert "on the left" in refuted(judge(proof(step(PRODUCT, wrong), problem=MORE)))
