"""From a problem to its cost, gradient and Hessian in index notation, every step recorded.

A cost whose definitions stand side by side is differentiated forwards: the derivative of every
definition by every parameter is a lemma, and the Hessian is written out. One whose definitions
stand in layers is differentiated backwards (`backward`), where the work grows with the number of
layers alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.calculus.backward import backward
from derive.calculus.lemmas import QUIET, definition_lemmas, derivative_lines, named, settle
from derive.calculus.multivariate import directional_sum
from derive.calculus.named import cite, unfold
from derive.calculus.rewrite import Line, run
from derive.calculus.setting import (
    Calculus,
    directions_of,
    finished,
    function_lemmas,
    new_indices,
    stated,
    stated_cost,
    title_of,
    used_letters,
)
from derive.calculus.structure import depth, layered
from derive.errors import GrowthError
from derive.notation.expression import Diff, Entry, Expr, Tensor
from derive.notation.functions import Elementwise
from derive.notation.problem import Problem
from derive.notation.text import text
from derive.notation.tree import size
from derive.record import Derivation, Lemma, Rule, Scope

__all__ = ["Calculus", "differentiate", "forward"]


READABLE = 200
"""Nodes of a second derivative in index notation; a longer one is not written out."""

BLOCKS = 64
"""Second derivatives that are written out, one for each pair of parameters."""

DEEP = 24
"""Of more definitions that stand on each other no second derivative is written out: each of them
adds a term that is a product of all before it."""

TOO_MANY = "The Hessian has too many blocks to be written out, one for each pair of parameters."
TOO_LONG = "Written out, the Hessian would be too long to read."


def differentiate(problem: Problem) -> Calculus:
    """All derivations of a validated problem, before matrix form.

    Raises:
        NoRuleError: A derivative remains that no rule carries out.
    """
    if layered(problem):
        return backward(problem)
    if len(problem.parameters) ** 2 > BLOCKS:
        return backward(problem, TOO_MANY)
    if depth(problem) > DEEP:
        return backward(problem, TOO_LONG)
    try:
        return forward(problem)
    except GrowthError:
        return backward(problem, TOO_LONG)


@dataclass(frozen=True)
class Prepared:
    """What the derivatives of a cost by its parameters are worked out with.

    Attributes:
        first: One entry of each parameter: what the lemmas and gradients are derivatives by.
        labels: The labels of the definitions.
        rules: The chain rule of every function.
        lemmas: The derivatives of functions and of definitions by `first`.
        scope: Definitions and lemmas.
        folds: What puts the names of definitions back.
    """

    problem: Problem
    first: tuple[Entry, ...]
    labels: dict[str, str]
    rules: dict[Elementwise, Rule]
    lemmas: tuple[Derivation, ...]
    scope: Scope
    folds: tuple[Rule, ...]

    def derived(
        self, label: str, title: str, goal: Expr, opening: tuple[Rule, ...] = ()
    ) -> Derivation:
        """The derivative, carried out and tidied."""
        lines = derivative_lines(opening, self.rules, self.scope, self.folds)
        steps = settle(goal, lines, self.scope, self.folds)
        return finished(Derivation(label, "theorem", title, goal, steps))

    def gradients(self) -> tuple[Derivation, ...]:
        """The derivatives of the cost, T2 and so on."""
        # The notation states the cost; nothing else has its label.
        cost = self.problem.cost_definition
        return tuple(
            self.derived(f"T{number}", title_of("gradient", self.problem, wrt),
                         Diff(cost(), wrt), (unfold(cost, ""),))
            for number, wrt in enumerate(self.first, start=2)
        )  # fmt: skip


def prepared(problem: Problem) -> Prepared:
    """The lemmas of a problem, by fresh letters."""
    taken = used_letters(problem)
    first: list[Entry] = []
    for parameter in problem.parameters:
        letters, taken = new_indices(parameter.axes, taken)
        first.append(Entry(parameter, letters))
    labels = {d.tensor.name: f"D{n + 1}" for n, d in enumerate(problem.definitions)}
    rules, lemmas = function_lemmas(problem)
    lemmas += definition_lemmas(problem, tuple(first), rules, labels, len(lemmas) + 1)
    known = tuple(Lemma(d.label, d.goal, d.last) for d in lemmas)
    scope = Scope(problem.definitions, known)
    folds = named(scope, labels, problem)
    return Prepared(problem, tuple(first), labels, rules, lemmas, scope, folds)


def forward(problem: Problem) -> Calculus:
    """The derivatives of the definitions first, then those of the cost."""
    made = prepared(problem)
    taken = used_letters(problem) | {k.letter for entry in made.first for k in entry.indices}
    second: list[Entry] = []
    for parameter in problem.parameters:
        letters, taken = new_indices(parameter.axes, taken)
        second.append(Entry(parameter, letters))
    gradients = made.gradients()
    by_theorem = tuple(cite(Lemma(d.label, d.goal, d.last)) for d in gradients)
    number = 2 + len(gradients)
    hessians: list[Derivation] = []
    for row, gradient in zip(made.first, gradients, strict=True):
        for column in second:
            goal = Diff(gradient.goal, column)
            title = title_of("Hessian", problem, row, column)
            hessians.append(_readable(made.derived(f"T{number}", title, goal, by_theorem)))
            number += 1
    directions = directions_of(problem)
    products = _products(hessians, made.first, tuple(second), directions, problem, number)
    return Calculus(
        problem,
        stated(problem.definitions, made.labels),
        made.lemmas,
        stated_cost(problem),
        gradients,
        tuple(hessians),
        products,
        directions,
    )


def _readable(hessian: Derivation) -> Derivation:
    """The second derivative, unless it is too long to be written out."""
    count = size(hessian.last)
    if count > READABLE:
        raise GrowthError(
            asked=f"write out: {hessian.title}",
            where=f"{text(hessian.last)[:200]} ...",
            wrong=f"the formula has {count} nodes; nobody reads more than {READABLE}",
            todo="name parts of the cost with definitions",
        )
    return hessian


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
        goal = directional_sum(Diff(problem.cost_definition(), wrt), second, directions)
        line = Line("hessian", tuple(cite(Lemma(b.label, b.goal, b.last)) for b in blocks))
        steps = run(goal, (Line(line.id, line.rules, quiet=QUIET),), Scope(problem.definitions))
        title = title_of("Hessian-vector product", problem, wrt)
        out.append(Derivation(f"T{number + row}", "theorem", title, goal, steps))
    return tuple(out)
