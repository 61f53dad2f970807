"""What the judge can look at in an argument on convexity: derivatives, signs, other spellings."""

from __future__ import annotations

from collections.abc import Mapping

from derive.certify.logarithms import SAME
from derive.certify.one_score import Bending
from derive.certify.several_scores import Hessian
from derive.certify.signs import nonnegative_form
from derive.notation.expression import ZERO, Diff
from derive.notation.problem import Definition
from derive.record import Derivation, Reason, Sign, Step


def claims(
    reasons: tuple[Reason, ...],
    bendings: Mapping[Reason, Bending],
    hessians: Mapping[Reason, Hessian],
    definitions: tuple[Definition, ...],
    label: str,
) -> tuple[Derivation, ...]:
    """The claims of those reasons that have some, numbered in their order."""
    found: list[Derivation] = []
    tested = [r for r in reasons if r in bendings or r in hessians or r.rule == SAME]
    for number, reason in enumerate(tested, start=1):
        own = f"{label}.{number}"
        if reason in bendings:
            found.append(_second_derivative(bendings[reason], definitions, own))
        elif reason in hessians:
            found += hessians[reason].claims(own)
        else:
            found.append(_written_otherwise(reason, own))
    return tuple(found)


def _second_derivative(
    bending: Bending, definitions: tuple[Definition, ...], label: str
) -> Derivation:
    """The second derivative by one score with its sign."""
    form = nonnegative_form(bending.curvature, definitions)
    sign: Sign = ">=" if form is not None else "<="
    form = bending.curvature if form is None else form
    steps = [
        Step(bending.goal, Diff(bending.slope, bending.score), "slope", "the first derivative"),
        *bending.steps,
    ]
    if form != bending.curvature:
        steps.append(Step(bending.curvature, form, "sum-of-squares", "collect"))
    steps.append(Step(form, ZERO, "sign", "by ranges", sign=sign))
    return Derivation(label, "theorem", "second derivative by a score", bending.goal, tuple(steps))


def _written_otherwise(reason: Reason, label: str) -> Derivation:
    one, other = reason.formulas
    step = Step(one, other, SAME, "the same function, written otherwise")
    return Derivation(label, "theorem", "a function written otherwise", one, (step,))
