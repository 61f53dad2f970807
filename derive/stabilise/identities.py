"""Stable rewriting by the identities of the function table: log(1 - h) = -softplus(z), ..."""

from __future__ import annotations

from derive.calculus.algebra import ABSORB_SIGN, ARITHMETIC, FACTOR_ORDER
from derive.calculus.rewrite import Line, run
from derive.notation.expression import MINUS_ONE, Add, Entry, Expr, Mul, add, mul
from derive.notation.functions import FUNCTIONS, SLOT, Elementwise, Identity, sigmoid
from derive.notation.problem import Definition, definition_of
from derive.notation.text import text
from derive.notation.tree import children, rebuild, replace_tensor, size, subterms
from derive.record import Rule, Scope, Step
from derive.stabilise.two_shares import TWO_SHARES


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


def complement_rule(rules: tuple[Rule, ...]) -> Rule:
    """w - w h = w (1 - h), where one of the rules knows 1 - h without cancellation."""

    def rewrite(e: Expr, scope: Scope) -> Expr | None:
        if not isinstance(e, Add):
            return None
        for place, term in enumerate(e.args):
            for other, second in enumerate(e.args):
                found = None if place == other else _complement(term, second, rules, scope)
                if found is not None:
                    args = (found if k == place else a for k, a in enumerate(e.args) if k != other)
                    return add(*args)
        return None

    example = SLOT - SLOT * sigmoid(SLOT)
    words = "take out the common factor before $1 - h$ cancels"
    return Rule("stable-complement", "w - w h = w (1 - h)", words, rewrite, example)


def _complement(term: Expr, second: Expr, rules: tuple[Rule, ...], scope: Scope) -> Expr | None:
    """w (1 - h) for the terms w and -w h."""
    minus, own = _signed(term)
    other_minus, others = _signed(second)
    if minus == other_minus or len(others) != len(own) + 1:
        return None
    for place, factor in enumerate(others):
        if sorted(map(text, (*others[:place], *others[place + 1 :]))) != sorted(map(text, own)):
            continue
        rest = 1 - factor
        if any(rule.rewrite(rest, scope) is not None for rule in rules):
            return mul(*([MINUS_ONE] if minus else []), *own, rest)
    return None


def _signed(e: Expr) -> tuple[bool, tuple[Expr, ...]]:
    """Whether a term is negative, and its other factors."""
    factors = e.args if isinstance(e, Mul) else (e,)
    if factors[0] == MINUS_ONE:
        return True, factors[1:]
    return False, factors


def stable_steps(
    e: Expr, functions: tuple[Elementwise, ...], scope: Scope, more: tuple[Rule, ...] = ()
) -> tuple[Step, ...]:
    """The steps from `e` to a form without overflow; none where `e` is such a form.

    `more` are rules of the problem at hand beside the functions' identities.
    """
    identities = identity_rules(functions)
    rules = (*identities, complement_rule(identities), TWO_SHARES, *more)
    steps = run(e, (Line("stable", rules, quiet=(ARITHMETIC, FACTOR_ORDER)),), scope)
    if not steps or not {s.rule for s in steps[0].substeps} & {rule.id for rule in rules}:
        return ()
    return steps + run(steps[-1].after, (Line("constants", (ABSORB_SIGN,)),), scope)


IDENTITIES: tuple[Rule, ...] = (
    *identity_rules(FUNCTIONS),
    complement_rule(identity_rules(FUNCTIONS)),
    TWO_SHARES,
)
"""Every identity of the table, for the test of the rules."""
