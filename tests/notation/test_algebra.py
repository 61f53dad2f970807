"""Matrix notation in problem files: the formulas behind it, its letters and its refusals."""

import pytest

from derive.notation import (
    POSITIVE,
    Array,
    Axis,
    Problem,
    Sum,
    array,
    data,
    define,
    diag,
    dot,
    exp,
    eye,
    inv,
    log,
    logdet,
    norm2,
    ones,
    outer,
    parameter,
    total,
    tr,
)
from derive.notation.algebra import ShapeError
from derive.notation.expression import Element
from derive.notation.letters import is_open
from derive.notation.text import text
from derive.notation.tree import letters_in, same
from derive.notation.validate import validate
from tests.fuzz.whole import mistakes

m, n, K = Axis("m"), Axis("n"), Axis("K")
i, j, k = m.index("i"), n.index("j"), n.index("k")
X, y, S = data("X", m, n), data("y", m), data("S", n, n)
lam = data("lambda_", domain=POSITIVE)
theta, B = parameter("theta", n), parameter("B", n, K)


def cost(formula, **options):
    """The cost of a problem: its letters are named."""
    return Problem("p", "P", (X, y, S, lam), (theta, B), formula, **options).cost


@pytest.mark.parametrize(
    ("formula", "means"),
    [
        (norm2(y - X @ theta), Sum((y[i] - Sum(X[i, j] * theta[j], j)) ** 2, i)),
        (y @ X @ theta, Sum(Sum(y[i] * X[i, j], i) * theta[j], j)),
        (y @ (X @ theta), Sum(y[i] * Sum(X[i, j] * theta[j], j), i)),
        (theta @ theta, Sum(theta[j] ** 2, j)),
        (dot(log(y), y), Sum(log(y[i]) * y[i], i)),
        (total(exp(X)), Sum(Sum(exp(X[i, j]), j), i)),
        (ones(m) @ y, Sum(y[i], i)),
        (ones(m) @ ones(m), m),
        (tr(S), Sum(S[j, j], j)),
        (tr(eye(n)), n),
        (tr(eye(n) @ S), Sum(S[j, j], j)),
        (tr(outer(theta, theta)), Sum(theta[j] * theta[j], j)),
        (y @ (diag(y) @ y), Sum(y[i] * (y[i] * y[i]), i)),
        (total(diag(S)), Sum(S[j, j], j)),
        (lam * norm2(theta) / 2, lam() * Sum(theta[j] ** 2, j) / 2),
        (2 * total(1 - y), 2 * Sum(1 - y[i], i)),
        (total(-y / lam + 1 / (2 * m) * y), Sum(-y[i] / lam() + 1 / (2 * m) * y[i], i)),
    ],
)
def test_the_formula_behind_matrix_notation(formula, means):
    assert text(cost(formula)) == text(means)
    assert same(cost(formula), means)


def test_an_entry_takes_the_letters_that_it_is_given():
    A = X.T @ X + lam * eye(n)
    assert text(cost(Sum(A[j, k] * theta[j] * theta[k], j, k))) == (
        "sum_k sum_j (sum_i [X_ij X_ik] + lambda delta_jk) theta_j theta_k"
    )
    assert isinstance(array(X), Array)
    with pytest.raises(ShapeError, match="letters over \\(m, n\\)"):
        A[i, j]


def test_letters_are_named_and_nothing_is_captured():
    # The letter that the user's own sum binds is free around the product with its own sum.
    inner = Sum(theta[j] * (S @ theta)[j], j)
    named = cost(inner * norm2(X @ theta))
    assert text(named) == "(sum_j theta_j sum_k S_jk theta_k) sum_i (sum_j X_ij theta_j)^2"
    assert not any(is_open(n.index(letter)) for letter in letters_in(named))
    clash = cost(Sum(y[m.index("a")] * norm2(B @ B.T @ theta), m.index("a")))
    assert letters_in(clash) >= {"a"}


def test_no_letter_is_the_name_of_something_else():
    a, b = data("k", n), parameter("l", n)
    named = Problem("p", "P", (S, a), (b,), b @ (S @ (S @ b)) + a @ b)
    validate(named)
    assert text(named.cost) == "sum_j [l_j sum_r S_jr sum_s S_rs l_s] + sum_j k_j l_j"


def test_definitions_need_no_indices():
    z = define("z", X @ theta)
    problem = Problem("p", "P", (X, y), (theta,), norm2(z - y) / (2 * m), (z,), prediction=z)
    assert text(problem.definitions[0].body) == "sum_j X_ij theta_j"
    assert problem.prediction is problem.definitions[0]
    validate(problem)
    assert not mistakes(problem, 2)


def test_the_inverse_takes_a_name():
    A = define("A", S + lam * eye(n))
    form = theta @ inv(A) @ theta + logdet(A)
    assert any(isinstance(part, Element) for part in form.args)
    with pytest.raises(ShapeError, match="name the formula first"):
        inv(S + lam * eye(n))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: theta @ X,
        lambda: X @ X,
        lambda: X + X.T,
        lambda: X * y,
        lambda: tr(X),
        lambda: outer(X, y),
        lambda: total(lam),
        lambda: array(X) @ lam(),
    ],
)
def test_shapes_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ShapeError):
        wrong()
