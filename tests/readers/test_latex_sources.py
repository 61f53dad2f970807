r"""Whole LaTeX sources: declarations, documents, what is inferred, and the way to the theorems."""

from pathlib import Path

import pytest

from derive.errors import ProblemError
from derive.notation import POSITIVE, UNIT
from derive.notation.text import text
from derive.notation.validate import validate
from derive.problems import logistic
from derive.publish.latex import latex
from derive.readers.file import problem_from_file
from derive.readers.latex import proposed_declarations, read_latex
from tests.fuzz.whole import made, mistakes

NG = r"""
% derive: data y (m) in [0, 1]: labels
J(\theta) = -\frac{1}{m}\sum_{i=1}^{m}\left[ y^{(i)} \log h_\theta(x^{(i)})
  + (1-y^{(i)}) \log(1-h_\theta(x^{(i)})) \right]
h_\theta(x) = \sigma(\theta^\top x)
"""
OTHERS = (
    NG.replace(r"\sigma(\theta^\top x)", r"\frac{1}{1+e^{-\theta^T x}}"),
    NG.replace(r"\sigma(\theta^\top x)", r"g(\theta^{\mathsf T} x), \quad g(z) = \sigma(z)"),
    NG.replace(r"h_\theta(x) =", r"h_\theta(x^{(i)}) =").replace("top x)", "top x^{(i)})"),
    r"""% derive: data y (m) in [0, 1]
    \min_\theta -\frac1m \sum_{i=1}^m \left\{ y_i \ln h_i + (1 - y_i) \ln (1 - h_i) \right\},
    \quad h_i = \sigma(\theta' x_i)""",
)
HASTIE = r"""
% derive: parameter \beta (p)
\sum_i y_i \log\sigma(x_i^\top\beta)
"""
DOCUMENT = r"""
\documentclass{article}
\usepackage{amsmath} % 100 % of the mathematics
\begin{document}
% derive: title: Ridge regression of a paper
% derive: source: A. E. Hoerl (1970)
% derive: data \lambda > 0 strength of the penalty
We are given $n$ samples with $i = 1, \dots, n$ and want $y_i \approx f(x_i)$ where
$f(x) = w^\top x$. Then we minimise
\begin{align}
  r_i &= f(x_i) - y_i, \qquad i = 1, \ldots, n, \label{eq:r} \\[2pt]
  J(w) &= \frac{1}{2n} \sum_{i=1}^{n} r_i^2 \nonumber \\
       &\quad + \frac{\lambda}{2} \lVert w \rVert_2^2 . \tag{1}
\end{align}
Nothing else is read: $a = b = c$, \verb|x|.
\end{document}
"""


def last_lines(problem) -> dict[str, str]:
    parts = made(problem).proof.parts
    return {part.title: latex(part.last) for part in parts if part.kind == "theorem"}


def test_the_best_known_form_gives_the_theorems_of_the_catalogue() -> None:
    problem = read_latex(NG, name="ng")
    validate(problem)
    assert mistakes(problem, 1) == []
    assert last_lines(problem) == last_lines(logistic.PROBLEM)


@pytest.mark.parametrize("source", OTHERS, ids=["fraction", "g", "of the samples", "indices"])
def test_other_ways_to_write_it(source: str) -> None:
    problem = read_latex(source, name="ng")
    assert text(problem.cost) == text(logistic.PROBLEM.cost)
    assert mistakes(problem, 1) == []
    lines = last_lines(problem)
    assert lines == last_lines(logistic.PROBLEM)


def test_the_other_dialect() -> None:
    problem = read_latex(HASTIE)
    assert text(problem.cost) == "sum_i y_i log(sigmoid(sum_k X_ik beta_k))"
    assert [tuple(a.letter for a in t.axes) for t in problem.data] == [("m", "p"), ("m",)]
    assert mistakes(problem, 1) == []


def test_a_document(tmp_path: Path) -> None:
    file = tmp_path / "Hoerl.tex"
    file.write_text(DOCUMENT, encoding="utf-8")
    problem = problem_from_file(file)
    assert (problem.name, problem.title) == ("hoerl", "Ridge regression of a paper")
    assert problem.sources == ("A. E. Hoerl (1970)",)
    assert text(problem.cost) == "(1/(2n)) sum_i [r_i^2] + (lambda/2) sum_k w_k^2"
    (strength,) = (t for t in problem.data if t.name == "lambda_")
    assert (strength.domain, strength.meaning) == (POSITIVE, "strength of the penalty")
    assert [text(d.body) for d in problem.definitions] == ["sum_k w_k X_ik", "f_i - y_i"]
    assert mistakes(problem, 1) == []


def test_what_is_inferred_is_said() -> None:
    problem = read_latex(r"\min_w \frac1m \sum_{i=1}^m (y_i - w^\top x_i)^2")
    assert problem.summary == (
        "Read from LaTeX; inferred: data X (m, n); data y (m); parameter w (n); "
        "x with an index is a row of X."
    )
    assert read_latex(r"% derive: summary: Mine." + "\n" + r"\min_w w^2").summary == "Mine."


def test_nothing_is_said_where_all_is_declared() -> None:
    source = r"J(w) = \sum_i (y_i - w^\top x_i)^2"
    lines = "data X (m, n) features\ndata y (m)\nrows x^{(i)} = X\nparameter w (n)"
    problem = read_latex(source, declarations=lines)
    assert problem.summary == ""
    assert problem.data[0].meaning == "features"
    assert proposed_declarations(source, declarations=lines) == ""


def test_declarations_in_python_are_as_good_as_comments() -> None:
    lines = r"""data \mathbf{X} (m, n)
        data \hat{y} (m) \in [0, 1]
        parameter \boldsymbol{\beta}_{\mathrm{max}} (n)
        data S (n, n) symmetric, positive definite: penalty"""
    source = (
        r"\lVert \hat{\mathbf y} - \mathbf{X} \boldsymbol{\beta}_{\max} \rVert^2"
        r"+ \beta_{\max}' S \beta_{\text{max}}"
    )
    problem = read_latex(source.replace(r"\max", r"\mathrm{max}"), declarations=lines)
    assert {t.name for t in problem.parameters} == {"beta_max"}
    y = next(t for t in problem.data if t.name == "y_hat")
    assert y.domain == UNIT


def test_columns() -> None:
    lines = "data A (n, m)\ncolumns a_i = A\nparameter x (n)"
    cost = read_latex(r"\sum_{i=1}^m (a_i^\top x)^2", declarations=lines).cost
    assert text(cost) == "sum_i (sum_j A_ji x_j)^2"


def test_entries_of_rows() -> None:
    cost = read_latex(
        r"J(\theta) = \sum_{i=1}^m \sum_{j=1}^n x_j^{(i)} \theta_j + \sum_{i=1}^m \theta^T x^{(i)}"
    ).cost
    assert text(cost) == "sum_i [sum_j x_ij theta_j] + sum_i sum_j theta_j x_ij"


def test_the_names_of_a_lines_error_are_those_of_the_source() -> None:
    """Declarations given in Python do not move the lines of the source."""
    with pytest.raises(ProblemError, match="line 2"):
        read_latex("J(w) =\n \\foo w", declarations="parameter w")


def test_the_example_of_the_page() -> None:
    page = Path(__file__).parents[2] / "derive" / "readers" / "LATEX.md"
    example = page.read_text(encoding="utf-8").split("```latex\n")[1].split("```")[0]
    problem = read_latex(example)
    assert text(problem.cost) == text(logistic.PROBLEM.cost)
    assert [t.name for t in problem.data] == ["X", "y"]
