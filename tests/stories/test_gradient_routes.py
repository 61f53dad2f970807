"""Four routes to one gradient: the same last line, byte for byte."""

from dataclasses import replace

import pytest

from derive.errors import NoRuleError
from derive.judge import judge
from derive.notation.story import To
from derive.notation.text import text
from derive.notation.tree import same
from derive.pipeline import derive
from derive.problems.logistic import PROBLEM
from derive.publish.latex import latex
from derive.record import Derivation, Proof
from derive.routes.follow import tell
from derive.stories import gradient_routes, maximum_likelihood

ROUTES = ("R4", "R5", "R6", "R7")


@pytest.fixture(scope="module")
def told() -> Proof:
    return tell(gradient_routes.STORY)


def index_line(part: Derivation) -> str:
    return text(part.steps[-1].before)


def test_every_step_is_judged(told: Proof) -> None:
    assert judge(told).passed


def test_the_routes_end_in_the_same_line(told: Proof) -> None:
    proof, _ = derive(PROBLEM)
    likelihood = tell(maximum_likelihood.STORY)
    parts = [*(told.part(label) for label in ROUTES), proof.part("T2"), likelihood.part("R3h")]
    assert len({part.last for part in parts}) == 1
    assert {text(part.last) for part in parts} == {"[(1/m) X'(h - y)]_k"}
    assert len({latex(part.last) for part in parts}) == 1
    assert {index_line(part) for part in parts} == {"(1/m) sum_i (h_i - y_i) X_ik"}
    assert all(same(part.steps[-1].before, parts[0].steps[-1].before) for part in parts)


@pytest.mark.parametrize("label", ROUTES)
def test_a_route_without_one_of_its_moves_is_refused_or_stays_true(label: str) -> None:
    story = gradient_routes.STORY
    claim = next(c for c in story.claims if c.label == label)
    refused = 0
    for left_out in range(len(claim.route)):
        route = claim.route[:left_out] + claim.route[left_out + 1 :]
        try:
            part = tell(replace(story, claims=(replace(claim, route=route),))).part(label)
        except NoRuleError:
            refused += 1
            continue
        assert judge(Proof(PROBLEM, (part,))).passed
    assert refused >= 2


def test_a_false_target_is_refused() -> None:
    story = gradient_routes.STORY
    claim = next(c for c in story.claims if c.label == "R6")
    for number, move in enumerate(claim.route):
        if isinstance(move, To):
            wrong = (*claim.route[:number], replace(move, target=2 * move.target))
            with pytest.raises(NoRuleError, match="cannot show"):
                tell(replace(story, claims=(replace(claim, route=wrong),)))
