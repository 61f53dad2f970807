"""A derivation continued from its last index formula to its matrix form."""

from __future__ import annotations

from dataclasses import replace

from derive.calculus.algebra import ARITHMETIC, FACTOR_ORDER
from derive.calculus.rewrite import Line, apply_line, difference, run
from derive.calculus.sums import DISTRIBUTE_DELTAS, PULL_OUT, SUM_DELTA
from derive.errors import NoRuleError
from derive.matrices.bands import gathered
from derive.matrices.build import einsum, hadamard, total
from derive.matrices.entrywise import as_mat
from derive.matrices.recognise import (
    CONTRACT,
    GENERAL,
    INNER_PRODUCT,
    INTERCHANGE,
    MASK,
    SPLIT_SUM,
    has_sum,
)
from derive.matrices.tidy import TIDY
from derive.notation.expression import Add, Element, Expr, Index, Mul
from derive.notation.matrix import Mat, Ones, Outer
from derive.notation.text import text
from derive.notation.tree import free_indices
from derive.record import Derivation, Scope, Step

PREPARE = Line("interchange", (MASK, SUM_DELTA, DISTRIBUTE_DELTAS, INTERCHANGE))
PAIRS = Line("trace", (INNER_PRODUCT,))
PRODUCTS = Line("products", (SPLIT_SUM, PULL_OUT, CONTRACT), inner_first=True, quiet=(ARITHMETIC,))
LAST_RESORT = Line("einsum", (GENERAL,))


def matrix_form(e: Expr, order: tuple[Index, ...], scope: Scope) -> tuple[Step, ...]:
    """The steps from an index formula with free indices `order` to an entry of a matrix formula.

    At most two lines: sums change places; then everything that is a product of matrices,
    an entrywise operation or, failing those, an einsum is read as such.
    """
    opening = run(e, (PREPARE,), scope)
    start = opening[-1].after if opening else e
    parts = run(start, (PAIRS, PRODUCTS, LAST_RESORT, Line("order", (FACTOR_ORDER,))), scope)
    now = parts[-1].after if parts else start
    mat = final(now, order)
    mat = mat if mat is None else spread(mat, order)
    if mat is None:
        raise NoRuleError(
            asked="put the formula in matrix form",
            where=text(now),
            wrong="a sum is left that no matrix product and no einsum expresses",
            todo="name the inner sum with a definition; if that does not help, report the cost",
        )
    entry: Expr = Element(mat, order)
    where, became = difference(now, entry)
    last = Step(now, entry, "entry", "entry by entry", where, became, level=2)
    tidy = tidied(entry, scope)
    substeps = tuple(s for step in parts for s in step.substeps) + ((last,) if now != entry else ())
    substeps += tuple(s for step in tidy for s in step.substeps)
    entry = tidy[-1].after if tidy else entry
    if not substeps:
        return opening
    where, became = difference(start, entry)
    return (*opening, Step(start, entry, "matrix-form", _reason(substeps), where, became,
                           substeps=substeps))  # fmt: skip


def tidied(entry: Expr, scope: Scope) -> tuple[Step, ...]:
    """The algebra of matrix formulas applied until nothing fits; what came before never returns."""
    steps: list[Step] = []
    seen: set[Expr] = {entry}
    now: Expr = entry
    while len(steps) < ROUNDS and (step := apply_line(now, TIDY, scope)) is not None:
        if step.after in seen:
            break
        steps.append(step)
        now = step.after
        seen.add(now)
    return tuple(steps)


ROUNDS = 100
"""Rules of matrix algebra applied to one formula; beyond it the formula is right, if longer."""


def _reason(substeps: tuple[Step, ...]) -> str:
    """The definition of the matrix product where one was used, else entry by entry."""
    names = {s.rule for s in substeps}
    if names & {CONTRACT.id, INNER_PRODUCT.id}:
        return "definition of the matrix product"
    return "entry by entry"


def final(e: Expr, order: tuple[Index, ...]) -> Mat | None:
    """A formula without sums as a matrix formula over `order`; an einsum where rank needs it."""
    mat = as_mat(e, order)
    if mat is not None:
        return mat
    if has_sum(e):
        return None
    if isinstance(e, Add):
        parts = [final(a, order) for a in e.args]
        known = [p for p in parts if p is not None]
        return None if None in parts else total(tuple(gathered(known)))
    own = free_indices(e)
    if not isinstance(e, Mul):
        # A term with fewer indices than its neighbours is the same along the others.
        part = final(e, own) if set(own) < set(order) else None
        return None if part is None else einsum(((part, own),), order)
    scalars: list[Mat] = []
    operands: list[tuple[Mat, tuple[Index, ...]]] = []
    for factor in e.args:
        own = free_indices(factor)
        part = final(factor, own)
        if part is None:
            return None
        if own:
            operands.append((part, own))
        else:
            scalars.append(part)
    return hadamard((*scalars, einsum(tuple(operands), order)))


def spread(mat: Mat, order: tuple[Index, ...]) -> Mat:
    """A scalar that stands for every entry: the scalar times ones over the axes of `order`."""
    if mat.axes or not order:
        return mat
    ones: Mat = Ones(order[0].axis)
    if len(order) > 1:
        ones = einsum((), order) if len(order) > 2 else Outer(ones, Ones(order[1].axis))
    return hadamard((mat, ones))


def with_matrix_form(derivation: Derivation, order: tuple[Index, ...], scope: Scope) -> Derivation:
    """The derivation with the steps to its matrix form added."""
    steps = derivation.steps + matrix_form(derivation.last, order, scope)
    return replace(derivation, steps=steps)
