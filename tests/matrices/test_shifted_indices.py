"""Shifted letters and positions: textbook forms, no selection matrix in code, exact values."""

from fractions import Fraction

import pytest

from derive.judge import judge
from derive.notation import NONNEGATIVE, Problem, Sum, data, define, exp, parameter
from derive.notation.expression import Delta
from derive.notation.text import mat_text, text
from derive.notation.tree import tensors_in
from derive.notation.validate import validate
from derive.publish.latex import latex, latex_mat
from tests.fuzz.costs import DATA, K, m, n
from tests.fuzz.whole import made, mistakes

TENSORS = {t.name: t for t in DATA}
X, y, A = (TENSORS[name] for name in ("X", "y", "A"))
i, j, k, c = m.index("i"), n.index("j"), n.index("k"), K.index("c")
p, q = n.less(1).index("p"), n.less(2).index("q")
theta, W, L = parameter("theta", n), parameter("W", n, K), parameter("t", m, n, K)
omega = data("weights", n.less(1), domain=NONNEGATIVE)
steps = define("s", p, theta[p + 1] - theta[p])
SECOND = theta[q + 2] - 2 * theta[q + 1] + theta[q]

CASES = {
    "differences": (Sum((theta[p + 1] - theta[p]) ** 2, p), (theta,)),
    "second differences": (Sum(SECOND**2, q), (theta,)),
    "weighted": (Sum(omega[p] * (theta[p + 1] - theta[p]) ** 2, p), (theta,)),
    "other weights": (Sum(exp(theta[p + 1] - theta[p] / 3), p), (theta,)),
    "columns": (Sum((W[p + 1, c] - W[p, c]) ** 2, p, c), (W,)),
    "three axes": (Sum(exp(L[i, p + 1, c] - L[i, p, c]), i, p, c), (L,)),
    "named": (Sum(exp(steps[p]) + steps[1] ** 3, p), (theta,)),
    "named and shifted": (Sum((steps[q + 1] - steps[q]) ** 4, q), (theta,)),
    "of data": (Sum(X[i, p + 1] * exp(theta[p] * X[i, p]), i, p), (theta,)),
    "an autocorrelation": (Sum(theta[p] * theta[p + 1], p), (theta,)),
    "beside the diagonal": (Sum(A[p, p + 1] * theta[p] ** 2, p), (theta,)),
    "first and last": (theta[1] ** 2 * exp(theta[-1]) + theta[2] * theta[-2], (theta,)),
    "a row": (Sum(X[1, j] * theta[j], j) ** 2 + Sum(W[-1, c] ** 2, c) * theta[1], (theta, W)),
    "from the second": (Sum((theta[p + 1] - theta[p]) ** 2, (p, 2, n.less(1))), (theta,)),
    "a mean": (1 / n.less(1) * Sum(theta[p + 1] ** 2, p), (theta,)),
    "deltas": (Sum(Delta(p + 1, k) * theta[k] ** 3 * theta[p], p, k), (theta,)),
    "a delta at an end": (Sum(Delta(p + 1, j) * exp(theta[j] * theta[1]), p, j), (theta,)),
}


def problem(name):
    cost, parameters = CASES[name]
    data_ = tuple(t for t in (*DATA, omega) if t in tensors_in(cost))
    definitions = (steps,) if steps.tensor in tensors_in(cost) else ()
    subject = Problem("shifted", "Shifted", data_, parameters, cost, definitions)
    validate(subject)
    return subject


@pytest.mark.parametrize("name", CASES)
def test_values_of_every_form_and_function(name) -> None:
    subject = problem(name)
    whole = made(subject)
    for seed in range(6):
        found = mistakes(subject, seed, whole)
        assert not found, found
    if len(max(subject.parameters, key=lambda t: len(t.axes)).axes) < 3:
        assert all(s.passed for s in judge(whole.proof).steps)


FORMS = {
    "differences": ("|D_n theta|^2", "2 D_n'D_n theta", "2 D_n'D_n", "2 D_n'D_n v"),
    "second differences": (
        "|D_n^(2) theta|^2", "2 D_n^(2)'D_n^(2) theta", "2 D_n^(2)'D_n^(2)",
        "2 D_n^(2)'D_n^(2) v",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_forms_as_a_textbook_has_them(name) -> None:
    parts = made(problem(name)).proof.parts
    assert tuple(mat_text(p.matrix) for p in parts if p.kind == "theorem") == FORMS[name]


def test_vectors_are_sliced_and_padded() -> None:
    code = "\n".join(
        line.text
        for name in ("differences", "weighted", "columns", "of data", "an autocorrelation")
        for j in made(problem(name)).program.kernels
        if j.kernel.name in ("cost", "gradient", "hvp")
        for line in j.kernel.lines
    )
    assert "np.eye" not in code
    assert "theta[1:]" in code
    assert "np.diff(theta)" in code


def test_texts() -> None:
    e = theta[p + 1] - theta[1] * theta[-1]
    assert text(e) == "theta[p+1] - theta[1] theta[n]"
    assert latex(e) == r"\theta_{p+1}-\theta_1\theta_n"
    assert latex(Delta(p + 1, k)) == r"\delta_{p+1,\,k}"
    assert text(Sum(theta[p] / n.less(1), p)) == "sum_{p=1}^{n-1} theta_p/(n - 1)"
    parts = made(problem("differences")).proof.parts
    assert latex_mat(next(x for x in parts if x.label == "T3").matrix) == (
        r"2D_{n}^{\mathsf T}D_{n}"
    )


def test_shifts_compose() -> None:
    assert steps.at(steps[q + 1]) == theta[q + 2] - theta[q + 1]
    assert steps.at(steps[-1]) == theta[-1] - theta[-2]
    assert (p + 1).label == "p+1"
    assert (p + 1) - 1 == p


@pytest.mark.parametrize("bad", [lambda: theta[0], lambda: p + Fraction(1), lambda: n.less(-1)])
def test_what_is_no_position(bad) -> None:
    with pytest.raises(TypeError):
        bad()
