"""Rows 8, 9, 10, 11 and 16: every claim told and judged, and what is false is refused."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from importlib import import_module

import mpmath
import numpy as np
import pytest

from derive.calculus.inequalities import INEQUALITIES
from derive.errors import NoRuleError
from derive.judge import judge
from derive.notation import OPEN_UNIT, Diff, Interval, Num, Sum, exp, log, sigmoid
from derive.notation.expression import Entry, Expr
from derive.notation.functions import absolute
from derive.notation.interval import point
from derive.notation.problem import data
from derive.notation.story import ByCases, Claim, Story, To
from derive.notation.tree import replace_tensor, same
from derive.pipeline import build
from derive.problems import logistic_l2, logistic_signs, logistic_wb, logistic_weighted
from derive.publish.module import Source
from derive.record import Derivation, Proof, Step
from derive.routes.enclose import shown_by_enclosure
from derive.routes.follow import tell
from derive.stories import convexity, nonconvexity, saturation, variants, weights_and_bias
from generated.solvers import fit
from tests.solvers.models import LOGISTIC

STORIES = (weights_and_bias, saturation, nonconvexity, convexity, variants)
NAMES = [module.STORY.name for module in STORIES]
ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))


@cache
def told(name: str) -> Proof:
    return tell(import_module(f"derive.stories.{name}").STORY)


def part(name: str, label: str) -> Derivation:
    return told(name).part(label)


def only(story: Story, claim: Claim, *before: str) -> Story:
    """The story with one claim, and the earlier ones that it needs."""
    kept = tuple(c for c in story.claims if c.label in before)
    return replace(story, claims=(*kept, claim))


def claim_of(story: Story, label: str) -> Claim:
    return next(c for c in story.claims if c.label == label)


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_is_told_and_every_step_judged(name) -> None:
    proof = told(name)
    labels = [c.label for c in import_module(f"derive.stories.{name}").STORY.claims]
    assert [p.label for p in proof.parts if p.label in labels] == labels
    verdict = judge(proof)
    assert verdict.passed, [s for s in verdict.steps if not s.passed]
    assert len(labels) == len(set(labels))


W, S, N, C, V = weights_and_bias, saturation, nonconvexity, convexity, variants
ENDS: tuple[tuple[str, str, str, Expr], ...] = (
    ("weights_and_bias", "B7", "=", W.J()),
    ("weights_and_bias", "B8", "=", Diff(W.J(), W.w[W.k])),
    ("weights_and_bias", "B9", "=", Diff(W.J(), W.b())),
    ("saturation", "Q6", "=", S.S - S.r()),
    ("saturation", "Q7", "=", S.FACTOR),
    ("saturation", "Q8", "<=", Num(Fraction(1, 4))),
    ("saturation", "Q11", ">=", S.FACTOR),
    ("saturation", "Q12", "<=", S.epsilon()),
    ("nonconvexity", "N3", "=", N.curvature_at_label_zero(N.S)),
    ("nonconvexity", "N4", "=", N.curvature_at_label_one(N.S)),
    ("nonconvexity", "N5", "=", Num(Fraction(9, 10))),
    ("nonconvexity", "N6", "<", ZERO),
    ("nonconvexity", "N7", "<", ZERO),
    ("nonconvexity", "N8", ">", ZERO),
    ("nonconvexity", "N11", "<", ZERO),
    ("nonconvexity", "N12", ">", ZERO),
    ("nonconvexity", "N13", "<", ZERO),
    ("nonconvexity", "N14", ">", ZERO),
    ("nonconvexity", "N15", "<", Num(Fraction(1, 8))),
    ("nonconvexity", "N16", ">", Num(Fraction(1, 5))),
    ("convexity", "C1", "=", C.SQUARES),
    ("convexity", "C2", ">=", ZERO),
    ("convexity", "C3", ">", ZERO),
    ("convexity", "C5", "=", ZERO),
    ("convexity", "C10", ">=", C.TANGENT),
    ("convexity", "C13", ">=", C.J() + C.ALONG),
    ("convexity", "C14", "=", C.J()),
    ("convexity", "C15", "=", 1 / C.m * Sum((C.h[C.i] - C.y[C.i]) * C.u[C.i], C.i)),
    ("convexity", "C19", "<", ZERO),
    ("variants", "V8", "=", V.J()),
    ("variants", "V14", ">=", V.ENTROPY),
)


def wide(e: Expr, names: dict[str, object]) -> Expr:
    return replace_tensor(
        e,
        lambda entry: (
            Entry(names[entry.tensor.name], entry.indices)  # type: ignore[arg-type]
            if entry.tensor.name in names
            else None
        ),
    )


@pytest.mark.parametrize(("name", "label", "sign", "end"), ENDS, ids=[e[1] for e in ENDS])
def test_the_claims_end_where_the_row_says(name, label, sign, end) -> None:
    found = part(name, label)
    problem = import_module(f"derive.stories.{name}").STORY.problem
    letters = {t.name: t for t in (*problem.data, *problem.parameters)}
    letters |= {d.tensor.name: d.tensor for d in problem.definitions}
    assert found.sign == sign
    assert same(wide(found.last, letters), end)


def test_the_witness_is_an_exact_fraction() -> None:
    assert part("nonconvexity", "N6").steps[0].after == Num(Fraction(-567, 10000))
    h = Fraction(9, 10)
    assert h**2 * (1 - h) * (2 - 3 * h) == Fraction(-567, 10000)


# What is false.


def refused(story: Story) -> None:
    with pytest.raises(NoRuleError):
        tell(story)


@pytest.mark.parametrize(
    ("module", "label", "route"),
    [
        (S, "Q8", (To(Num(Fraction(1, 5)), "false bound", "<="),)),
        (S, "Q8", (To(Num(Fraction(1, 4)), "wrong sign", ">="),)),
        (N, "N6", ("cite-N5", To(Num(Fraction(-566, 10000)), "wrong witness"))),
        (N, "N6", ("cite-N5", To(ZERO, "wrong sign", ">"))),
        (N, "N7", (To(ZERO, "wrong sign", ">"),)),
        (N, "N11", (("unfold-g", "unfold-a", "unfold-c"), "given-value", To(ZERO, "", ">"))),
        (C, "C2", ("cite-C1", To(ZERO, "strictly, which is false", ">"))),
        (C, "C3", (To(ONE, "false", ">"),)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_false_bounds_and_wrong_signs_are_refused(module, label, route) -> None:
    story = module.STORY
    before = {"Q8": (), "N6": ("N5",), "C2": ("C1",)}.get(label, ())
    refused(only(story, replace(claim_of(story, label), route=route, ends=None), *before))


@pytest.mark.parametrize(
    ("module", "label", "before"),
    [
        (W, "B5", ()),
        (S, "Q9", ()),
        (N, "N7", ()),
        (N, "N8", ()),
        (N, "N16", ()),
        (C, "C5", ()),
        (C, "C19", ("C16", "C17", "C18")),
        (V, "V5", ()),
        (V, "V8", ("V5", "V6", "V7")),
        (V, "V12", ()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_dropped_hypothesis_is_refused_or_leaves_an_assumption(module, label, before) -> None:
    story = module.STORY
    bare = only(story, replace(claim_of(story, label), given=()), *before)
    try:
        proof = tell(bare)
    except NoRuleError:
        return
    # What the engine cannot discharge any more stands in the open as an assumption.
    conditions = [c for step in proof.part(label).steps for c in step.conditions]
    assert any(not c.by for c in conditions)


def test_cases_that_leave_out_a_value_are_refused() -> None:
    claim = replace(claim_of(S.STORY, "Q11"), route=(ByCases(("Q9",), S.FACTOR, ">="),))
    refused(only(S.STORY, claim, "Q9"))


def test_a_named_inequality_where_nothing_is_monotone_is_refused() -> None:
    goal = C.v[C.k] * log(1 + exp(C.z[C.i]))
    refused(only(C.STORY, Claim("X", "a factor of unknown sign", goal, ("log-tangent",))))


def corrupted(name: str, label: str, **change: object) -> Proof:
    """The proof with the last step of one claim changed."""
    found = part(name, label)
    steps = (*found.steps[:-1], replace(found.steps[-1], **change))  # type: ignore[arg-type]
    proof = told(name)
    definitions = (p for p in proof.parts if p.kind == "definition")
    return replace(proof, parts=(*definitions, replace(found, steps=steps)))


@pytest.mark.parametrize(
    ("name", "label", "change"),
    [
        ("saturation", "Q12", {"sign": ">="}),
        ("saturation", "Q9", {"sign": "<="}),
        ("nonconvexity", "N11", {"sign": ">"}),
        ("nonconvexity", "N15", {"after": Num(Fraction(1, 16))}),
        ("nonconvexity", "N16", {"after": Num(Fraction(1, 4))}),
        ("convexity", "C2", {"sign": "<="}),
        ("convexity", "C19", {"sign": ">"}),
        ("convexity", "C13", {"after": C.J() + 2 * C.ALONG}),
        ("variants", "V8", {"after": 2 * V.J()}),
        ("variants", "V13", {"sign": ">="}),
    ],
)
def test_the_judge_refutes_what_the_engine_never_wrote(name, label, change) -> None:
    proof = corrupted(name, label, **change)
    assert not judge(proof).passed


def test_the_judge_refutes_a_claim_without_its_hypothesis() -> None:
    for name, label in (("nonconvexity", "N7"), ("convexity", "C5"), ("convexity", "C19")):
        found = part(name, label)
        problem = told(name).problem
        letters = {t.name: t for t in (*problem.data, *problem.parameters)}
        letters |= {d.tensor.name: d.tensor for d in problem.definitions}
        steps = tuple(
            Step(wide(s.before, letters), wide(s.after, letters), s.rule, s.reason, sign=s.sign)
            for s in found.steps
        )
        bare = replace(found, goal=wide(found.goal, letters), steps=steps, given=())
        assert not judge(replace(told(name), parts=(bare,))).passed


# The rules of this file's own table, and the enclosures.


@pytest.mark.parametrize("rule", INEQUALITIES, ids=[rule.id for rule in INEQUALITIES])
def test_a_named_inequality_fires_and_is_judged(rule) -> None:
    after = rule.rewrite(rule.example, rule.scope)
    assert after is not None
    story = C.STORY
    step = Step(rule.example, after, rule.id, rule.reason, sign=rule.sign)
    one = Derivation("X", "theorem", "", rule.example, (step,))
    proof = Proof(replace(story.problem, definitions=rule.scope.definitions, cost=ZERO), (one,))
    assert judge(proof).passed
    wrong = replace(one, steps=(replace(one.steps[0], sign=">" if rule.sign == "<=" else "<"),))
    assert not judge(replace(proof, parts=(wrong,))).passed


def test_enclosures_decide_what_is_true_and_only_that() -> None:
    e = exp(ONE)
    assert shown_by_enclosure(e, Num(Fraction(2718281829, 10**9)), "<")
    assert shown_by_enclosure(e, Num(Fraction(2718281828, 10**9)), ">")
    assert not shown_by_enclosure(e, Num(Fraction(2718281828, 10**9)), "<")
    assert not shown_by_enclosure(e, e, "<")
    assert not shown_by_enclosure(log(ZERO), ONE, "<")
    assert not shown_by_enclosure(1 / (e - e), ONE, "<")
    assert not shown_by_enclosure(data("x")(), ONE, "<")
    assert shown_by_enclosure(sigmoid(Num(Fraction(40))), ONE, "<")
    assert not shown_by_enclosure(absolute(ONE), ZERO, ">")  # no row of this kind: not decided


# The two local minima, by other means.


def cost(t: mpmath.mpf) -> mpmath.mpf:
    xs, ys = (1, 1, 1, 20), (1, 1, 0, 0)
    return sum((1 / (1 + mpmath.exp(-x * t)) - y) ** 2 for x, y in zip(xs, ys, strict=True)) / 8


def test_two_different_local_minima_of_the_four_samples() -> None:
    with mpmath.workdps(40):
        slope = lambda t: mpmath.diff(cost, t)  # noqa: E731
        found = [mpmath.findroot(slope, ends, solver="anderson") for ends in ((-1, 0), (0.5, 1))]
        hill = mpmath.findroot(slope, (0, 0.5), solver="anderson")
        assert [mpmath.nstr(t, 4) for t in found] == ["-0.1159", "0.693"]
        assert all(mpmath.diff(cost, t, 2) > 0 for t in found)
        assert mpmath.diff(cost, hill, 2) < 0
        assert [mpmath.nstr(cost(t), 4) for t in found] == ["0.09869", "0.2083"]
        assert cost(found[0]) < mpmath.mpf(1) / 8 < mpmath.mpf(1) / 5 < cost(found[1])
        for step in (-1e-3, 1e-3):
            assert all(cost(t + step) > cost(t) for t in found)


# Separable classes, detected by the generated solver.


@pytest.mark.parametrize("method", ["newton", "gradient_descent"])
def test_the_solver_says_that_separable_classes_have_no_minimiser(method) -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 2))
    v = np.array([1.0, -2.0])
    X = X[np.abs(X @ v) > 0.1]
    y = (X @ v > 0).astype(float)
    q = (2 * y - 1) * (X @ v)
    assert (q > 0).all()
    for theta in rng.normal(size=(20, 2)):  # C19: the cost falls along v everywhere
        h = 1 / (1 + np.exp(-X @ theta))
        assert np.mean((h - y) * (2 * y - 1) * q) < 0
    result = fit(LOGISTIC, X, y, method=method, max_iter=2000, fit_intercept=False)
    assert not result.converged
    assert result.status.startswith("No minimiser")
    y[0] = 1 - y[0]
    assert fit(LOGISTIC, X, y, method=method, max_iter=5000, fit_intercept=False).converged


# The catalogue problems of these rows.


@pytest.mark.parametrize(
    ("module", "linear"),
    [(logistic_wb, False), (logistic_l2, False), (logistic_weighted, True), (logistic_signs, True)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_variants_build_and_judge(module, linear) -> None:
    built = build(module.PROBLEM, Source("file", "command"))
    assert built.verdict.passed
    assert (built.program.linear is not None) == linear
    if built.program.linear is not None:
        assert built.program.linear.convex


def test_narrow_letters_are_the_ones_declared() -> None:
    assert part("weights_and_bias", "B9").given == (replace(W.u, domain=point(1)),)
    assert part("variants", "V13").given[0].domain == OPEN_UNIT
    assert part("saturation", "Q9").given[0].domain == Interval(low=Fraction(0))
