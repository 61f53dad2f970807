"""A formula as a function of one affine score: its second derivative, and the sign of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from derive.calculus.dependence import pending
from derive.calculus.derivatives import chain_rule
from derive.calculus.lemmas import QUIET, differentiation, functions_of, named, settle
from derive.calculus.rewrite import Line, run
from derive.certify.draws import SHORT, entries
from derive.errors import DeriveError
from derive.judge.arithmetic import MalformedError, OutsideError
from derive.judge.witness import Bench
from derive.notation.expression import Add, Diff, Entry, Expr, Index, Sum, Tensor
from derive.notation.problem import Definition, Problem, definition_of
from derive.notation.tree import children, free_indices, rebuild, same, size
from derive.record import Scope, Step

LARGEST = 60
"""Nodes of a formula beyond which it is not differentiated for a certificate."""


ATTEMPTS = 8
"""So many second derivatives are worked out for one certificate."""

TRIALS = 40
"""Numbers at which the sign of a second derivative is looked at before it is worked out."""


@dataclass(frozen=True)
class Bending:
    """f(z) as a function of a score: f with the score as a letter, and f'' with its steps."""

    score: Entry
    formula: Expr
    slope: Expr
    steps: tuple[Step, ...]
    curvature: Expr
    definition: Definition | None

    @property
    def goal(self) -> Expr:
        """The second derivative, not yet carried out."""
        return Diff(Diff(self.formula, self.score), self.score)


class Scores:
    """The affine scores through which formulas of a problem depend on the parameters that move."""

    def __init__(
        self, problem: Problem, still: Callable[[Expr], bool], affine: Callable[[Expr], bool]
    ) -> None:
        self._problem, self._still, self._affine = problem, still, affine
        self._rules = {f: chain_rule(f) for f in functions_of(problem)}
        self._attempts = 0
        self.named: dict[Expr, Definition] = {}
        """Scores that the problem does not name, and the names given to them."""

    def bending(self, e: Expr) -> Bending | None:
        """`e` by a score that is its only way to the parameters, if its curvature has one sign."""
        for candidate in self._candidates(e):
            score, definition = self._named(candidate)
            formula = self._down_to(e, candidate, score)
            still = self._substituted(formula, score)
            if not self._still(still):
                continue
            if size(formula) > LARGEST or self._mixed(formula, score):
                return None
            # Through another score it would bend the same way.
            return self._bent(formula, score, definition)
        return None

    def _mixed(self, formula: Expr, score: Entry) -> bool:
        """Whether the second derivative has both signs at some numbers: then nothing is proved."""
        problem = self._problem
        goal: Expr = Diff(Diff(formula, score), score)
        for index in free_indices(goal):
            goal = Sum(goal, index)
        known = replace(problem, definitions=(*problem.definitions, *self.named.values()))
        given = (*problem.data, *problem.parameters)
        signs: set[int | None] = set()
        try:
            bench = Bench(known, goal)
        except MalformedError:
            return False
        sizes = bench.least
        for number in range(TRIALS):
            seed = f"{problem.name}|{number}"
            values = {t: entries(t, sizes, SHORT, f"{seed}|{t.name}", inside=True) for t in given}
            try:
                signs.add(bench.sign(sizes, values)[0])
            except (OutsideError, MalformedError):
                continue
            if {1, -1} <= signs:
                return True
        return False

    def _bent(self, formula: Expr, score: Entry, definition: Definition | None) -> Bending | None:
        problem = self._problem
        scope = Scope(problem.definitions + ((definition,) if definition else ()))
        line = Line("derivative", differentiation(self._rules), quiet=QUIET)
        self._attempts += 1
        if self._attempts > ATTEMPTS:
            return None
        try:
            raw = run(Diff(formula, score), (line,), scope)
            if raw and size(raw[-1].after) > 2 * LARGEST:
                return None
            first = settle(Diff(formula, score), (line,), scope)
            slope = first[-1].after if first else Diff(formula, score)
            raw = run(Diff(slope, score), (line,), scope)
            if raw and size(raw[-1].after) > 4 * LARGEST:
                return None
            labels = {d.tensor.name: "" for d in problem.definitions}
            names = named(Scope(problem.definitions), labels, problem)
            second = settle(Diff(slope, score), (line,), scope, names)
        except DeriveError:
            return None
        curvature = second[-1].after if second else Diff(slope, score)
        if pending(slope) or pending(curvature):
            return None
        return Bending(score, formula, slope, second, curvature, definition)

    # ------------------------------------------------------------ which scores there are

    def _candidates(self, e: Expr) -> tuple[Expr, ...]:
        """Affine subformulas over the letters of `e`: named ones first, in their order."""
        free = set(free_indices(e))
        found: dict[Expr, None] = {}
        for node in self._nodes(e):
            if set(free_indices(node)) <= free and self._affine(node):
                found[node] = None
        order = {d.tensor: number for number, d in enumerate(self._problem.definitions)}
        count = len(order)

        def rank(node: Expr) -> int:
            if isinstance(node, Entry):
                return order.get(node.tensor, count + 2)
            return count if isinstance(node, Sum) else count + 1

        return tuple(sorted(found, key=rank))

    def _nodes(self, e: Expr) -> Iterator[Expr]:
        if self._still(e):
            return
        if isinstance(e, Entry | Sum | Add):
            yield e
        if isinstance(e, Entry):
            definition = definition_of(e.tensor, self._problem.definitions)
            if definition is not None:
                yield from self._nodes(definition.at(e))
        for child in children(e):
            yield from self._nodes(child)

    def _named(self, candidate: Expr) -> tuple[Entry, Definition | None]:
        """The score as an entry; a formula without a name gets one."""
        if isinstance(candidate, Entry):
            return candidate, None
        if candidate not in self.named:
            indices: tuple[Index, ...] = free_indices(candidate)
            taken = {t.name for t in (*self._problem.data, *self._problem.parameters)}
            taken |= {d.tensor.name for d in self._problem.all_definitions}
            taken |= {d.tensor.name for d in self.named.values()}
            name = next(f"u{k}" for k in range(len(taken) + 1) if f"u{k}" not in taken)
            tensor = Tensor(name, tuple(k.axis for k in indices), "defined", f"u_{{{name[1:]}}}")
            self.named[candidate] = Definition(tensor, indices, candidate)
        definition = self.named[candidate]
        return Entry(definition.tensor, definition.indices), definition

    def _down_to(self, e: Expr, candidate: Expr, score: Entry) -> Expr:
        """`e` with definitions unfolded down to the score."""
        if same(e, candidate):
            return score
        if isinstance(e, Entry):
            definition = definition_of(e.tensor, self._problem.definitions)
            if definition is None or self._still(e):
                return e
            return self._down_to(definition.at(e), candidate, score)
        parts = children(e)
        if not parts or self._still(e):
            return e
        return rebuild(e, tuple(self._down_to(part, candidate, score) for part in parts))

    def _substituted(self, e: Expr, score: Entry) -> Expr:
        """`e` with the score replaced by a number that stands still."""
        if e == score:
            return Entry(Tensor("score", (), "constant"), ())
        parts = children(e)
        return rebuild(e, tuple(self._substituted(p, score) for p in parts)) if parts else e
