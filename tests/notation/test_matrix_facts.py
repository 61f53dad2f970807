"""Facts of square matrices: read off a body, declared, refused."""

import numpy as np
import pytest

from derive.errors import ProblemError
from derive.judge.facts import require_facts, violation
from derive.notation import (
    POSITIVE,
    Axis,
    Delta,
    Problem,
    Sum,
    data,
    define,
    exp,
    inverse,
    logdet,
    parameter,
)
from derive.notation.expression import Element
from derive.notation.facts import DEFINITE, SEMIDEFINITE, SYMMETRIC, has
from derive.notation.matrix import Inverse, LogDet, Sym, Trace
from derive.notation.validate import validate

m, n = Axis("m"), Axis("n")
i, r = m.index("i"), m.index("r")
j, k, p = n.index("j"), n.index("k"), n.index("p")
X, G, s = data("X", m, n), data("G", n, n), data("s")
S = data("S", n, n, facts=("symmetric",))
P = data("P", n, n, facts=("positive definite",))
D = data("D", m, m, facts=("symmetric",))
w, u = data("w", m, domain=POSITIVE), parameter("u", m)
weights = define("weights", i, exp(u[i]))
theta = parameter("theta", n)

BODIES = {
    "XX'": (i, r, Sum(X[i, j] * X[r, j], j), {SEMIDEFINITE}),
    "X'diag(w)X": (j, k, Sum(weights[i] * X[i, j] * X[i, k], i), {SEMIDEFINITE}),
    "X'diag(u)X": (j, k, Sum(u[i] * X[i, j] * X[i, k], i), {SYMMETRIC}),
    "X'X + e^s I": (j, k, Sum(X[i, j] * X[i, k], i) + exp(s()) * Delta(j, k), {DEFINITE}),
    "X'X + s I": (j, k, Sum(X[i, j] * X[i, k], i) + s() * Delta(j, k), {SYMMETRIC}),
    "X'X - I": (j, k, Sum(X[i, j] * X[i, k], i) - Delta(j, k), {SYMMETRIC}),
    "A + A'": (j, k, G[j, k] + G[k, j], {SYMMETRIC}),
    "A - A'": (j, k, G[j, k] - G[k, j], set()),
    "XPX'": (i, r, Sum(X[i, j] * Sum(P[j, k] * X[r, k], k), j), {SEMIDEFINITE}),
    "XSX'": (i, r, Sum(X[i, j] * S[j, k] * X[r, k], j, k), {SYMMETRIC}),
    "XGX'": (i, r, Sum(X[i, j] * G[j, k] * X[r, k], j, k), set()),
    "X P^-1 X'": (i, r, Sum(X[i, j] * inverse(P)[k, j] * X[r, k], j, k), {SEMIDEFINITE}),
    "P^-1": (j, k, inverse(P)[j, k], {DEFINITE}),
    "-P": (j, k, -P[j, k], {SYMMETRIC}),
    "GG": (j, k, Sum(G[j, p] * G[p, k], p), set()),
    "GG'": (j, k, Sum(G[j, p] * G[k, p], p), {SEMIDEFINITE}),
    "an entrywise function": (i, r, exp(-(D[i, r] ** 2)), {SYMMETRIC}),
    "distances": (i, r, Sum((X[i, j] - X[r, j]) ** 2, j), {SYMMETRIC}),
    "diag(w)": (i, r, w[i] * Delta(i, r), {DEFINITE, "diagonal"}),
    "rows scaled": (j, k, theta[j] * P[j, k], set()),
    "P + S": (j, k, P[j, k] + S[j, k], {SYMMETRIC}),
    "tt' + I": (j, k, theta[j] * theta[k] + Delta(j, k), {DEFINITE}),
    "not square": (i, j, X[i, j], set()),
}


@pytest.mark.parametrize("name", BODIES)
def test_evident_facts(name) -> None:
    row, column, body, facts = BODIES[name]
    assert define("M", row, column, body).tensor.facts == facts


@pytest.mark.parametrize("name", BODIES)
def test_evident_facts_hold_at_random_points(name) -> None:
    row, column, body, _ = BODIES[name]
    M = define("M", row, column, body)
    data_ = (X, G, s, S, P, D, w)
    require_facts(Problem("facts", "Facts", data_, (u, theta), M[row, column], (weights, M)))


def test_what_a_fact_implies() -> None:
    assert has(P, SYMMETRIC)
    assert has(P, SEMIDEFINITE)
    assert not has(S, SEMIDEFINITE)


def problem(cost, *definitions, parameters=(theta,), data_=(G,)):
    return Problem("p", "P", data_, parameters, cost, definitions)


def test_a_false_declared_fact_is_found() -> None:
    M = define("M", j, k, G[j, k] * theta[k], facts=("symmetric",))
    with pytest.raises(ProblemError, match="not always symmetric"):
        require_facts(problem(Sum(M[j, k], j, k), M))
    M = define("M", j, k, G[j, k] + G[k, j], facts=("positive definite",))
    with pytest.raises(ProblemError, match="eigenvalue"):
        require_facts(problem(Sum(M[j, k], j, k), M))


def test_violations() -> None:
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert not violation(turn, "orthogonal")
    assert violation(2 * turn, "orthogonal")
    assert violation(turn, "diagonal")
    assert not violation(np.diag([1.0, 0.0]), "positive semidefinite")
    assert violation(np.diag([1.0, 0.0]), "positive definite")


@pytest.mark.parametrize(("tensor", "wrong"), [
    (parameter("A", n, n, facts=("symetric",)), "no fact 'symetric'"),
    (parameter("A", m, n, facts=("symmetric",)), "no square matrix"),
    (parameter("A", n, n, facts=("diagonal",)), "do not keep"),
    (parameter("A", n, n, facts=("orthogonal",)), "do not keep"),
])  # fmt: skip
def test_facts_that_are_refused(tensor, wrong) -> None:
    row = i if tensor.axes[0] == m else j
    cost = Sum(tensor[row, k] ** 2, row, k)
    with pytest.raises(ProblemError, match=wrong):
        validate(Problem("p", "P", (), (tensor,), cost))


T = parameter("T", n, n)
later = define("B", j, k, T[j, k] + G[j, k])


@pytest.mark.parametrize(("cost", "definitions", "wrong"), [
    (Element(Trace(Sym(T)), ()), (), "the tool finds"),
    (Element(LogDet(Inverse(Sym(T))), ()), (), "the tool finds"),
    (logdet(P) + Sum(T[j, k], j, k), (), "neither data nor a parameter"),
    (Sum(inverse(T)[j, k], j), (), "no sum binds k"),
    (Sum(Element(Inverse(Sym(T)), (j, i)), j, i), (), "runs over m"),
    (Element(Inverse(Sym(X)), (i, j)), (), "no square matrix"),
    (Sum(T[j, k], j, k) + logdet(later), (), "neither data"),
    (Element(LogDet(Sym(T)), (j,)), (), "without indices"),
])  # fmt: skip
def test_inverses_that_are_refused(cost, definitions, wrong) -> None:
    with pytest.raises(ProblemError, match=wrong):
        validate(problem(cost, *definitions, parameters=(T,), data_=(G, X)))


def test_inverses_that_are_accepted() -> None:
    cost = logdet(later) + Sum(inverse(T)[j, j], j)
    validate(problem(cost, later, parameters=(T,)))


def test_a_formula_is_named_before_it_is_inverted() -> None:
    with pytest.raises(TypeError, match="name the formula"):
        inverse(G[j, k])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not square"):
        logdet(X)
