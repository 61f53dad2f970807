"""Chains, conditions, domains, the error, and the same verdict every time."""

import builtins
import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from derive.errors import RefutedError
from derive.judge import FloatArithmetic, best_arithmetic, judge, require
from derive.notation import POSITIVE, Diff, Interval, Num, Sum, Tensor, log, sigmoid, sqrt
from derive.notation.expression import Expr
from derive.notation.tree import Place
from derive.record import Condition, Derivation, Proof
from derive.verdicts import KernelVerdict, Verdict
from tests.judge.cases import (
    SQUARES,
    J,
    X,
    h,
    i,
    j,
    k,
    m,
    n,
    proof,
    rate,
    refuted,
    step,
    theta,
    w,
    y,
    z,
)

a = Diff(J(), theta[k])
b = 1 / (2 * m) * Diff(Sum((z[i] - y[i]) ** 2, i), theta[k])
c = 1 / (2 * m) * Sum(2 * (z[i] - y[i]) * Diff(z[i], theta[k]), i)
d = 1 / m * Sum((z[i] - y[i]) * X[i, k], i)
CHAIN = (step(a, b), step(b, c, substeps=(step(b, 1 * b), step(1 * b, c)), level=0), step(c, d))
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=[best_arithmetic(), FloatArithmetic(200)], ids=lambda a: a.name)
def arithmetic(request):
    return request.param


def test_a_chain_passes_with_all_its_parts(arithmetic) -> None:
    verdict = judge(proof(*CHAIN), arithmetic=arithmetic)
    assert verdict.passed
    assert [s.path for s in verdict.steps] == [(), (0,), (1,), (1, 0), (1, 1), (2,)]
    assert verdict.steps[2].points > verdict.steps[1].points
    assert (verdict.arithmetic, verdict.bits) == (arithmetic.name, 200)
    require(verdict, proof(*CHAIN))


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ((CHAIN[0], CHAIN[2]), "does not begin where"),
        ((CHAIN[0], step(2 * b / 2, c), CHAIN[2]), "does not begin where"),
        (
            (CHAIN[0], replace(CHAIN[1], substeps=CHAIN[1].substeps[1:]), CHAIN[2]),
            "does not begin with",
        ),
        (
            (CHAIN[0], replace(CHAIN[1], substeps=CHAIN[1].substeps[:1]), CHAIN[2]),
            "does not end where",
        ),
        ((step(a, b, where=Place((0, 7))), *CHAIN[1:]), "no place"),
        ((step(a, b, where=Place((-1,))), *CHAIN[1:]), "no place"),
        ((step(a, b, became=Place((), (0, 9))), *CHAIN[1:]), "no place"),
        ((step(a, b, became=Place((), (1, 1))), *CHAIN[1:]), "no place"),
        ((step(a, b, where=Place((0,), (0, 1))), *CHAIN[1:]), "no place"),
    ],
)
def test_a_broken_chain_does_not_pass(steps, fault) -> None:
    assert fault in refuted(judge(proof(*steps, goal=a)))


def test_the_goal_must_be_what_is_derived() -> None:
    assert "does not begin with" in refuted(judge(proof(*CHAIN[1:], goal=a)))
    wrong = judge(proof(*CHAIN, goal=2 * a))
    assert [s.path for s in wrong.steps if not s.passed] == [(), (0,)]


def test_places_that_exist_are_fine() -> None:
    fine = step(a, b, where=Place((0,)), became=Place((), (0, 2)))
    assert judge(proof(fine, *CHAIN[1:])).passed


def test_an_error_in_a_detail_is_found_where_it_is() -> None:
    wrong = replace(CHAIN[1], substeps=(step(b, 2 * b), step(2 * b, c)))
    verdict = judge(proof(CHAIN[0], wrong, CHAIN[2]))
    assert [s.path for s in verdict.steps if not s.passed] == [(1, 0), (1, 1)]


def test_nothing_to_check_is_not_a_pass() -> None:
    empty = Proof(SQUARES, ())
    assert refuted(judge(empty))
    with pytest.raises(RefutedError, match="nothing was checked"):
        require(judge(empty), empty)
    with pytest.raises(RefutedError, match="nothing was checked"):
        require(Verdict((), (), "mpmath", 200), proof(*CHAIN))


def test_a_label_names_one_derivation() -> None:
    (part,) = proof(*CHAIN).parts
    verdict = judge(Proof(SQUARES, (part, part)))
    assert "label is taken" in refuted(verdict)


def test_the_error_names_the_step_the_rule_and_both_values() -> None:
    wrong = proof(CHAIN[0], step(b, 2 * c, where=Place((1,))), step(2 * c, d))
    with pytest.raises(RefutedError) as raised:
        require(judge(wrong), wrong)
    error = raised.value
    assert "Squares, T1 (by hand), step 2 by the rule by-hand" in error.asked
    assert "^" in error.where.splitlines()[1]
    assert "on the left" in error.wrong
    assert "on the right" in error.wrong
    assert "report" in error.todo
    whole = proof(step(a, 2 * a))
    verdict = judge(whole)
    with pytest.raises(RefutedError) as raised:
        require(verdict, whole)
    assert "goal = last line" in raised.value.asked


def test_what_was_judged_beside_the_proof_can_be_refuted_too() -> None:
    verdict = judge(proof(step(a, 2 * a)))
    with pytest.raises(RefutedError, match="the claim T1"):
        require(verdict, replace(proof(*CHAIN), parts=(Derivation("T9", "theorem", "", a, CHAIN),)))


def test_a_failed_kernel_is_an_error() -> None:
    verdict = judge(proof(*CHAIN))
    kernel = KernelVerdict("gradient", 3, 0.5, False, "2 instead of 1")
    with pytest.raises(RefutedError, match="2 instead of 1"):
        require(replace(verdict, kernels=(kernel,)), proof(*CHAIN))


# Conditions and domains.

TRUE_LOG = (log(theta[j] * theta[k]), log(theta[j]) + log(theta[k]))


def test_a_condition_that_is_discharged_must_hold(arithmetic) -> None:
    fine = step(y[i] + 0, y[i], Condition(h[i], "> 0", by="a sigmoid"),
                Condition(1 - y[i], ">= 0", by="y <= 1"))  # fmt: skip
    assert judge(proof(fine), arithmetic=arithmetic).passed
    for false in (Condition(y[i], "> 0", by="?"), Condition(theta[j], ">= 0", by="?"),
                  Condition(y[i] - y[i], "!= 0", by="?")):  # fmt: skip
        message = refuted(judge(proof(step(y[i] + 0, y[i], false)), arithmetic=arithmetic))
        assert "condition" in message


def test_an_assumed_condition_restricts_the_points(arithmetic) -> None:
    assert "no value on the right" in refuted(judge(proof(step(*TRUE_LOG)), arithmetic=arithmetic))
    assumed = step(*TRUE_LOG, Condition(theta[j], "> 0"))
    verdict = judge(proof(assumed), arithmetic=arithmetic)
    assert verdict.passed
    assert "theta_j > 0" in verdict.assumptions


def test_what_a_substep_assumes_its_step_assumes() -> None:
    substep = step(*TRUE_LOG, Condition(theta[j], "> 0"))
    assert judge(proof(step(*TRUE_LOG, substeps=(substep,)))).passed


def test_assumptions_that_nothing_meets_are_not_a_pass(arithmetic) -> None:
    never = step(y[i], y[i] + 0, Condition(-w[i], "> 0"))
    assert "no admissible point" in refuted(judge(proof(never), arithmetic=arithmetic))


@pytest.mark.parametrize(
    "e",
    [
        log(-w[i]),
        1 / (w[i] - w[i]),
        sqrt(-1 - z[i] ** 2),
        (-w[i]) ** Fraction(1, 2),
        1 / (sigmoid(z[i]) + sigmoid(-z[i]) - 1),
        log(sigmoid(z[i]) + sigmoid(-z[i]) - 1),
    ],
    ids=range(6),
)
def test_without_a_value_on_both_sides_nothing_passes(e: Expr, arithmetic) -> None:
    message = refuted(judge(proof(step(e, e)), arithmetic=arithmetic))
    assert "no admissible point" in message


def test_other_points_are_drawn_where_a_formula_has_no_value(arithmetic) -> None:
    verdict = judge(proof(step(log(theta[k] ** 2 * theta[k]), 3 * log(theta[k]))),
                    arithmetic=arithmetic)  # fmt: skip
    assert verdict.passed
    wrong = judge(proof(step(log(theta[k] ** 3), 2 * log(theta[k]))), arithmetic=arithmetic)
    assert "on the right" in refuted(wrong)


def test_a_step_may_widen_the_domain_but_not_narrow_it() -> None:
    assert judge(proof(step(theta[k] * log(theta[k]) / log(theta[k]), theta[k]))).passed
    narrowed = judge(proof(step(theta[k], theta[k] * log(theta[k]) / log(theta[k]))))
    assert "no value on the right" in refuted(narrowed)
    at_zero = judge(proof(step(y[i], y[i] ** 2 / y[i]), step(y[i] ** 2 / y[i], y[i])))
    assert "division by zero" in refuted(at_zero)


def test_sizes_that_a_formula_excludes_are_left_out() -> None:
    variance = Sum(y[i], i) / (m - 1)
    verdict = judge(proof(step(variance, 1 / (m - 1) * Sum(y[i], i))))
    assert verdict.passed
    refuted(judge(proof(step(variance, Sum(y[i], i) / m))))


def test_domains_and_facts_are_used() -> None:
    S = SQUARES.data[3]
    assert judge(proof(step(S[j, k], S[k, j]))).passed
    half = Tensor("half", (n,), "data", domain=Interval(Fraction(1, 2), Fraction(1, 2)))
    assert judge(proof(step(half[j], Num(Fraction(1, 2)) + 0 * half[j]))).passed
    flag = Tensor("flag", (m,), "data", domain=Interval(0, 1, integer=True))
    assert judge(proof(step(flag[i] ** 2, flag[i]))).passed
    refuted(judge(proof(step(y[i] ** 2, y[i]))))


def test_no_meaning_is_no_pass() -> None:
    lost = Tensor("lost", (m,), "defined")
    assert "no definition" in refuted(judge(proof(step(lost[i], lost[i]))))
    assert "indices" in refuted(judge(proof(step(X[k, i], X[k, i]))))
    empty = Interval(Fraction(1, 4), Fraction(1, 2), integer=True)
    none = Tensor("none", (), domain=empty)()
    assert "no whole number" in refuted(judge(proof(step(none, none))))
    condition = Condition(X[k, i], "> 0")
    assert refuted(judge(proof(step(y[i], y[i], condition))))


def test_letters_outside_of_the_problem_are_drawn() -> None:
    t = Tensor("t", (), "constant")
    v = Tensor("v", (n,), "direction")
    s = sigmoid(t())
    lemma = Derivation("L1", "lemma", "sigmoid", Diff(s, t()), (step(Diff(s, t()), s * (1 - s)),))
    product = step(Sum(Diff(a, theta[j]) * v[j], j), 1 / m * Sum(X[i, k] * X[i, j] * v[j], i, j))
    whole = Proof(SQUARES, (lemma, replace(proof(product).parts[0], label="T2")))
    assert judge(whole).passed


def test_the_fallback_works_without_flint(monkeypatch) -> None:
    found = builtins.__import__

    def without_flint(name, *args, **kwargs):
        if name == "flint":
            raise ImportError(name)
        return found(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_flint)
    verdict = judge(proof(*CHAIN))
    assert verdict.passed
    assert verdict.arithmetic == "mpmath"
    refuted(judge(proof(step(a, b), step(b, -1 * b))))


def test_flint_is_used_where_it_is_installed() -> None:
    pytest.importorskip("flint")
    assert judge(proof(*CHAIN)).arithmetic == "ball arithmetic"


def test_precision_of_others_is_left_alone() -> None:
    flint, mpmath = pytest.importorskip("flint"), pytest.importorskip("mpmath")
    before = (flint.ctx.prec, flint.ctx.cap, mpmath.mp.prec)
    for each in (best_arithmetic(), FloatArithmetic(200)):
        judge(proof(*CHAIN), arithmetic=each)
    assert (flint.ctx.prec, flint.ctx.cap, mpmath.mp.prec) == before


SCRIPT = """
from derive.judge import judge
from tests.judge.test_verdicts import CHAIN, TRUE_LOG
from tests.judge.cases import proof, step
for each in (proof(*CHAIN), proof(step(*TRUE_LOG)), proof(*CHAIN[1:], goal=CHAIN[0].before)):
    print(judge(each))
"""


def test_the_verdict_does_not_depend_on_the_hash_seed() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert "passed=True" in printed.pop()


def test_positive_domains_are_named_as_assumptions() -> None:
    verdict = judge(proof(*CHAIN))
    assert "y in [0, 1]" in verdict.assumptions
    assert "rate in (0, inf)" in verdict.assumptions
    assert rate.domain == POSITIVE
