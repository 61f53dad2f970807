"""The document says what is proved and checked, survives every text, and compiles."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from test_proof_handmade import LINES, PROBLEM, PROOF, STEPS, VERDICT, h, i, k, m, theta, y

from derive.notation import Axis, Problem, Sum, data, define, exp, log, parameter
from derive.notation.expression import Expr
from derive.publish.environment import tex
from derive.publish.proof_tex import checked, notation, proof_body, proof_texts, reason, subtitle
from derive.record import Condition, Derivation, Proof, Step
from derive.verdicts import StepVerdict, Verdict

BODY = proof_body(PROOF, VERDICT)
NOTHING = Verdict((), (), "ball arithmetic", 200)


def section(label: str) -> list[str]:
    found = next(s for s in BODY.sections if s.heading.endswith(label))
    return [found.statement, *(row.formula for row in found.rows)]


def test_statements_are_in_matrix_form() -> None:
    assert section("T2")[0] == (
        r"Let $\theta_k \ne 0$ for every $k$. "
        r"Then $\displaystyle \nabla J(\boldsymbol{\theta}) = "
        r"\frac{1}{m}X^{\mathsf T}(\boldsymbol{h}-\boldsymbol{y})$."
    )
    assert r"\nabla^2 J(\boldsymbol{\theta}) = " in section("T3")[0]
    assert r"\nabla^2 J(\boldsymbol{\theta}) &= " in section("S2")[0]
    assert section("L1")[0] == (r"$\displaystyle \sigma'(t) = \sigma(t)\bigl(1-\sigma(t)\bigr)$.")


def test_definitions_stand_in_the_table_alone() -> None:
    assert [s.heading for s in BODY.sections] == [
        "Lemma L1", "Lemma L2", "Theorem T2", "Theorem T3", "Rewriting for the computer S2",
    ]  # fmt: skip
    rows = {row.symbol: row.meaning for row in notation(PROOF)}
    assert rows["$h_i$"].endswith("(D2)")
    assert r"$y_i \in [0, 1]$" in rows[r"$\boldsymbol{y} \in \mathbb{R}^{m}$"]


def test_a_line_is_blue_where_it_changed_and_orange_where_it_will_change() -> None:
    line = section("T2")[4]
    assert r"\mathcolor{after}{" in line
    lead = next(s for s in BODY.sections if s.heading.endswith("T2")).rows[0].lead
    assert lead == r"\mathcolor{before}{\frac{\partial J}{\partial\theta_k}}"


def test_reasons_show_labels_and_conditions() -> None:
    reasons = [reason(step, PROBLEM) for step in STEPS]
    assert reasons[1].endswith("; $0 < h_i < 1$")
    assert reasons[2] == r"Lemma \hyperlink{logistic.L2}{L2}"
    assert reasons[3].endswith(r"assuming $\theta_k \ne 0$")
    assert r"(\hyperlink{logistic.D2}{D2})" in reasons[3]


def test_level_two_is_not_printed() -> None:
    detail = replace(PROOF.parts[3], steps=(*STEPS[:4], replace(STEPS[4], level=2)))
    body = proof_body(replace(PROOF, parts=(detail,)), VERDICT)
    assert len(body.sections[0].rows) == len(STEPS) - 1


def test_the_verdict_claims_what_was_done_and_no_more() -> None:
    text = checked(PROOF, VERDICT)
    assert "every equals sign" in text
    assert "is not a proof" in text
    assert r"\texttt{gradient}" in text
    assert "Coq" not in "".join(proof_texts(PROOF, VERDICT).values())
    assert "not been checked" in subtitle(PROOF, NOTHING)
    assert checked(PROOF, NOTHING).startswith("Nothing")


def test_an_equality_without_a_verdict_is_not_called_checked() -> None:
    part = replace(VERDICT, steps=VERDICT.steps[1:])
    assert "1 equalities have not been checked" in subtitle(PROOF, part)
    assert "all but 1" in checked(PROOF, part)
    details = [step for step in VERDICT.steps if len(step.path) == 2]
    part = replace(VERDICT, steps=tuple(s for s in VERDICT.steps if s not in details))
    assert f"{len(details)} equalities have not been checked" in subtitle(PROOF, part)
    unseen = replace(VERDICT.steps[0], points=0)
    assert "have not" in subtitle(PROOF, replace(VERDICT, steps=(unseen, *VERDICT.steps[1:])))


def test_a_refutation_is_shown() -> None:
    wrong = StepVerdict("T2", (0,), 1, 0.5, passed=False)
    verdict = replace(VERDICT, steps=(wrong, *VERDICT.steps))
    assert "refuted" in subtitle(PROOF, verdict)
    assert "1 equalities were refuted" in checked(PROOF, verdict)
    assert "agreed each time" not in checked(PROOF, verdict)


def test_texts_do_not_depend_on_the_machine() -> None:
    other = replace(VERDICT, steps=tuple(replace(s, gap=0.1) for s in VERDICT.steps))
    assert proof_texts(PROOF, VERDICT) == proof_texts(PROOF, other)


def test_plain_text_is_escaped_outside_of_formulas() -> None:
    assert tex(r"a_b & 50% #1 $x_i$ {\}") == r"a\_b \& 50\% \#1 $x_i$ \{\textbackslash{}\}"
    assert tex("costs 5$") == r"costs 5\$"


# ---------------------------------------------------------------- what pdflatex says

m_, n_, c_ = Axis("m", "rows & more"), Axis("n"), Axis("c", "classes")
i_, j_, a_ = m_.index("i"), n_.index("j"), c_.index("a")
A, W = data("A", m_, n_, meaning="50% of $A_{ij}$ # {x}"), parameter("W", n_, c_)
bias, y_hat = parameter("bias"), data("y_hat", m_, facts=("one_hot",))
u = define("u", i_, a_, Sum(A[i_, j_] * W[j_, a_], j_), meaning="scores_of")
HOSTILE = Problem(
    name="hostile_name",
    title=r"A_b & c% #1 \x {y} ~ ^ <z> $x_i$",
    data=(A, y_hat),
    parameters=(W, bias),
    definitions=(u,),
    cost=1 / m_ * Sum(Sum(exp(u[i_, a_]), a_) - y_hat[i_] * bias(), i_),
)


def wide(count: int) -> Expr:
    """A formula of many terms and, inside a bracket, of many factors."""
    terms: Expr = y[i] / h[i]
    for _ in range(count):
        terms = terms - (1 - y[i]) * log(1 - h[i]) * exp(-h[i]) / (1 + h[i])
    return 1 / m * Sum(terms * theta[k], i)


def tall() -> Proof:
    """Wide left sides, lines and products, with a long reason."""
    product: Expr = h[i]
    for _ in range(40):
        product = product * (1 - h[i])
    lines = [wide(2), wide(6), wide(9), Sum(product, i)]
    why = "a reason that goes on and on, with every word that a lecturer could say about it"
    steps = tuple(
        Step(a, b, "rule", why, conditions=(Condition(1 + h[i], "!= 0"),))
        for a, b in pairwise(lines)
    )
    return Proof(PROBLEM, (Derivation("T2", "theorem", "wide", lines[0], steps),))


def hostile() -> Proof:
    cost = HOSTILE.cost_definition()
    step = Step(cost, HOSTILE.cost, "unfold", "100% & $J_1$ #_")
    return Proof(HOSTILE, (Derivation("T1", "theorem", "cost_&", cost, (step,)),))


def complaints(log_text: str) -> Iterator[str]:
    for line in log_text.splitlines():
        if re.match(r"!|Overfull|LaTeX (Font )?Warning|Missing character", line):
            yield line


def compiled(folder: Path, name: str) -> str:
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    return (folder / f"{name}.log").read_text(errors="replace")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
@pytest.mark.parametrize("proof", [PROOF, tall(), hostile()], ids=["handmade", "tall", "hostile"])
def test_documents_compile_without_complaint_and_reproducibly(proof: Proof, tmp_path: Path) -> None:
    name = proof.problem.name
    for path, text in proof_texts(proof, VERDICT).items():
        (tmp_path / path).write_text(text)
    assert list(complaints(compiled(tmp_path, name))) == []
    first = (tmp_path / f"{name}.pdf").read_bytes()
    compiled(tmp_path, name)
    assert (tmp_path / f"{name}.pdf").read_bytes() == first


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_the_body_goes_into_a_document_of_ones_own(tmp_path: Path) -> None:
    body = proof_texts(PROOF, VERDICT)["logistic-body.tex"]
    (tmp_path / "logistic-body.tex").write_text(body)
    packages = re.findall(r"^%   (\\usepackage.*)$", body, flags=re.MULTILINE)
    own = [r"\documentclass{article}", *packages, r"\begin{document}"]
    own += [r"Mine. \input{logistic-body} \input{logistic-body}", r"\end{document}"]
    (tmp_path / "own.tex").write_text("\n".join(own))
    assert list(complaints(compiled(tmp_path, "own"))) == []


def test_the_gradient_line_is_the_one_of_the_record() -> None:
    assert LINES[-1] == PROOF.part("T2").last
