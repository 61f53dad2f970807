"""Formulas compiled to closures: what every node of the index notation means."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from derive.judge import jets
from derive.judge.arithmetic import MalformedError
from derive.judge.dependence import NOTHING, free_of, letters_of, union
from derive.judge.directions import Directional, directional
from derive.judge.evaluation import (
    Active,
    Along,
    Bound,
    Evaluation,
    Formula,
    Letter,
    Position,
    Run,
    Table,
    touching,
)
from derive.judge.functions import SIGNS, holds
from derive.judge.indices import Indices, root
from derive.judge.jets import Jet
from derive.judge.operations import (
    function_of,
    power_of,
    product_of,
    product_over,
    sum_of,
    sum_over,
)
from derive.judge.table_keys import Key, own_key
from derive.judge.tables import table_entry
from derive.notation import matrix as mx
from derive.notation.bands import Unit
from derive.notation.expression import (
    Add,
    Apply,
    Axis,
    Cases,
    Constant,
    Delta,
    Diff,
    Element,
    Entry,
    Expr,
    Indicator,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    Tensor,
)
from derive.notation.functions import Elementwise
from derive.notation.problem import Definition
from derive.notation.tree import tensors_in


class Compiler:
    """Formulas over some definitions; equal formulas are compiled once and share their values."""

    def __init__(
        self, definitions: tuple[Definition, ...] = (), given: frozenset[Tensor] = frozenset()
    ) -> None:
        self.indices = Indices()
        self._given = given
        self._definitions = {d.tensor: d for d in definitions}
        self._letters: dict[Tensor, Letter | None] = {}
        self._formulas: dict[Key, Formula] = {}
        self._tables: dict[Key, Table] = {}
        # Steps share subterms, so most are met again as the very same object. The object is kept
        # beside its address, so that Python cannot give the address to another one.
        self._seen_formulas: dict[int, tuple[Expr, Formula]] = {}
        self._seen_tables: dict[int, tuple[mx.Mat, Table]] = {}
        self._functions: dict[int, Elementwise] = {}
        self._nodes = itertools.count()
        self._tensors = itertools.count()

    def formula(self, e: Expr) -> Formula:
        """An index formula, compiled."""
        found = self._seen_formulas.get(id(e))
        if found is None:
            found = self._seen_formulas[id(e)] = (e, self._formula(e))
        return found[1]

    def table(self, mat: mx.Mat) -> Table:
        """A matrix formula, compiled."""
        found = self._seen_tables.get(id(mat))
        if found is None:
            found = self._seen_tables[id(mat)] = (mat, self._table(mat))
        return found[1]

    def _shared_formula(
        self, key: Key, free: tuple[int, ...], depends: frozenset[int], run: Run
    ) -> Formula:
        node = self._formulas.get(key)
        if node is None:
            node = self._formulas[key] = Formula(next(self._nodes), free, depends, run)
        return node

    def letter(self, tensor: Tensor) -> Letter:
        """A tensor with its definition unfolded; the definitions on which it stands come first."""
        if tensor not in self._letters:
            self._compile_below(tensor)
        return self._letter(tensor)

    def _compile_below(self, tensor: Tensor) -> None:
        """Definition after definition, not one inside another: there may be hundreds."""
        waiting, seen = [tensor], {tensor, *self._letters}
        while waiting:
            definition = self._definitions.get(waiting[-1])
            parts = tensors_in(definition.body) if definition is not None else ()
            new = next((t for t in parts if t in self._definitions and t not in seen), None)
            if new is None:
                self._letter(waiting.pop())
            else:
                seen.add(new)
                waiting.append(new)

    def _letter(self, tensor: Tensor) -> Letter:
        self.indices.see(tensor.axes)
        if tensor in self._letters:
            known = self._letters[tensor]
            if known is None:
                raise MalformedError(f"the definition of {tensor.name} uses itself")
            return known
        self._letters[tensor] = None
        try:
            letter = self._letters[tensor] = self._unfolded(next(self._tensors), tensor)
        finally:
            if self._letters[tensor] is None:
                # A second look must meet the same mistake, not a circle.
                del self._letters[tensor]
        return letter

    def leaves(self, numbers: frozenset[int]) -> tuple[Letter, ...]:
        """The tensors without definition among those with these numbers, in order."""
        known = [letter for letter in self._letters.values() if letter and not letter.body]
        return tuple(letter for letter in known if letter.number in numbers)

    def depending(self, letter: Letter) -> tuple[int, ...]:
        """The numbers of the formulas met so far whose values change with a tensor."""
        nodes: list[Formula | Table] = [*self._formulas.values(), *self._tables.values()]
        return tuple(node.number for node in nodes if letter.number in node.depends)

    def _unfolded(self, number: int, tensor: Tensor) -> Letter:
        definition = self._definitions.get(tensor)
        if definition is None:
            if tensor.role == "defined" and tensor not in self._given:
                raise MalformedError(f"the letter {tensor.name} has no definition in the problem")
            return Letter(number, tensor)
        body = self.formula(definition.body)
        letters = tuple(self.indices.number(k) for k in definition.indices)
        if not set(body.free) <= set(letters):
            raise MalformedError(f"the definition of {tensor.name} has an unbound index")
        return Letter(number, tensor, body, letters)

    def _formula(self, e: Expr) -> Formula:
        match e:
            case Num(value):
                return self._shared_formula(
                    ("number", value), (), NOTHING,
                    lambda v, bound, active: v.arithmetic.number(value),
                )  # fmt: skip
            case Constant(name):
                return self._shared_formula(
                    ("constant", name), (), NOTHING,
                    lambda v, bound, active: v.arithmetic.constant(name),
                )  # fmt: skip
            case Axis():
                self.indices.see((e,))
                return self._shared_formula(
                    ("size", e), (), NOTHING,
                    lambda v, bound, active: v.one * v.size(e),
                )  # fmt: skip
            case Entry():
                return self._entry(e)
            case Add(args) | Mul(args):
                parts = tuple(self.formula(arg) for arg in args)
                kind, run = (
                    ("sum of", sum_of(parts))
                    if isinstance(e, Add)
                    else ("product of", product_of(parts))
                )
                key = (kind, *(p.number for p in parts))
                return self._shared_formula(key, free_of(parts), union(parts), run)
            case Pow(base, exponent):
                a, b = self.formula(base), self.formula(exponent)
                return self._shared_formula(
                    ("power", a.number, b.number), free_of((a, b)), union((a, b)), power_of(a, b)
                )
            case Apply(function, arg):
                inner = self.formula(arg)
                return self._shared_formula(
                    ("function", self._row(function), inner.number), inner.free, inner.depends,
                    function_of(function, inner),
                )  # fmt: skip
            case Sum() | Product():
                return self._over_index(e)
            case Cases():
                return self._cases(e)
            case Delta(left, right):
                if root(left.axis) != root(right.axis):
                    over = f"({left.axis.letter}, {right.axis.letter})"
                    raise MalformedError(f"a delta has indices over {over}")
                i, j = self.indices.where(left), self.indices.where(right)
                return self._shared_formula(
                    ("delta", i, j), letters_of((i, j)), NOTHING,
                    lambda v, bound, active: (
                        v.one if v.place(i, bound) == v.place(j, bound) else v.zero
                    ),
                )  # fmt: skip
            case Indicator(index, lower):
                k = self.indices.where(index)
                return self._shared_formula(
                    ("indicator", k, lower), letters_of((k,)), NOTHING,
                    lambda v, bound, active: v.one if v.place(k, bound) >= lower else v.zero,
                )  # fmt: skip
            case Diff():
                return self._derivative(e)
            case Element(mat, indices):
                table = self.table(mat)
                at = self.indices.positions("a matrix formula", table.axes, indices)
                return self._shared_formula(
                    ("element", table.number, *at), letters_of(at), table.depends,
                    lambda v, bound, active: v.entry(table, v.places(at, bound), active),
                )  # fmt: skip
            case _:
                raise MalformedError(f"the judge knows no formula of kind {type(e).__name__}")

    def _row(self, function: Elementwise) -> int:
        """Rows are told apart by identity: two rows of one name may disagree, and must be seen."""
        self._functions[id(function)] = function
        return id(function)

    def _entry(self, e: Entry) -> Formula:
        letter = self.letter(e.tensor)
        at = self.indices.positions(f"the letter {e.tensor.name}", e.tensor.axes, e.indices)
        return self._shared_formula(
            ("entry", letter.number, *at), letters_of(at), letter.depends,
            lambda v, bound, active: v.letter(letter, v.places(at, bound), active),
        )  # fmt: skip

    def _over_index(self, e: Sum | Product) -> Formula:
        """A sum or a product over the positions of a letter."""
        kind = type(e).__name__.lower()
        if e.upper != e.index.axis:
            over = f"{e.index.letter} over {e.index.axis.letter}"
            raise MalformedError(f"a {kind} of {over} runs up to {e.upper.letter}")
        if e.lower < 1:
            raise MalformedError(f"a {kind} starts at {e.lower}; positions count from 1")
        body, k, lower, axis = self.formula(e.body), self.indices.number(e.index), e.lower, e.upper
        run = (sum_over if isinstance(e, Sum) else product_over)(body, k, lower, axis)
        if isinstance(e, Sum) and (along := directional(e)) is not None:
            run = self._along(along)
        free = tuple(letter for letter in body.free if letter != k)
        return self._shared_formula((kind, k, lower, body.number), free, body.depends, run)

    def _cases(self, e: Cases) -> Formula:
        """The first branch whose test holds; the others need not have a value."""
        tests = tuple(
            (test.relation, self.formula(test.left), self.formula(test.right), self.formula(value))
            for test, value in e.branches
        )
        rest = self.formula(e.otherwise)
        if unknown := {relation for relation, *_ in tests} - SIGNS.keys():
            raise MalformedError(f"the judge knows no relation {min(unknown)}")

        def run(v: Evaluation, bound: Bound, active: Active) -> Jet:
            for relation, left, right, value in tests:
                sides = (v.value(side, bound, active) for side in (left, right))
                if holds(v, relation, *sides):
                    return v.value(value, bound, active)
            return v.value(rest, bound, active)

        parts = (*(part for _, *three in tests for part in three), rest)
        signs = tuple(relation for relation, *_ in tests)
        key = ("cases", signs, *(part.number for part in parts))
        return self._shared_formula(key, free_of(parts), union(parts), run)

    def _derivative(self, e: Diff) -> Formula:
        body, letter = self.formula(e.body), self.letter(e.wrt.tensor)
        wrt = self._entry(e.wrt)
        at = tuple(self.indices.where(k) for k in e.wrt.indices)
        held = frozenset(self.letter(tensor).number for tensor in e.held)

        def run(v: Evaluation, bound: Bound, active: Active) -> Jet:
            variable = v.variable(active, letter, v.places(at, bound), held)
            inside = v.value(body, bound, (*active, variable))
            return jets.coefficient(inside, 1 << variable.bit, v.zero)

        parts = (body, wrt)
        key = ("derivative", body.number, wrt.number, held)
        return self._shared_formula(key, free_of(parts), union(parts), run)

    def _along(self, e: Directional) -> Run:
        """A derivative along a direction: all entries of the tensor carry the same epsilon."""
        tensor, body = self.letter(e.derivative.wrt.tensor), self.formula(e.derivative.body)
        held = frozenset(self.letter(one).number for one in e.derivative.held)
        direction = self.formula(e.direction)
        letters = tuple(self.indices.number(k) for k in e.letters)
        other = tuple(letter for letter in direction.free if letter not in letters)

        def run(v: Evaluation, bound: Bound, active: Active) -> Jet:
            around = tuple([(letter, bound[letter]) for letter in other])
            seed = Along(direction, letters, around, touching(active, direction.depends))
            variable = v.variable(active, tensor, seed, held)
            inside = v.value(body, bound, (*active, variable))
            return jets.coefficient(inside, 1 << variable.bit, v.zero)

        return run

    def _table(self, mat: mx.Mat) -> Table:
        operands = tuple(self.table(operand) for operand in mx.operands(mat))
        if isinstance(mat, mx.Sym):
            letter = self.letter(mat.tensor)
            return self._shared_table(
                ("symbol", letter.number), mat.tensor.axes, letter.depends,
                lambda v, position, active: v.letter(letter, position, active),
            )  # fmt: skip
        if isinstance(mat, Unit):
            self.indices.ask(mat.axis, mat.axis.cut + abs(mat.position))
        scalar: Formula | None = None
        if isinstance(mat, mx.Scalar | mx.MPow):
            scalar = self.formula(mat.expr if isinstance(mat, mx.Scalar) else mat.exponent)
            if scalar.free:
                raise MalformedError("a scalar within a matrix formula has a free index")
        key = (scalar.number,) if scalar else own_key(mat, self._row)
        axes, entry = table_entry(mat, operands, scalar)
        depends = union((*operands, scalar) if scalar else operands)
        key = (type(mat).__name__, *key, *(operand.number for operand in operands))
        return self._shared_table(key, axes, depends, entry)

    def _shared_table(
        self,
        key: Key,
        axes: mx.Axes,
        depends: frozenset[int],
        entry: Callable[[Evaluation, Position, Active], Jet],
    ) -> Table:
        self.indices.see(axes)
        node = self._tables.get(key)
        if node is None:
            node = self._tables[key] = Table(next(self._nodes), axes, depends, entry)
        return node
