"""The routes line by line, and every single mutation."""

import itertools
from dataclasses import replace

import pytest

from derive.errors import NoRuleError
from derive.judge import judge
from derive.notation.expression import Element
from derive.notation.story import To
from derive.notation.text import text
from derive.pipeline import derive
from derive.problems.logistic import PROBLEM
from derive.publish.latex import latex
from derive.record import Derivation, Proof, Step
from derive.routes.follow import tell
from derive.stories import gradient_routes, maximum_likelihood
from derive.stories.gradient_routes import LAST

STORY = gradient_routes.STORY
ROUTES = {claim.label: claim for claim in STORY.claims}


@pytest.fixture(scope="module")
def told() -> Proof:
    return tell(STORY)


def alone(claim):
    return tell(replace(STORY, claims=(claim,))).part(claim.label)


def test_the_last_index_lines_agree_byte_for_byte(told) -> None:
    parts = [
        *(told.part(label) for label in ROUTES),
        derive(PROBLEM)[0].part("T2"),
        tell(maximum_likelihood.STORY).part("R3h"),
    ]
    for back in (-1, -2, -3):
        ends = [part.steps[back].after for part in parts]
        assert len(set(ends)) == len({text(e) for e in ends}) == len({latex(e) for e in ends}) == 1
    assert parts[0].steps[-2].after == LAST


def test_every_pair_of_index_lines_of_all_routes_agrees(told) -> None:
    lines = list(dict.fromkeys(
        step.after for label in ROUTES for step in told.part(label).steps
        if not isinstance(step.after, Element)
    ))  # fmt: skip
    claims = tuple(
        Derivation(f"X{n}", "theorem", "x", a, (Step(a, b, "x", "x"),))
        for n, (a, b) in enumerate(itertools.pairwise(lines))
    )
    verdict = judge(Proof(PROBLEM, claims))
    assert verdict.passed, [s for s in verdict.steps if not s.passed]
    assert len(lines) > 30


LEFT_OUT = [(label, n) for label, c in ROUTES.items() for n in range(len(c.route))]


@pytest.mark.parametrize(("label", "n"), LEFT_OUT)
def test_a_move_left_out(label, n) -> None:
    claim = ROUTES[label]
    route = claim.route[:n] + claim.route[n + 1 :]
    try:
        part = alone(replace(claim, route=route))
    except NoRuleError:
        return
    assert judge(Proof(PROBLEM, (part,))).passed


TOS = [(la, n) for la, c in ROUTES.items() for n, mv in enumerate(c.route) if isinstance(mv, To)]


@pytest.mark.parametrize(("label", "n"), TOS)
@pytest.mark.parametrize("wrong", [lambda e: 2 * e, lambda e: -e, lambda e: e + 1])
def test_a_wrong_target(label, n, wrong) -> None:
    claim = ROUTES[label]
    move = replace(claim.route[n], target=wrong(claim.route[n].target))
    with pytest.raises(NoRuleError, match="cannot show"):
        alone(replace(claim, route=(*claim.route[:n], move, *claim.route[n + 1 :])))


@pytest.mark.parametrize("label", ROUTES)
def test_a_promised_end_elsewhere(label) -> None:
    with pytest.raises(NoRuleError, match="ends elsewhere"):
        alone(replace(ROUTES[label], ends=-LAST))
