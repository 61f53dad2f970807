"""What the judge says: assumptions and refutations as text."""

from __future__ import annotations

from derive.errors import RefutedError
from derive.judge.claims import exists
from derive.notation.expression import Tensor
from derive.notation.interval import REAL, Interval
from derive.notation.piece import spelled
from derive.notation.text import caret, text
from derive.record import Condition, Derivation, Proof, Sign, Step
from derive.verdicts import StepVerdict

REPORT = (
    "this is a mistake in the derivation, not in your problem: "
    "please report it with the problem and these lines"
)


def condition_text(condition: Condition) -> str:
    """A side condition: h_i > 0."""
    return f"{text(condition.expr)} {condition.relation}"


def domain_text(tensor: Tensor) -> str:
    """What is assumed of a tensor's entries; empty where it is nothing."""
    facts = sorted(tensor.facts)
    inside = [] if tensor.domain == REAL else [member_text(tensor.domain)]
    return f"{spelled(tensor.name)} {', '.join(inside + facts)}" if inside or facts else ""


def member_text(interval: Interval) -> str:
    """Where a number lies: in (0, 1]."""
    if interval.low == interval.high:
        return f"= {interval.low}"
    if interval.members:
        return f"in {{{', '.join(map(str, interval.members))}}}"
    left, right = "(" if interval.low_open else "[", ")" if interval.high_open else "]"
    whole = ", whole numbers" if interval.integer else ""
    return f"in {left}{interval.low}, {interval.high}{right}{whole}"


def refuted(found: StepVerdict, proof: Proof) -> RefutedError:
    """The error for a step that did not pass: which one, by which rule, with what values."""
    part = next((part for part in proof.parts if part.label == found.label), None)
    if part is None:
        return RefutedError(
            asked=f"judge what was claimed beside the proof of {proof.problem.title}",
            where=f"the claim {found.label}" if found.label else "the whole proof",
            wrong=found.message,
            todo=REPORT,
        )
    steps, step = part.steps, None
    for number in found.path:
        step = steps[number]
        steps = step.substeps
    if step is None:
        name, before, after = "goal = last line", part.goal, part.last
    else:
        count = ".".join(str(number + 1) for number in found.path)
        name, before, after = f"step {count} by the rule {step.rule}", step.before, step.after
    return RefutedError(
        asked=f"judge the proof of {proof.problem.title}, {part.label} ({part.title}), {name}",
        where=caret(before, step.where) if step and exists(before, step.where) else text(before),
        wrong=f"it is not {_relation(step or part)} {text(after)}: {found.message}",
        todo=REPORT,
    )


def _relation(claimed: Step | Derivation) -> str:
    """What was claimed, in the middle of a sentence."""
    try:
        sign: Sign = claimed.sign
    except ValueError:  # a chain that goes up and down claims nothing as a whole
        sign = "="
    return "equal to" if sign == "=" else sign
