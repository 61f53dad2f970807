"""Recognise a cost that is a mean over samples plus a function of the parameters alone.

Such a cost over all rows is the mean, weighted by their numbers, of the costs over blocks of the
rows; so are its derivatives. That permits to compute them block by block, and on some of the rows.
"""

from __future__ import annotations

from derive.calculus.polynomial import shortest
from derive.notation.expression import Add, Axis, Entry, Expr, Index, Mul, Sum, mul
from derive.notation.problem import Problem, definition_of
from derive.notation.tree import axes_in, children


def sample_axis(problem: Problem) -> Axis | None:
    """The axis m of cost = (1/m) sum_i f(row i; parameters) + r(parameters, other data), or None.

    The rows must be the first axis of all data that have it, and no parameter may have one.
    """
    firsts = dict.fromkeys(t.axes[0] for t in problem.data if t.axes)
    for m in firsts:
        rows = [t for t in problem.data if any(a.root == m for a in t.axes)]
        whole = all(t.axes[0] == m and all(a.root != m for a in t.axes[1:]) for t in rows)
        free = all(a.root != m for t in problem.parameters for a in t.axes)
        if m.cut == 0 and whole and free and _splits(problem, m):
            return m
    return None


def _splits(problem: Problem, m: Axis) -> bool:
    terms = problem.cost.args if isinstance(problem.cost, Add) else (problem.cost,)
    with_rows = [t for t in terms if _touches(t, m, problem)]
    return bool(with_rows) and all(_mean(t, m, problem) for t in with_rows)


def _mean(term: Expr, m: Axis, problem: Problem) -> bool:
    """Whether a term is c/m times a sum over the samples of what belongs to one of them."""
    factors = term.args if isinstance(term, Mul) else (term,)
    sums = [f for f in factors if isinstance(f, Sum) and f.index.axis == m and f.lower == 1]
    if len(sums) != 1 or sums[0].upper != m:
        return False
    number = shortest(mul(m, *(f for f in factors if f is not sums[0])))
    return not _touches(number, m, problem) and _of_sample(sums[0].body, sums[0].index, problem)


def _touches(e: Expr, m: Axis, problem: Problem) -> bool:
    """Whether a formula, or a definition in it, has anything to do with the samples."""
    if m in axes_in(e):
        return True
    if isinstance(e, Entry):
        definition = definition_of(e.tensor, problem.definitions)
        if definition is not None:
            return _touches(definition.body, m, problem)
    return any(_touches(child, m, problem) for child in children(e))


def _of_sample(e: Expr, sample: Index, problem: Problem) -> bool:
    """Whether a formula knows of the samples only the one with this index."""
    m = sample.axis
    match e:
        case Entry(tensor, indices):
            at = [k for k in indices if k.axis.root == m]
            if any(k != sample for k in at):
                return False
            definition = definition_of(tensor, problem.definitions)
            if definition is None:
                return len(at) == sum(a.root == m for a in tensor.axes)
            own = [k for k in definition.indices if k.axis.root == m]
            if len(own) > 1:
                return False
            inside = own[0] if own else sample
            return _of_sample(definition.body, inside, problem) and (
                bool(own) or not _touches(definition.body, m, problem)
            )
        case _ if m in axes_in(e) and not children(e):
            return False
        case Sum() if e.index.axis.root == m:
            return False
        case _:
            parts = children(e)
            below = {a for part in parts for a in axes_in(part)}
            if m in axes_in(e) and m not in below:
                return False  # the node itself names the axis: a product, a bracket of indices
            return all(_of_sample(part, sample, problem) for part in parts)
