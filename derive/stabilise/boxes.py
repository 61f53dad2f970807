"""Boxes [0 < t < 1] as two steps: where 1 - t is simpler than t, its sign is known better."""

from __future__ import annotations

from derive.calculus.polynomial import shortest
from derive.notation.expression import Apply, Entry, Expr, Sum
from derive.notation.functions import box, step
from derive.notation.problem import Problem, definition_of
from derive.notation.tree import children, rebuild, replace_tensor, subterms


def boxes_apart(e: Expr, problem: Problem) -> Expr:
    """`e` with step(t) step(1 - t) for every box(t), definitions in 1 - t written out."""

    def body(entry: Entry) -> Expr | None:
        definition = definition_of(entry.tensor, problem.definitions)
        found = None if definition is None else definition.at(entry)
        sums = found is not None and any(isinstance(n, Sum) for _, n in subterms(found))
        return None if sums else found

    match e:
        case Apply(function, t) if function == box:
            return step(t) * step(shortest(1 - replace_tensor(t, body)))
    parts = children(e)
    return rebuild(e, tuple(boxes_apart(part, problem) for part in parts)) if parts else e
