"""Theorems about any function of a kind, applied to one: A(t) = t^2/2, A(t) = e^t, ..."""

from __future__ import annotations

from collections.abc import Iterator

from derive.calculus.derivatives import DERIVATIVES, chain_rule
from derive.calculus.lemmas import QUIET, functions_in
from derive.calculus.polynomial import difference_is_zero
from derive.calculus.rewrite import Line, run
from derive.errors import RefutedError
from derive.notation.expression import Apply, Diff, Expr
from derive.notation.functions import FUNCTIONS, SLOT, Elementwise
from derive.notation.problem import Definition, definition_of
from derive.notation.text import text
from derive.notation.tree import children, rebuild, replace_tensor, subterms, tensors_in
from derive.record import Derivation, Rule, Scope
from derive.routes.citing import instance


def instance_rules(
    part: Derivation, last: Expr, definitions: tuple[Definition, ...]
) -> Iterator[tuple[str, Rule]]:
    """The rules "cite-R1-poisson", ...: one for each named function of the kind supposed."""
    if part.sign != "=":
        return
    left, right = (_opened(e, definitions) for e in (part.goal, last))
    generic = tuple(f for f in _functions(left, right) if f.hypothesis)
    for name, _ in generic[0].instances if generic else ():
        _check(name, generic)
        rule = _rule(f"cite-{part.label}-{name}", part.label, _at(left, name), _at(right, name))
        yield rule.id, rule


def _rule(name: str, label: str, left: Expr, right: Expr) -> Rule:
    def rewrite(e: Expr, _scope: Scope) -> Expr | None:
        return instance(left, right, e)

    return Rule(name, rf"\text{{{label}}}", f"{label} for this function", rewrite, left,
                cites=(label,))  # fmt: skip


def _functions(*formulas: Expr) -> tuple[Elementwise, ...]:
    """The functions in the formulas and in the derivatives that are supposed of them."""
    found: dict[Elementwise, None] = {}
    queue = [f for e in formulas for f in functions_in(e)]
    while queue:
        function = queue.pop(0)
        if function not in found:
            found[function] = None
            queue += functions_in(function.derivative(SLOT)) if function.hypothesis else ()
    return tuple(found)


def _opened(e: Expr, definitions: tuple[Definition, ...]) -> Expr:
    """The formula with those definitions unfolded that use a function of the kind."""

    def body(e: Expr) -> Expr:
        return replace_tensor(
            e,
            lambda entry: (
                body(found.at(entry))
                if (found := definition_of(entry.tensor, definitions)) is not None
                and _uses_generic(found.body, definitions)
                else None
            ),
        )

    if isinstance(e, Diff):
        return Diff(_opened(e.body, definitions), e.wrt)
    return body(e)


def _uses_generic(e: Expr, definitions: tuple[Definition, ...]) -> bool:
    if any(isinstance(node, Apply) and node.function.hypothesis for _, node in subterms(e)):
        return True
    inner = (definition_of(tensor, definitions) for tensor in tensors_in(e))
    return any(d is not None and _uses_generic(d.body, definitions) for d in inner)


def _at(e: Expr, name: str) -> Expr:
    """The formula for the named function in place of the one of which only the kind is known."""
    parts = tuple(_at(child, name) for child in children(e))
    match e:
        case Apply(function, _) if function.hypothesis:
            return dict(function.instances)[name](parts[0])
    return rebuild(e, parts) if parts else e


def _check(name: str, generic: tuple[Elementwise, ...]) -> None:
    """The named functions have the derivatives that are supposed."""
    chains = tuple(chain_rule(f) for f in FUNCTIONS)
    line = Line("derivative", (*DERIVATIVES, *chains), quiet=QUIET)
    for function in generic:
        supposed = function.derivative(SLOT)
        if isinstance(supposed, Diff):
            continue  # nothing is supposed of it
        goal, claim = Diff(_at(function(SLOT), name), SLOT), _at(supposed, name)
        steps = run(goal, (line,), Scope())
        if not steps or not difference_is_zero(steps[-1].after, claim):
            raise RefutedError(
                asked=f"apply a theorem about {function.name} to the case {name}",
                where=text(goal),
                wrong=f"its derivative is not {text(claim)}",
                todo=f"correct `instances` of the rows {function.name} and of its derivative",
            )
