"""Recognise a cost that adds up squares, J = 1/2 |r|^2, and differentiate what is squared.

A least-squares fit needs more than the gradient J_r'r: with the residuals r and their Jacobian at
hand it factorises that Jacobian, and never forms J_r'J_r, whose condition is the square.
"""

from __future__ import annotations

from derive.calculus.algebra import ARITHMETIC, FACTOR_ORDER, SIMPLIFY
from derive.calculus.dependence import behind
from derive.calculus.differentiate import Prepared, prepared
from derive.calculus.polynomial import shortest
from derive.calculus.rewrite import Line, run
from derive.calculus.structure import layered
from derive.certify.reading import said
from derive.certify.structure import Block, SumOfSquares
from derive.errors import DeriveError
from derive.notation.domain import range_of
from derive.notation.expression import (
    ONE,
    Add,
    Diff,
    Expr,
    Index,
    Mul,
    Num,
    Pow,
    Sum,
    Tensor,
    add,
    mul,
)
from derive.notation.forms import flattened
from derive.notation.functions import sqrt
from derive.notation.problem import Problem
from derive.notation.tree import canonical, free_indices, size
from derive.record import Derivation, Scope

LARGEST = 200
"""Nodes of an entry of the Jacobian beyond which it is left to the gradient of the cost."""

RESIDUAL_AXES = 2
PARAMETER_AXES = 1
"""A dense Jacobian is of use where rows are residuals, of vectors or matrices, and its columns
are single numbers and vectors: those of a matrix parameter are too many."""

HALF, TWO = Num(ONE.value / 2), Num(ONE.value * 2)
TIDY = Line("tidy", (SIMPLIFY,), quiet=(ARITHMETIC, FACTOR_ORDER))


def sum_of_squares(problem: Problem) -> SumOfSquares | None:
    """The residuals with their Jacobian, or None where the cost is made otherwise."""
    if layered(problem) or any(len(p.axes) > PARAMETER_AXES for p in problem.parameters):
        return None
    terms = problem.cost.args if isinstance(problem.cost, Add) else (problem.cost,)
    read = [_residual(term, problem) for term in terms]
    found = [r for r in read if r is not None]
    if len(found) != len(terms):
        return None
    try:
        made = prepared(problem)
        blocks = tuple(_block(r, letters, made, number)
                       for number, (r, letters) in enumerate(found, start=1))  # fmt: skip
    except DeriveError:
        return None
    if any(size(part.last) > LARGEST for block in blocks for part in block.jacobian):
        return None
    claim = Derivation("Q0", "theorem", "the cost adds up squares", problem.cost,
                       (said(problem.cost, _total(found)),))  # fmt: skip
    return SumOfSquares(blocks, _linear(blocks, problem), claim)


def _residual(term: Expr, problem: Problem) -> tuple[Expr, tuple[Index, ...]] | None:
    """sqrt(2 c) u with its letters, where the term is the sum over these of c u^2 and c >= 0.

    c may be different from sample to sample, but knows no parameter.
    """
    flat = flattened(term)
    letters = tuple(k for k, _ in flat.indices)
    if not 1 <= len(letters) <= RESIDUAL_AXES or not _full(term):
        return None
    moving = [f for f in flat.factors if _moves(f, problem)]
    still = tuple(f for f in flat.factors if not _moves(f, problem))
    squared = _squared(moving)
    if squared is None or not range_of(mul(*still), problem.definitions).nonnegative:
        return None
    weight = shortest(mul(TWO, *still))
    residual = squared if weight == ONE else mul(sqrt(weight), squared)
    # A letter that the residual does not have would make of one residual many alike.
    return (residual, letters) if set(free_indices(residual)) == set(letters) else None


def _full(e: Expr) -> bool:
    """Whether every sum in front of the square goes over a whole axis."""
    match e:
        case Sum():
            return e.lower == 1 and e.upper == e.index.axis and _full(e.body)
        case Mul(args):
            return all(map(_full, args))
    return True


def _moves(e: Expr, problem: Problem) -> bool:
    return not set(problem.parameters).isdisjoint(behind(e, problem.definitions))


def _squared(moving: list[Expr]) -> Expr | None:
    """u, where what depends on the parameters is u^2, or u twice."""
    match moving:
        case [Pow(base, Num(value))] if value == 2:
            return base
        case [first, second] if canonical(first) == canonical(second):
            return first
    return None


def _total(found: list[tuple[Expr, tuple[Index, ...]]]) -> Expr:
    """1/2 times the sum of all squares."""
    terms = []
    for residual, letters in found:
        term: Expr = Pow(residual, TWO)
        for index in reversed(letters):
            term = Sum(term, index)
        terms.append(mul(HALF, term))
    return add(*terms)


def _block(residual: Expr, indices: tuple[Index, ...], made: Prepared, number: int) -> Block:
    """The residuals of one term, and their derivatives by every parameter."""
    steps = run(residual, (TIDY,), Scope(made.problem.definitions))
    title = "derivative of the residuals by"
    return Block(
        indices,
        Derivation(f"Q{number}", "theorem", "residuals", residual, steps),
        tuple(
            made.derived(f"Q{number}.{k}", f"{title} ${e.tensor.latex}$", Diff(residual, e))
            for k, e in enumerate(made.first, start=1)
        ),
        tuple(entry.indices for entry in made.first),
    )


def _linear(blocks: tuple[Block, ...], problem: Problem) -> tuple[Tensor, ...]:
    """Parameters in which, taken together, the residuals are affine.

    These are parameters by which no derivative by one of them depends on any of them.
    """
    chosen: list[Tensor] = []
    for parameter in problem.parameters:
        trial = {*chosen, parameter}
        numbers = [problem.parameters.index(p) for p in (*chosen, parameter)]
        entries = (block.jacobian[k].last for block in blocks for k in numbers)
        if all(trial.isdisjoint(behind(e, problem.definitions)) for e in entries):
            chosen.append(parameter)
    return tuple(chosen)
