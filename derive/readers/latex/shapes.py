"""Which shapes of its letters make sense of a formula: inference of the axes by unification.

A shape is a kind (number, column, row, matrix, identity) over axes that are not named yet; where
two must be the same they are made one. This decides nothing about meaning: `elaborate` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from derive.readers.latex.axes import NUMBER, ClashError, Shape, Table, of_rank
from derive.readers.surface import (
    Big,
    Binary,
    Branches,
    Call,
    Equation,
    Indexed,
    Minus,
    Name,
    Number,
    Span,
    Surface,
    Transposed,
)
from derive.readers.walk import letters_of


@dataclass
class Checker:
    """Shapes of all parts of some equations, given those of their letters.

    Attributes:
        letters: The shapes of declared, defined and supposed letters.
        sizes: The names of axes.
        cost: The name of the cost, which is a number.
        parameters: A number among them may be added to every entry of a vector.
        broadcasts: How often a number that is none of them is added to a vector, and the like.
        dots: Where a product sign stands between two vectors.
        quotients: Where vectors are divided by entry by entry.
        transposed: Where a number is transposed: no transpose can be meant there.
    """

    table: Table
    letters: dict[str, Shape]
    sizes: frozenset[str]
    cost: str
    ranges: Mapping[str, str] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    broadcasts: int = 0
    dots: set[Span] = field(default_factory=set)
    quotients: set[Span] = field(default_factory=set)
    transposed: list[Span] = field(default_factory=list)
    macros: dict[str, tuple[tuple[str, ...], Surface]] = field(default_factory=dict)
    indices: dict[str, int] = field(default_factory=dict)
    summed: list[int] = field(default_factory=list)
    depth: int = 0

    def check(self, equations: Sequence[Equation]) -> None:
        """Raise a clash, or leave the axes unified."""
        for equation in equations:
            self._equation(equation)

    def _equation(self, equation: Equation) -> None:
        left = equation.left
        name = _left(left)
        if name != self.cost and isinstance(left, Call):
            params = tuple(a.name for a in left.args if isinstance(a, Name))
            self.macros[name] = (params, equation.right)
            return
        letters: list[int] = []
        if isinstance(left, Indexed) and name != self.cost:
            for index in (*left.rows, *left.indices):
                if isinstance(index, Name):
                    self.indices[index.name] = self.table.new(self.ranges.get(index.name, ""))
                    letters.append(self.indices[index.name])
        shape = self.shape(equation.right)
        for gone in letters:
            self.indices = {k: a for k, a in self.indices.items() if a != gone}
        if name == self.cost:
            if shape.kind != "number":
                raise ClashError
            return
        if shape.kind in ("row", "identity"):
            raise ClashError
        self.letters[name] = of_rank((*letters, *shape.axes))

    def shape(self, tree: Surface) -> Shape:
        """The shape of a tree."""
        match tree:
            case Number():
                return NUMBER
            case Name(name):
                return self._name(name)
            case Indexed():
                return self._indexed(tree)
            case Minus(arg, _):
                return self.shape(arg)
            case Transposed(arg, span):
                shape = self.shape(arg)
                if shape.kind == "number":
                    self.transposed.append(span)
                    return shape
                return self._transposed(shape)
            case Binary():
                return self._binary(tree)
            case Call():
                return self._call(tree)
            case Big():
                return self._big(tree)
            case Branches(branches, otherwise, _):
                for test, value in branches:
                    sides = [s.name for s in (test.left, test.right) if isinstance(s, Name)]
                    if len(sides) == 2 and all(name in self.indices for name in sides):
                        self.table.same(*(self.indices[name] for name in sides))
                    for part in (test.left, test.right, value):
                        self._number(part)
                return self._number(otherwise)
            case _:
                assert_never(tree)

    def _number(self, tree: Surface) -> Shape:
        if self.shape(tree).kind != "number":
            raise ClashError
        return NUMBER

    def _name(self, name: str) -> Shape:
        if name in self.letters:
            return self.letters[name]
        if name == "I":
            return Shape("identity")
        return NUMBER

    def _indexed(self, tree: Indexed) -> Shape:
        given = (*tree.rows, *tree.indices)
        if isinstance(tree.base, Name) and tree.base.name not in self.letters:
            if tree.base.name == "I" and len(given) == 1 and isinstance(given[0], Name):
                axis = self.table.new(given[0].name)
                return Shape("matrix", (axis, axis))
            return NUMBER
        shape = self.shape(tree.base)
        if len(given) > len(shape.axes) or (len(given) < len(shape.axes) - 1):
            raise ClashError
        left: list[int] = list(shape.axes[len(given) :])
        for index, axis in zip(given, shape.axes, strict=False):
            if isinstance(index, Name) and index.name == ":":
                left.append(axis)
            else:
                for name in letters_of(index):
                    if name in self.indices:
                        self.table.same(self.indices[name], axis)
        return of_rank(left)

    def _transposed(self, shape: Shape) -> Shape:
        match shape.kind:
            case "column":
                return Shape("row", shape.axes)
            case "row":
                return Shape("column", shape.axes)
            case "matrix":
                return Shape("matrix", shape.axes[::-1])
            case "identity":
                return shape
            case _:
                raise ClashError

    def _binary(self, tree: Binary) -> Shape:
        a, b = self.shape(tree.left), self.shape(tree.right)
        match tree.operator:
            case "+" | "-":
                return self._added(a, b, tree)
            case " " | "*" | "@":
                if tree.operator == "*" and a.kind == b.kind == "column":
                    self.table.same(a.axes[0], b.axes[0])
                    self.dots.add(tree.span)
                    return NUMBER
                return self._product(a, b)
            case "/":
                return self._quotient(tree, a, b)
            case "^":
                return self._power(tree, a, b)
            case ".*" | "./" | ".^":
                if "number" in (a.kind, b.kind):
                    return a if b.kind == "number" else b
                self._alike(a, b)
                return a

    def _quotient(self, tree: Binary, a: Shape, b: Shape) -> Shape:
        """By a number; by a column entry by entry, which is the odder reading of the two."""
        if b.kind == "number":
            return a
        if b.kind != "column" or a.kind not in ("number", "column"):
            raise ClashError
        if a.kind == "column":
            self._alike(a, b)
        self.broadcasts += 1
        self.quotients.add(tree.span)
        return b

    def _power(self, tree: Binary, a: Shape, b: Shape) -> Shape:
        if b.kind != "number":
            raise ClashError
        inverse = isinstance(tree.right, Minus) and isinstance(tree.right.arg, Number)
        if a.kind == "matrix" and inverse:
            self.table.same(*a.axes)
            return a
        if a.kind != "number":
            raise ClashError
        return NUMBER

    def _alike(self, a: Shape, b: Shape) -> None:
        if a.kind != b.kind or len(a.axes) != len(b.axes):
            raise ClashError
        for left, right in zip(a.axes, b.axes, strict=True):
            self.table.same(left, right)

    def _added(self, a: Shape, b: Shape, tree: Binary) -> Shape:
        if "identity" in (a.kind, b.kind):
            other = b if a.kind == "identity" else a
            if other.kind == "matrix":
                self.table.same(*other.axes)
            elif other.kind != "identity":
                raise ClashError
            return other
        if "number" in (a.kind, b.kind) and a.kind != b.kind:
            vector, number = (b, tree.left) if a.kind == "number" else (a, tree.right)
            if vector.kind not in ("column", "row"):
                raise ClashError
            if not any(name in self.parameters for name in letters_of(number)) and not isinstance(
                number, Number
            ):
                self.broadcasts += 1
            return vector
        self._alike(a, b)
        return a

    def _product(self, a: Shape, b: Shape) -> Shape:
        if a.kind in ("number", "identity"):
            return b if a.kind == "number" or b.kind != "number" else a
        if b.kind in ("number", "identity"):
            return a
        same = self.table.same
        match a.kind, b.kind:
            case "row", "column":
                same(a.axes[0], b.axes[0])
                return NUMBER
            case "column", "row":
                return Shape("matrix", a.axes + b.axes)
            case "matrix", "column":
                same(a.axes[1], b.axes[0])
                return Shape("column", a.axes[:1])
            case "row", "matrix":
                same(a.axes[0], b.axes[0])
                return Shape("row", b.axes[1:])
            case "matrix", "matrix":
                same(a.axes[1], b.axes[0])
                return Shape("matrix", (a.axes[0], b.axes[1]))
            case _:
                raise ClashError

    def _call(self, tree: Call) -> Shape:
        if tree.name in self.macros:
            return self._expanded(tree)
        if tree.name in ("ones", "eye"):
            axes = [self.table.new(a.name) for a in tree.args if isinstance(a, Name)]
            return of_rank(axes * 2 if tree.name == "eye" and len(axes) == 1 else axes)
        args = [self.shape(arg) for arg in tree.args]
        if not args:
            return NUMBER
        first = args[0]
        match tree.name:
            case "norm" | "norm1":
                # The norm of a number would be its absolute value: nobody writes it so.
                if first.kind not in ("column", "row"):
                    raise ClashError
                return NUMBER
            case "normF":
                if first.kind not in ("matrix", "column"):
                    raise ClashError
                return NUMBER
            case "bars":
                if first.kind == "row":
                    raise ClashError
                # Single bars round a vector are rarer than round a number.
                self.broadcasts += first.kind == "column"
                if first.kind == "matrix":
                    self.table.same(*first.axes)
                return NUMBER
            case "tr" | "trace" | "logdet" | "det" | "inv":
                if first.kind != "matrix":
                    raise ClashError
                self.table.same(*first.axes)
                return first if tree.name == "inv" else NUMBER
            case "dot":
                if len(args) != 2 or first.kind == "number":
                    raise ClashError
                self._alike(*args)
                return NUMBER
            case "diag":
                if first.kind == "matrix":
                    return Shape("column", first.axes[:1])
                return Shape("matrix", first.axes * 2) if first.kind == "column" else first
            case "max" | "min":
                arrays = [a for a in args if a.kind != "number"]
                for other in arrays[1:]:
                    self._alike(arrays[0], other)
                return arrays[0] if arrays else NUMBER
            case "sum" | "mean":
                return NUMBER
            case _:
                if first.kind == "matrix" and tree.name in ("exp", "log", "sqrt"):
                    raise ClashError
                return first

    def _expanded(self, tree: Call) -> Shape:
        params, body = self.macros[tree.name]
        args = [self.shape(arg) for arg in tree.args]
        if len(args) != len(params) or self.depth > 20:  # a function of itself
            raise ClashError
        outer = self.letters
        self.letters = {**outer, **dict(zip(params, args, strict=True))}
        self.depth += 1
        try:
            return self.shape(body)
        finally:
            self.letters, self.depth = outer, self.depth - 1

    def _big(self, tree: Big) -> Shape:
        outer = dict(self.indices)
        for limit in tree.limits:
            name = limit.upper.name if isinstance(limit.upper, Name) else ""
            axis = self.table.new(name if name in self.sizes else "")
            self.indices[limit.letter.name] = axis
            self.summed.append(axis)
        try:
            return self.shape(tree.body)
        finally:
            self.indices = outer


def _left(left: Surface) -> str:
    match left:
        case Name(name) | Call(name):
            return name
        case Indexed(base):
            return _left(base)
        case _:
            return ""
