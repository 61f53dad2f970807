"""The stable rewrites S1, S2, ... of a proof's theorems."""

from __future__ import annotations

from dataclasses import replace

from derive.calculus.lemmas import functions_of
from derive.matrices.form import matrix_form
from derive.notation.expression import Element, Expr, Index
from derive.notation.functions import Elementwise
from derive.notation.problem import Problem
from derive.record import Derivation, Proof, Scope, Step
from derive.stabilise.identities import stable_steps


def with_stable_forms(proof: Proof) -> Proof:
    """The proof with a rewrite after each theorem that loses digits or overflows as it stands."""
    problem = proof.problem
    functions, scope = functions_of(problem), Scope(problem.definitions)
    parts: list[Derivation] = []
    number = 0
    for part in proof.parts:
        parts.append(part)
        last = part.last
        if part.kind != "theorem" or not isinstance(last, Element):
            continue
        steps = stable_form(index_form(part), last.indices, functions, scope)
        if steps:
            number += 1
            title = f"stable form of the {part.title}"
            parts.append(
                Derivation(f"S{number}", "stable", title, steps[0].before, steps, part.label)
            )
    return replace(proof, parts=tuple(parts))


def index_form(part: Derivation) -> Expr:
    """The last line before matrix form."""
    lines = [part.goal, *(s.after for s in part.steps)]
    return next(e for e in reversed(lines) if not isinstance(e, Element))


def stable_form(
    e: Expr, order: tuple[Index, ...], functions: tuple[Elementwise, ...], scope: Scope
) -> tuple[Step, ...]:
    """The steps from an index formula to its stable matrix form, or none."""
    steps = stable_steps(e, functions, scope)
    return steps + matrix_form(steps[-1].after, order, scope) if steps else ()


def samplewise(
    derivation: Derivation, sample: Index, problem: Problem
) -> Derivation:
    """A formula of one sample, made stable and read as a vector over the samples."""
    scope = Scope(problem.definitions)
    steps = stable_steps(derivation.last, functions_of(problem), scope)
    last = steps[-1].after if steps else derivation.last
    more = matrix_form(last, (sample,), scope)
    return replace(derivation, goal=derivation.last, steps=(*steps, *more))
