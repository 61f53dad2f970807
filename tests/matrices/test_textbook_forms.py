"""The forms that come out against those that a textbook has."""

from pathlib import Path

import pytest

from derive.judge import judge
from derive.notation.matrix import Einsum
from derive.notation.matrix_parts import walk
from derive.notation.text import mat_text
from tests.fuzz.whole import made, mistakes
from tests.matrices.textbook_costs import CASES, problem

TABLE = Path(__file__).with_name("textbook_forms.txt")
"""The names of costs; under each the gradients, the Hessian's blocks row by row, the products."""


def read(table: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in table.splitlines():
        if line.startswith("== "):
            found[line[3:]] = lines = []
        elif line:
            lines.append(line)
    return found


FORMS = read(TABLE.read_text())

THREE_AXES = {"rank3", "rank3m", "rank3sq", "stress"}
"""Data with three axes, and distances: no product of matrices expresses them."""


def parts_of(proof, start: str):
    return [p for p in proof.parts if p.kind == "theorem" and p.title.startswith(start)]


def has_einsum(mat) -> bool:
    return any(isinstance(node, Einsum) for node in walk(mat))


@pytest.mark.parametrize("name", CASES)
def test_forms_of_textbooks(name) -> None:
    whole = made(problem(name))
    gradients = parts_of(whole.proof, "gradient")
    products = parts_of(whole.proof, "Hessian-vector")
    hessians = [p for p in parts_of(whole.proof, "Hessian") if p not in products]
    if name not in THREE_AXES:
        assert not any(has_einsum(p.matrix) for p in (*gradients, *products))
    if name in FORMS:
        found = [
            f"{kind} {mat_text(part.matrix)}"
            for kind, parts in (
                ("gradient", gradients),
                ("Hessian ", hessians),
                ("product ", products),
            )
            for part in parts
        ]
        assert found == FORMS[name]
    assert mistakes(problem(name), 3, whole) in ([], ["skipped"])


def test_the_table_is_large_enough() -> None:
    assert len(FORMS) >= 50


@pytest.mark.parametrize(
    "name", ["mf_masked", "softmax", "tr(G'GG'G)", "traceratio", "cox", "hadamard", "tr(G3)"]
)
def test_every_step_of_the_algebra_is_judged(name) -> None:
    whole = made(problem(name))
    verdict = judge(whole.proof)
    assert verdict.passed, [s for s in verdict.steps if not s.passed][:3]
    rules = {s.rule for p in whole.proof.parts for line in p.steps for s in line.substeps}
    assert "sums-as-products" in rules or "matrix-collect" in rules or "traces" in rules
