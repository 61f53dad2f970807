"""Forged certificates are refuted; one certificate rules the module, the page and the record."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from derive.certify.certificate import certified
from derive.certify.line import along_a_line
from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.errors import DeriveError
from derive.judge import judge_certificate
from derive.judge.witness import judge_witness
from derive.notation import Axis, Problem, Sum, data, logdet, parameter
from derive.notation.expression import ZERO
from derive.pipeline import build, derive
from derive.publish.certificates import LATEX, PLAIN, label, plain_theorem, stated, summary
from derive.publish.index import END, MARK, front_page, index_row
from derive.publish.module import Source
from derive.publish.solver_views import general_model
from derive.readers.file import catalogue
from derive.record import Argument, Certificate, Derivation, Step

COSTS = {subject.name: subject for subject in catalogue() if isinstance(subject, Problem)}


def forged(problem: Problem) -> Certificate:
    """The bare claim that a cost is convex."""
    line = along_a_line(problem, problem.parameters)
    step = Step(line.curvature, ZERO, "convexity", "because I say so", sign=">=")
    claim = Derivation("C1", "theorem", "convex along every line", line.curvature, (step,))
    return Certificate("convex", (Argument(problem.parameters, (), ((line.problem, (claim,)),)),))


def test_the_judge_refutes_a_forged_proof() -> None:
    found = judge_certificate(forged(COSTS["sigmoid_squares"]))
    assert not all(step.passed for step in found)
    assert all(step.passed for step in judge_certificate(forged(COSTS["softmax"])))


@pytest.mark.parametrize("entry", [Fraction(0), Fraction(1, 2), Fraction(2)])
def test_the_judge_refutes_a_false_witness(entry: Fraction) -> None:
    certificate, _ = certified(COSTS["sigmoid_squares"])
    witness = certificate.witness
    assert witness is not None
    assert judge_witness(witness).passed
    *given, (start, _) = witness.values
    assert not judge_witness(replace(witness, values=(*given, (start, (entry,))))).passed


def test_a_witness_must_be_admissible() -> None:
    certificate, _ = certified(COSTS["sigmoid_squares"])
    witness = certificate.witness
    assert witness is not None
    X, (y, _), start = witness.values
    outside = replace(witness, values=(X, (y, (Fraction(7),)), start))
    found = judge_witness(outside)
    assert not found.passed
    assert "outside of its domain" in found.message
    still = tuple((v, (Fraction(0),)) for v, _ in witness.direction)
    assert not judge_witness(replace(witness, direction=still)).passed


def test_a_certificate_is_the_same_each_time() -> None:
    for name in ("sigmoid_squares", "softmax", "logistic_wb"):
        assert certified(COSTS[name]) == certified(COSTS[name])


@pytest.mark.parametrize("name", COSTS)
def test_one_source_of_truth(name: str) -> None:
    before = linear_predictor(COSTS[name], sample_loss(COSTS[name]))
    certificate, linear = certified(COSTS[name], before)
    alone, _ = certified(COSTS[name])
    # Without the recognised score an argument may be missed, but none may say something else.
    assert alone.convexity in (certificate.convexity, "not certified")
    if linear is not None and before is not None:
        assert linear.convex == certificate.convex
        assert linear.bound == certificate.bound
        assert not before.convex or linear.convex


def test_a_bound_holds_for_mixtures_and_products() -> None:
    found = {}
    for name in ("logistic_signs", "probit"):
        before = linear_predictor(COSTS[name], sample_loss(COSTS[name]))
        found[name] = certified(COSTS[name], before)[0].bound
    assert found == {"logistic_signs": Fraction(1, 4), "probit": Fraction(1)}


# ---------------------------------------------------------------- where it is said


def test_module_record_and_page_say_the_same() -> None:
    made = build(COSTS["logistic_wb"], Source("a.py", "b"))
    assert made.verdict.passed
    assert "convex=True" in made.texts["logistic_wb.py"]
    name = label(made.proof)
    assert f"{name} convexity: convex" in made.texts["logistic_wb.py"]
    record = json.loads(made.texts["proofs/logistic_wb.json"])["certificate"]
    assert (record["label"], record["convexity"]) == (name, "convex")
    page = made.texts["proofs/logistic_wb-body.tex"]
    assert rf"\textbf{{Theorem {name}}}}} (convexity)" in page
    for argument in record["arguments"]:
        for reason in argument["reasons"]:
            assert reason["latex"] in page
    assert [step.label for step in made.verdict.steps if step.label == "C1"]


def test_a_witness_is_told() -> None:
    proof, _ = derive(COSTS["sigmoid_squares"])
    assert summary(proof) == "not convex (witness)"
    told = " ".join(plain_theorem(proof, 100))
    assert "J is not convex." in told
    assert "A witness: for m = 1, n = 1, X = " in told
    assert stated(proof, LATEX) == "$J$ is not convex."


def test_symmetric_parameters_are_no_business_of_the_solver() -> None:
    n = Axis("n")
    j, q = n.index("j"), n.index("q")
    A = data("A", n, n)
    for facts, convex in (((), "True"), (("symmetric",), "False")):
        M = parameter("M", n, n, facts=facts)
        cost = Sum(Sum((M[j, q] - A[j, q]) ** 2, q), j)
        proof, made = derive(Problem("near", "Nearest matrix", (A,), (M,), cost))
        assert proof.certificate is not None
        assert proof.certificate.convex
        assert general_model(made, convex=proof.certificate.convex).convex == convex


def test_what_is_not_known_is_said_so() -> None:
    n = Axis("n")
    M = parameter("M", n, n)
    certificate, _ = certified(Problem("det", "Determinant", (), (M,), logdet(M)))
    proof, _ = derive(COSTS["least_squares"])
    unknown = replace(
        proof, certificate=replace(certificate, convexity="not certified", witness=None)
    )
    assert summary(unknown) == "-"
    assert stated(unknown, PLAIN).startswith("Neither a proof nor a counterexample")


def test_the_table_of_the_front_page() -> None:
    made = build(COSTS["least_squares"], Source("a.py", "b"))
    row = index_row(made.proof, made.verdict, "derive/problems/least_squares.py")
    page = front_page(f"before\n{MARK}\nold\n{END}\nafter\n", [row])
    assert page.startswith(f"before\n{MARK}\n")
    assert page.endswith(f"{END}\nafter\n")
    assert "\nold\n" not in page
    assert "| Linear least squares | $\\frac{1}{m}" in page
    assert "convex; curvature &le; 1 |" in page
    assert "(generated/proofs/least_squares.json)" in page
    assert front_page(page, [row]) == page
    with pytest.raises(DeriveError, match="has no lines"):
        front_page("nothing here", [row])
