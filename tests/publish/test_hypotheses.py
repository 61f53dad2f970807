"""What theorems suppose: the same on the page, in the docstring, in the index and in the record."""

import json
from fractions import Fraction

import pytest

from derive.notation import Axis, Sum, data
from derive.notation.functions import SLOT
from derive.notation.text import text
from derive.pipeline import Built, build
from derive.publish.hypotheses import generic, requirements
from derive.publish.index import index_row, index_text
from derive.publish.latex import latex
from derive.publish.module import Source
from derive.readers.file import catalogue_subject
from derive.record import Condition
from tests.publish.hypotheses import check_hypotheses

m = Axis("m")
i = m.index("i")
u, v = data("u", m), data("v", m)
STORIES = ("canonical_link", "saturation", "second_order", "softmax_story", "surrogates")


def built(name: str) -> Built:
    return build(catalogue_subject(name), Source(f"derive/problems/{name}.py", "make derive"))


@pytest.mark.parametrize("name", STORIES)
def test_stories_suppose_what_their_steps_assume(name: str) -> None:
    check_hypotheses(built(name).proof)


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ([(u[i] + 2, "!= 0"), (u[i] - 2, "!= 0")], ["|u_i| != 2"]),
        ([(u[i] - 2, "!= 0"), (2 + u[i], "!= 0")], ["|u_i| != 2"]),
        ([(u[i], "!= 0"), (u[i], "> 0")], ["u_i > 0"]),
        ([(u[i], "> 0"), (-u[i], "!= 0")], ["u_i > 0"]),
        ([(1 - u[i], "> 0")], ["u_i < 1"]),
        ([(Fraction(1, 2) * u[i] - 1, "!= 0")], ["u_i != 2"]),
        ([(3 - 2 * u[i], ">= 0")], ["u_i <= 3/2"]),
        ([(u[i] - v[i], "> 0")], ["u_i > v_i"]),
        ([(u[i] * v[i], "> 0"), (v[i] * u[i], "!= 0")], ["u_i v_i > 0"]),
        ([(Sum(u[i] * v[i], i), "> 0"), (Sum(v[i] * u[i], i), "!= 0")], ["sum_i u_i v_i > 0"]),
        ([(u[i], "!= 0"), (v[i], "!= 0")], ["u_i != 0", "v_i != 0"]),
        ([(u[i] - 1, "!= 0"), (v[i] + 1, "!= 0")], ["u_i != 1", "v_i != -1"]),
    ],
)
def test_conditions_are_said_once_and_as_they_are_written(conditions, said) -> None:
    found = requirements(Condition(e, relation) for e, relation in conditions)
    assert [
        f"{f'|{text(r.left)}|' if r.absolute else text(r.left)} {r.sign} {text(r.right)}"
        for r in found
    ] == said


def test_huber_s_hypothesis_stands_everywhere() -> None:
    made = built("huber")
    sentence = r"Let $\lvert e_i \rvert \ne 1.345$ for every $i$. Then"
    assert made.texts["proofs/huber-body.tex"].count(sentence) == 3
    plain = " ".join(made.texts["huber.py"].partition('"""\n\nimport')[0].split())
    assert plain.count("where |e_i| != 269/200 for every i") == 3
    page = index_text([index_row(made.proof, made.verdict, "derive/problems/huber.py")])
    assert r"$\lvert e_i \rvert \ne 1.345$ for every $i$ (T2, T3, T4)" in page


def test_a_generic_function_is_a_hypothesis_and_never_its_stand_in() -> None:
    subject = catalogue_subject("canonical_link")
    made = build(subject, Source("derive/stories/canonical_link.py", "make derive"))
    page, record = (made.texts[f"proofs/canonical_link{end}"] for end in ("-body.tex", ".json"))
    assert r"Let $A$ be differentiable with $A' = \mu$. Then" in page
    for row in json.loads(record)["functions"].items():
        name, found = row
        assert ("hypothesis" in found) == (name in ("A", "mu", "V", "g", "dg")), name
    functions = {f.name: f for part in made.proof.parts for f in generic(part)}
    assert sorted(functions) == ["A", "V", "dg", "g", "mu"]
    assert r"\frac{t^2}{2}+e^t" in latex(functions["A"].definition(SLOT))
    assert r"\frac{t^2}{2}+e^t" not in page
    derivations = {d["label"]: d for d in json.loads(record)["derivations"]}
    assert derivations["G1"]["generic functions"] == ["A"]
    assert derivations["G3"]["generic functions"] == ["A", "mu", "V"]
    assert "generic functions" not in derivations["I3"]  # the instance has no generic function
    index = index_text([index_row(made.proof, made.verdict, "derive/stories/canonical_link.py")])
    assert r"(let $A$ be differentiable with $A' = \mu$)" in index
    assert "| G1, G2, I6, N1, N3, N4 |" in index
    assert derivations["N4"]["in words"].startswith("So at")
    assert page.count(r"\emph{In words:}") == 6


def test_a_letter_that_python_keeps_is_printed_as_a_letter() -> None:
    made = built("ridge")
    assert r"Assumed: $\lambda \ge 0$." in made.texts["proofs/ridge-body.tex"]
    assert made.verdict.assumptions == ("lambda in [0, inf)",)
