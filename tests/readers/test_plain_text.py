"""Problems in plain text: what the forms mean, and that what is printed can be read back."""

from fractions import Fraction

import numpy as np
import pytest

from derive.errors import ProblemError
from derive.notation import (
    BINARY,
    COUNTS,
    NONNEGATIVE,
    POSITIVE,
    REAL,
    UNIT,
    Axis,
    Interval,
    Problem,
    data,
    define,
    norm2,
    parameter,
)
from derive.notation.interval import finite
from derive.notation.text import text
from derive.notation.validate import validate
from derive.readers.file import catalogue, problem_from_file
from derive.readers.plain import problem_from_text
from derive.readers.spoken import spoken
from tests.fuzz.costs import random_problem
from tests.fuzz.literal import Literal
from tests.fuzz.whole import drawn, mistakes

PROBLEMS = [subject for subject in catalogue() if isinstance(subject, Problem)]
HEAD = """data X (m, n)
data y (m)
data w (m) > 0
data Y (m, K)
data S (n, n) symmetric positive definite
data lambda > 0
data pi_0
parameter theta (n)
parameter B (n, K)
parameter b
"""
RIDGE = """
title: Ridge regression
summary: Least squares
  with a penalty.
source: A. E. Hoerl (1970), Ridge regression
source: a second one
data X (m, n): features, one row per sample
data y (m)
data lambda > 0          # strength
parameter theta (n)

z = X theta              # scores
J = 1/(2m) |z - y|^2
    + lambda/2 |theta|^2
prediction: z
"""

FORMS = {
    # index form
    "sum_i (y_i - sum_j X_ij theta_j)^2": "sum_i (y_i - sum_j X_ij theta_j)^2",
    "sum_{i=1}^m (y[i] - sum_{j=1}^{n} X[i, j] theta[j])^2": "sum_i (y_i - sum_j X_ij theta_j)^2",
    "sum_{j=2}^n theta_j^2": "sum_{j=2}^n theta_j^2",
    "sum_{i,k} Y_{i,k}^2 + sum_{ik} Y_ik": "sum_i [sum_k Y_ik^2] + sum_i sum_k Y_ik",
    "sum_[row] y_[row]": None,
    "sum_{row} y[row]": "sum_{row} y[row]",
    "prod_i sigmoid(y_i)": "prod_i sigmoid(y_i)",
    "sum_i [y_i b + w_i] + b": "sum_i [y_i b + w_i] + b",
    "sum_i y_i w_i + b": "sum_i [y_i w_i] + b",
    "sum_i {y_i if y_i > 0; -b otherwise}": "sum_i {y_i if y_i > 0; -b otherwise}",
    "sum_i [y_i >= 0] w_i": "sum_i {1 if y_i >= 0; 0 otherwise} w_i",
    "sum_{i=2}^m y_i [i >= 3]": "sum_{i=2}^m y_i [i >= 3]",
    "sum_j sum_k [j = k] theta_j theta_k": "sum_j sum_k delta_jk theta_j theta_k",
    "sum_{j=1}^{n-1} (theta_{j+1} - theta_j)^2": "sum_{j=1}^{n-1} (theta[j+1] - theta_j)^2",
    "sum_{j=2}^n (theta_j - theta_{j-1})^2": "sum_{j=1}^{n-1} (theta[j+1] - theta_j)^2",
    "sum_{j=4}^n theta[j] theta[j-2]": "sum_{j=2}^{n-2} theta[j+2] theta_j",
    "theta_1 theta[2] + theta[n] theta[n-1]": "theta[1] theta[2] + theta[n] theta[n-1]",
    # matrix form
    "|y - X theta|^2": "sum_i (y_i - sum_j X_ij theta_j)^2",
    "||y - X theta||_2^2": "sum_i (y_i - sum_j X_ij theta_j)^2",
    "(y - X theta)' (y - X theta)": "sum_i (y_i - sum_j X_ij theta_j)^2",
    "(y - X theta)^T diag(w) (y - X theta)": (
        "sum_i (y_i - sum_j X_ij theta_j) w_i (y_i - sum_j X_ij theta_j)"
    ),
    "||Y - X B||_F^2": "sum_i sum_k (Y_ik - sum_j X_ij B_jk)^2",
    "tr(B' S B)": "sum_k sum_j B_jk sum_l S_jl B_lk",
    "theta' S theta / (1 + theta' theta)": (
        "(sum_j theta_j sum_k S_jk theta_k)/(1 + sum_j theta_j^2)"
    ),
    "theta' (S + lambda I) theta": "sum_j theta_j sum_k (S_jk + lambda delta_jk) theta_k",
    "y' X theta": "sum_i y_i sum_j X_ij theta_j",
    "2 y' X theta lambda": "2 (sum_i y_i sum_j X_ij theta_j) lambda",
    "|theta|_1": "sum_j absolute(theta_j)",
    "|theta|": "sqrt(sum_j theta_j^2)",
    "|b|": "absolute(b)",
    "sum(w .* (y - X theta).^2)": "sum_i w_i (y_i - sum_j X_ij theta_j)^2",
    "mean(log(1 + exp(-y .* (X theta))))": "(1/m) sum_i log(1 + exp(-y_i sum_j X_ij theta_j))",
    "1_m' y": "sum_i y_i",
    "sum(X theta + b)": "sum_i [sum_j [X_ij theta_j] + b]",
    "max(0, b)^2 + max(b, lambda)": "relu(b)^2 + {b if b >= lambda; lambda otherwise}",
    "sum_i (y_i - X[i,:]' theta)^2": "sum_i (y_i - sum_j X_ij theta_j)^2",
    "|sum_j B[j,:] theta_j|^2": "sum_k (sum_j theta_j B_jk)^2",
    "sum((X theta)[:])": "sum_i sum_j X_ij theta_j",
    # numbers, functions, other spellings
    "1/(2m) |theta|^2": "(1/(2m)) sum_j theta_j^2",
    "(1/2) b^2 - 0.25 b": "(1/2) b^2 - (1/4) b",
    "m b^2 / n": "m b^2/n",
    "log sigmoid(b) + b": "log(sigmoid(b)) + b",
    "b log w[1:]": None,
    "e^{-b} + e^b": "exp(-b) + exp(b)",
    "2 * -b": "2 (-1) b",
    "b pi_0 + pi": "b pi_0 + pi",
    "sigma(b) + ln(lambda) b + Phi(b)": "sigmoid(b) + log(lambda) b + normal_cdf(b)",
    "λ‖θ‖² + ∑_i y_i² · b": "lambda sum_j [theta_j^2] + sum_i y_i^2 b",
}


def unused(monkeypatch):
    monkeypatch.setattr("derive.readers.elaborate._all_used", lambda *_: None)


@pytest.mark.parametrize("form", [form for form, found in FORMS.items() if found is not None])
def test_a_form_means(form, monkeypatch):
    unused(monkeypatch)
    problem = problem_from_text(f"{HEAD}J = {form}")
    assert text(problem.cost) == FORMS[form]
    validate(problem, coded=False)


@pytest.mark.parametrize("form", [form for form, found in FORMS.items() if found is None])
def test_no_form_of_ours_is_refused_in_one_sentence(form, monkeypatch):
    unused(monkeypatch)
    with pytest.raises(ProblemError):
        problem_from_text(f"{HEAD}J = {form}")


def test_a_whole_text():
    problem = problem_from_text(RIDGE, "ridge")
    X, y, lam = problem.data
    assert (problem.name, problem.title) == ("ridge", "Ridge regression")
    assert problem.summary == "Least squares with a penalty."
    assert problem.sources == ("A. E. Hoerl (1970), Ridge regression", "a second one")
    assert (X.name, y.name, lam.name, lam.domain) == ("X", "y", "lambda_", POSITIVE)
    assert X.meaning == "features, one row per sample"
    assert problem.prediction is problem.definitions[0]
    assert text(problem.definitions[0].body) == "sum_j X_ij theta_j"
    assert text(problem.cost) == "(1/(2m)) sum_i [(z_i - y_i)^2] + (lambda/2) sum_j theta_j^2"
    assert not mistakes(problem, 1)


def test_text_and_python_state_the_same_problem():
    m, n = Axis("m"), Axis("n")
    X, y, lam = data("X", m, n), data("y", m), data("lambda_", domain=POSITIVE)
    theta = parameter("theta", n)
    z = define("z", X @ theta)
    built = Problem(
        "ridge",
        "Ridge regression",
        (X, y, lam),
        (theta,),
        1 / (2 * m) * norm2(z - y) + lam / 2 * norm2(theta),
        (z,),
        prediction=z,
    )
    read = problem_from_text(RIDGE, "ridge")
    assert (read.data, read.parameters) == (built.data, built.parameters)
    assert (read.definitions, read.cost) == (built.definitions, built.cost)


@pytest.mark.parametrize(
    ("words", "domain", "facts"),
    [
        ("", REAL, ()),
        ("> 0", POSITIVE, ()),
        (">= 0", NONNEGATIVE, ()),
        ("in [0, 1]", UNIT, ()),
        ("in {0, 1}", BINARY, ()),
        ("in {-1, 1}", finite(-1, 1), ()),
        ("in {3, -1/2, 2}", finite(Fraction(-1, 2), 2, 3), ()),
        ("in {1, 2, 3}", Interval(1, 3, integer=True), ()),
        ("in {-1, 0, 2}, >= 0", finite(0, 2), ()),
        ("in {0, 1}, one-hot rows", BINARY, ("one-hot rows",)),
        (">= 0, rows sum to one", NONNEGATIVE, ("rows sum to one",)),
        ("counts", COUNTS, ()),
        (">= 0, integer", COUNTS, ()),
        ("in (-1/2, inf)", Interval(-1 / 2, low_open=True), ()),
        ("> 1, < 2.5", Interval(1, 5 / 2, True, True), ()),
        ("symmetric", REAL, ("symmetric",)),
        ("symmetric positive definite", REAL, ("positive definite", "symmetric")),
        ("positive definite, sparse", REAL, ("positive definite", "sparse")),
        ("symmetric and nonnegative", NONNEGATIVE, ("symmetric",)),
    ],
)
def test_the_words_behind_a_declaration(words, domain, facts):
    problem = problem_from_text(f"data A (n, n) {words}: meaning\nparameter t (n)\nJ = t' A t")
    (tensor,) = problem.data
    assert (tensor.domain, tensor.facts, tensor.meaning) == (domain, frozenset(facts), "meaning")
    assert problem_from_text(spoken(problem)).data == problem.data


def test_the_inverse_of_a_formula_gets_a_name_once():
    problem = problem_from_text(
        "data K (n, n) symmetric positive definite\ndata y (n)\nparameter s > 0\n"
        "J = y' inv(K + s I) y + logdet(K + s I)"
    )
    (definition,) = problem.definitions
    assert definition.tensor.name == "A"
    assert text(definition.body) == "K_jk + s delta_jk"


def test_a_function_of_the_text_is_named_where_it_is_used():
    problem = problem_from_text(
        "data X (m, n)\ndata y (m) in [0, 1]\nparameter theta (n)\n"
        "h(x) = sigmoid(theta' x)\n"
        "J(theta) = -(1/m) sum_i [y_i log h(X[i,:]) + (1 - y_i) log(1 - h(X[i,:]))]"
    )
    assert [text(d.body) for d in problem.definitions] == ["sigmoid(sum_j theta_j X_ij)"]
    assert text(problem.cost) == "-(1/m) sum_i [y_i log(h_i) + (1 - y_i) log(1 - h_i)]"


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.name)
def test_a_problem_of_the_catalogue_can_be_read_back(problem):
    read = problem_from_text(spoken(problem), problem.name)
    if all(t.latex for t in problem.data):  # a symbol of its own is not part of the notation
        assert [t.name for t in read.data] == [t.name for t in problem.data]
    assert text(read.cost) == text(problem.cost)
    assert spoken(read) == spoken(problem)
    for seed in (3, 0, 2):  # X'X may be singular at a point
        sizes, arrays = drawn(problem, seed)
        try:
            values = [Literal(sizes, arrays, p.definitions).value(p.cost) for p in (read, problem)]
        except ValueError:
            continue
        assert values[0] == pytest.approx(values[1], rel=1e-12)
        return
    raise AssertionError("no point is any good")


@pytest.mark.parametrize("seed", range(60))
def test_a_random_cost_has_the_same_value_when_read_back(seed):
    problem = random_problem(seed)
    if problem is None:
        return
    try:
        read = problem_from_text(spoken(problem), problem.name)
    except ProblemError as error:
        assert "over which axis" in error.wrong or "has no index" in error.wrong  # noqa: PT017
        return
    sizes, arrays = drawn(problem, seed)
    with np.errstate(all="ignore"):
        found, value = (
            float(Literal(sizes, arrays, p.definitions).value(p.cost)) for p in (read, problem)
        )
    assert found == pytest.approx(value, rel=1e-9, nan_ok=True)


def test_a_file_gives_its_name(tmp_path):
    path = tmp_path / "My cost-2.txt"
    path.write_text("data x (m)\nparameter mu\n|x - mu|^2\n", encoding="utf-8")
    problem = problem_from_file(path)
    assert (problem.name, problem.title) == ("my_cost_2", "My cost 2")
    assert text(problem.cost) == "sum_i (x_i - mu)^2"


def test_a_definition_with_a_shift_is_over_a_shorter_axis():
    problem = problem_from_text("parameter t (n)\nd_j = t_{j+1} - t_j\nJ = |d|^2")
    (definition,) = problem.definitions
    assert definition.tensor.axes == (Axis("n").less(1),)
    assert not mistakes(problem, 1)


@pytest.mark.parametrize(
    "form", ["sum_j t[j+1]", "sum_j t[j-1]", "sum_{j=2}^n t[j-2]", "sum_{j=1}^{n-1} t[j+2]", "t[0]"]
)
def test_an_index_outside_of_its_axis_is_refused(form):
    with pytest.raises(ProblemError):
        problem_from_text(f"parameter t (n)\nJ = {form}")


def test_nothing_of_a_text_is_evaluated():
    with pytest.raises(ProblemError):
        problem_from_text("parameter t\nJ = t^2 + __import__('os').getpid()")


def test_a_keyword_without_its_colon_is_no_second_cost():
    lines = ("title Ridge", "data X (m, n)", "data y (m)", "parameter theta (n)",
             "J = |y - X theta|^2")  # fmt: skip
    with pytest.raises(ProblemError) as caught:
        problem_from_text("\n".join(lines))
    assert "line 1: title Ridge" in str(caught.value)
    assert "read as the cost" in str(caught.value)
    good = problem_from_text("\n".join(("title: Ridge", *lines[1:])))
    assert good.title == "Ridge"
