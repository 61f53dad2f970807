"""Costs that are hard to put in matrix form, each against its literal value.

Most are regressions: the comment names what went wrong.
"""

from fractions import Fraction

import pytest

from derive.judge import judge
from derive.notation import (
    Sum,
    atan,
    define,
    exp,
    log,
    parameter,
    sigmoid,
    sin,
    softplus,
    sqrt,
    tanh,
)
from derive.notation.expression import Delta, Indicator
from derive.notation.text import mat_text
from tests.fuzz.costs import DATA, K, _fitted, m, n
from tests.fuzz.whole import made, mistakes

i, r = m.index("i"), m.index("r")
j, k, q, l = (n.index(letter) for letter in "jkql")
c = K.index("c")
TENSORS = {t.name: t for t in DATA}
X, y, Y, A, B, C, omega, Q, S, rho, u, T3 = (
    TENSORS[name] for name in ("X", "y", "Y", "A", "B", "C", "omega", "Q", "S", "rho", "u", "T3")
)
theta, b, W = parameter("theta", n), parameter("b"), parameter("W", n, K)
U, V, phi, G = parameter("U", m, K), parameter("V", n, K), parameter("phi", m), parameter("G", n, n)
L = parameter("t", m, n, K)
z = define("z", i, Sum(X[i, j] * theta[j], j))
Z = Sum(X[i, j] * W[j, c], j)
late = define("z", i, c, Sum(b() * T3[i, j, c], (j, 2, n)))
SIZES, SMALL = ((2, 3, 4), (1, 3, 2), (3, 1, 2)), ((1, 2, 3), (2, 1, 3))
LARGE = ("distances", "a contraction of them", "three axes of a parameter")

CASES = {
    # 1 + 1 became 2 + 2, 4 + 4, ...: equal numbers of one object were both replaced by their sum.
    "a scalar twice": (b() + b() + b() * b(), (b,)),
    "equal entries": (Sum(theta[j] * theta[j], j), (theta,)),
    # A row or column vector alone became an outer product with a scalar.
    "the same in every column": (Sum(sin(Sum(W[j, c], c)), j), (W,)),
    "rows and columns": (Sum(exp(a_row := W[j, c] * u[c]) * a_row, j, c), (W,)),
    "one row only": (Sum(sin(X[i, j] + y[i] * y[i] * omega[i] * b()), i, j), (b,)),
    "one column only": (Sum(sin(X[i, j] + theta[j] * theta[j] * b()), i, j), (b, theta)),
    # Functions of scalars were not defined in the module.
    "functions of scalars": (softplus(b()) * sigmoid(rho()) * Sum(y[i], i), (b,)),
    "an exponent that is a size": (Sum(exp(theta[j] * X[i, j]) ** m, i, j), (theta,)),
    # Letters bound at depth clashed when sums changed places.
    "letters clash at depth": (
        Sum(theta[j] * Sum(Sum(A[k, l] * theta[k], l), k) * Sum(Sum(A[q, l] * theta[q], l), q), j),
        (theta,),
    ),
    "letters clash in squares": (
        Sum(theta[j] * Sum(Sum(S[q, l] * theta[l], l), q) * Sum(Sum(S[q, l] * theta[l], l), q), j),
        (theta,),
    ),
    # Two inner sums that start later got the same new letter in every round, without end.
    "equal sums that start later": (
        Sum(atan(Sum(late[i, c], c)), i), (b,), (late,),
    ),
    # One object at two places: a rule that works on one of them must not change both.
    "minus a square": (-Sum((z[i] - y[i]) * (z[i] - y[i]), i), (theta,), (z,)),
    "minus a cube": (
        -Sum((z[i] - y[i]) * (z[i] - y[i]) * (z[i] - y[i]) / (2 * m), i), (theta,), (z,),
    ),
    "a product of equal brackets": (
        Sum(Sum((bracket := X[i, j] * theta[j] + y[i] * theta[k]) * bracket, i), j, k), (theta,),
    ),
    # A scalar power whose derivative needs a logarithm that the cost does not have.
    "a variable exponent": ((1 + b() ** 2) ** (b() * rho()), (b,)),
    # Functions of formulas over three axes, and terms over fewer of four axes.
    "a function over three axes": (Sum(sin(X[i, j] * C[j, c] + Y[i, c] * b()), i, j, c), (b,)),
    "distances": (Sum(Sum(exp(-Sum((U[i, c] - V[j, c]) ** 2, c)), i), j), (U, V)),
    "no matrix at all": (Sum(theta[j] ** 0 + theta[j] * 0 + theta[j], j), (theta,)),
    "three axes": (Sum(Y[i, c] * X[i, j] * C[j, c] * theta[j] * theta[j], c, j, i), (theta,)),
    "the power of a sum": (Sum(Sum(X[i, j] * theta[j], j) ** 3, i), (theta,)),
    "a trace": (Sum(Sum(G[j, k] * G[k, j], j), k), (G,)),
    "a cubic trace": (Sum(Sum(Sum(G[j, k] * G[k, l] * G[l, j], j), k), l), (G,)),
    "a diagonal": (Sum(log(1 + G[j, j] ** 2), j), (G,)),
    "a Gram matrix": (Sum(Sum(Sum(G[j, k] * G[l, k], k) ** 2, j), l), (G,)),
    "exponentials of a tensor": (
        Sum(exp(Sum(T3[i, j, c] * theta[j], j) * U[i, c]), i, c), (theta, U),
    ),
    "pairs": (Sum(softplus(phi[i] - phi[r]) * B[i, r], i, r), (phi,)),
    "pairs of scores": (Sum(Sum((z[i] - z[r]) ** 2, i), r), (theta,), (z,)),
    "later starts": (Sum(Sum(A[j, k] * theta[j] * theta[k], (j, 2, n)), (k, 2, n)), (theta,)),
    "starts past the end": (Sum(theta[j] ** 2, (j, 3, n)) + Sum(theta[j], j), (theta,)),
    "later start in a matrix": (Sum(Sum(W[j, c] ** 2, (j, 2, n)), c), (W,)),
    "the square of a later start": (Sum(Sum(theta[j], (j, 2, n)) ** 2 * X[i, k], i, k), (theta,)),
    "a quotient": (Sum(theta[j], j) / (1 + Sum(theta[j] ** 2, j)), (theta,)),
    "a delta": (Sum(Sum(Delta(j, k) * theta[j] * theta[k] ** 2, j), k), (theta,)),
    "a delta under a function": (Sum(Sum(exp(Delta(j, k) * theta[j]), j), k), (theta,)),
    "a square of a delta": (Sum(Sum(Delta(j, k) ** 2 * theta[j] * A[j, k], j), k), (theta,)),
    "deltas in a product": (
        Sum(Sum((Delta(j, k) + theta[j]) * (Delta(j, k) + theta[k]), j), k), (theta,),
    ),
    "an indicator": (Sum(exp(Indicator(j, 2) * theta[j]) * Indicator(j, 2), j), (theta,)),
    "softmax": (Sum(log(Sum(exp(Z), c)), i), (W,)),
    "three axes of a parameter": (Sum(L[i, j, c] ** 2 * X[i, j], i, j, c), (L,)),
    "a contraction of them": (Sum(Sum(Sum(L[i, j, c] * theta[j], j) ** 2, i), c), (L, theta)),
    "a norm": (sqrt(1 + Sum(theta[j] ** 2, j)), (theta,)),
    "a fractional power": (
        (1 + Sum(theta[j] ** 2, j)) ** Fraction(5, 2) * Sum(y[i], i) / m, (theta,),
    ),
    "a negative power": (Sum((1 + theta[j] ** 2) ** -3, j), (theta,)),
    "data to a negative power": (Sum(Q[i, j] ** -2 * theta[j] ** 2, i, j), (theta,)),
    "a sigmoid of a product": (Sum(Sum(sigmoid(Sum(X[i, j] * G[j, k], j)) * X[i, k], k), i), (G,)),
    "two layers": (Sum((Sum(tanh(Z) * u[c], c) - y[i]) ** 2, i), (W,)),
    "a weighted mean": (Sum(omega[i] * z[i], i) ** 2 / Sum(omega[i], i), (theta,), (z,)),
}  # fmt: skip


def problem(cost, parameters, definitions=()):
    found = _fitted("recognised", cost, parameters, definitions)
    assert found is not None
    assert found.parameters == parameters
    return found


@pytest.mark.parametrize("name", CASES)
def test_hard_costs(name) -> None:
    cost = problem(*CASES[name])
    whole = made(cost)
    for seed, sizes in enumerate(SMALL if name in LARGE else SIZES):
        found = mistakes(cost, seed, whole, dict(zip((m, n, K), sizes, strict=True)))
        assert found in ([], ["skipped"]), (sizes, found)
    verdict = judge(whole.proof)
    assert verdict.passed, [s for s in verdict.steps if not s.passed][:3]


FORMS = {
    "theta'A theta": (
        Sum(Sum(theta[j] * A[j, k] * theta[k], k), j),
        ("A theta + A'theta", "A + A'"),
    ),
    "theta'S theta": (Sum(Sum(theta[j] * S[j, k] * theta[k], k), j), ("2 S theta", "2S")),
    "|theta|^2": (Sum(theta[j] ** 2, j), ("2 theta", "2 I_n")),
    "1'theta": (Sum(theta[j] * (1 + theta[j]), j), ("1 + 2 theta", "2 I_n")),
}


@pytest.mark.parametrize("name", [
    "theta'A theta",
    "theta'S theta",
    "|theta|^2",
    "1'theta",
])  # fmt: skip
def test_textbook_forms(name) -> None:
    cost, (gradient, hessian) = FORMS[name]
    proof = made(problem(cost, (theta,))).proof
    assert mat_text(proof.part("T2").matrix) == gradient
    assert mat_text(proof.part("T3").matrix) == hessian


def test_a_power_with_an_index_in_the_exponent() -> None:
    for cost in (Sum(2 ** theta[j], j), Sum(omega[i] ** (theta[j] * y[i]), i, j)):
        subject = problem(cost, (theta,))
        whole = made(subject)
        for seed in range(4):
            assert not mistakes(subject, seed, whole)
