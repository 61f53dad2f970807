"""Words leave the tool as they came: escaped for each place, or refused in four lines."""

from __future__ import annotations

import ast
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from derive.errors import DeriveError, ProblemError, RefutedError
from derive.notation.problem import Problem
from derive.notation.words import WordsError, require_words, words
from derive.notation.words_math import COMMANDS, SIGNS, SIZES, WORDING, FormulaError, formula
from derive.pipeline import build
from derive.publish.executed import arithmetic, require_python
from derive.publish.module import Source
from derive.readers.file import problem_from_lines
from derive.readers.latex import read_latex
from tests.hostile.word_cases import ATTACKS

MEAN = "data x (m)\nparameter mu\nJ = sum_i (x_i - mu)^2"
TEX = "J(\\mu) = \\sum_{i=1}^m (x_i - \\mu)^2"


def module_of(text: str, file: str = "a.txt") -> str:
    return build(problem_from_lines(text, "mean"), Source(file, f"derive build {file}")).texts[
        "mean.py"
    ]


def test_text_is_printed_as_it_stands() -> None:
    said = words('"""Mean""" \\alpha {x} 100% #1 $5 or $10 a_b | <i> &')
    assert said.plain == '"""Mean""" \\alpha {x} 100% #1 $5 or $10 a_b | <i> &'
    assert said.tex == (
        '"""Mean""" \\textbackslash{}alpha \\{x\\} 100\\% \\#1 \\$5 or \\$10 a\\_b '
        "\\textbar{} \\textless{}i\\textgreater{} \\&"
    )
    assert said.markdown.endswith("\\$5 or \\$10 a\\_b \\| &lt;i&gt; &amp;")


def test_a_title_with_quotes_is_no_code_and_prints_as_such() -> None:
    title = 'Mean"""; open("injected","w").write("ran"); """ and \\alpha'
    tree = ast.parse(module_of(f"title: {title}\n{MEAN}"))
    assert (ast.get_docstring(tree, clean=False) or "").splitlines()[0] == f"{title}."
    kinds = {type(node) for node in tree.body}
    assert kinds == {ast.Expr, ast.ImportFrom, ast.Import, ast.Assign, ast.FunctionDef}


@pytest.mark.parametrize(
    "sign",
    [chr(k) for k in (*range(9), 11, 12, 13, 27, 127, 0x85, 0x9B, *range(0x202A, 0x202F))]
    + [chr(k) for k in (*range(0x2066, 0x206A), 0x200B, 0x200D, 0xFEFF, 0xAD, 0x2028, 0xD800)],
)  # fmt: skip
def test_signs_that_no_text_shows_are_refused(sign: str) -> None:
    with pytest.raises(ProblemError) as caught:
        require_words(f"a{sign}b", "title", "derive x")
    shown = str(caught.value)
    assert shown.count("\n") == 4
    assert all(letter.isprintable() or letter == "\n" for letter in shown)
    assert f"U+{ord(sign):04X}" in shown


@pytest.mark.parametrize(
    "latex",
    [r"\input{x}", r"\write18{x}", r"\csname x\endcsname", r"\def\x{y}", r"\catcode`\%=12", "x^^41",
     "x%", "x#1", "x&y", "x~y", r"\left(x", r"\right)", "{x", "x}", "x^a^b", r"\frac{x}", "x_",
     r"\begin{x}", r"\\", "", r"\text{$x$}", r"\operatorname{\x}", "{" * 30 + "}" * 30, r"\bigl x"],
)  # fmt: skip
def test_what_is_no_formula_is_refused(latex: str) -> None:
    with pytest.raises(FormulaError):
        formula(latex)
    if latex.strip("\\"):
        with pytest.raises(WordsError):
            words(f"a ${latex}$ b")


@pytest.mark.parametrize(
    ("latex", "printed"),
    [(r"\theta^{+}", r"\theta^{+}"), ("x_1'", "x_1'"), (r"X^{\mathsf T} W", r"X^{\mathsf T} W"),
     (r"a \lt b", "a < b"), ("α²", r"\alpha {{}^{2}}"), (r"x^\frac12", r"x^{\frac{1}{2}}"),
     (r"\sqrt[3]{x}", r"\sqrt[3]{x}"), (r"\left( x \right]", r"\left( x \right]")],
)  # fmt: skip
def test_formulas_in_words(latex: str, printed: str) -> None:
    assert formula(latex) == printed


def accepted(count: int) -> list[str]:
    """What the grammar lets through of random rows of its tokens and of others."""
    names = (*COMMANDS, *WORDING, *SIZES)
    signs = [
        *(f"\\{name}" for name in names),
        *SIGNS,
        *"{}{}{}{}^_^_^_^_'abx12()[]|/.,<>=+-*@\"`&~#%",
    ]
    signs += [
        " ",
        r"\left(",
        r"\right)",
        r"\left.",
        r"\right|",
        r"\,",
        "{x}",
        "{a+b}",
        "[3]",
        r"\{",
    ]
    out = []
    for k in range(count):
        picks = random.Random(k)  # noqa: S311  # repeatable
        row = [picks.choice(signs) + " " * picks.randrange(2) for _ in range(picks.randrange(1, 7))]
        try:
            out.append(f"${formula(''.join(row).strip())}$")
        except FormulaError:
            continue
    return list(dict.fromkeys(out))


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_what_is_let_through_compiles(tmp_path: Path) -> None:
    lines = accepted(6000)
    for attack in ATTACKS:
        try:
            lines.append(words(attack).tex)
        except WordsError:
            continue
    assert len(lines) > 1000
    template = (Path(__file__).parents[2] / "templates" / "proof.tex.j2").read_text(
        encoding="utf-8"
    )
    head = template.partition(r"\begin{document}")[0].replace("<< view.pdf_title >>", "x")
    text = "\n\n".join((head + r"\begin{document}", *lines, r"\end{document}"))
    (tmp_path / "words.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "words.tex"]
    log = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=100, check=False)
    faults = re.findall(r"^! .*", log.stdout.decode(errors="replace"), re.MULTILINE)
    assert not faults


def test_what_the_judge_runs_holds_no_words() -> None:
    meaning = 'HOSTILE"""; raise SystemExit; """'
    text = f"title: {meaning}\nsummary: {meaning}\ndata x (m): {meaning}\nparameter mu: {meaning}\n"
    module = module_of(text + "J = sum_i (x_i - mu)^2")
    code = arithmetic(module, "mean")
    pending, constants = [code], []
    while pending:
        for constant in pending.pop().co_consts:
            (pending if hasattr(constant, "co_consts") else constants).append(constant)
    assert "HOSTILE" in module
    assert not [c for c in constants if isinstance(c, str) and not c.isidentifier()]
    assert not [c for c in constants if isinstance(c, str) and "HOSTILE" in c]


@pytest.mark.parametrize(
    "line",
    ["import os", "open('x')", "np.__class__", "x.__class__", "exec('x')", "'text'", "lambda: 0",
     "[k for k in x]", "f'{x}'", "global y", "np.load('x')", "getattr(np, 'x')"],
)  # fmt: skip
def test_other_code_is_not_run(line: str) -> None:
    with pytest.raises(RefutedError):
        arithmetic(f'def cost(x):\n    """Cost."""\n    {line}\n    return x\n', "mean")


def test_what_is_no_python_is_not_written() -> None:
    with pytest.raises(RefutedError, match="no Python"):
        require_python('"""a"""b"""\n', "mean")


def test_a_file_name_declares_no_encoding() -> None:
    module = module_of(MEAN, "coding=utf-7 +AAo-x.txt")
    assert compile(module.encode(), "a", "exec")
    assert not re.search(r"coding[:=]", "".join(module.splitlines()[:2]))


@pytest.mark.parametrize(
    "line",
    ["% derve: title: x", "%derive title: x", "% Derive: data x (m)", "% derive data x (m)",
     "% derive; data x (m)", "% derive_ data x (m)",
     "% derive:", "% derive: data x (m) bounded in [0, 1]",
     "% derive: data x (m) psd", "% derive: data x (m) \\ne 0", "% derive: data x (m): > 0",
     "% derive: data x (m)\n% derive: data x (m)", "% derive: title: a\n% derive: title: b",
     "% derive: title:"],
)  # fmt: skip
def test_slips_in_declarations_are_errors(line: str) -> None:
    with pytest.raises(DeriveError) as caught:
        read_latex(f"{line}\n{TEX}", "mean")
    assert str(caught.value).count("\n") >= 3


def test_a_declaration_behind_a_formula_is_not_lost() -> None:
    with pytest.raises(DeriveError, match="a line of its own"):
        read_latex(f"{TEX} % derive: data x (m) > 0", "mean")


def test_a_comment_stays_a_comment() -> None:
    assert (
        read_latex(f"% derived in 1958, and the derivation is long\n{TEX}", "mean").title == "Mean"
    )


@pytest.mark.parametrize(
    ("written", "low", "high", "ends_open"),
    [("\\geq0", 0, None, False), ("\\gt0", 0, None, True), ("\\gt 0", 0, None, True),
     ("\\ge0", 0, None, False), ("\\geqslant 0", 0, None, False), ("\u2265 0", 0, None, False),
     ("\\lt1", None, 1, True), ("\\leq 1", None, 1, False), ("\\in[0,1]", 0, 1, False)],
)  # fmt: skip
def test_relations_glued_to_numbers(
    written: str, low: int | None, high: int | None, ends_open: bool
) -> None:
    problem: Problem = read_latex(f"% derive: data x (m) {written}\n{TEX}", "mean")
    (domain,) = (tensor.domain for tensor in problem.data)
    assert domain.low == (float("-inf") if low is None else low)
    assert domain.high == (float("inf") if high is None else high)
    assert (domain.low_open if low is not None else domain.high_open) is ends_open


@pytest.mark.parametrize(
    "text",
    [
        "title: a\ntitle: b",
        "title:",
        "name:",
        "cost: J\ncost: J",
        "data x (m): > 0\n",
        "data x (m) < 1/0\n",
    ],
)
def test_slips_in_plain_text_are_errors(text: str) -> None:
    rest = MEAN.partition("\n")[2] if "data x" in text else MEAN
    with pytest.raises(ProblemError):
        problem_from_lines(f"{text}\n{rest}", "mean")


def test_a_number_sign_stays_in_a_title() -> None:
    assert problem_from_lines(f"title: C# and #1  # of all\n{MEAN}", "mean").title.endswith(
        "of all"
    )
