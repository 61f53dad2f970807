"""The stable rewrites S1, S2, ... of a proof's theorems."""

from __future__ import annotations

from dataclasses import replace

from derive.calculus.lemmas import functions_of
from derive.matrices.form import matrix_form
from derive.notation.expression import Element, Expr, Index
from derive.notation.functions import Elementwise
from derive.record import Derivation, Proof, Rule, Scope, Step
from derive.stabilise.identities import stable_steps
from derive.stabilise.shifts import shift_rules, shifts


def with_stable_forms(proof: Proof) -> Proof:
    """The proof with a rewrite after each formula that loses digits or overflows as it stands.

    Theorems by every rule; definitions where a sum of exponentials would overflow.
    """
    problem = proof.problem
    functions, scope = functions_of(problem), Scope(problem.definitions)
    shifting = shift_rules(shifts(problem))
    parts: list[Derivation] = []
    number = 0
    for part in proof.parts:
        parts.append(part)
        last = part.last
        if part.kind not in ("definition", "theorem") or not isinstance(last, Element):
            continue
        known = functions if part.kind == "theorem" else ()
        steps = stable_form(index_form(part), last.indices, known, scope, shifting)
        if steps:
            number += 1
            title = f"stable form of the {part.title}"
            words = described(steps, shifting)
            parts.append(
                Derivation(
                    f"S{number}", "stable", title, steps[0].before, steps, part.label, text=words
                )
            )
    return replace(proof, parts=tuple(parts))


SHIFTED = (
    "This holds for any numbers by which the exponents are lowered; the code takes the largest "
    "exponent of each sum, so that no exponential exceeds $1$."
)


def described(steps: tuple[Step, ...], shifting: tuple[Rule, ...]) -> str:
    """What a reader should know of the open numbers in a stable form."""
    names = {rule.id for rule in shifting}
    used = any(s.rule in names for step in steps for s in step.substeps)
    return SHIFTED if used else ""


def index_form(part: Derivation) -> Expr:
    """The last line before matrix form."""
    lines = [part.goal, *(s.after for s in part.steps)]
    return next(e for e in reversed(lines) if not isinstance(e, Element))


def stable_form(
    e: Expr,
    order: tuple[Index, ...],
    functions: tuple[Elementwise, ...],
    scope: Scope,
    more: tuple[Rule, ...] = (),
) -> tuple[Step, ...]:
    """The steps from an index formula to its stable matrix form, or none."""
    steps = stable_steps(e, functions, scope, more)
    return steps + matrix_form(steps[-1].after, order, scope) if steps else ()
