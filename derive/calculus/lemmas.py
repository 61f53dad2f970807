"""Lemmas, proved once and cited afterwards: derivatives of functions and of definitions."""

from __future__ import annotations

from derive.calculus.algebra import (
    ABSORB_SIGN,
    ARITHMETIC,
    CANCEL_NUMBERS,
    CLEAR_DENOMINATORS,
    COMMON_FACTOR,
    FACTOR_ORDER,
    SIMPLIFY,
)
from derive.calculus.case_deltas import CASE_DELTAS
from derive.calculus.dependence import behind, depends
from derive.calculus.derivatives import DERIVATIVES, LINEARITY
from derive.calculus.inverses import INVERSES
from derive.calculus.named import cite, fold, unfold, unfold_function
from derive.calculus.pieces import CASE_FACTOR, CASES_DERIVATIVE, EQUAL_CASES
from derive.calculus.polynomial import difference_is_zero
from derive.calculus.repeated import REPEATED
from derive.calculus.rewrite import Line, apply_line, difference, run
from derive.calculus.sums import (
    APART_DELTA,
    CONSTANT_SUM,
    DELTA_INWARDS,
    DISTRIBUTE_DELTAS,
    EMPTY_SUM,
    EQUAL_DELTA,
    MERGE_SUMS,
    PULL_OUT,
    SUM_DELTA,
)
from derive.errors import RefutedError
from derive.notation.expression import Apply, Diff, Entry, Expr, Num, Pow
from derive.notation.functions import SLOT, Elementwise, log
from derive.notation.problem import Definition, Problem
from derive.notation.text import text
from derive.notation.tree import Place, subterms
from derive.record import Derivation, Lemma, Rule, Scope, Step

QUIET = (ARITHMETIC, EMPTY_SUM, EQUAL_DELTA, APART_DELTA, CANCEL_NUMBERS, FACTOR_ORDER)
"""Arithmetic and order: recorded as steps, but no lecturer says them aloud."""


def functions_of(problem: Problem) -> tuple[Elementwise, ...]:
    """The functions of the problem and of their definitions, each after those it is made of."""
    found: dict[Elementwise, None] = {}

    def visit(e: Expr) -> None:
        for _, node in subterms(e):
            if isinstance(node, Apply) and node.function not in found:
                if node.function.lemma and node.function.definition is not None:
                    visit(node.function.definition(SLOT))
                found[node.function] = None
                if not node.function.end:
                    visit(node.function.derivative(SLOT))
            elif isinstance(node, Pow) and not isinstance(node.exponent, Num):
                visit(log(SLOT))  # u^v = e^(v log u)

    for definition in problem.all_definitions:
        visit(definition.body)
    return tuple(found)


def differentiation(rules: dict[Elementwise, Rule]) -> tuple[Rule, ...]:
    """The rules of the derivative line, the chain rule of every function among them."""
    return (*DERIVATIVES, *INVERSES, CASES_DERIVATIVE, *rules.values())


def function_lemma(function: Elementwise, label: str, rules: dict[Elementwise, Rule]) -> Derivation:
    """The derivative that the function's row states, proved from its definition.

    The proof unfolds the definition, differentiates, and compares with the unfolded claim as
    rational functions of exponentials and other atoms.
    """
    scope = Scope()
    goal = Diff(function(SLOT), SLOT)
    claim = function.derivative(SLOT)
    own = {f: rule for f, rule in rules.items() if f != function}
    lines = (
        Line(f"unfold-{function.name}", (unfold_function(function),)),
        Line("outer-derivative", differentiation(own), once=True),
        Line("derivative", differentiation(own), quiet=QUIET),
    )
    steps = list(run(goal, lines, scope))
    last = steps[-1].after
    if difference_is_zero(last, claim):
        if last != claim:
            steps.append(_step(last, claim, "rational-form", "multiply out and collect"))
        return Derivation(label, "lemma", f"derivative of ${function.latex}$", goal, tuple(steps))
    unfolded = _unfold_all(claim, _made_of(claim))
    if last != unfolded.before:
        if not difference_is_zero(last, unfolded.before):
            raise RefutedError(
                asked=f"prove the derivative of {function.name} from its definition",
                where=f"{text(last)} against {text(unfolded.before)}",
                wrong="the two are not equal as rational functions of their atoms",
                todo=f"correct `derivative` or `definition` of the row {function.name}",
            )
        steps.append(_step(last, unfolded.before, "rational-form", "common denominator"))
    if unfolded.substeps:
        steps.append(unfolded)
    return Derivation(label, "lemma", f"derivative of ${function.latex}$", goal, tuple(steps))


def _made_of(claim: Expr) -> list[Elementwise]:
    """The functions with definitions of which a claim is made, those behind them included."""
    found: dict[Elementwise, None] = {}
    queue = [claim]
    while queue:
        for function in functions_in(queue.pop()):
            if function.lemma and function.definition is not None and function not in found:
                found[function] = None
                queue.append(function.definition(SLOT))
    return list(found)


def functions_in(e: Expr) -> tuple[Elementwise, ...]:
    """The functions applied in `e`, in order of first appearance."""
    return tuple(dict.fromkeys(node.function for _, node in subterms(e) if isinstance(node, Apply)))


def _unfold_all(claim: Expr, functions: list[Elementwise]) -> Step:
    """The step unfolded claim = claim, read from right to left of the definitions."""
    line = Line("unfold", tuple(unfold_function(f) for f in functions))
    step = apply_line(claim, line, Scope())
    if step is None:
        return _step(claim, claim, "fold", "")
    back = tuple(
        Step(s.after, s.before, s.rule.replace("unfold", "fold"), s.reason, s.became, s.where,
             level=2)
        for s in reversed(step.substeps)
    )  # fmt: skip
    return Step(
        step.after, claim, "fold-functions", step.reason, step.became, step.where, substeps=back
    )


def _step(before: Expr, after: Expr, rule: str, reason: str) -> Step:
    where, became = difference(before, after) if before != after else (Place(), Place())
    return Step(before, after, rule, reason, where, became)


def settle(
    goal: Expr,
    lines: tuple[Line, ...],
    scope: Scope,
    folds: tuple[Rule, ...] = (),
    *,
    factored: bool = False,
) -> tuple[Step, ...]:
    """The lines, then contraction of deltas, names and algebra until nothing changes.

    Where it is to stay `factored`, nothing is multiplied out.
    """
    simplify = () if factored else (Line("simplify", (SIMPLIFY,), inner_first=True, quiet=QUIET),)
    steps = list(run(goal, lines, scope))
    tail = (
        Line("deltas", (SUM_DELTA, CASE_DELTAS, DISTRIBUTE_DELTAS, DELTA_INWARDS), quiet=QUIET),
        Line("names", folds, quiet=QUIET),
        Line("cancel", (CLEAR_DENOMINATORS,), quiet=QUIET),
        Line("repeated", REPEATED, quiet=QUIET),
        Line("collect", (COMMON_FACTOR, CASE_FACTOR, EQUAL_CASES, MERGE_SUMS), quiet=QUIET),
        *simplify,
        Line("constants", (PULL_OUT, CONSTANT_SUM, CANCEL_NUMBERS, ABSORB_SIGN), quiet=QUIET),
    )
    for _ in range(ROUNDS):
        more = run(steps[-1].after if steps else goal, tail, scope)
        if not more:
            break
        steps.extend(more)
    return tuple(steps)


ROUNDS = 6
"""Rounds of algebra; each shortens the formula, so few are ever needed."""


def derivative_lines(
    first: tuple[Rule, ...],
    rules: dict[Elementwise, Rule],
    scope: Scope,
    folds: tuple[Rule, ...],
) -> tuple[Line, ...]:
    """Unfold and use linearity; differentiate; collect; put in the lemmas.

    Deltas that stand beside the lemmas are contracted in the same breath; where there are no
    lemmas to cite, that is a line of its own.
    """
    cited = tuple(cite(lemma) for lemma in scope.lemmas)
    contracted = (SUM_DELTA,) if cited else ()
    return (
        Line("linearity", (*first, *LINEARITY), quiet=(ARITHMETIC,)),
        Line("derivative", differentiation(rules), quiet=QUIET),
        Line("collect", (COMMON_FACTOR, CASE_FACTOR, EQUAL_CASES), quiet=QUIET),
        Line("lemmas", (*cited, *folds, *contracted), quiet=QUIET),
    )


def named(
    scope: Scope, labels: dict[str, str], problem: Problem, own: Definition | None = None
) -> tuple[Rule, ...]:
    """What the definitions name is called by its name.

    Only by names that the cost, the prediction or the definition at hand use: a name that stands
    apart would hide factors that cancel.
    """
    formulas = [problem.cost, *(d.body for d in (problem.prediction, own) if d is not None)]
    kept = {d.tensor for d in (problem.prediction, own) if d is not None}
    kept |= {tensor for e in formulas for tensor in behind(e, problem.definitions)}
    return tuple(fold(d, labels[d.tensor.name]) for d in scope.definitions if d.tensor in kept)


def definition_lemmas(
    problem: Problem,
    variables: tuple[Entry, ...],
    rules: dict[Elementwise, Rule],
    labels: dict[str, str],
    number: int,
) -> tuple[Derivation, ...]:
    """The derivative of every definition by every parameter on which it depends.

    `variables` are the entries by which one differentiates, with the letters to be used;
    lemma labels count from `number`.
    """
    out: list[Derivation] = []
    lemmas: list[Lemma] = []
    for position, definition in enumerate(problem.definitions):
        earlier = problem.definitions[:position]
        for wrt in variables:
            if not depends(definition.body, wrt.tensor, problem.definitions):
                continue
            label = f"L{number + len(out)}"
            entry = Entry(definition.tensor, definition.indices)
            goal = Diff(entry, wrt)
            scope = Scope((*earlier, definition), tuple(lemmas))
            own = unfold(definition, labels[definition.tensor.name])
            folds = named(scope, labels, problem, definition)
            steps = settle(goal, derivative_lines((own,), rules, scope, folds), scope, folds)
            derivation = Derivation(
                label, "lemma", f"derivative of ${definition.tensor.latex}$", goal, steps
            )
            out.append(derivation)
            lemmas.append(Lemma(label, goal, derivation.last))
    return tuple(out)
