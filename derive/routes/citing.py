"""Earlier claims used as rules: from left to right, and equalities also backwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from derive.notation.expression import Add, Expr, Mul, Tensor
from derive.notation.tree import canonical, children, free_indices, rebuild, reindex
from derive.record import Condition, Derivation, Rule, Scope, Sign


def applies(part: Derivation, given: dict[str, Tensor]) -> bool:
    """Whether everything that the part supposes of its letters holds here too."""
    return all(
        tensor.name in given and given[tensor.name].domain.within(tensor.domain)
        for tensor in part.given
    )


def citing(
    part: Derivation, last: Expr, narrowed: Callable[[Expr], Expr]
) -> tuple[tuple[str, Rule], ...]:
    """The rules that a claim gives: "cite-R1", and "back-R1" for an equality."""
    left, right = narrowed(part.goal), narrowed(last)
    supposed = tuple(
        replace(condition, expr=narrowed(condition.expr))
        for step in part.steps
        for condition in step.conditions
        if not condition.by
    )
    cite, back = f"cite-{part.label}", f"back-{part.label}"
    rules = [(cite, _rule(cite, part.label, left, right, part.sign, supposed))]
    if part.sign == "=":
        rules.append((back, _rule(back, part.label, right, left, "=", supposed)))
    return tuple(rules)


def _rule(
    name: str, label: str, left: Expr, right: Expr, sign: Sign, supposed: tuple[Condition, ...]
) -> Rule:
    """One direction of a claim; what the claim supposes, its use supposes too."""

    def conditions(e: Expr, _scope: Scope) -> tuple[Condition, ...]:
        found = ((c, instance(left, c.expr, e)) for c in supposed)
        return tuple(c if new is None else replace(c, expr=new) for c, new in found)

    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        whole = instance(left, right, e)
        if whole is not None or type(e) is not type(left):
            return whole
        # A run of terms, or of factors; beside other factors only an equality is safe.
        if not (isinstance(e, Add) or (isinstance(e, Mul) and sign == "=")):
            return None
        parts, count = children(e), len(children(left))
        for start in range(len(parts) - count + 1):
            run = rebuild(left, parts[start : start + count])
            new = instance(left, right, run)
            if new is not None:
                return rebuild(e, (*parts[:start], new, *parts[start + count :]))
        return None

    return Rule(
        name, rf"\text{{{label}}}", label, rewrite, left, cites=(label,), sign=sign,
        conditions=conditions,
    )  # fmt: skip


def instance(left: Expr, right: Expr, e: Expr) -> Expr | None:
    """What `right` becomes for the values of the free indices that make `left` equal to `e`."""
    if type(e) is not type(left):
        return None
    letters = tuple(dict.fromkeys((*free_indices(left), *free_indices(right))))
    if not set(free_indices(right)) <= set(free_indices(left)) and e != left:
        return None
    free = free_indices(e)
    choices = [[k for k in free if k.axis == letter.axis] for letter in letters]
    for values in product(*choices):
        table = dict(zip(letters, values, strict=True))
        if canonical(reindex(left, table)) == canonical(e):
            return reindex(right, table)
    return right if e == left else None
