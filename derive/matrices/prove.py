"""All derivations of a problem put together: index formulas, then their matrix forms."""

from __future__ import annotations

from derive.calculus.differentiate import Calculus
from derive.matrices.form import with_matrix_form
from derive.notation.expression import Diff, Entry, Expr, Index
from derive.notation.tree import free_indices
from derive.record import Derivation, Proof, Scope


def prove(calculus: Calculus) -> Proof:
    """The proof in the order in which it is read; every theorem ends in its matrix form."""
    problem = calculus.problem
    scope = Scope(problem.definitions)

    def shaped(derivation: Derivation, order: tuple[Index, ...]) -> Derivation:
        return with_matrix_form(derivation, order, scope)

    rows = tuple(position(g.goal) for g in calculus.gradients)
    return Proof(
        problem,
        (
            *(shaped(d, position(d.goal)) for d in calculus.definitions),
            *calculus.lemmas,
            shaped(calculus.cost, ()),
            *(shaped(d, position(d.goal)) for d in (*calculus.gradients, *calculus.hessians)),
            *(shaped(d, order) for d, order in zip(calculus.products, rows, strict=True)),
        ),
        note=calculus.note,
    )


def position(goal: Expr) -> tuple[Index, ...]:
    """The indices of an entry or of a derivative: k for dJ/dtheta_k, k and l for the second.

    What is differentiated may be written out: its own free indices come first.
    """
    match goal:
        case Entry(_, indices):
            return indices
        case Diff(Entry(_, ()), wrt):
            return wrt.indices
        case Diff(body, wrt):
            return position(body) + wrt.indices
    return free_indices(goal)
