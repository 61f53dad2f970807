"""Letters of one name: a derivation may narrow some of the problem's, and then uses these alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from derive.notation.expression import Diff, Element, Entry, Expr, Tensor
from derive.notation.problem import Definition, Problem
from derive.notation.tree import children, mat_tensors, replace_tensor, tensors_in
from derive.record import Derivation, Step


def narrowed(
    definitions: tuple[Definition, ...], given: tuple[Tensor, ...]
) -> tuple[Definition, ...]:
    """The definitions with the narrowed letters in place of the wide ones of the same name.

    A narrowed letter that is itself defined is drawn from its domain, so its definition is left
    out.
    """
    own = {tensor.name: tensor for tensor in given}

    def swapped(entry: Entry) -> Entry | None:
        tensor = own.get(entry.tensor.name)
        return None if tensor is None else Entry(tensor, entry.indices)

    return tuple(
        replace(d, body=replace_tensor(d.body, swapped))
        for d in definitions
        if d.tensor.name not in own
    )


def letter_faults(part: Derivation, problem: Problem) -> Iterator[str]:
    """What is wrong with the letters of a derivation: every name must stand for one thing."""
    formulas = tuple(_formulas(part))
    met: dict[str, list[Tensor]] = {}
    for tensor in dict.fromkeys((*part.given, *_tensors(formulas))):
        met.setdefault(tensor.name, []).append(tensor)
    for name, tensors in met.items():
        if len(tensors) > 1:
            yield f"the letter {name} stands for two different things in one derivation"
    wide = {t.name: t for t in _declared(problem)}
    given = {t.name for t in part.given}
    for tensor in part.given:
        declared = wide.get(tensor.name)
        if declared is None or replace(tensor, domain=declared.domain) != declared:
            yield f"{tensor.name}, which is narrowed, is no letter of the problem"
        elif not tensor.domain.within(declared.domain):
            yield f"{tensor.name} is not narrowed: its domain here is not within the declared one"
    for name, (tensor, *_) in met.items():
        declared = wide.get(name)
        if declared is None or declared == tensor or name in given:
            continue
        # Where only the domain tells the two letters apart, the claim is about fewer values.
        if replace(tensor, domain=declared.domain) == declared:
            yield f"{name} is narrowed, which the derivation does not say"
    yield from _fixed_faults(part, problem, formulas)


def _fixed_faults(part: Derivation, problem: Problem, formulas: tuple[Expr, ...]) -> Iterator[str]:
    """A narrowed letter with a definition is drawn on its own, so it follows no other letter."""
    bodies = {d.tensor.name: d.body for d in problem.all_definitions}
    for tensor in part.given:
        if tensor.name not in bodies:
            continue
        behind = _behind(tensor.name, bodies)
        for wrt in dict.fromkeys(_variables(formulas)):
            if wrt.name in behind:
                yield (
                    f"{tensor.name} is narrowed and depends on {wrt.name}, "
                    f"by which the derivation differentiates"
                )


def _behind(name: str, bodies: dict[str, Expr]) -> frozenset[str]:
    """The letters on which a definition depends, by way of others too."""
    found: set[str] = set()
    pending = [name]
    while pending:
        body = bodies.get(pending.pop())
        names = {t.name for t in tensors_in(body)} - found if body is not None else set()
        found |= names
        pending += sorted(names)
    return frozenset(found)


def _declared(problem: Problem) -> tuple[Tensor, ...]:
    defined = (d.tensor for d in problem.all_definitions)
    return (*problem.data, *problem.parameters, *defined)


def _formulas(part: Derivation) -> Iterator[Expr]:
    yield part.goal
    pending: list[Step] = list(part.steps)
    while pending:
        step = pending.pop(0)
        yield from (step.before, step.after)
        yield from (condition.expr for condition in step.conditions)
        pending += step.substeps


def _nodes(formulas: Iterable[Expr]) -> Iterator[Expr]:
    """All nodes; what steps share is met once."""
    seen: set[int] = set()
    pending = list(formulas)
    while pending:
        node = pending.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            pending += children(node)


def _tensors(formulas: Iterable[Expr]) -> Iterator[Tensor]:
    for node in _nodes(formulas):
        if isinstance(node, Entry):
            yield node.tensor
        elif isinstance(node, Element):
            yield from mat_tensors(node.mat)


def _variables(formulas: Iterable[Expr]) -> Iterator[Tensor]:
    return (node.wrt.tensor for node in _nodes(formulas) if isinstance(node, Diff))
