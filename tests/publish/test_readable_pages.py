"""Second derivatives that are too long for a page are left to the record, by their size alone."""

from functools import cache

import pytest

from derive.notation.tree import tensors_in
from derive.problems import gaussian_mixture, heteroscedastic, logistic
from derive.publish import width
from derive.publish.latex import latex_mat
from derive.publish.proof_json import proof_record
from derive.publish.proof_tex import proof_body
from derive.publish.readable import LONGEST, MOST_LINES, instead_of_chain, too_long
from derive.verdicts import Verdict
from tests.fuzz.whole import made

PROBLEMS = {p.PROBLEM.name: p.PROBLEM for p in (gaussian_mixture, heteroscedastic, logistic)}
VERDICT = Verdict((), (), "ball arithmetic", 200)


@cache
def proof_of(name):
    return made(PROBLEMS[name]).proof


def second_order(part) -> bool:
    return part.title.startswith("Hessian")


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_is_left_out_is_a_second_derivative_and_long_or_mirrored(name) -> None:
    proof = proof_of(name)
    sections = {s.heading.split()[-1]: s for s in proof_body(proof, VERDICT).sections}
    for part in proof.parts:
        if part.kind == "definition":
            continue
        section = sections[part.label]
        long = part.matrix is not None and width(latex_mat(part.matrix)) > LONGEST
        about = proof.part(part.of) if part.of else part
        if not second_order(about):
            assert section.rows
            assert not too_long(part, proof)
            continue
        assert too_long(part, proof) == long
        assert ("record of this proof" in section.statement) == long
        assert bool(section.rows) != bool(instead_of_chain(part, proof, len(section.rows)))
        assert len(section.rows) <= MOST_LINES


def test_of_two_mirrored_blocks_the_second_refers_to_the_first() -> None:
    proof = proof_of("heteroscedastic")
    sections = {s.title: s for s in proof_body(proof, VERDICT).sections}
    first = sections[r"Hessian by $\beta$ and $\alpha$"]
    second = sections[r"Hessian by $\alpha$ and $\beta$"]
    assert first.rows
    assert not second.rows
    assert first.anchor in second.proofs[0].scope
    assert r"\nabla^2" in second.statement


def test_the_record_holds_what_the_page_leaves_out() -> None:
    proof = proof_of("gaussian_mixture")
    record = proof_record(proof, VERDICT)
    left = [p for p in proof.parts if too_long(p, proof)]
    assert left
    for part in left:
        assert f'"label": "{part.label}"' in record
        assert all(tensors_in(step.after) for step in part.steps)


def test_a_short_hessian_is_written_out_with_its_chain() -> None:
    proof = proof_of("logistic")
    assert not any(too_long(p, proof) for p in proof.parts)
    assert all(s.rows for s in proof_body(proof, VERDICT).sections)
