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
        self.problem, self.still, self.affine = problem, still, affine
        self._rules = {f: chain_rule(f) for f in functions_of(problem)}
        self._attempts = 0
        self.named: dict[Expr, Definition] = {}
        """Scores that the problem does not name, and the names given to them."""

    def bending(self, e: Expr) -> Bending | None:
        """`e` by a score that is its only way to the parameters, if its curvature has one sign."""
        for candidate in self._candidates(e):
            score, definition = self.given_name(candidate)
            formula = self.down_to(e, candidate, score)
            still = self.substituted(formula, score)
            if not self.still(still):
                continue
            goal = Diff(Diff(formula, score), score)
            if size(formula) > LARGEST or {1, -1} <= self.signs(goal):
                return None
            # Through another score it would bend the same way.
            return self._bent(formula, score, definition)
        return None

    def signs(self, goal: Expr) -> frozenset[int]:
        """Which signs a formula has at some numbers, until it has had both."""
        problem = self.problem
        for index in free_indices(goal):
            goal = Sum(goal, index)
        known = replace(problem, definitions=(*problem.definitions, *self.named.values()))
        given = (*problem.data, *problem.parameters)
        signs: set[int] = set()
        try:
            bench = Bench(known, goal)
        except MalformedError:
            return frozenset()
        sizes = bench.least
        for number in range(TRIALS):
            seed = f"{problem.name}|{number}"
            values = {t: entries(t, sizes, SHORT, f"{seed}|{t.name}", inside=True) for t in given}
            try:
                sign = bench.sign(sizes, values)[0]
            except (OutsideError, MalformedError):
                continue
            signs.add(sign or 0)
            if {1, -1} <= signs:
                break
        return frozenset(signs)

    def _bent(self, formula: Expr, score: Entry, definition: Definition | None) -> Bending | None:
        if not self.attempt():
            return None
        extra = (definition,) if definition else ()
        first = self.derivative(Diff(formula, score), extra, 2 * LARGEST)
        if first is None:
            return None
        slope = first[-1].after if first else Diff(formula, score)
        second = self.derivative(Diff(slope, score), extra, 4 * LARGEST, last=True)
        if second is None:
            return None
        curvature = second[-1].after if second else Diff(slope, score)
        if pending(slope) or pending(curvature):
            return None
        return Bending(score, formula, slope, second, curvature, definition)

    def attempt(self) -> bool:
        """Whether one more second derivative may be worked out."""
        self._attempts += 1
        return self._attempts <= ATTEMPTS

    def derivative(
        self, goal: Diff, extra: tuple[Definition, ...], most: int, *, last: bool = False
    ) -> tuple[Step, ...] | None:
        """The steps of a derivative, None where it grows beyond `most` nodes; `last`: with names.

        `extra` defines scores that the problem does not name.
        """
        problem = self.problem
        scope = Scope(problem.definitions + extra)
        line = Line("derivative", differentiation(self._rules), quiet=QUIET)
        labels = {d.tensor.name: "" for d in problem.definitions}
        names = named(Scope(problem.definitions), labels, problem) if last else ()
        try:
            raw = run(goal, (line,), scope)
            if raw and size(raw[-1].after) > most:
                return None
            return settle(goal, (line,), scope, names)
        except DeriveError:
            return None

    # ------------------------------------------------------------ which scores there are

    def _candidates(self, e: Expr) -> tuple[Expr, ...]:
        """Affine subformulas over the letters of `e`: named ones first, in their order."""
        free = set(free_indices(e))
        found: dict[Expr, None] = {}
        for node in self._nodes(e):
            if set(free_indices(node)) <= free and self.affine(node):
                found[node] = None
        order = {d.tensor: number for number, d in enumerate(self.problem.definitions)}
        count = len(order)

        def rank(node: Expr) -> int:
            if isinstance(node, Entry):
                return order.get(node.tensor, count + 2)
            return count if isinstance(node, Sum) else count + 1

        return tuple(sorted(found, key=rank))

    def _nodes(self, e: Expr) -> Iterator[Expr]:
        if self.still(e):
            return
        if isinstance(e, Entry | Sum | Add):
            yield e
        if isinstance(e, Entry):
            definition = definition_of(e.tensor, self.problem.definitions)
            if definition is not None:
                yield from self._nodes(definition.at(e))
        for child in children(e):
            yield from self._nodes(child)

    def given_name(self, candidate: Expr) -> tuple[Entry, Definition | None]:
        """The score as an entry; a formula without a name gets one."""
        if isinstance(candidate, Entry):
            return candidate, None
        if candidate not in self.named:
            indices: tuple[Index, ...] = free_indices(candidate)
            taken = {t.name for t in (*self.problem.data, *self.problem.parameters)}
            taken |= {d.tensor.name for d in self.problem.all_definitions}
            taken |= {d.tensor.name for d in self.named.values()}
            name = next(f"u{k}" for k in range(len(taken) + 1) if f"u{k}" not in taken)
            tensor = Tensor(name, tuple(k.axis for k in indices), "defined", f"u_{{{name[1:]}}}")
            self.named[candidate] = Definition(tensor, indices, candidate)
        definition = self.named[candidate]
        return Entry(definition.tensor, definition.indices), definition

    def down_to(self, e: Expr, candidate: Expr, score: Entry) -> Expr:
        """`e` with definitions unfolded down to the score."""
        if same(e, candidate):
            return score
        if isinstance(e, Entry):
            definition = definition_of(e.tensor, self.problem.definitions)
            if definition is None or self.still(e):
                return e
            return self.down_to(definition.at(e), candidate, score)
        parts = children(e)
        if not parts or self.still(e):
            return e
        return rebuild(e, tuple(self.down_to(part, candidate, score) for part in parts))

    def substituted(self, e: Expr, score: Entry) -> Expr:
        """`e` with the score replaced by a number that stands still."""
        if e == score:
            return Entry(Tensor("score", (), "constant"), ())
        parts = children(e)
        return rebuild(e, tuple(self.substituted(p, score) for p in parts)) if parts else e
