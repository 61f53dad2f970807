"""A story told: every claim derived along its route, every move a step."""

from __future__ import annotations

from dataclasses import replace

from derive.calculus.algebra import FACTOR_ORDER, denominators
from derive.calculus.cases import at_hand, open_for_derivatives
from derive.calculus.lemmas import QUIET
from derive.calculus.polynomial import difference_is_zero
from derive.calculus.rewrite import Line, apply_line, difference, discharged
from derive.errors import NoRuleError
from derive.matrices.form import matrix_form
from derive.matrices.prove import position
from derive.notation.expression import Diff, Element, Entry, Expr, Index, Tensor
from derive.notation.problem import Definition, Problem
from derive.notation.story import ByCases, Claim, Move, Rewrite, Story, To
from derive.notation.text import text
from derive.notation.tree import at, free_indices, put, replace_tensor, same, subterms
from derive.record import Derivation, Proof, Rule, Scope, Sign, Step
from derive.routes.bound import bounded, through
from derive.routes.cases import supposed, why_not
from derive.routes.citing import applies, citing
from derive.routes.instances import instance_rules
from derive.routes.linear import equal_sums
from derive.routes.toolbox import Toolbox, index_line, named_rules, toolbox

NAMING = ("unfold", "fold", "given")
"""Moves that put a formula for a name, or a name for a formula."""


def tell(story: Story) -> Proof:
    """The proof of a story: the definitions, the lemmas that it cites, its claims in order.

    Raises:
        NoRuleError: A move does nothing where it is asked for, or does not reach its target.
    """
    tools = toolbox(story.problem)
    told: list[Derivation] = []
    for claim in story.claims:
        told.append(follow(claim, story, tools, tuple(told)))
    cited = _cited(told, tools)
    kept = [p for label, p in tools.parts.items() if p.kind == "definition" or label in cited]
    # The story's own title and sources head the page; the letters are the problem's.
    named = replace(
        story.problem,
        name=story.name,
        title=story.title,
        summary=story.summary,
        sources=story.sources,
    )
    return Proof(named, (*kept, *told))


def _cited(told: list[Derivation], tools: Toolbox) -> frozenset[str]:
    """The labels that the claims cite, and what those cite in turn."""
    found: set[str] = set()
    queue = [label for part in told for step in part.steps for label in step.cites]
    while queue:
        label = queue.pop()
        if label in tools.parts and label not in found:
            found.add(label)
            queue += [other for step in tools.parts[label].steps for other in step.cites]
    return frozenset(found)


def follow(claim: Claim, story: Story, tools: Toolbox, told: tuple[Derivation, ...]) -> Derivation:
    """One claim along its route."""
    narrow = {t.name: replace(t, domain=domain) for t, domain in claim.given}
    definitions = tuple(_narrowed_definition(d, narrow) for d in story.problem.all_definitions)
    goal = _narrowed(claim.goal, narrow)
    scope = Scope(definitions)
    if narrow:
        own = named_rules(story.problem, tools.parts, lambda e: _narrowed(e, narrow))
        tools = replace(tools, rules={**tools.rules, **own})
    now, steps = goal, []
    for move in claim.route:
        _check_variables(now, claim, narrow)
        made = _move(move, now, goal, claim, scope, tools, told, narrow)
        steps += made
        now = made[-1].after
    # A promise in index notation is kept by the last line before matrix form.
    lines = [goal, *(step.after for step in steps)]
    last = next(e for e in reversed(lines) if not isinstance(e, Element) or e is lines[0])
    kept = claim.ends is None or any(same(e, _narrowed(claim.ends, narrow)) for e in (now, last))
    if claim.ends is not None and not kept:
        raise _lost(claim, story.problem, now, f"the route ends elsewhere than {text(claim.ends)}")
    return Derivation(
        claim.label,
        "result",
        claim.title,
        goal,
        tuple(steps),
        given=tuple(narrow.values()),
        text=claim.text,
    )


def _move(
    move: Move,
    now: Expr,
    goal: Expr,
    claim: Claim,
    scope: Scope,
    tools: Toolbox,
    told: tuple[Derivation, ...],
    narrow: dict[str, Tensor],
) -> list[Step]:
    """The steps of one move; at least one, or an error that says which move did nothing."""
    match move:
        case To(target, reason, sign):
            return [_to(now, _narrowed(target, narrow), reason, sign, claim, scope)]
        case ByCases(labels, target, sign):
            cases = tuple(part for part in told if part.label in labels)
            target = _narrowed(target, narrow)
            missing = why_not(now, target, sign, cases, scope.definitions)
            if missing or len(cases) != len(labels):
                raise _lost(claim, None, now, missing or "a case is not told before this claim")
            return [
                Step(now, target, "cases", "case by case", conditions=supposed(cases, now, target),
                     cites=labels, sign=sign)
            ]  # fmt: skip
        case "matrix-form":
            steps = list(matrix_form(now, _order(goal, now), scope))
        case Rewrite(names, reason, once):
            steps = _rewrite(names, reason, once, now, scope, tools, told, claim, narrow)
        case str():
            steps = _rewrite((move,), "", False, now, scope, tools, told, claim, narrow)
        case tuple():
            steps = _rewrite(move, "", False, now, scope, tools, told, claim, narrow)
    if not steps:
        raise _lost(claim, None, now, f"the move {move!r} does nothing here")
    return steps


def _rewrite(
    names: tuple[str, ...],
    reason: str,
    once: bool,
    now: Expr,
    scope: Scope,
    tools: Toolbox,
    told: tuple[Derivation, ...],
    claim: Claim,
    narrow: dict[str, Tensor],
) -> list[Step]:
    own = {
        name: (rule,)
        for part in told
        if applies(part, narrow)
        for name, rule in (
            *citing(part, index_line(part), lambda e: _narrowed(e, narrow)),
            *instance_rules(part, index_line(part), scope.definitions),
        )
    }
    known = {**tools.rules, **own}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise _lost(claim, None, now, f"there is no rule or line named {unknown[0]!r}")
    rules = tuple(rule for name in names for rule in known[name])
    if any(rule.sign != "=" for rule in rules):
        return _inequality(now, rules, reason, scope, claim)
    quiet: tuple[Rule, ...] = () if set(names) & {rule.id for rule in QUIET} else QUIET
    if all(name.split("-")[0] in NAMING for name in names):
        # Where only names change, the factors stay in the order in which they are written.
        quiet = tuple(rule for rule in quiet if rule != FACTOR_ORDER)
    line = Line(" + ".join(names), rules, reason, quiet=quiet, once=once)
    step = apply_line(now, line, scope)
    fired = step is not None and any(s.rule in {r.id for r in rules} for s in step.substeps)
    return [step] if step is not None and fired else []


def _inequality(
    now: Expr, rules: tuple[Rule, ...], reason: str, scope: Scope, claim: Claim
) -> list[Step]:
    """One application of an inequality, through the monotone formulas around it."""
    for path, node in subterms(now):
        for rule in rules:
            new = rule.rewrite(node, scope)
            if new is None or new == node:
                continue
            sign = through(now, path, rule.sign, scope.definitions)
            if sign is None:
                raise _lost(claim, None, now, f"{rule.id} stands where nothing is monotone")
            after = put(now, path, new)
            where, became = difference(now, after)
            conditions = tuple(discharged(c, scope) for c in rule.conditions(node, scope))
            return [
                Step(now, after, rule.id, reason or rule.reason, where, became, conditions,
                     rule.cites, sign=sign)
            ]  # fmt: skip
    return []


def _to(now: Expr, target: Expr, reason: str, sign: Sign, claim: Claim, scope: Scope) -> Step:
    if now == target:
        raise _lost(claim, None, now, "this is already what the move asks for")
    where, became = difference(now, target)
    left, right = at_hand(now, scope.definitions), at_hand(target, scope.definitions)
    if sign == "=":
        shown = (
            difference_is_zero(at(now, where), at(target, became))
            or difference_is_zero(left, right)
            or equal_sums(left, right)
        )
    else:
        shown = bounded(left, right, sign, scope.definitions)
    if not shown:
        raise _lost(claim, None, now, f"cannot show that this is {sign} {text(target)}")
    # What is divided by on either side of the place is not 0: said, and discharged or assumed.
    divisors = (
        condition
        for e in ((at(now, where), at(target, became)) if sign == "=" else ())
        for condition in denominators(e, scope)
    )
    conditions = tuple(dict.fromkeys(discharged(c, scope) for c in divisors))
    return Step(now, target, "to", reason, where, became, conditions, sign=sign)


def _check_variables(now: Expr, claim: Claim, narrow: dict[str, Tensor]) -> None:
    """A case may differentiate by its letter only where every value has neighbours in the case."""
    for _, node in subterms(now):
        if isinstance(node, Diff):
            own = narrow.get(node.wrt.tensor.name)
            if own is not None and not open_for_derivatives(own.domain):
                wrong = f"the case of {own.name} has an end, where a derivative looks beyond it"
                raise _lost(claim, None, now, wrong)


def _order(goal: Expr, now: Expr) -> tuple[Index, ...]:
    """The order of the free indices of a matrix form: the goal's, else of first appearance."""
    free = free_indices(now)
    match goal:
        case Entry() | Diff() | Element():
            wanted = position(goal) if not isinstance(goal, Element) else goal.indices
            return wanted if set(wanted) == set(free) or not free else free
    own = free_indices(goal)
    return own if set(own) >= set(free) else free


def _narrowed(e: Expr, narrow: dict[str, Tensor]) -> Expr:
    """The formula with the letters of narrower domain in place of the wide ones."""
    if not narrow:
        return e
    return replace_tensor(
        e,
        lambda entry: (
            Entry(narrow[entry.tensor.name], entry.indices) if entry.tensor.name in narrow else None
        ),
    )


def _narrowed_definition(definition: Definition, narrow: dict[str, Tensor]) -> Definition:
    return replace(definition, body=_narrowed(definition.body, narrow))


def _lost(claim: Claim, problem: Problem | None, now: Expr, wrong: str) -> NoRuleError:
    return NoRuleError(
        asked=f"derive claim {claim.label} ({claim.title})"
        + (f" of {problem.name}" if problem is not None else ""),
        where=text(now),
        wrong=wrong,
        todo="change the route of this claim; `derive show NAME --steps` shows each line",
    )
