"""One loop over all rules: each fires, is right, is refuted when corrupted, and ends."""

import itertools
from dataclasses import replace

import mpmath
import numpy as np
import pytest

from derive.calculus.algebra import ALGEBRA
from derive.calculus.case_deltas import CASE_DELTAS
from derive.calculus.derivatives import ALL_DERIVATIVES
from derive.calculus.examples import MATRICES, SCOPE, S, X, c, i, m, n, theta, v, y
from derive.calculus.inverses import INVERSES
from derive.calculus.lemmas import QUIET
from derive.calculus.multivariate import MULTIVARIATE
from derive.calculus.named import NAMED
from derive.calculus.pieces import CASES_DERIVATIVE, PIECES
from derive.calculus.rewrite import STEP_LIMIT, Line, apply_line
from derive.calculus.sums import SUMS
from derive.judge import judge
from derive.matrices.recognise import RECOGNITION
from derive.matrices.tidy import MATRIX_ALGEBRA
from derive.notation import Diff, Problem
from derive.notation.functions import FUNCTIONS, SLOT
from derive.notation.tree import free_indices, replace_tensor, subterms
from derive.record import Derivation, Proof, Step
from derive.stabilise.identities import IDENTITIES
from tests.calculus.corruption import corrupted
from tests.fuzz.dual_numbers import mp_number, seeded
from tests.fuzz.literal import Literal

TABLES = {
    "derivatives": ALL_DERIVATIVES, "algebra": ALGEBRA, "sums": SUMS, "named": NAMED,
    "multivariate": MULTIVARIATE, "recognition": RECOGNITION, "inverses": INVERSES,
    "matrices": MATRIX_ALGEBRA, "pieces": (*PIECES, CASE_DELTAS), "stable": IDENTITIES,
}  # fmt: skip
TESTED = [
    *ALL_DERIVATIVES, *ALGEBRA, *SUMS, *NAMED, *MULTIVARIATE, *RECOGNITION, *INVERSES,
    *MATRIX_ALGEBRA, *PIECES, CASE_DELTAS,
    # The examples of the identities are written in the slot t; here t is some entry.
    *(replace(r, example=replace_tensor(r.example, lambda _: y[i])) for r in IDENTITIES),
]  # fmt: skip
RULES = [pytest.param(rule, id=f"{number}-{rule.id}") for number, rule in enumerate(TESTED)]
DIGITS = 40
PROBLEM = Problem(
    "table", "The table of rules", (X, y, c, v), (theta, S), SLOT, MATRICES.definitions
)


def literal(seed: int, sizes=(3, 4)) -> Literal:
    """Numbers in (0, 1), where every function of the examples is defined."""
    rng = seeded(seed)

    def array(*shape):
        values = [mpmath.mpf(rng.randrange(50, 950)) / 1000 for _ in range(int(np.prod(shape)))]
        return np.array(values, dtype=object).reshape(shape)

    a, b = sizes
    tensors = {
        "X": array(a, b), "y": array(a), "c": array(), "v": array(b), "theta": array(b),
        "t": array(),
    }  # fmt: skip
    root = array(b, b)
    tensors["S"] = root @ root.T + np.eye(b, dtype=int)
    return Literal({m: a, n: b}, tensors, MATRICES.definitions, mp_number)


def distance(left, right, seed=1, sizes=(3, 4)):
    """The largest relative distance of two formulas over all positions."""
    with mpmath.workdps(DIGITS + 20):
        point = literal(seed, sizes)
        letters = tuple(dict.fromkeys((*free_indices(left), *free_indices(right))))
        largest = mpmath.mpf(0)
        for places in itertools.product(
            *(range(1, point.sizes[k.axis.letter] + 1) for k in letters)
        ):
            at = dict(zip(letters, places, strict=True))
            a, b = point.value(left, at), point.value(right, at)
            largest = max(largest, abs(a - b) / max(1, abs(a), abs(b)))
        return largest


def verdict_of(before, after, conditions=()):
    step = Step(before, after, "rule", "rule", conditions=conditions)
    return judge(Proof(PROBLEM, (Derivation("T1", "theorem", "rule", before, (step,)),)))


def fired(rule):
    after = rule.rewrite(rule.example, rule.scope)
    assert after is not None, "the rule does not fire on its example"
    assert after != rule.example
    return after


def test_ids_are_unique_in_each_table() -> None:
    for table in TABLES.values():
        assert len({rule.id for rule in table}) == len(table)


@pytest.mark.parametrize("rule", RULES)
def test_both_sides_agree(rule) -> None:
    after = fired(rule)
    for seed, sizes in ((1, (3, 4)), (2, (4, 2)), (3, (1, 3)), (4, (3, 1))):
        assert distance(rule.example, after, seed, sizes) < mpmath.mpf(10) ** -DIGITS
    verdict = verdict_of(rule.example, after, rule.conditions(rule.example, rule.scope))
    assert verdict.passed, verdict.steps
    assert verdict.bits * 0.301 > DIGITS


@pytest.mark.parametrize("rule", RULES)
def test_a_corrupted_copy_is_refuted(rule) -> None:
    after, refuted = fired(rule), 0
    conditions = rule.conditions(rule.example, rule.scope)
    for name, wrong in corrupted(after):
        try:
            gap = distance(rule.example, wrong)
        except (AssertionError, KeyError, ValueError, TypeError, ZeroDivisionError):
            gap = 1  # no formula at all, or no number
        if gap < 1e-3:
            continue  # this corruption is none: 2 f of f = 0, say
        refuted += 1
        assert not verdict_of(rule.example, wrong, conditions).passed, name
    assert refuted >= 2


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_ends(rule) -> None:
    """A line with this rule alone, and one with the quiet rules, changes its own result no more."""
    for line in (Line("alone", (rule,)), Line("quiet", (rule,), quiet=QUIET)):
        step = apply_line(rule.example, line, rule.scope)
        assert step is not None
        assert len(step.substeps) < STEP_LIMIT / 20
        assert apply_line(step.after, line, rule.scope) is None


@pytest.mark.parametrize("rule", IDENTITIES, ids=lambda rule: rule.id)
def test_stable_identities_fire_on_their_own_examples(rule) -> None:
    assert rule.rewrite(rule.example, rule.scope) is not None


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_functions_of_the_table_are_what_they_say(function) -> None:
    """Derivative, definition, range and domain of a row against numbers of our own."""
    with mpmath.workdps(60):
        claim = function.derivative(SLOT)
        for value in ("0.3", "1.7", "0.001", "11"):
            point = Literal({}, {"t": np.array(mpmath.mpf(value), dtype=object)}, (), mp_number)
            exact = point.value(Diff(function(SLOT), SLOT))
            assert abs(point.value(claim) - exact) < mpmath.mpf(10) ** -DIGITS
            if function.definition is not None:
                other = point.value(function.definition(SLOT))
                assert abs(other - point.value(function(SLOT))) < mpmath.mpf(10) ** -DIGITS
            got = point.value(function(SLOT))
            assert float(function.range.low) <= got <= float(function.range.high)
            if function.monotone == "increasing":
                assert exact >= 0


@pytest.mark.parametrize(
    "rule", [*ALL_DERIVATIVES, *INVERSES, CASES_DERIVATIVE], ids=lambda rule: rule.id
)
def test_what_is_held_fixed_stays_so_in_every_rule(rule) -> None:
    """A rule of differentiation takes the derivatives that it leaves in the same way."""
    held = (SCOPE.definitions[2].tensor,)
    after = rule.rewrite(replace(rule.example, held=held), rule.scope)
    assert after is not None
    assert all(node.held == held for _, node in subterms(after) if isinstance(node, Diff))


def test_no_example_is_trivial() -> None:
    for table in TABLES.values():
        for rule in table:
            assert len(list(subterms(rule.example))) >= 1
            assert rule.statement
            assert rule.reason
