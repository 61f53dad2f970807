"""The residuals of a sum of squares and their Jacobian in the forms that the code computes."""

from __future__ import annotations

from dataclasses import replace

from derive.calculus.lemmas import functions_of
from derive.certify.structure import Block, SumOfSquares
from derive.matrices.form import with_matrix_form
from derive.notation.expression import Index
from derive.notation.problem import Problem
from derive.record import Derivation, Scope
from derive.stabilise.proof import stable_form


def with_stable_squares(found: SumOfSquares | None, problem: Problem) -> SumOfSquares | None:
    """Every formula continued to its matrix form, by way of a stable form where it needs one."""
    if found is None:
        return None
    functions, scope = functions_of(problem), Scope(problem.definitions)

    def shaped(part: Derivation, order: tuple[Index, ...]) -> Derivation:
        steps = stable_form(part.last, order, functions, scope)
        if steps:
            return replace(part, steps=part.steps + steps)
        return with_matrix_form(part, order, scope)

    def of_block(block: Block) -> Block:
        pairs = zip(block.jacobian, block.letters, strict=True)
        return replace(
            block,
            residuals=shaped(block.residuals, block.indices),
            jacobian=tuple(shaped(part, (*block.indices, *own)) for part, own in pairs),
        )

    return replace(found, blocks=tuple(map(of_block, found.blocks)))
