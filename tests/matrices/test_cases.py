"""Costs by cases: derivatives away from the edges, np.where in code, convexity across edges."""

import warnings

import numpy as np
import pytest

from derive.judge import judge
from derive.notation import (
    Cases,
    Num,
    Problem,
    Sum,
    When,
    define,
    exp,
    log,
    maximum,
    minimum,
    parameter,
)
from derive.notation.expression import ZERO
from derive.notation.tree import tensors_in
from derive.notation.validate import validate
from tests.fuzz.costs import DATA, m, n
from tests.fuzz.whole import made, mistakes

TENSORS = {t.name: t for t in DATA}
X, y = TENSORS["X"], TENSORS["y"]
i, j = m.index("i"), n.index("j")
theta = parameter("theta", n)
z = define("z", i, Sum(X[i, j] * theta[j], j))
s = z[i]
POSITIVE_S = When(s, ">", ZERO)


def mean(loss):
    return 1 / m * Sum(loss, i)


CASES = {
    "a corner of the slope": mean(Cases(((POSITIVE_S, 2 * s**2),), s**2)),
    "a test of data": mean(Cases(((When(y[i], ">", ZERO), 2 * s**2),), s**2 + s)),
    "a jump": mean(Cases(((POSITIVE_S, s**2 + 1),), s**2)),
    "a jump of the slope": mean(Cases(((POSITIVE_S, s**2 - s),), s**2)),
    "an exponential": Sum(Cases(((When(theta[j], ">", ZERO), exp(theta[j])),), theta[j] ** 2), j),
    "over two axes": Sum(
        Cases(((When(theta[j] * y[i], ">", X[i, j]), theta[j] ** 3 * y[i]),), theta[j] * X[i, j]),
        i, j,
    ),
    "a scalar": Cases(((When(Sum(theta[j], j), ">", ZERO), Sum(theta[j] ** 2, j)),),
                      Sum(theta[j], j) ** 3),
    "nested": Sum(
        Cases(
            ((When(theta[j], ">", ZERO),
              Cases(((When(theta[j], "<", Num(1)), theta[j] ** 2),), 2 * theta[j] - 1)),),
            ZERO,
        ),
        j,
    ),
    "maxima": Sum(maximum(s, y[i]) ** 2 + minimum(s, 1 - y[i]) + maximum(s, 0) ** 2, i),
}  # fmt: skip
CONVEX = {
    "a corner of the slope": True, "a test of data": True, "a jump": False,
    "a jump of the slope": False,
}  # fmt: skip


def problem(cost) -> Problem:
    known = (z,) if z.tensor in tensors_in(cost) else ()
    used = {*tensors_in(cost), *(tensors_in(z.body) if known else ())}
    subject = Problem("p", "p", tuple(t for t in (X, y) if t in used), (theta,), cost, known)
    validate(subject)
    return subject


@pytest.mark.parametrize("name", CASES)
def test_values_of_every_form_and_function(name) -> None:
    subject = problem(CASES[name])
    whole = made(subject)
    for seed in range(6):
        found = mistakes(subject, seed, whole)
        assert not found, found
    assert all(s.passed for s in judge(whole.proof).steps)


@pytest.mark.parametrize("name", CONVEX)
def test_convexity_looks_at_the_edges(name) -> None:
    linear = made(problem(CASES[name])).program.linear
    assert linear is not None
    assert linear.convex == CONVEX[name]


def test_branches_that_are_not_taken_give_no_warning() -> None:
    safe = Cases(((When(theta[j], ">", ZERO), log(1 + theta[j] ** 2 + 0 * theta[j])),), theta[j])
    cost = Sum(Cases(((When(theta[j], "<", Num(1)), theta[j] ** 2),), exp(theta[j])), j)
    for formula in (cost, Sum(safe, j)):
        functions = made(problem(formula)).module
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            values = [functions["cost"](np.array([-1e3, -2.0, 0.5]))]
            values += [functions["gradient"](np.array([-1e3, -2.0, 0.5]))]
        assert all(np.isfinite(v).all() for v in values)
