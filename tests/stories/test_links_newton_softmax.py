"""Canonical links, second order and softmax: told, judged, and what the code makes of them."""

import types
from dataclasses import replace

import numpy as np
import pytest

from derive.calculus.double_sums import DOUBLE_SUMS
from derive.calculus.examples import SCOPE, X, c, theta, v, y
from derive.calculus.repeated import REPEATED
from derive.errors import RefutedError
from derive.judge import judge
from derive.notation import Problem, exp
from derive.notation.functions import FUNCTIONS, SLOT, relu, step
from derive.notation.text import mat_text
from derive.pipeline import build
from derive.problems import exponential_loss, smoothed_hinge, softmax, squared_hinge
from derive.publish.module import Source
from derive.record import Derivation, Proof, Step
from derive.routes.follow import tell
from derive.routes.taylor import taylor_rules
from derive.stabilise.shares import LOWERED_SHARES
from derive.stabilise.shifts import SHIFTS
from derive.stories import canonical_link, second_order, softmax_story
from tests.fuzz.whole import executed

MODELS = [softmax, exponential_loss, squared_hinge, smoothed_hinge]


def passed(proof):
    verdict = judge(proof)
    assert verdict.passed, [s for s in verdict.steps if not s.passed][:3]
    return proof


def form(proof, label):
    return mat_text(proof.part(label).matrix)


@pytest.fixture(scope="module")
def links():
    return tell(canonical_link.STORY)


@pytest.fixture(scope="module")
def newton():
    return tell(second_order.STORY)


@pytest.fixture(scope="module")
def classes():
    return tell(softmax_story.STORY)


@pytest.mark.parametrize("number", range(len(canonical_link.STORIES)))
def test_the_theorem_holds_for_every_stand_in(number):
    passed(tell(canonical_link.STORIES[number]))


def test_one_gradient_for_all_canonical_links(links):
    assert form(links, "G1") == "(1/m) X'(h - y)"
    assert form(links, "G2") == "(1/m) X' diag(V(z)) X"
    assert links.part("G3").sign == ">="
    assert form(links, "I1") == "(1/m) X'(z - y)"
    assert form(links, "I3") == "(1/m) X'(sigmoid(z) - y)"
    assert form(links, "I5") == "(1/m) X'(exp(z) - y)"
    assert form(links, "I7") == "(1/m) X'(P - Y)"


def test_another_link_has_a_factor(links):
    assert form(links, "N1") == "(1/m) X'((u - y)*dg(z)/(u*(1 - u)))"
    assert form(links, "N2") == form(links, "I3")
    assert "exp(-(1/2) z^2)/(p*(1 - p))" in form(links, "N3")
    assert links.part("N4").sign == ">"


def test_a_stand_in_with_a_wrong_derivative_is_refuted():
    good = canonical_link.STAND_INS[0]
    bad = replace(good, means=lambda t: 2 * t + exp(t))
    assert not judge(tell(canonical_link.story(bad))).passed


def test_an_instance_with_a_wrong_derivative_is_refused(monkeypatch):
    family = canonical_link.family

    def wrong(stand_in):
        whole, mean = family(stand_in)
        instances = tuple(
            (name, (lambda t: t**3) if name == "poisson" else f) for name, f in whole.instances
        )
        return replace(whole, instances=instances), mean

    monkeypatch.setattr(canonical_link, "family", wrong)
    with pytest.raises(RefutedError, match="poisson"):
        tell(canonical_link.story(canonical_link.STAND_INS[0]))


def test_newton_is_reweighted_least_squares(newton):
    passed(newton)
    assert form(newton, "N1") == "(1/m) X' diag(w) X"
    assert form(newton, "N2") == "(1/m) X'(w*r)"
    assert form(newton, "C4") == "(1/(4m)) |X v|^2"
    signs = [newton.part(label).sign for label in ("C1", "C3", "C4", "E3", "E6", "E8", "B2")]
    assert signs == ["<=", ">=", "<=", ">=", "<=", "<=", "<="]


def test_softmax_tells_its_story(classes):
    passed(classes)
    assert form(classes, "M2") == "(1/m) X'(P - Y)"
    assert form(classes, "M4") == "(1/m) X'(P*(X V) - diag((P*(X V)) 1_K) P)"
    assert form(classes, "M13") == "(1/m) X'(h - y)"


@pytest.mark.parametrize(
    "rule", [*REPEATED, *DOUBLE_SUMS, *SHIFTS, *LOWERED_SHARES], ids=lambda rule: rule.id
)
def test_rule_fires_and_is_right(rule):
    fired = step_of(rule)
    assert verdict_of(fired).passed
    wrong = replace(fired, after=fired.after + 1 if rule.sign != ">=" else fired.after - 1)
    if rule.sign == "=":
        assert not verdict_of(wrong).passed


@pytest.mark.parametrize("rule", tuple(taylor_rules(FUNCTIONS)), ids=lambda rule: rule.id)
def test_inequality_is_right_and_its_converse_is_not(rule):
    fired = step_of(rule)
    assert verdict_of(fired).passed
    converse = {"<=": ">=", ">=": "<="}[rule.sign]
    assert not verdict_of(replace(fired, sign=converse)).passed


def step_of(rule):
    after = rule.rewrite(rule.example, rule.scope)
    assert after is not None
    return Step(rule.example, after, rule.id, rule.reason, sign=rule.sign)


def verdict_of(fired):
    problem = Problem("table", "Rules", (X, y, c, v), (theta,), SLOT, SCOPE.definitions)
    return judge(Proof(problem, (Derivation("R1", "theorem", "rule", fired.before, (fired,)),)))


def test_a_gate_beside_another_argument_stays():
    (rule,) = (rule for rule in REPEATED if rule.id == "one-gate")
    assert rule.rewrite(step(SLOT) * relu(SLOT + 1), SCOPE) is None


@pytest.fixture(scope="module", params=MODELS, ids=lambda module: module.PROBLEM.name)
def built(request):
    return build(request.param.PROBLEM, Source("problem.py", "make derive"))


def module_of(made):
    module = next(text for path, text in made.texts.items() if path.count("/") == 0)
    return types.SimpleNamespace(**executed(module))


def test_models_are_built_and_judged(built):
    assert built.verdict.passed
    assert all(kernel.points for kernel in built.verdict.kernels)


def test_the_margins_are_certified_convex(built):
    linear = built.program.linear
    if linear is not None:
        bound = {"exponential_loss": None, "squared_hinge": 1, "smoothed_hinge": 1}
        assert linear.convex
        assert linear.bound == bound[built.proof.problem.name]


def test_softmax_does_not_overflow():
    made = build(softmax.PROBLEM, Source("problem.py", "make derive"))
    space = module_of(made)
    X_, Y_ = np.eye(3), np.eye(3)
    Theta = np.array([[1e4, 0.0, -1e4], [0.0, 0.0, 0.0], [-1e308, 0.0, 700.0]])
    with np.errstate(all="raise", under="ignore"):
        assert np.isclose(space.cost(Theta, X_, Y_), np.log(3) / 3)
        P = space.prediction(Theta, X_)
        gradient = space.gradient(Theta, X_, Y_)
    assert np.allclose(P[[0, 2]], [[1, 0, 0], [0, 0, 1]], rtol=0, atol=1e-300)
    assert np.allclose(gradient, (P - Y_) / 3)


def test_softmax_names_its_probabilities():
    proof = build(softmax.PROBLEM, Source("problem.py", "make derive")).proof
    assert form(proof, "T2") == "(1/m) X'(P - Y)"
    assert form(proof, "T4") == "(1/m) X'(P*(X v) - diag((P*(X v)) 1_K) P)"
    stable = {part.of: part for part in proof.parts if part.kind == "stable"}
    # The forms of one sample's loss and of its derivatives are of no other part.
    assert set(stable) == {"D2", "T1", ""}
