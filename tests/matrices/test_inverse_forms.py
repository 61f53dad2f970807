"""Costs with inverses and determinants: textbook forms, and every value against the literal one."""

import importlib

import pytest

from derive.judge import judge
from derive.notation import (
    Axis,
    Delta,
    Problem,
    Sum,
    data,
    define,
    exp,
    inverse,
    log,
    logdet,
    parameter,
)
from derive.notation.text import mat_text
from derive.notation.tree import tensors_in
from tests.fuzz.whole import made, mistakes

m, n = Axis("m"), Axis("n")
i, r = m.index("i"), m.index("r")
j, k, l = (n.index(letter) for letter in "jkl")
X, y, A = data("X", m, n), data("y", n), data("A", n, n)
S = data("S", n, n, facts=("positive definite",))
Q = data("Q", n, n, facts=("orthogonal",))
theta, t = parameter("theta", n), parameter("t")
G = parameter("G", n, n)
P = parameter("P", n, n, facts=("positive definite",))
B = define("B", j, k, Sum(X[i, j] * X[i, k], i) + exp(t()) * Delta(j, k))
R = define("R", j, k, A[j, k] + theta[j] * y[k] + 4 * Delta(j, k))
V = define("V", j, k, inverse(P)[j, k])

COSTS = {
    "log det": (-logdet(P), (P,), (), "-P^-1"),
    "log det of any matrix": (logdet(G), (G,), (), "(G^-1)'"),
    "tr(S P)": (Sum(S[j, k] * P[j, k], j, k) - logdet(P), (P,), (), "S - P^-1"),
    "tr(S P^-1)": (Sum(S[j, k] * inverse(P)[k, j], j, k), (P,), (), "-P^-1 S P^-1"),
    "y'P^-1 y": (
        Sum(y[j] * inverse(P)[j, k] * y[k], j, k), (P,), (), "-P^-1 y y'P^-1",
    ),
    "an inverse by name": (
        Sum(y[j] * V[j, k] * y[k], j, k), (P,), (V,), "-V y y'V",
    ),
    "y'G^-1 y": (Sum(y[j] * inverse(G)[j, k] * y[k], j, k), (G,), (), None),
    "trace of an inverse": (Sum(inverse(G)[j, j], j), (G,), (), None),
    "theta'S^-1 theta": (
        Sum(theta[j] * inverse(S)[j, k] * theta[k], j, k), (theta,), (), "2 S^-1 theta",
    ),
    "ridge": (logdet(B), (t,), (B,), "exp(t) tr(B^-1)"),
    "a rank-one change": (log(1 + Sum(inverse(R)[j, k] ** 2, j, k)), (theta,), (R,), None),
    "an orthogonal matrix": (
        Sum(theta[j] * inverse(Q)[j, k] * y[k], j, k), (theta,), (), "Q'y",
    ),
    "products of inverses": (
        Sum(inverse(G)[j, k] * inverse(G)[k, l] * A[l, j], j, k, l), (G,), (), None,
    ),
    "an entry squared": (Sum(inverse(G)[j, k] ** 2, j, k), (G,), (), None),
}  # fmt: skip
SIZES = ((3, 3), (4, 1), (2, 3), (4, 2))


def problem(name):
    cost, parameters, definitions, _ = COSTS[name]
    used = {t for e in (cost, *(d.body for d in definitions)) for t in tensors_in(e)}
    kept = tuple(t for t in (X, y, A, S, Q) if t in used)
    return Problem("inverses", "Inverses", kept, parameters, cost, definitions)


@pytest.mark.parametrize("name", COSTS)
def test_costs_with_inverses(name) -> None:
    cost = problem(name)
    whole = made(cost)
    form = COSTS[name][-1]
    if form is not None:
        assert mat_text(whole.proof.part("T2").matrix) == form
    telling = 0
    for seed, sizes in enumerate(SIZES):
        found = mistakes(cost, seed, whole, dict(zip((m, n), sizes, strict=True)))
        assert found in ([], ["skipped"]), (sizes, found)
        telling += found == []
    assert telling
    verdict = judge(whole.proof)
    assert verdict.passed, [s for s in verdict.steps if not s.passed][:3]


CATALOGUE = {
    "gaussian_precision": {"T2": "S - Theta^-1"},
    "gaussian_mean_covariance": {
        "T2": "-Sigma^-1 R'1_m",
        "T3": "(1/2) (m Sigma^-1 - Sigma^-1 R'R Sigma^-1)",
        "T4": "m Sigma^-1",
    },
    "d_optimal_design": {"T2": "w*(n/(1'w) - diagonal(X A^-1 X'))"},
    "a_optimal_design": {"T1": "(1'w) tr(A^-1)"},
    "metric_learning": {"T2": "(1/m) X' diag(d - y) X + lambda (I_n - M^-1)"},
}


@pytest.mark.parametrize("name", CATALOGUE)
def test_forms_of_the_catalogue(name) -> None:
    proof = made(importlib.import_module(f"derive.problems.{name}").PROBLEM).proof
    for label, form in CATALOGUE[name].items():
        assert mat_text(proof.part(label).matrix) == form


def test_what_is_assumed_is_said() -> None:
    """A definite matrix needs no assumption, any other must have a determinant of its sign."""
    assumed = judge(made(problem("log det of any matrix")).proof).assumptions
    assert "det(G) > 0" in assumed
    assert "det(G) != 0" in judge(made(problem("y'G^-1 y")).proof).assumptions
    assert judge(made(problem("log det")).proof).assumptions == ("P positive definite",)
