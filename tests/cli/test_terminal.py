"""The derivation in the terminal: every line, within the width, with and without colour."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from derive.pipeline import Built, build
from derive.publish.certificates import label
from derive.publish.module import Source
from derive.publish.plain_words import plain
from derive.publish.terminal import BLUE, ORANGE, Look, shown
from derive.readers.file import catalogue_subject
from tests.sample import COSTS, STORIES

ROOT = Path(__file__).resolve().parent.parent.parent
ESCAPE = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture(scope="module", params=(*COSTS, *STORIES))
def built(request: pytest.FixtureRequest) -> Built:
    return build(catalogue_subject(request.param), Source("a", "b"))


def test_every_derivation_and_step_is_there(built: Built) -> None:
    text = shown(built.proof, built.verdict)
    parts = built.proof.parts
    kinds = "Definition|Lemma|Theorem|Rewriting|Result"
    headings = re.findall(rf"^(?:{kinds}) (\w+)", text, re.MULTILINE)
    found = built.proof.certificate  # on convexity: a remark where nothing is known
    last = [label(built.proof)] if found and (found.arguments or found.witness) else []
    assert headings == [part.label for part in parts] + last
    numbers = re.findall(r"^ +\((\d+)\) [=<>]+ ", text, re.MULTILINE)
    assert numbers == [str(k + 1) for part in parts for k in range(len(part.steps))]
    assert " ".join(text.split()).endswith("it is not a proof.")


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("steps", [False, True])
def test_no_line_is_wider_than_the_terminal(built: Built, width: int, steps: bool) -> None:
    text = shown(built.proof, built.verdict, Look(width, steps=steps))
    assert [line for line in text.splitlines() if len(line) > width] == []
    assert [line for line in text.splitlines() if line != line.rstrip()] == []
    assert not set("$\\\xa0\x1b") & set(text)


def test_colour_changes_nothing_else(built: Built) -> None:
    for steps in (False, True):
        bare = shown(built.proof, built.verdict, Look(90, colour=False, steps=steps))
        coloured = shown(built.proof, built.verdict, Look(90, colour=True, steps=steps))
        assert ESCAPE.sub("", coloured) == bare
        assert ORANGE in coloured
        assert BLUE in coloured


def test_the_steps_of_a_step_follow_it(built: Built) -> None:
    text = shown(built.proof, built.verdict, Look(100, steps=True))
    inner = re.findall(r"^ +(\d+\.\d+) = ", text, re.MULTILINE)
    several = [s for part in built.proof.parts for s in part.steps if len(s.substeps) > 1]
    assert len(inner) == sum(len(step.substeps) for step in several)


def test_what_has_just_changed_is_blue() -> None:
    made = build(catalogue_subject("logistic"), Source("a", "b"))
    text = shown(made.proof, made.verdict, Look(100, colour=True))
    lemma = text[text.index("L2") : text.index("L3")]
    assert f"{BLUE}delta_jk" in lemma


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"chain rule, $(u^a)' = a\,u^{a-1}$", "chain rule, (u^a)' = a u^(a-1)"),
        (r"$\partial\theta_j/\partial\theta_k = \delta_{jk}$", "dtheta_j/dtheta_k = delta_jk"),
        (r"$\mathrm{d}t/\mathrm{d}t = 1$", "dt/dt = 1"),
        (r"$\log\sigma(t) = -\log(1+e^{-t})$", "log sigmoid(t) = -log(1+e^(-t))"),
        (r"$(\sqrt u)' = 1/(2\sqrt u)$", "(sqrt u)' = 1/(2 sqrt u)"),
        (r"$\operatorname{softplus}' = \sigma$", "softplus' = sigmoid"),
        (r"functions \texttt{cost\_a}, 1\,435 points", "functions cost_a, 1,435 points"),
        (r"$\frac{\partial J}{\partial \theta_k} \le 0$", "dJ/(dtheta_k) <= 0"),
        (r"$\sum_{i=1}^{m}e^{u_{i}}$", "sum_(i=1)^m e^u_i"),
        (r"$X^\top X\theta$", "X' X theta"),
        (r"5\% \textless{} 6", "5% < 6"),
        (r"costs $5", "costs 5"),
        (r"$e^{", "e^{"),
        ("", ""),
    ],
)
def test_latex_in_words(latex: str, words: str) -> None:
    assert plain(latex, {r"\sigma": "sigmoid"}) == words


@pytest.mark.parametrize("extra", [{}, {"NO_COLOR": "1"}])
def test_a_pipe_gets_no_colour(extra: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "derive", "show", "least_squares", "--steps"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"} | extra,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "\x1b" not in done.stdout
    assert "Theorem T2: gradient" in done.stdout
