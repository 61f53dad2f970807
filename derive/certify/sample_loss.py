"""Recognise a cost that adds up a loss of its scores, however the parameters make the scores.

A score is built from parameters, data and earlier definitions by sums and products alone, and is
the only way in which the loss sees the parameters. The loss is one of a single score, or of a row.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from derive.calculus.dependence import behind
from derive.calculus.differentiate import prepared
from derive.calculus.polynomial import shortest
from derive.certify.reading import said, tidied
from derive.certify.structure import SampleLoss
from derive.errors import DeriveError
from derive.notation.expression import (
    ONE,
    Add,
    Apply,
    Axis,
    Cases,
    Delta,
    Diff,
    Entry,
    Expr,
    Index,
    Indicator,
    Mul,
    Pow,
    Product,
    Sum,
    Tensor,
    add,
    mul,
)
from derive.notation.problem import Definition, Problem, definition_of
from derive.notation.tree import free_indices, reindex, replace_tensor, size, subterms
from derive.record import Derivation, Scope

LARGEST = 120
"""Nodes of a loss beyond which its derivatives are left to the theorems."""


def sample_loss(problem: Problem) -> SampleLoss | None:
    """The loss behind the sum, or None where the cost is made otherwise."""
    for score in problem.definitions:
        if not 1 <= len(score.indices) <= 2 or not _built(score.body):
            continue
        moving, rest = _apart(problem, score.tensor)
        if moving is None or not _only_way(moving, problem, score):
            continue
        found = _loss(moving, score, problem)
        if found is not None:
            loss, scale = found
            return _derived(loss, scale, rest, score, problem)
    return None


def _built(body: Expr) -> bool:
    """Whether a definition is made by sums and products alone."""
    return not any(isinstance(node, Apply | Pow | Cases | Product) for _, node in subterms(body))


def _apart(problem: Problem, score: Tensor) -> tuple[Expr | None, Expr | None]:
    """The only term of the cost that knows the score, and the other terms."""
    terms = problem.cost.args if isinstance(problem.cost, Add) else (problem.cost,)
    moving = [t for t in terms if score in behind(t, problem.definitions)]
    if len(moving) != 1:
        return None, None
    others = tuple(t for t in terms if t is not moving[0])
    return moving[0], add(*others) if others else None


def _only_way(e: Expr, problem: Problem, score: Definition) -> bool:
    """Whether a formula sees parameters through the score, and through nothing else."""
    held = (score.tensor,)
    known = set(behind(e, problem.definitions, held))
    return known.isdisjoint(problem.parameters) and not set(problem.parameters).isdisjoint(
        behind(score.body, problem.definitions)
    )


def _loss(e: Expr, score: Definition, problem: Problem) -> tuple[Expr, Expr] | None:
    """The loss in the letters of the score's definition, and what stands before its sums.

    Of a single score where the cost sums over all its letters, else of a row of scores.
    """
    found: tuple[Expr, Expr] | None = None
    number: Expr = ONE
    term = e
    for depth, index in enumerate(score.indices, start=1):
        inner = _summand(term, index)
        if inner is None:
            break
        term, number = inner[0], mul(*(f for f in (number, inner[1]) if f != ONE))
        along = tuple(k.axis for k in score.indices[depth:])
        scaled = _scaled(term, number, score.indices[:depth])
        if scaled is not None and _own(scaled[0], score, problem, along):
            found = scaled
    return found


def _summand(e: Expr, index: Index) -> tuple[Expr, Expr] | None:
    """The term of one sum over all of an axis, without the number before it or in it."""
    factors = e.args if isinstance(e, Mul) else (e,)
    sums = [f for f in factors if isinstance(f, Sum)]
    if len(sums) != 1 or sums[0].lower != 1 or sums[0].index.axis != index.axis:
        return None
    if index != sums[0].index and index in free_indices(sums[0].body):
        return None
    body = sums[0].body.args if isinstance(sums[0].body, Mul) else (sums[0].body,)
    sizes = tuple(f for f in body if _size(f))
    number = mul(*(f for f in factors if f is not sums[0]), *sizes)
    if free_indices(number):
        return None
    return reindex(mul(*(f for f in body if f not in sizes)), {sums[0].index: index}), number


def _scaled(e: Expr, number: Expr, letters: tuple[Index, ...]) -> tuple[Expr, Expr] | None:
    """The loss with its number but for a mean over some of the letters, and that mean's 1/m."""
    for count in range(len(letters) + 1):
        for chosen in combinations(letters, count):
            share = mul(*(1 / k.axis for k in chosen)) if chosen else ONE
            rest = shortest(mul(number, *(k.axis for k in chosen)))
            if not any(isinstance(node, Axis) for _, node in subterms(rest)):
                return (e if rest == ONE else mul(rest, e)), share
    return None


def _size(e: Expr) -> bool:
    """Whether a factor is made of sizes and numbers alone: 1/m."""
    nodes = [node for _, node in subterms(e)]
    return any(isinstance(node, Axis) for node in nodes) and not any(
        isinstance(node, Entry | Sum) for node in nodes
    )


def _own(e: Expr, score: Definition, problem: Problem, along: tuple[Axis, ...]) -> bool:
    """Whether a loss belongs to its score alone, or to a row of scores `along` an axis.

    No size, no position, no other row; sums at most along the row.
    """
    names = {k.axis: k for k in score.indices}

    def fits(node: Expr) -> bool:
        match node:
            case Axis() | Product() | Delta() | Indicator():
                return False
            case Sum():
                return node.index.axis in along and node.lower == 1
            case Entry(tensor, indices):
                if any(k.shift or (k.axis not in along and names.get(k.axis) != k)
                       for k in indices):  # fmt: skip
                    return False
                definition = definition_of(tensor, problem.definitions)
                if definition is None or tensor == score.tensor:
                    return True
                table = {k: names.get(k.axis, k) for k in definition.indices}
                body = reindex(definition.body, table)
                return all(fits(inner) for _, inner in subterms(body))
        return True

    free = set(free_indices(e))
    wanted = {k for k in score.indices if k.axis not in along}
    return free <= wanted and all(fits(node) for _, node in subterms(e))


def _derived(
    loss: Expr, scale: Expr, rest: Expr | None, score: Definition, problem: Problem
) -> SampleLoss | None:
    """The loss with its derivatives, from the engine, with the scores as the only parameter."""
    if size(loss) > LARGEST:
        return None
    tensor, free = score.tensor, replace(score.tensor, role="parameter")
    total = _summed(loss, score)
    definitions = tuple(
        replace(d, body=_moved(d.body, tensor, free))
        for d in problem.definitions
        if d != score and set(behind(d.body, problem.definitions, (tensor,))).isdisjoint(
            problem.parameters
        )
    )  # fmt: skip
    own = replace(
        problem, parameters=(free,), definitions=definitions, cost=_moved(total, tensor, free)
    )
    try:
        made = prepared(own)
        (gradient,) = made.gradients()
        (entry,) = made.first
        twice = made.derived("", "", Diff(gradient.last, entry))
    except DeriveError:
        return None
    scope, z = Scope(problem.definitions), Entry(tensor, score.indices)
    letters = dict(zip(entry.indices, score.indices, strict=True))
    slope, curvature = (_moved(reindex(d.last, letters), free, tensor) for d in (gradient, twice))
    loss, slope, curvature = (tidied(e, scope) for e in (loss, slope, curvature))
    first, second, third = (
        Derivation(label, "definition", title, goal, (said(goal, value),))
        for label, title, goal, value in (
            ("loss", "loss of one sample", loss, loss),
            ("slope", "derivative of the loss by the score", Diff(loss, z), slope),
            ("curvature", "second derivative of the loss by the score", Diff(slope, z), curvature),
        )
    )
    whole = mul(scale, _summed(loss, score)) if scale != ONE else _summed(loss, score)
    whole = whole if rest is None else add(whole, rest)
    claim = Derivation("P1", "theorem", "the cost adds up the losses", problem.cost,
                       (said(problem.cost, whole),))  # fmt: skip
    used = {t for e in (loss, slope, curvature) for t in behind(e, problem.definitions, (tensor,))}
    others = tuple(t for t in problem.data if t in used)
    claims = (claim, second, third)
    return SampleLoss(score, score.indices, others, scale, rest, first, second, third, claims)


def _summed(loss: Expr, score: Definition) -> Expr:
    """The sum of the losses over their letters."""
    for index in reversed([k for k in score.indices if k in free_indices(loss)]):
        loss = Sum(loss, index)
    return loss


def _moved(e: Expr, old: Tensor, new: Tensor) -> Expr:
    return replace_tensor(e, lambda x: Entry(new, x.indices) if x.tensor == old else None)
