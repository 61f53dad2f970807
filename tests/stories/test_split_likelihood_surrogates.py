"""Rows 1, 2, 3 and 15: every claim told and judged; false ones are refused or refuted."""

from dataclasses import replace
from functools import cache
from importlib import import_module

import mpmath
import numpy as np
import pytest

from derive.calculus.cases import CASES
from derive.calculus.logarithms import LOGARITHMS
from derive.calculus.rewrite import Line, apply_line
from derive.errors import NoRuleError
from derive.judge import judge
from derive.notation import Cases, Diff, Interval, When, exp, functions, log, sigmoid
from derive.notation.expression import ONE, ZERO, expr
from derive.notation.functions import relu
from derive.notation.interval import BINARY, POSITIVE, point
from derive.notation.story import ByCases, Claim, To
from derive.notation.text import text
from derive.notation.tree import replace_tensor
from derive.problems import logistic
from derive.record import Derivation, Proof, Step
from derive.routes.follow import tell
from derive.stories import gradient_routes, maximum_likelihood, split_cost, surrogates
from derive.stories.sigmoid_derivative import STORY as SIGMOID
from derive.stories.sigmoid_derivative import z
from tests.fuzz.dual_numbers import mp_number
from tests.fuzz.literal import Literal

NAMES = ("sigmoid_derivative", "split_cost", "maximum_likelihood", "surrogates")
t, u, h, y = surrogates.t, surrogates.u, split_cost.h, split_cost.y
BOUNDED = {
    "R15a": lambda v: max(0, 1 - v),
    "R15b": lambda v: 1 - 2 * v if v <= 0 else max(0, 1 - v) ** 2,
    "R15c": lambda v: max(0, 1 - v) ** 2,
    "R15d": lambda v: (1 - v) ** 2,
    "R15e": lambda v: mpmath.exp(-v),
    "R15f": lambda v: mpmath.log(1 + mpmath.exp(-v)) / mpmath.log(2),
}


def story(name):
    return import_module(f"derive.stories.{name}").STORY


@cache
def told(name) -> Proof:
    return tell(story(name))


def part(name, label) -> Derivation:
    return told(name).part(label)


def with_claim(name, *claims):
    """The story with one more claim, or with others in place of those of the same label."""
    own = {claim.label: claim for claim in claims}
    kept = story(name)
    rest = [claim for claim in claims if claim.label not in {c.label for c in kept.claims}]
    replaced = [own.get(claim.label, claim) for claim in kept.claims]
    return replace(kept, claims=(*replaced, *rest))


def verdict_of(name, *parts):
    return judge(Proof(told(name).problem, parts))


def stated(label, goal, last, sign="=", given=()):
    """A claim without a derivation, put before the judge in one step."""
    return Derivation(label, "theorem", label, goal, (Step(goal, last, "x", "x", sign=sign),),
                      given=given)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_judged(name) -> None:
    verdict = judge(told(name))
    assert verdict.passed, [step for step in verdict.steps if not step.passed]
    labels = {step.label for step in verdict.steps}
    assert {claim.label for claim in story(name).claims} <= labels


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_assumed_that_could_be_shown(name) -> None:
    """The corner of the hinge is the one hypothesis."""
    assumed = {
        (p.label, text(c.expr), c.relation)
        for p in told(name).parts
        for step in p.steps
        for c in step.conditions
        if not c.by
    }
    assert assumed == ({("R15k", "1 - t", "!= 0")} if name == "surrogates" else set())


def test_both_ways_to_the_derivative_of_the_sigmoid_meet() -> None:
    one, two = part("sigmoid_derivative", "R1a"), part("sigmoid_derivative", "R1b")
    assert one.last == two.last == sigmoid(z()) * (1 - sigmoid(z()))
    assert [step.rule for step in one.steps][1] == "quotient-rule"
    assert [step.rule for step in two.steps][1] == "power-rule"
    assert part("sigmoid_derivative", "R1c").last == 1 - sigmoid(z())
    assert part("sigmoid_derivative", "R1d").last == z()


def test_the_branches_and_their_limits() -> None:
    assert part("split_cost", "R2a").last == -log(h())
    assert part("split_cost", "R2b").last == -log(1 - h())
    assert part("split_cost", "R2c").last == split_cost.SPLIT
    ends = {label: (part("split_cost", label).sign, text(part("split_cost", label).last))
            for label in ("R2d", "R2e1", "R2e2", "R2f", "R2g1", "R2g2")}  # fmt: skip
    small, bound = ("<", "epsilon"), (">", "M")
    assert ends == {"R2d": bound, "R2e1": small, "R2e2": (">", "0"),
                    "R2f": bound, "R2g1": small, "R2g2": (">", "0")}  # fmt: skip


def test_the_likelihood_ends_in_the_cost_and_in_the_common_gradient() -> None:
    chain = part("maximum_likelihood", "R3e")
    assert text(chain.steps[-2].after) == text(logistic.PROBLEM.cost)
    assert chain.last == logistic.PROBLEM.cost_definition()
    common = tell(gradient_routes.STORY)
    last = part("maximum_likelihood", "R3h").last
    assert all(last == common.part(label).last for label in ("R4", "R5", "R6", "R7"))
    k = maximum_likelihood.k
    ell = Diff(maximum_likelihood.ell(), logistic.theta[k])
    assert part("maximum_likelihood", "R3f").last == ell


@pytest.mark.parametrize("label", BOUNDED)
def test_each_surrogate_bounds_the_zero_one_loss(label) -> None:
    claim = part("surrogates", label)
    assert (claim.goal, claim.sign) == (surrogates.ZERO_ONE, "<=")
    for value in (-3, -1, -0.25, 0, 0.25, 0.5, 1, 1.5, 50):
        here = Literal({}, {"t": np.array(mpmath.mpf(value), dtype=object)}, (), mp_number)
        loss = here.value(claim.last)
        assert abs(loss - BOUNDED[label](mpmath.mpf(value))) < 1e-12
        assert loss >= here.value(claim.goal) == (1 if value <= 0 else 0)


def test_the_price_of_a_score_of_50() -> None:
    assert part("surrogates", "R15i").last == expr(2401)
    assert part("surrogates", "R15j").last == ZERO


def test_slopes_of_the_surrogates() -> None:
    labels = ("R15k1", "R15k2", "R15m1", "R15m2", "R15m3", "R15o", "R15p")
    lasts = {label: text(part("surrogates", label).last) for label in labels}
    assert lasts == {
        "R15k1": "-1", "R15k2": "0", "R15m1": "-1", "R15m2": "-(1 - t)", "R15m3": "0",
        "R15o": "-2 (1 - t)", "R15p": "-exp(-t)",
    }  # fmt: skip
    left, right = part("surrogates", "R15n1").last, part("surrogates", "R15n2").last
    assert text(left) == text(right) == "-2 relu(1 - t)"


REFUSED = {
    "wrong sign": (
        "surrogates",
        Claim("X", "x", -t(), (To(ZERO, "wrong", "<="),), given=((t, surrogates.ERROR),)),
    ),
    "swapped branches": (
        "split_cost",
        Claim("R2c", "x", split_cost.C,
              (ByCases(("R2a", "R2b"),
                       Cases(((When(y(), "=", ONE), -log(1 - h())),), -log(h()))),)),
    ),
    "a case is missing": (
        "split_cost", Claim("R2c", "x", split_cost.C, (ByCases(("R2a",), split_cost.SPLIT),)),
    ),
    "a case twice": (
        "split_cost",
        Claim("R2c", "x", split_cost.C, (ByCases(("R2a", "R2a"), split_cost.SPLIT),)),
    ),
    "the cases of another claim": (
        "surrogates",
        Claim("X", "x", surrogates.ZERO_ONE,
              (ByCases(("R15a1", "R15c2"), surrogates.HINGE, "<="),)),
    ),
    "cases that leave out the end": (
        "surrogates",
        Claim("X", "x", Diff(surrogates.HINGE, t()),
              (ByCases(("R15k1", "R15k2"), Cases(((When(t(), "<", ONE), expr(-1)),), ZERO)),)),
    ),
    "stricter than its cases": (
        "surrogates",
        Claim("X", "x", surrogates.ZERO_ONE,
              (ByCases(("R15a1", "R15a2"), surrogates.HINGE, "<"),)),
    ),
    "soft labels are no two cases": (
        "maximum_likelihood",
        Claim("R3c", "x", maximum_likelihood.MASS,
              (ByCases(("R3a", "R3b"), maximum_likelihood.TWO_CASES),)),
    ),
    "cases of one label for a sum over all": (
        "maximum_likelihood",
        Claim("X", "x", maximum_likelihood.LOG_LOSS,
              (ByCases(("R3a", "R3b"), maximum_likelihood.TWO_CASES),),
              given=((logistic.y, BINARY),)),
    ),
    "a derivative at the end of a case": (
        "surrogates",
        Claim("X", "x", Diff(surrogates.HINGE, t()), ("positive-part",),
              given=((t, Interval(high=1)),)),
    ),
    "a derivative at a point": (
        "surrogates",
        Claim("X", "x", Diff(surrogates.SQUARED, t()), ("given-value",), given=((t, point(50)),)),
    ),
    "the smoothed hinge undoubled": (
        "surrogates",
        Claim("X", "x", surrogates.ZERO_ONE,
              ("decided-test", To(surrogates.SMOOTH_HINGE, "x", "<=")),
              given=((t, surrogates.ERROR),)),
    ),
    "the natural logarithm": (
        "surrogates",
        Claim("X", "x", surrogates.ZERO_ONE, ("decided-test", To(surrogates.NATURAL, "x", "<=")),
              given=((t, surrogates.ERROR),)),
    ),
    "a slope beyond the corner's": (
        "surrogates",
        Claim("X", "x", surrogates.HINGE,
              ("positive-part", To(2 * surrogates.g() * (t() - 1), "x", ">=")),
              given=((t, Interval(high=1)),)),
    ),
    "an undecided test": ("surrogates", Claim("X", "x", surrogates.ZERO_ONE, ("decided-test",))),
    "a move that changes nothing": (
        "surrogates", Claim("X", "x", surrogates.HINGE, (To(surrogates.HINGE, "x"),)),
    ),
    "up and down": (
        "surrogates",
        Claim("X", "x", exp(-t()), (To(ZERO, "x", ">"), To(ONE, "x", "<"))),
    ),
    "the wrong factor of the likelihood": (
        "maximum_likelihood",
        Claim("X", "x", maximum_likelihood.ell() / 2, ("cite-R3d", "fold-J"),
              ends=maximum_likelihood.J),
    ),
}  # fmt: skip


def test_a_conclusion_supposes_what_its_cases_suppose() -> None:
    """The corner stays out although the cases are about another letter."""
    goal, last = Diff(surrogates.HINGE, t()) + u() - u(), -functions.step(1 - t()) + u() - u()
    cases = [
        Claim(label, label, goal, ("chain-relu", surrogates.SLOPES), last, ((u, domain),))
        for label, domain in (("X1", surrogates.ERROR), ("X2", POSITIVE))
    ]
    whole = Claim("X", "x", goal, (ByCases(("X1", "X2"), last),))
    made = tell(with_claim("surrogates", *cases, whole)).part("X")
    assert [(text(c.expr), c.relation) for c in made.steps[0].conditions] == [("1 - t", "!= 0")]


@pytest.mark.parametrize("kind", REFUSED)
def test_the_engine_refuses(kind) -> None:
    name, claim = REFUSED[kind]
    with pytest.raises((NoRuleError, ValueError)):
        assert tell(with_claim(name, claim)).part(claim.label).sign


def narrowed(tensor, domain):
    return replace(tensor, domain=domain)


WRONG_T, RIGHT_T = narrowed(t, surrogates.ERROR), narrowed(t, POSITIVE)
J = maximum_likelihood.J
SLOPE = Diff(J, logistic.theta[maximum_likelihood.k])
REFUTED = {
    "wrong derivative": ("sigmoid_derivative", Diff(sigmoid(z()), z()), -sigmoid(z()), "=", ()),
    "wrong symmetry": ("sigmoid_derivative", sigmoid(-z()), sigmoid(z()), "=", ()),
    "swapped branches": (
        "split_cost", split_cost.C, Cases(((When(y(), "=", ONE), -log(1 - h())),), -log(h())),
        "=", (),
    ),
    "the wrong branch": (
        "split_cost", split_cost.C, -log(h()), "=", (narrowed(y, point(0)),),
    ),
    "one branch for both": ("split_cost", split_cost.C, -log(h()), "=", ()),
    "a bound too large": (
        "split_cost", -log(split_cost.NEAR_ZERO), 8 * split_cost.M(), ">", (),
    ),
    "the wrong side": ("split_cost", -log(split_cost.NEAR_ONE), split_cost.eps(), ">", ()),
    "ascent with the wrong sign": (
        "maximum_likelihood", SLOPE,
        Diff(maximum_likelihood.ell(), logistic.theta[maximum_likelihood.k]), "=", (),
    ),
    "the mean forgotten": ("maximum_likelihood", maximum_likelihood.ell(), -J, "=", ()),
    "the mass swapped": (
        "maximum_likelihood", maximum_likelihood.MASS, 1 - logistic.h[logistic.i], "=",
        (narrowed(logistic.y, point(1)),),
    ),
    "cases for soft labels": (
        "maximum_likelihood", maximum_likelihood.MASS, maximum_likelihood.TWO_CASES, "=", (),
    ),
    "a hinge at 0": ("surrogates", surrogates.ZERO_ONE, relu(-t()), "<=", ()),
    "undoubled": ("surrogates", surrogates.ZERO_ONE, surrogates.SMOOTH_HINGE, "<=", (WRONG_T,)),
    "natural": ("surrogates", surrogates.ZERO_ONE, surrogates.NATURAL, "<=", (WRONG_T,)),
    "below instead of above": ("surrogates", surrogates.ZERO_ONE, surrogates.HINGE, ">=", ()),
    "strict at the margin 0": (
        "surrogates", surrogates.ZERO_ONE, surrogates.SQUARED, "<", (WRONG_T,),
    ),
    "no error": ("surrogates", surrogates.ZERO_ONE, ONE, "=", (RIGHT_T,)),
    "2400": ("surrogates", surrogates.SQUARED, expr(2400), "=", (narrowed(t, point(50)),)),
    "slope after the corner": (
        "surrogates", Diff(surrogates.HINGE, t()), expr(-1), "=",
        (narrowed(t, surrogates.ABOVE_ONE),),
    ),
    "too steep a subgradient": (
        "surrogates", surrogates.HINGE, 2 * surrogates.g() * (t() - 1), ">=", (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUTED)
def test_the_judge_refutes(kind) -> None:
    name, goal, last, sign, given = REFUTED[kind]
    own = {tensor.name: tensor for tensor in given}

    def letters(e):
        return replace_tensor(
            e, lambda a: replace(a, tensor=own[a.tensor.name]) if a.tensor.name in own else None
        )

    verdict = verdict_of(name, stated("X", letters(goal), letters(last), sign, given))
    assert not verdict.passed


@pytest.mark.parametrize("name", NAMES)
def test_a_turned_sign_is_refuted_in_every_inequality(name) -> None:
    turn = {"<": ">", "<=": ">", ">": "<", ">=": "<"}
    for claim in told(name).parts:
        for number, step in enumerate(claim.steps):
            if step.sign == "=":
                continue
            wrong = replace(step, sign=turn[step.sign])
            steps = (*claim.steps[:number], wrong, *claim.steps[number + 1 :])
            assert not verdict_of(name, replace(claim, steps=steps)).passed, (claim.label, number)


@pytest.mark.parametrize("rule", [*LOGARITHMS, *CASES], ids=lambda rule: rule.id)
def test_rules_for_logarithms_and_cases_hold(rule) -> None:
    after = rule.rewrite(rule.example, rule.scope)
    assert after is not None
    assert after != rule.example
    problem = replace(SIGMOID.problem, definitions=rule.scope.definitions)
    step = Step(rule.example, after, rule.id, rule.reason,
                conditions=rule.conditions(rule.example, rule.scope))  # fmt: skip
    proof = Proof(problem, (Derivation("X", "theorem", "x", rule.example, (step,)),))
    assert judge(proof).passed, judge(proof).steps
    wrong = replace(step, after=after + expr(1))
    assert not judge(
        Proof(problem, (Derivation("X", "theorem", "x", rule.example, (wrong,)),))
    ).passed
    line = Line("alone", (rule,))
    first = apply_line(rule.example, line, rule.scope)
    assert first is not None
    assert apply_line(first.after, line, rule.scope) is None


def test_binary_labels_are_covered_by_two_points() -> None:
    assert part("maximum_likelihood", "R3c").given[0].domain == BINARY
