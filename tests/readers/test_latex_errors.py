r"""What LaTeX sources are refused, with the caret where it belongs and what to write instead."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.errors import ProblemError
from derive.readers.latex import proposed_declarations, read_latex

GOLDEN = Path(__file__).parent / "latex_errors.txt"
WRONG = {
    # The text itself
    "unknown command": r"J(\theta) = \sigmma(\theta)",
    "a word as a command": r"J(\theta) = \weight \theta",
    "brace not closed": r"J(\theta) = \frac{1}{m \theta",
    "brace not opened": r"J(\theta) = \theta}^2",
    "bracket not closed": "J(\\theta) =\n  \\left( \\theta + 1",
    "bracket of another kind": r"J(\theta) = (\theta + 1]",
    "missing argument": r"J(\theta) = \frac{\theta}",
    "nothing in an exponent": r"J(\theta) = \theta^{}",
    "half a bracket": r"J(\theta) = \left. \theta \right|_{\theta=1}",
    "unsupported environment": r"J(\theta) = \begin{bmatrix} 1 & 0 \end{bmatrix} \theta",
    "unknown environment": r"J(\theta) = \begin{foo} \theta \end{foo}",
    "environment not ended": r"J(\theta) = \begin{cases} \theta & \theta > 0",
    "dots": r"J(\theta) = \theta_1^2 + \ldots + \theta_n^2",
    "sign without a term": r"J(\theta) = \theta +",
    "two signs": r"J(\theta) = \theta \cdot - 1",
    "two powers": r"J(\theta) = \theta^2^3",
    "script of nothing": r"J(\theta) = ^2 \theta",
    "strange character": "J(\\theta) = θ^2",
    "two equals signs": r"J(\theta) = \theta^2 = \theta",
    "no right-hand side": r"J(\theta) = ",
    "no formula": "% only a comment",
    "derivative": r"J(\theta) = \frac{\partial f}{\partial \theta}",
    "expectation": r"J(\theta) = \mathbb{E}[(y - \theta)^2]",
    "factorial": r"J(\theta) = y! \theta",
    "text inside": r"J(\theta) = \theta \text{ if it is small } + 1",
    "maximum": r"\max_\theta \theta^2",
    "cube root": r"J(\theta) = \sqrt[3]{\theta}",
    "second line": "\\begin{align}\n z &= X w \\\\\n J(w) &= \\|z - \\foo\\|^2\n\\end{align}",
    # Two readings
    "sum that goes on": r"J(\theta) = \sum_{i=1}^m y_i \theta + z_i",
    "sum with brackets forgotten": r"""J(\theta) = -\frac1m \sum_{i=1}^m y_i \log h_i +
        (1-y_i) \log(1-h_i)""",
    "bare logarithm": r"J(\theta) = \log \theta x",
    "bare logarithm and quotient": r"J(\theta) = \log \theta / 2",
    "bare trace": r"J(\Theta) = \operatorname{tr} S \Theta",
    "power behind brackets": r"J(\theta) = \log(\theta)^2",
    "one by two m": r"J(\theta) = 1/2m \theta^2",
    "function or product": r"J(\theta) = f(\theta)",
    "power T": r"J(w) = \sum_{t=1}^T (y_t - w^T x_t)^2",
    "discount": r"J(\gamma) = \gamma^T + \gamma^2",
    "entry of a transpose": r"J(A) = \sum_{i,j} A^T_{ij} B_{ij}",
    "product of a constant": r"J(\theta) = \prod_{i=1}^m \sigma(\theta x_i) c",
    "zeroth entry": r"J(\theta) = (\theta_0 - \theta^\top x)^2",
    "cases without end": r"""J(\theta) = \begin{cases} \theta & \theta > 0 \\ 1 & \theta
        < -1 \end{cases}""",
    # Meaning
    "power of a vector": "% derive: parameter \\theta (n)\nJ(\\theta) = \\theta^2",
    "shapes": "% derive: data X (m, n)\n% derive: parameter w (m)\nJ(w) = \\|Xw\\|^2",
    "free index": r"J(\theta) = y_i \theta",
    "pairs": r"J(x) = \sum_{i<j} (x_i - x_j)^2",
    "class of a label": r"J(\theta) = \sum_{i,k} \mathbb{1}\{y_i = k\} \theta_k",
    "cost without its letter": r"J(\theta) = \|y - X\beta\|_2^2",
    "spectral norm": r"J(\theta) = \|\theta\|_p^2",
    "ones without size": r"J(\theta) = \mathbf{1}^\top \theta",
    # Declarations
    "labels": r"""J(\theta) = -\sum_{i=1}^m y_i \log \sigma(\theta^\top x_i)
  - \sum_{i=1}^m (1 - y_i) \log (1 - \sigma(\theta^\top x_i))""",
    "no parameter": r"\lVert y - X\beta\rVert_2^2",
    "size or number": r"J(\beta) = \frac1n \|y - X\beta\|^2",
    "number or vector": r"J(w, b) = \|Xw + b - y\|^2",
    "row or column": r"J(\beta) = \|y - X\beta\|_2^2 + \sum_{i=1}^m x_i^\top\beta",
    "unknown declaration": "% derive: dta X (m, n)\nJ(\\theta) = \\theta^2",
    "misspelt fact": "% derive: data S (n, n) symetric\nJ(\\theta) = \\theta^2",
}


def message(source: str) -> str:
    with pytest.raises(ProblemError) as caught:
        read_latex(source)
    return str(caught.value)


def test_texts() -> None:
    """All texts in one file; accept a change with DERIVE_ACCEPT=1."""
    told = "\n\n".join(f"# {name}\n{message(source)}" for name, source in WRONG.items()) + "\n"
    if os.environ.get("DERIVE_ACCEPT"):
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WRONG)
def test_the_form_of_errors(name: str) -> None:
    """Four lines, the caret under the quoted source."""
    lines = message(WRONG[name]).splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert [head.split(":")[0] for head in heads] == ["asked", "where", "wrong", "what to do"]
    carets = lines[2]
    assert set(carets) <= {" ", "^"}
    assert "^" in carets
    assert len(carets) <= max(len(lines[1]), len("where:      ") + 1)


PASTED = ("labels", "no parameter", "size or number", "number or vector")


@pytest.mark.parametrize("name", PASTED)
def test_proposals_can_be_pasted(name: str) -> None:
    """The lines of the error, put above the source, are enough."""
    source = WRONG[name]
    lines = proposed_declarations(source)
    assert "% not certain" in lines
    assert "% derive: " in message(source)
    assert read_latex(f"{lines}\n{source}").parameters


PIECES = (
    r"\frac",
    r"\sum",
    r"\log",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "_",
    "^",
    "|",
    r"\|",
    r"\left(",
    r"\right)",
    r"\left|",
    "x",
    "y",
    "i",
    "j",
    "m",
    "T",
    "e",
    "1",
    "2",
    "0.5",
    "+",
    "-",
    "=",
    "/",
    ",",
    ".",
    r"\cdot",
    r"\theta",
    r"\sigma",
    r"\begin{cases}",
    r"\end{cases}",
    r"\\",
    "&",
    r"\text{if}",
    r"\mathbf{x}",
    r"\mathbb{1}",
    r"\{",
    r"\}",
    "'",
    r"\top",
    r"\in",
    "<",
    ":",
    ";",
    "%",
    "$",
    "$$",
    r"\[",
    r"\]",
    r"\max",
    r"\min",
    r"\hat",
    r"\prod",
    r"\det",
    r"\operatorname{tr}",
    r"\ldots",
    r"\lVert",
    r"\rVert",
    r"\sqrt",
    "!",
    "~",
    r"\odot",
    "^{(i)}",
    "_{i=1}^{m}",
    r"\langle",
    r"\rangle",
    "#",
    "@",
    r"\mathrm{ab}",
    r"\text{where}",
    "^{[1]}",
    "I",
    r"\underset{w}{\min}",
    r"\mathbf1",
    r"h_\theta(x)",
    r"\exp",
    r"\tfrac12",
    r"J(\theta)=",
    "% derive: ",
    "data X (m, n)",
    "\n",
    " ",
    "\x00",
    "é",
)
GOOD = (
    r"\min_\beta \lVert y - X\beta\rVert_2^2 + \lambda \beta^\top \beta",
    r"""J(\theta) = \sum_{i=1}^m \left[ y^{(i)} \log h(x^{(i)}) \right], \quad h(x) =
        \sigma(\theta^\top x)""",
    r"J(s) = \sum_{i} \begin{cases} s_i & \text{if } s_i > 0 \\ 0 & \text{otherwise} \end{cases}",
)


def survives(source: str) -> None:
    """A problem, or an error of ours: never anything else."""
    with contextlib.suppress(ProblemError):
        lines = proposed_declarations(source)
        read_latex(f"{lines}\n{source}")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=16))
def test_random_pieces(pieces: list[str]) -> None:
    survives("".join(pieces))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 4), st.sampled_from(PIECES)), max_size=3),
)
def test_damaged_formulas(source: str, damages: list[tuple[int, int, str]]) -> None:
    for place, length, piece in damages:
        source = source[:place] + piece + source[place + length :]
    survives(source)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_random_text(source: str) -> None:
    survives(source)


@pytest.mark.parametrize(
    "source",
    [
        "{" * 3000 + "x" + "}" * 3000, r"\log " * 3000 + "x", "a+" * 3000 + "a", "a" * 5000,
        "x^" * 500 + "x", "(" * 3000, r"\frac" * 500, r"\sum_i " * 500 + "x_i",
    ],
    ids=[str(k) for k in range(8)],
)  # fmt: skip
def test_long_and_deep_sources(source: str) -> None:
    with pytest.raises(ProblemError):
        read_latex(source)
