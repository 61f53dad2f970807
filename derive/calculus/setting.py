"""What every derivation of a problem shares: labels, letters, titles, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, count

from derive.calculus.dependence import pending
from derive.calculus.derivatives import chain_rule
from derive.calculus.lemmas import function_lemma, functions_of
from derive.calculus.named import unfold
from derive.calculus.rewrite import Line, run
from derive.errors import NoRuleError
from derive.notation.expression import Axis, Entry, Index, Tensor
from derive.notation.functions import Elementwise
from derive.notation.problem import Definition, Problem
from derive.notation.text import text
from derive.notation.tree import axes_in, letters_in, tensors_in
from derive.record import Derivation, Rule, Scope

LETTERS = "klpqrstuabcdefgowx"
"""Letters for new indices, in the order in which a textbook takes them."""
DIRECTIONS = ("v", "d", "s")
"""Letters for the vectors of Hessian-vector products."""


@dataclass(frozen=True)
class Calculus:
    """The derivations in index notation; `matrices` puts their last lines in matrix form.

    Attributes:
        problem: The problem with the quantities that the derivations name.
        definitions: D1, D2, ..., the cost last: each only unfolds its name.
        lemmas: Derivatives of functions and definitions.
        cost: The label of the cost's definition and theorem come from it.
        gradients: One per parameter.
        hessians: One per pair of parameters, row by row; none where they are not written out.
        products: Hessian-vector products, one per parameter.
        directions: The vectors of those products, one per parameter.
        note: What a reader should know of the way that was taken; may contain $...$.
    """

    problem: Problem
    definitions: tuple[Derivation, ...]
    lemmas: tuple[Derivation, ...]
    cost: Derivation
    gradients: tuple[Derivation, ...]
    hessians: tuple[Derivation, ...]
    products: tuple[Derivation, ...]
    directions: tuple[Tensor, ...]
    note: str = ""


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


def function_lemmas(
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


def title_of(name: str, problem: Problem, *entries: Entry) -> str:
    """The bare name for one parameter, else which parameters are meant."""
    if len(problem.parameters) == 1:
        return name
    return f"{name} by " + " and ".join(f"${e.tensor.latex}$" for e in entries)


def finished(derivation: Derivation) -> Derivation:
    """The derivation, when no derivative in its last line is left open."""
    for node in pending(derivation.last):
        raise NoRuleError(
            asked=f"differentiate: {derivation.title}",
            where=text(node),
            wrong="no rule carries out this derivative",
            todo="add the function as a row of the table, or write the term in other functions",
        )
    return derivation


def directions_of(problem: Problem) -> tuple[Tensor, ...]:
    """One vector (or matrix) per parameter to multiply the Hessian with: v, or v_w, v_b.

    Where the problem has such a letter itself, another one is taken: d, d_w.
    """
    one = len(problem.parameters) == 1
    taken = {t.name for t in (*problem.parameters, *problem.data)} | {problem.letter}
    taken |= {d.tensor.name for d in problem.definitions}
    stems = chain(DIRECTIONS, (f"v{number}" for number in count(1)))
    stem = next(
        s for s in stems
        if taken.isdisjoint((s,) if one else (f"{s}_{p.name}" for p in problem.parameters))
    )  # fmt: skip
    return tuple(
        Tensor(
            stem if one else f"{stem}_{p.name}",
            p.axes,
            "direction",
            stem if one else f"{stem}_{{{p.latex}}}",
            meaning="direction of a Hessian-vector product",
        )
        for p in problem.parameters
    )


def stated(definitions: tuple[Definition, ...], labels: dict[str, str]) -> tuple[Derivation, ...]:
    """Each definition as a derivation that only unfolds its name."""
    goals = tuple(Entry(d.tensor, d.indices) for d in definitions)
    return tuple(
        Derivation(
            labels[d.tensor.name], "definition", d.tensor.meaning, goal,
            run(goal, (Line("unfold", (unfold(d, ""),)),), Scope()),
        )
        for d, goal in zip(definitions, goals, strict=True)
    )  # fmt: skip


def stated_cost(problem: Problem) -> Derivation:
    """The cost as it is stated, unfolded."""
    goal = problem.cost_definition()
    line = Line("unfold", (unfold(problem.cost_definition, ""),))
    return Derivation("T1", "theorem", "cost", goal, run(goal, (line,), Scope()))
