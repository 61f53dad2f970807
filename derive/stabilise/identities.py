"""Stable rewriting by the identities of the function table: log(1 - h) = -softplus(z), ..."""

from __future__ import annotations

from derive.calculus.algebra import ABSORB_SIGN, ARITHMETIC, FACTOR_ORDER
from derive.calculus.rewrite import Line, run
from derive.notation.expression import Entry, Expr
from derive.notation.functions import FUNCTIONS, SLOT, Elementwise, Identity
from derive.notation.problem import Definition, definition_of
from derive.notation.tree import children, rebuild, replace_tensor, size, subterms
from derive.record import Rule, Scope, Step


def match(pattern: Expr, e: Expr, definitions: tuple[Definition, ...]) -> Expr | None:
    """The value of t that makes the pattern equal to `e`; a name also matches its definition."""
    if pattern == SLOT:
        return e
    if isinstance(e, Entry) and not isinstance(pattern, Entry):
        definition = definition_of(e.tensor, definitions)
        return None if definition is None else match(pattern, definition.at(e), definitions)
    parts, others = children(pattern), children(e)
    if not parts or type(pattern) is not type(e) or len(parts) != len(others):
        return None
    # Equal heads: with the same children the two would be the same formula.
    if rebuild(e, parts) != pattern:
        return None
    found: Expr | None = None
    for part, other in zip(parts, others, strict=True):
        if part == other and SLOT not in (node for _, node in subterms(part)):
            continue
        value = match(part, other, definitions)
        if value is None or (found is not None and found != value):
            return None
        found = value
    return found


def identity_rule(function: Elementwise, identity: Identity, number: int) -> Rule:
    """One identity of a row, as a rule."""

    def rewrite(e: Expr, scope: Scope) -> Expr | None:
        value = match(identity.left, e, scope.definitions)
        if value is None:
            return None
        return replace_tensor(identity.right, lambda entry: value if entry == SLOT else None)

    return Rule(
        f"stable-{function.name}-{number}",
        identity.reason,
        identity.reason,
        rewrite,
        identity.left,
    )


def identity_rules(functions: tuple[Elementwise, ...]) -> tuple[Rule, ...]:
    """The identities of the rows, longer patterns first: log(1 - h) before 1 - h."""
    found = [
        (size(identity.left), identity_rule(function, identity, number))
        for function in functions
        for number, identity in enumerate(function.identities(SLOT), start=1)
    ]
    return tuple(rule for _, rule in sorted(found, key=lambda pair: -pair[0]))


IDENTITIES: tuple[Rule, ...] = identity_rules(FUNCTIONS)
"""Every identity of the table, for the test of the rules."""


def stable_steps(
    e: Expr, functions: tuple[Elementwise, ...], scope: Scope, more: tuple[Rule, ...] = ()
) -> tuple[Step, ...]:
    """The steps from `e` to a form without overflow; none where `e` is such a form.

    `more` are rules of the problem at hand beside the functions' identities.
    """
    rules = (*identity_rules(functions), *more)
    steps = run(e, (Line("stable", rules, quiet=(ARITHMETIC, FACTOR_ORDER)),), scope)
    if not steps or not {s.rule for s in steps[0].substeps} & {rule.id for rule in rules}:
        return ()
    return steps + run(steps[-1].after, (Line("constants", (ABSORB_SIGN,)),), scope)
