"""What a proof claims, equality by equality, and whether its chain holds together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.judge.letters import letter_faults
from derive.notation.expression import Add, Expr, Mul, Tensor
from derive.notation.problem import Problem
from derive.notation.tree import Place, children
from derive.record import Condition, Derivation, Proof, Sign, Step

Path = tuple[int, ...]


@dataclass(frozen=True)
class Claim:
    """before = after (or <, <=, >, >=), wherever the conditions hold.

    Attributes:
        label: The derivation's.
        path: The numbers of the step and its substeps; () for goal = last line.
        conditions: The step's own, and whatever its substeps assume without a reason.
        headline: Whether it is checked at more points.
        fault: What is wrong with the chain here; empty if nothing is.
        sign: What is claimed to stand between the two sides.
        given: The letters that the derivation narrows.
    """

    label: str
    path: Path
    before: Expr
    after: Expr
    conditions: tuple[Condition, ...] = ()
    headline: bool = False
    fault: str = ""
    sign: Sign = "="
    given: tuple[Tensor, ...] = ()


def claims(proof: Proof) -> tuple[Claim, ...]:
    """All claims of a proof in reading order, each derivation's whole before its steps."""
    labels = [part.label for part in proof.parts]
    return tuple(
        claim
        for number, part in enumerate(proof.parts)
        for claim in _of_derivation(part, proof.problem, part.label in labels[:number])
    )


def _of_derivation(part: Derivation, problem: Problem, again: bool) -> Iterator[Claim]:
    assumed = tuple(dict.fromkeys(c for step in part.steps for c in assumptions(step)))
    faults = ["the label is taken by an earlier derivation"] if again else []
    faults += letter_faults(part, problem)
    sign: Sign = "="
    try:
        sign = part.sign
    except ValueError:
        faults.append("the chain goes up and down: all its signs must point one way")
    whole = Claim(
        part.label, (), part.goal, part.last, assumed, headline=True, fault="; ".join(faults),
        sign=sign, given=part.given,
    )  # fmt: skip
    yield whole
    for claim in _of_chain(part.label, (), part.goal, part.last, part.steps):
        yield replace(claim, given=part.given)


def _of_chain(
    label: str, path: Path, start: Expr, stop: Expr, steps: tuple[Step, ...]
) -> Iterator[Claim]:
    """The steps of a chain from `start` to `stop`, each with its substeps."""
    previous = start
    for number, step in enumerate(steps):
        here = (*path, number)
        faults = list(_place_faults(step))
        if step.before != previous:
            faults.append(
                "the step does not begin where the one before it ended"
                if number
                else "the first step does not begin with what is to be shown"
            )
        if number == len(steps) - 1 and step.after != stop:
            faults.append("the last substep does not end where its step ends")
        if path and step.sign != "=":
            faults.append("a finer step must be an equality")
        own = tuple(c for c in step.conditions if c.by)
        yield Claim(
            label,
            here,
            step.before,
            step.after,
            own + assumptions(step),
            headline=step.level == 0,
            fault="; ".join(faults),
            sign=step.sign,
        )
        yield from _of_chain(label, here, step.before, step.after, step.substeps)
        previous = step.after


def assumptions(step: Step) -> tuple[Condition, ...]:
    """Conditions of the step and of its substeps that nothing discharges, each once."""
    own = [c for c in step.conditions if not c.by]
    nested = [c for substep in step.substeps for c in assumptions(substep)]
    return tuple(dict.fromkeys(own + nested))


def _place_faults(step: Step) -> Iterator[str]:
    if not exists(step.before, step.where):
        yield f"there is no place {step.where} on the left"
    if not exists(step.after, step.became):
        yield f"there is no place {step.became} on the right"


def exists(e: Expr, place: Place) -> bool:
    """Whether a formula has this place."""
    for k in place.path:
        parts = children(e)
        if not 0 <= k < len(parts):
            return False
        e = parts[k]
    if place.span is None:
        return True
    start, stop = place.span
    return isinstance(e, Add | Mul) and 0 <= start < stop <= len(e.args)
