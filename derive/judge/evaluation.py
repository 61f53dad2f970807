"""Values of compiled formulas at one point, each computed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from derive.judge.arithmetic import Arithmetic, Value
from derive.judge.indices import Where
from derive.judge.jets import Jet
from derive.judge.points import Point
from derive.notation.expression import Axis, Tensor

Position = tuple[int, ...]
"""Positions along the axes of a tensor, counted from 1."""

Bound = Mapping[int, int]
"""The number of an index letter to its position."""

Active = tuple[tuple[int, int, Position, frozenset[int]], ...]
"""The derivatives under way, outermost first: an epsilon's bit, a tensor's number, the position
of the entry that carries the epsilon, the tensors that are held fixed meanwhile."""


@dataclass(frozen=True, eq=False)
class Formula:
    """A scalar formula, compiled.

    Attributes:
        number: Equal formulas have equal numbers; matrix formulas are counted along.
        free: The numbers of its free index letters.
        depends: The numbers of all tensors on which its value depends, definitions unfolded.
        run: The value, given the positions of the free letters.
    """

    number: int
    free: tuple[int, ...]
    depends: frozenset[int]
    run: Callable[[Evaluation, Bound, Active], Jet]


@dataclass(frozen=True, eq=False)
class Table:
    """A matrix formula, compiled; `entry` is its value at a position."""

    number: int
    axes: tuple[Axis, ...]
    depends: frozenset[int]
    entry: Callable[[Evaluation, Position, Active], Jet]


@dataclass(frozen=True, eq=False)
class Letter:
    """A tensor with its number and, where it is defined, its body and that body's letters."""

    number: int
    tensor: Tensor
    body: Formula | None = None
    letters: tuple[int, ...] = ()

    @property
    def depends(self) -> frozenset[int]:
        """The tensor itself and all that its definition depends on."""
        return frozenset((self.number,)) | (self.body.depends if self.body else frozenset())


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The memory of one point in one arithmetic.

    A formula's value is remembered for the positions of its own letters and for those derivatives
    under way that it depends on, so that what no derivative touches is computed only once.
    """

    arithmetic: Arithmetic
    point: Point
    zero: Value
    one: Value
    memory: dict[tuple[int, Position, Active], Jet] = field(default_factory=dict)
    whole: dict[tuple[int, Active], tuple[tuple[Jet, ...], ...]] = field(default_factory=dict)
    given: dict[tuple[int, Position], Value] = field(default_factory=dict)

    def value(self, formula: Formula, bound: Bound, active: Active = ()) -> Jet:
        """The value of a formula."""
        if active:
            depends = formula.depends
            active = tuple([v for v in active if v[1] in depends])
        key = (formula.number, tuple([bound[letter] for letter in formula.free]), active)
        found = self.memory.get(key)
        if found is None:
            found = self.memory[key] = formula.run(self, bound, active)
        return found

    def entry(self, table: Table, position: Position, active: Active = ()) -> Jet:
        """The entry of a matrix formula at a position."""
        if active:
            depends = table.depends
            active = tuple([v for v in active if v[1] in depends])
        key = (table.number, position, active)
        found = self.memory.get(key)
        if found is None:
            found = self.memory[key] = table.entry(self, position, active)
        return found

    def letter(self, letter: Letter, position: Position, active: Active) -> Jet:
        """The entry of a tensor at a position.

        Inside a derivative by an entry of a defined tensor, that tensor is a variable of its own:
        its value is the one that it has outside of the derivative. A tensor that a derivative
        holds fixed does not move in it.
        """
        if active:
            active = tuple(v for v in active if letter.number not in v[3])
        mine = [k for k, v in enumerate(active) if v[1] == letter.number]
        outer = active[: mine[0]] if mine else active
        if letter.body is None:
            plain = self.given.get((letter.number, position))
            if plain is None:
                plain = self.arithmetic.number(self.point.value(letter.tensor, position))
                self.given[letter.number, position] = plain
            value: Jet = {0: plain}
        else:
            bound = dict(zip(letter.letters, position, strict=True))
            value = self.value(letter.body, bound, outer)
        flags = {1 << active[k][0]: self.one for k in mine if active[k][2] == position}
        return {**value, **flags} if flags else value

    def size(self, axis: Axis) -> int:
        """The number of positions along an axis."""
        return self.point.size(axis)

    def place(self, where: Where, bound: Bound) -> int:
        """The position for which an index stands."""
        if where.letter is not None:
            return bound[where.letter] + where.shift
        return where.shift if where.shift > 0 else self.size(where.axis) + 1 + where.shift

    def places(self, at: tuple[Where, ...], bound: Bound) -> Position:
        """The positions for which some indices stand."""
        return tuple(
            [self.place(w, bound) if w.letter is None else bound[w.letter] + w.shift for w in at]
        )


def evaluation(arithmetic: Arithmetic, point: Point) -> Evaluation:
    """An empty memory for a point; to be used within `arithmetic.working()`."""
    zero, one = (arithmetic.number(Fraction(k)) for k in (0, 1))
    return Evaluation(arithmetic, point, zero, one)
