"""What a route may name: every rule by its id, and the lines of a textbook by theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from derive.calculus.algebra import ALGEBRA, FACTOR_ORDER
from derive.calculus.cases import CASES
from derive.calculus.derivatives import (
    ALL_DERIVATIVES,
    DERIVATIVES,
    LINEARITY,
    chain_rule,
)
from derive.calculus.differentiate import Calculus, differentiate
from derive.calculus.double_sums import DOUBLE_SUMS
from derive.calculus.inequalities import INEQUALITIES
from derive.calculus.lemmas import functions_of
from derive.calculus.logarithms import LOGARITHMS
from derive.calculus.named import cite, fold, unfold, unfold_function
from derive.calculus.repeated import REPEATED
from derive.calculus.rewrite import Line, apply_line
from derive.calculus.sums import SUMS
from derive.matrices.prove import prove
from derive.matrices.recognise import RECOGNITION
from derive.notation.expression import Apply, Diff, Element, Expr
from derive.notation.functions import FUNCTIONS, SLOT, Elementwise
from derive.notation.problem import Problem
from derive.notation.tree import replace_tensor
from derive.record import Derivation, Lemma, Rule, Scope
from derive.routes.taylor import taylor_rules
from derive.stabilise.identities import identity_rules, match


@dataclass(frozen=True)
class Toolbox:
    """The rules by name, and the derivations that a route may cite.

    Attributes:
        rules: By id. A name may stand for several rules that are applied together.
        parts: By label: definitions, lemmas and theorems of the problem.
    """

    rules: Mapping[str, tuple[Rule, ...]]
    parts: Mapping[str, Derivation]


def toolbox(problem: Problem) -> Toolbox:
    """The tools for stories about a problem."""
    calculus: Calculus = differentiate(problem)
    parts = {part.label: part for part in prove(calculus).parts}
    functions = tuple(dict.fromkeys((*functions_of(problem), *FUNCTIONS)))
    labels = _function_labels(calculus)
    chains = tuple(chain_rule(f, labels.get(f, "")) for f in functions)
    tables = (
        *ALL_DERIVATIVES,
        *ALGEBRA,
        *SUMS,
        *DOUBLE_SUMS,
        *REPEATED,
        *LOGARITHMS,
        *CASES,
        *INEQUALITIES,
        *RECOGNITION,
        *chains,
    )  # fmt: skip
    rules: dict[str, tuple[Rule, ...]] = {rule.id: (rule,) for rule in tables}
    rules |= {rule.id: (rule,) for rule in identity_rules(functions)}
    rules |= {rule.id: (rule,) for rule in taylor_rules(functions)}
    rules["linearity"] = LINEARITY
    rules["derivative"] = (*DERIVATIVES, *chains)
    rules |= named_rules(problem, parts, lambda e: e)
    for function in functions:
        if function.definition is not None and not function.hypothesis:
            back = fold_function(function)
            rules[f"unfold-{function.name}"] = (unfold_function(function),)
            rules[back.id] = (back,)
    return Toolbox(rules, parts)


def named_rules(
    problem: Problem, parts: Mapping[str, Derivation], narrowed: Callable[[Expr], Expr]
) -> dict[str, tuple[Rule, ...]]:
    """Unfold, fold and cite for the problem's definitions and derivations, letters narrowed."""
    rules: dict[str, tuple[Rule, ...]] = {}
    for number, definition in enumerate(problem.all_definitions, start=1):
        label = f"D{number}" if definition in problem.definitions else ""
        own = replace(definition, body=narrowed(definition.body))
        # A body is recognised as it was written and with its factors in textbook order.
        sorted_body = apply_line(own.body, Line("order", (FACTOR_ORDER,)), Scope())
        bodies = [own] if sorted_body is None else [own, replace(own, body=sorted_body.after)]
        rules[f"unfold-{own.tensor.name}"] = (unfold(own, label),)
        rules[f"fold-{own.tensor.name}"] = tuple(fold(d, label) for d in bodies)
    for label, part in parts.items():
        if part.kind != "definition":
            lemma = Lemma(label, narrowed(part.goal), narrowed(index_line(part)))
            rules[f"cite-{label}"] = (cite(lemma),)
    return rules


def index_line(part: Derivation) -> Expr:
    """The last line in index notation: what later derivations go on from."""
    lines = [part.goal, *(step.after for step in part.steps)]
    return next(e for e in reversed(lines) if not isinstance(e, Element))


def _function_labels(calculus: Calculus) -> dict[Elementwise, str]:
    """The lemma that proves the derivative of each function with a definition."""
    out: dict[Elementwise, str] = {}
    for lemma in calculus.lemmas:
        match lemma.goal:
            case Diff(Apply(function, arg), _) if arg == SLOT:
                out[function] = lemma.label
    return out


def fold_function(function: Elementwise) -> Rule:
    """The definition of a function, read from right to left: 1/(1 + e^-u) = sigma(u)."""
    definition = function.definition
    if definition is None:
        raise TypeError(f"{function.name} has no definition to fold")
    pattern = definition(SLOT)

    def rewrite(e: Expr, scope: Scope) -> Expr | None:
        value = match(pattern, e, scope.definitions)
        if (
            value is None
            or replace_tensor(pattern, lambda entry: value if entry == SLOT else None) != e
        ):
            return None
        return function(value)

    return Rule(
        f"fold-{function.name}",
        rf"\dots = {function.latex}(u)",
        f"definition of ${function.latex}$",
        rewrite,
        pattern,
    )
