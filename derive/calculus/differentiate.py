"""From a problem to its cost, gradient and Hessian in index notation, every step recorded."""

from __future__ import annotations

from dataclasses import dataclass

from derive.calculus.dependence import pending
from derive.calculus.derivatives import chain_rule
from derive.calculus.lemmas import (
    QUIET,
    definition_lemmas,
    derivative_lines,
    function_lemma,
    functions_of,
    named,
    settle,
)
from derive.calculus.named import cite, unfold
from derive.calculus.rewrite import Line, run
from derive.errors import NoRuleError
from derive.notation.expression import Axis, Diff, Entry, Expr, Index, Sum, Tensor, add
from derive.notation.functions import Elementwise
from derive.notation.problem import Problem
from derive.notation.text import text
from derive.notation.tree import axes_in, letters_in, tensors_in
from derive.record import Derivation, Lemma, Rule, Scope

LETTERS = "klpqrstuabcdefgowx"
"""Letters for new indices, in the order in which a textbook takes them."""


@dataclass(frozen=True)
class Calculus:
    """The derivations in index notation; `matrices` puts their last lines in matrix form.

    Attributes:
        definitions: D1, D2, ..., the cost last: each only unfolds its name.
        lemmas: Derivatives of functions and definitions.
        cost: The label of the cost's definition and theorem come from it.
        gradients: One per parameter.
        hessians: One per pair of parameters, in the order of `pairs`.
        products: Hessian-vector products, one per parameter.
        directions: The vectors of those products, one per parameter.
    """

    definitions: tuple[Derivation, ...]
    lemmas: tuple[Derivation, ...]
    cost: Derivation
    gradients: tuple[Derivation, ...]
    hessians: tuple[Derivation, ...]
    products: tuple[Derivation, ...]
    directions: tuple[Tensor, ...]


def used_letters(problem: Problem) -> frozenset[str]:
    """Every letter that means something in the problem."""
    letters: set[str] = set()
    for definition in problem.all_definitions:
        letters |= letters_in(definition.body) | {definition.tensor.name}
        letters |= {k.letter for k in definition.indices}
        letters |= {axis.letter for axis in axes_in(definition.body)}
        letters |= {t.name for t in tensors_in(definition.body)}
    return frozenset(letters)


def new_indices(
    axes: tuple[Axis, ...], taken: frozenset[str]
) -> tuple[tuple[Index, ...], frozenset[str]]:
    """Fresh index letters over the axes, and the letters taken afterwards."""
    out: list[Index] = []
    for axis in axes:
        letter = next((a for a in LETTERS if a not in taken), None)
        if letter is None:
            letter = next(a + "'" * n for n in range(1, 9) for a in LETTERS
                          if a + "'" * n not in taken)  # fmt: skip
        taken = taken | {letter}
        out.append(Index(letter, axis))
    return tuple(out), taken


def differentiate(problem: Problem) -> Calculus:
    """All derivations of a validated problem, before matrix form.

    Raises:
        NoRuleError: A derivative remains that no rule carries out.
    """
    taken = used_letters(problem)
    first: list[Entry] = []
    second: list[Entry] = []
    for parameter in problem.parameters:
        letters, taken = new_indices(parameter.axes, taken)
        first.append(Entry(parameter, letters))
    for parameter in problem.parameters:
        letters, taken = new_indices(parameter.axes, taken)
        second.append(Entry(parameter, letters))

    labels = {d.tensor.name: f"D{n + 1}" for n, d in enumerate(problem.all_definitions)}
    cost = problem.cost_definition
    labels[cost.tensor.name] = ""  # the notation states the cost; nothing else has its label
    rules, lemmas = _function_lemmas(problem)
    lemmas += definition_lemmas(problem, tuple(first), rules, labels, len(lemmas) + 1)
    scope = Scope(problem.all_definitions, tuple(Lemma(d.label, d.goal, d.last) for d in lemmas))
    fold_scope = Scope(problem.definitions, scope.lemmas)
    folds = named(fold_scope, labels, problem)
    open_cost = unfold(cost, labels[cost.tensor.name])

    def derive(label: str, title: str, goal: Expr, opening: tuple[Rule, ...]) -> Derivation:
        lines = derivative_lines(opening, rules, fold_scope, folds)
        steps = settle(goal, lines, fold_scope, folds)
        return _finished(Derivation(label, "theorem", title, goal, steps))

    number = 2
    gradients: list[Derivation] = []
    for wrt in first:
        goal = Diff(cost(), wrt)
        gradients.append(derive(f"T{number}", _title("gradient", problem, wrt), goal, (open_cost,)))
        number += 1
    by_theorem = tuple(cite(Lemma(d.label, d.goal, d.last)) for d in gradients)
    hessians: list[Derivation] = []
    for row, gradient in zip(first, gradients, strict=True):
        for column in second:
            goal = Diff(gradient.goal, column)
            title = _title("Hessian", problem, row, column)
            hessians.append(derive(f"T{number}", title, goal, by_theorem))
            number += 1
    directions = _directions(problem)
    products = _products(hessians, tuple(first), tuple(second), directions, problem, number)
    return Calculus(
        tuple(
            Derivation(
                labels[d.tensor.name], "definition", d.tensor.meaning, Entry(d.tensor, d.indices),
                run(Entry(d.tensor, d.indices), (Line("unfold", (unfold(d, ""),)),), Scope()),
            )
            for d in problem.definitions
        ),
        lemmas,
        Derivation(
            "T1", "theorem", "cost", cost(), run(cost(), (Line("unfold", (open_cost,)),), scope)
        ),
        tuple(gradients),
        tuple(hessians),
        products,
        directions,
    )  # fmt: skip


def _function_lemmas(
    problem: Problem,
) -> tuple[dict[Elementwise, Rule], tuple[Derivation, ...]]:
    """The chain rule of every function, and the lemmas that those with definitions need."""
    rules: dict[Elementwise, Rule] = {}
    lemmas: tuple[Derivation, ...] = ()
    for function in functions_of(problem):
        label = ""
        if function.lemma:
            label = f"L{len(lemmas) + 1}"
            lemmas += (function_lemma(function, label, rules),)
        rules[function] = chain_rule(function, label)
    return rules, lemmas


def _title(name: str, problem: Problem, *entries: Entry) -> str:
    """The bare name for one parameter, else which parameters are meant."""
    if len(problem.parameters) == 1:
        return name
    return f"{name} by " + " and ".join(f"${e.tensor.latex}$" for e in entries)


def _finished(derivation: Derivation) -> Derivation:
    """The derivation, when no derivative in its last line is left open."""
    for node in pending(derivation.last):
        raise NoRuleError(
            asked=f"differentiate: {derivation.title}",
            where=text(node),
            wrong="no rule carries out this derivative",
            todo="add the function as a row of the table, or write the term in other functions",
        )
    return derivation


def _directions(problem: Problem) -> tuple[Tensor, ...]:
    """One vector (or matrix) per parameter to multiply the Hessian with: v, or v_w, v_b."""
    one = len(problem.parameters) == 1
    return tuple(
        Tensor(
            "v" if one else f"v_{p.name}",
            p.axes,
            "direction",
            "v" if one else f"v_{{{p.latex}}}",
            meaning="direction of a Hessian-vector product",
        )
        for p in problem.parameters
    )


def _products(
    hessians: list[Derivation],
    first: tuple[Entry, ...],
    second: tuple[Entry, ...],
    directions: tuple[Tensor, ...],
    problem: Problem,
    number: int,
) -> tuple[Derivation, ...]:
    """(H v)_k = sum_l H_kl v_l, over all blocks of the row."""
    out: list[Derivation] = []
    count = len(second)
    for row, wrt in enumerate(first):
        blocks = hessians[row * count : (row + 1) * count]
        terms: list[Expr] = []
        for block, column, v in zip(blocks, second, directions, strict=True):
            term: Expr = block.goal * Entry(v, column.indices)
            for index in reversed(column.indices):
                term = Sum(term, index)
            terms.append(term)
        goal = add(*terms)
        line = Line("hessian", tuple(cite(Lemma(b.label, b.goal, b.last)) for b in blocks))
        steps = run(goal, (Line(line.id, line.rules, quiet=QUIET),), Scope(problem.definitions))
        title = _title("Hessian-vector product", problem, wrt)
        out.append(Derivation(f"T{number + row}", "theorem", title, goal, steps))
    return tuple(out)
