"""Gradients backwards through the definitions, and Hessian-vector products forwards over that.

For every quantity Z between the parameters and the cost, dJ/dZ gets a name, its adjoint: it is
found from the adjoints of what is computed from Z. A parameter's gradient uses the adjoints of the
quantities that use the parameter. Along a line theta + t v every quantity and every adjoint has a
derivative by t, its tangent, and the tangent of the gradient is the Hessian times v. Each formula
speaks of its neighbours alone, so that all of them together grow with the number of definitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from derive.calculus.algebra import ARITHMETIC, COMMON_FACTOR
from derive.calculus.derivatives import LINEARITY
from derive.calculus.lemmas import QUIET, differentiation, named, settle
from derive.calculus.multivariate import (
    along,
    directional_sum,
    instant,
    line_through,
    moving,
    opened,
    through,
)
from derive.calculus.named import cite, fold
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
from derive.calculus.structure import between, consumers, moving_behind
from derive.calculus.sums import SUM_DELTA
from derive.notation.expression import Apply, Diff, Entry, Expr, Num, Pow, Sum, Tensor
from derive.notation.functions import Elementwise
from derive.notation.problem import Definition, Problem
from derive.notation.tree import free_indices, subterms, tensors_in
from derive.record import Derivation, Lemma, Rule, Scope, Step

BACKWARD = (
    "The gradient goes backwards through the definitions: a bar marks the derivative of the cost "
    "by a quantity (its adjoint), a dot its derivative along a direction (its tangent). The "
    "Hessian is not written out; its product with a direction is."
)


@dataclass(frozen=True)
class Found:
    """A derivative of one quantity: its lemma, and the name that its value got, if it got one."""

    lemma: Derivation
    definition: Definition | None


@dataclass(frozen=True)
class Desk:
    """What all derivations backwards share.

    Attributes:
        problem: As it is stated.
        rules: The chain rule of every function.
        folds: Names for what the definitions name.
        labels: Of the definitions by the name of their tensor; grows as quantities get names.
        letters: Letters and names that are taken.
    """

    problem: Problem
    rules: dict[Elementwise, Rule]
    folds: tuple[Rule, ...]
    labels: dict[str, str]
    letters: frozenset[str]

    def lines(
        self,
        opening: tuple[Rule, ...],
        cited: Iterable[Derivation] = (),
        more: tuple[Rule, ...] = (),
    ) -> tuple[Line, ...]:
        """Unfold and use linearity; differentiate; collect; put in the lemmas."""
        cites = tuple(cite(Lemma(d.label, d.goal, d.last)) for d in cited)
        return (
            Line("linearity", (*opening, *LINEARITY), quiet=(ARITHMETIC,)),
            Line("derivative", (*more, *differentiation(self.rules)), quiet=QUIET),
            Line("names", self.folds, quiet=QUIET),
            Line("collect", (COMMON_FACTOR,), quiet=QUIET),
            Line("lemmas", (*cites, *self.folds, SUM_DELTA), quiet=QUIET),
        )

    def free(self, *names: str) -> str:
        """The first of the names that nothing has, the last with marks behind it if need be."""
        taken = self.letters | self.labels.keys()
        name = next((name for name in names if name not in taken), names[-1])
        while name in taken:
            name += "_"
        return name

    def called(self, part: Derivation, of: Definition, ending: str) -> Found:
        """The lemma's last line gets a name, where it is a formula over the indices of `of`."""
        last = part.last
        plain = isinstance(last, Entry) or set(free_indices(last)) != set(of.indices)
        if plain:
            return Found(part, None)
        name = self.free(f"{of.tensor.name.rstrip('_')}_{ending}")
        latex = accented(of.tensor.latex or of.tensor.name, ending)
        kind = "tangent" if ending == "dot" else "adjoint"
        meaning = f"{kind} of ${of.tensor.latex or of.tensor.name}$"
        tensor = Tensor(name, of.tensor.axes, "defined", latex, meaning=meaning)
        definition = Definition(tensor, of.indices, last)
        self.labels[name] = f"D{len(self.labels) + 1}"
        step = run(
            last, (Line("name", (fold(definition, self.labels[name]),), once=True),), Scope()
        )
        return Found(replace(part, steps=part.steps + step), definition)


def backward(problem: Problem, note: str = "") -> Calculus:
    """The derivatives of the cost by the definitions, last first; then those by the parameters."""
    cost, chosen = problem.cost_definition, between(problem)
    labels = {d.tensor.name: f"D{n + 1}" for n, d in enumerate(problem.definitions)}
    rules, functions = function_lemmas(problem)
    folds = named(Scope(problem.definitions), labels, problem)
    desk = Desk(problem, rules, folds, dict(labels), used_letters(problem))
    lemmas = list(functions)
    adjoints = _adjoints(desk, chosen, len(lemmas) + 1)
    lemmas += [found.lemma for found in adjoints]

    first = tuple(Entry(p, new_indices(p.axes, desk.letters)[0]) for p in problem.parameters)
    known = [found.lemma for found in adjoints]
    gradients = tuple(
        finished(
            Derivation(
                f"T{number}",
                "theorem",
                title_of("gradient", problem, wrt),
                Diff(cost(), wrt),
                _by_chain(desk, Diff(cost(), wrt), chosen, known),
            )
        )
        for number, wrt in enumerate(first, start=2)
    )
    named_bars = tuple(f.definition for f in adjoints if f.definition is not None)
    directions = directions_of(problem)
    # The letter t is that of the function table.
    t = instant(desk.free("tau", "eta", "epsilon", "zeta"))
    paths = tuple(
        line_through(p, t, v, desk.free(f"{p.name.rstrip('_')}_0"))
        for p, v in zip(problem.parameters, directions, strict=True)
    )
    # A name that stands in no formula of the cost may stand in its derivatives.
    formulas = (problem.cost, *(d.body for d in named_bars), *(g.last for g in gradients))
    quantities = (*moving_behind(formulas, problem), *named_bars)
    tangents = _tangents(desk, quantities, paths, t, directions, len(lemmas) + 1)
    lemmas += [found.lemma for found in tangents]
    named_dots = tuple(f.definition for f in tangents if f.definition is not None)
    extended = replace(
        problem, definitions=(*problem.definitions, *named_bars, *named_dots), paths=paths
    )
    products = _products(desk, extended, gradients, first, tangents, t)
    return Calculus(
        extended,
        stated(extended.definitions, desk.labels),
        tuple(lemmas),
        stated_cost(problem),
        gradients,
        (),
        products,
        directions,
        f"{note} {BACKWARD}".strip(),
    )


def _by_chain(
    desk: Desk, goal: Diff, chosen: tuple[Definition, ...], known: list[Derivation]
) -> tuple[Step, ...]:
    """The derivative of the cost by way of the adjoints that are known."""
    cost = desk.problem.cost_definition
    users = consumers(goal.wrt.tensor, chosen)
    openings = tuple(opened(d, desk.labels[d.tensor.name]) for d in users)
    cites = tuple(cite(Lemma(d.label, d.goal, d.last)) for d in known)
    chain = (through(cost, chosen),) if users else ()
    lines = (
        Line("chain-rule", chain, once=True),
        Line("adjoints", cites),
        *desk.lines((*openings, opened(cost, ""))),
    )
    return settle(goal, lines, Scope(desk.problem.all_definitions), desk.folds)


def _adjoints(desk: Desk, chosen: tuple[Definition, ...], number: int) -> tuple[Found, ...]:
    """dJ/dZ of every definition, the last one first."""
    out: list[Found] = []
    for d in reversed(chosen):
        goal = Diff(desk.problem.cost_definition(), Entry(d.tensor, d.indices))
        steps = _by_chain(desk, goal, chosen, [found.lemma for found in out])
        label, title = f"L{number + len(out)}", f"adjoint of ${d.tensor.latex}$"
        part = finished(Derivation(label, "lemma", title, goal, steps))
        # Next to the cost, what is divided by may cancel with the slope of what it is made of.
        kept = not consumers(d.tensor, chosen) and _divides(part.last, d.tensor)
        out.append(Found(part, None) if kept else desk.called(part, d, "bar"))
    return tuple(out)


def _divides(e: Expr, tensor: Tensor) -> bool:
    """Whether something made of the tensor's entries is divided by: y/h - (1 - y)/(1 - h)."""
    return any(
        isinstance(node, Pow)
        and isinstance(node.exponent, Num)
        and node.exponent.value < 0
        and tensor in tensors_in(node.base)
        and not any(isinstance(inner, Sum) for _, inner in subterms(node.base))
        for _, node in subterms(e)
    )


def _tangents(
    desk: Desk,
    quantities: tuple[Definition, ...],
    paths: tuple[Definition, ...],
    t: Tensor,
    directions: tuple[Tensor, ...],
    number: int,
) -> tuple[Found, ...]:
    """dZ/dt of every quantity, each from those before it."""
    out: list[Found] = []
    scope = Scope((*paths, *desk.problem.definitions, *quantities))
    more = tuple(moving(path, t, v) for path, v in zip(paths, directions, strict=True))
    for d in quantities:
        goal = Diff(Entry(d.tensor, d.indices), t())
        opening = (opened(d, desk.labels[d.tensor.name]),)
        lines = desk.lines(opening, [found.lemma for found in out], more)
        steps = _plainest(goal, lines, scope, desk.folds)
        label, title = f"L{number + len(out)}", f"tangent of ${d.tensor.latex}$"
        part = finished(Derivation(label, "lemma", title, goal, steps))
        out.append(desk.called(part, d, "dot"))
    return tuple(out)


def _plainest(
    goal: Expr, lines: tuple[Line, ...], scope: Scope, folds: tuple[Rule, ...]
) -> tuple[Step, ...]:
    """As products leave it, (1 - Z^2) Z' - 2 Z Z', unless multiplying out spares functions."""
    short = settle(goal, lines, scope, folds, factored=True)
    if _work(short) == 0:
        return short
    other = settle(goal, lines, scope, folds)
    return other if _work(other) < _work(short) else short


def _work(steps: tuple[Step, ...]) -> int:
    """Sums over indices and functions in the last line."""
    return sum(isinstance(node, Sum | Apply) for _, node in subterms(steps[-1].after))


def _products(
    desk: Desk,
    extended: Problem,
    gradients: tuple[Derivation, ...],
    first: tuple[Entry, ...],
    tangents: tuple[Found, ...],
    t: Tensor,
) -> tuple[Derivation, ...]:
    """(H v)_k = sum_l H_kl v_l: the derivative of the gradient along v."""
    problem, out = desk.problem, []
    directions = directions_of(problem)
    scope = Scope((*extended.paths, *extended.definitions))
    more = tuple(moving(p, t, v) for p, v in zip(extended.paths, directions, strict=True))
    known = [found.lemma for found in tangents]
    for number, (wrt, gradient) in enumerate(zip(first, gradients, strict=True)):
        taken = desk.letters | {k.letter for k in wrt.indices}
        columns = tuple(Entry(p, new_indices(p.axes, taken)[0]) for p in problem.parameters)
        goal = directional_sum(gradient.goal, columns, directions)
        lines = (
            Line("along", (along(columns, directions, t, gradient.goal),)),
            *desk.lines((cite(Lemma(gradient.label, gradient.goal, gradient.last)),), known, more),
        )
        steps = _plainest(goal, lines, scope, desk.folds)
        title = title_of("Hessian-vector product", problem, wrt)
        label = f"T{2 + len(gradients) + number}"
        out.append(finished(Derivation(label, "theorem", title, goal, steps)))
    return tuple(out)


def accented(latex: str, accent: str) -> str:
    r"""A symbol with a bar or a dot over its letter: \bar{Z}^{(1)}, \dot{\bar{Z}}_{1}."""
    parts = re.fullmatch(r"(\\(?:bar|dot)\{.*?\}+|\\[A-Za-z]+|[A-Za-z])((?:[_^].*)?|\d+)", latex)
    if parts is None:
        return rf"\{accent}{{{latex}}}"
    letter, rest = parts.groups()
    return rf"\{accent}{{{letter}}}" + (f"_{{{rest}}}" if rest.isdigit() else rest)
