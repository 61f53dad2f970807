"""Inequalities, what is given, words of the author, and the title of a story."""

from dataclasses import replace
from fractions import Fraction

import pytest
from test_proof_handmade import PARTS, PROBLEM, PROOF, VERDICT, h, i, y

from derive.notation import Interval, Sum, log
from derive.notation.expression import ZERO
from derive.notation.interval import COUNTS, OPEN_UNIT, REAL, UNIT, point
from derive.publish.proof_tex import checked, proof_body, proof_document, subtitle
from derive.publish.relations import latex_member
from derive.publish.terminal import shown
from derive.record import Derivation, Proof, Step
from derive.verdicts import Verdict

one = replace(y, domain=point(1))
high = replace(h.tensor, domain=Interval(Fraction(2, 3), 1, True, True))
GOAL = -one[i] * log(h[i])
STEPS = (
    Step(GOAL, -log(h[i]), "to", "$y_i = 1$"),
    Step(-log(h[i]), ZERO, "to", "$0 < h_i < 1$", sign=">"),
)
RESULT = Derivation(
    "R1", "result", "loss of a positive", GOAL, STEPS, given=(one,),
    text="The loss falls as $h_i$ rises & never vanishes.",
)  # fmt: skip
STORY = Proof(replace(PROBLEM, title="On the loss"), (RESULT,))
BODY = proof_body(STORY, VERDICT)


def test_a_result_shows_its_relation_what_is_given_and_the_words() -> None:
    (section,) = BODY.sections
    assert section.heading == "Result R1"
    assert section.statement == (
        r"$\displaystyle -y_i\log h_i > 0$ for $y_i = 1$. "
        r"\emph{In words:} The loss falls as $h_i$ rises \& never vanishes."
    )
    assert [row.relation for row in section.rows] == [
        r"{}\derivestep{1}",
        r"{}\overset{\text{\tiny\textsf{(2)}}}{>}",
    ]


def test_a_wide_statement_says_first_what_is_given() -> None:
    goal = Sum(GOAL * (1 + h[i]) ** 2 * (2 + h[i]) ** 2 * (3 + h[i]) ** 2, i)
    part = replace(RESULT, goal=goal, steps=(Step(goal, 1 + goal, "to", "", sign="<="),))
    (section,) = proof_body(replace(STORY, parts=(part,)), VERDICT).sections
    assert section.statement.startswith(r"For $y_i = 1$: \[ \begin{aligned}")
    assert r"\le " in section.statement


def test_a_story_has_its_own_title_and_a_derivation_says_what_it_derives() -> None:
    assert proof_document(STORY, VERDICT, "").title == "On the loss"
    title = rf"Gradient and Hessian of \emph{{{PROBLEM.title}}}"
    assert proof_document(PROOF, VERDICT, "").title == title
    lemmas = replace(PROOF, parts=tuple(p for p in PARTS if p.kind == "lemma"))
    assert proof_document(lemmas, VERDICT, "").title == PROBLEM.title
    gradient = replace(PROOF, parts=tuple(p for p in PARTS if p.label == "T2"))
    assert proof_document(gradient, VERDICT, "").title.startswith(r"Gradient of \emph")


def test_what_was_checked_is_not_called_an_equality() -> None:
    assert "relations" in subtitle(STORY, Verdict((), (), "mpmath", 200))
    assert "every sign between two lines" in checked(
        replace(STORY, parts=(replace(RESULT, label="T2"),)), VERDICT
    )
    assert "the two sides agreed" in checked(PROOF, VERDICT)


def test_the_terminal_shows_the_same() -> None:
    text = shown(STORY, VERDICT)
    assert "Result R1 (loss of a positive): -y_i log(h_i) > 0 for y = 1" in text
    assert "(1) = -log(h_i)" in text
    assert "(2) > 0" in text
    assert "The loss falls as h_i rises" in text


@pytest.mark.parametrize(
    ("domain", "printed"),
    [
        (point(1), "h = 1"),
        (point(Fraction(-1, 2)), r"h = -\tfrac{1}{2}"),
        (high.domain, r"h \in (\tfrac{2}{3}, 1)"),
        (UNIT, r"h \in [0, 1]"),
        (OPEN_UNIT, r"h \in (0, 1)"),
        (COUNTS, r"h \in \{0, 1, 2, \dots\}"),
        (Interval(low=Fraction(2)), r"h \ge 2"),
        (Interval(high=Fraction(2)), r"h \in (-\infty, 2]"),
        (REAL, r"h > -\infty"),
    ],
)
def test_domains(domain: Interval, printed: str) -> None:
    assert latex_member("h", domain) == printed
