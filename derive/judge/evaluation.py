"""Values of compiled formulas at one point, each computed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from operator import itemgetter
from typing import NamedTuple

from derive.judge.arithmetic import Arithmetic, Value
from derive.judge.indices import Where
from derive.judge.jets import Jet, Moved
from derive.judge.points import Point
from derive.notation.expression import Axis, Tensor

Position = tuple[int, ...]
"""Positions along the axes of a tensor, counted from 1."""

Bound = Mapping[int, int]
"""The number of an index letter to its position."""


@dataclass(frozen=True)
class Along:
    """All entries of a tensor at once, each times an entry of a direction.

    Attributes:
        direction: The direction's entries.
        letters: The index letters of `direction` that run along the axes of the tensor.
        bound: The positions of the other index letters of `direction`.
        active: The derivatives under way that touch `direction`.
    """

    direction: Formula
    letters: tuple[int, ...]
    bound: tuple[tuple[int, int], ...]
    active: Active


@dataclass(frozen=True, eq=False)
class Variable:
    """A derivative under way. `Evaluation.variable` makes each one once.

    Attributes:
        bit: The number of its epsilon.
        letter: The number of the tensor whose entries carry the epsilon.
        at: The position of the one entry that does, or the direction for all of them.
        held: The tensors that are held fixed meanwhile.
    """

    bit: int
    letter: int
    at: Position | Along
    held: frozenset[int]


Active = tuple[Variable, ...]
"""The derivatives under way, outermost first."""


Run = Callable[["Evaluation", Bound, Active], Jet]
"""The value of a formula, given the positions of its free letters."""


def _nowhere(_bound: Bound) -> object:
    return ()


@dataclass(frozen=True, eq=False)
class Formula:
    """A scalar formula, compiled.

    Attributes:
        number: Equal formulas have equal numbers; matrix formulas are counted along.
        free: The numbers of its free index letters.
        depends: The numbers of all tensors on which its value depends, definitions unfolded.
        run: The value, given the positions of the free letters.
        where: The positions of the free letters, in a form that tells them apart.
    """

    number: int
    free: tuple[int, ...]
    depends: frozenset[int]
    run: Run
    where: Callable[[Bound], object] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", itemgetter(*self.free) if self.free else _nowhere)


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


NESTED = 8
"""So many definitions are computed inside each other."""


class _Need(NamedTuple):
    """A value that another one waits for."""

    formula: Formula
    bound: Bound
    active: Active


class _BelowError(Exception):
    """This must be computed first: too many definitions stand inside each other here."""

    def __init__(self, need: _Need) -> None:
        super().__init__()
        self.need = need


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
    memory: defaultdict[int, dict[object, Jet]] = field(default_factory=lambda: defaultdict(dict))
    whole: dict[tuple[int, Active], tuple[tuple[Jet, ...], ...]] = field(default_factory=dict)
    given: dict[tuple[int, Position], Jet] = field(default_factory=dict)
    bindings: dict[tuple[int, ...], tuple[Bound, ...]] = field(default_factory=dict)
    taylor: dict[object, list[Value]] = field(default_factory=dict)
    variables: dict[tuple[int, int, Position | Along, frozenset[int]], Variable] = field(
        default_factory=dict
    )
    under_way: list[Letter] = field(default_factory=list)

    def value(self, formula: Formula, bound: Bound, active: Active = ()) -> Jet:
        """The value of a formula."""
        return self.values((formula,), bound, active)[0]

    def values(self, formulas: tuple[Formula, ...], bound: Bound, active: Active) -> list[Jet]:
        """The values of some formulas at the same positions."""
        memory, values = self.memory, []
        own: Active = ()
        for formula in formulas:
            where = key = formula.where(bound)
            if active and (own := touching(active, formula.depends)):
                key = (where, own)
            known = memory[formula.number]
            if (found := known.get(key)) is None:
                found = known[key] = formula.run(self, bound, own)
            values.append(found)
        return values

    def along(
        self, formula: Formula, letter: int, places: range, bound: Bound, active: Active
    ) -> list[Jet]:
        """The values of a formula at some positions of a letter."""
        own = touching(active, formula.depends)
        known, position, values = self.memory[formula.number], formula.where, []
        inner = dict(bound)
        for inner[letter] in places:
            where = position(inner)
            key = (where, own) if own else where
            found = known.get(key)
            if found is None:
                found = known[key] = formula.run(self, inner, own)
            values.append(found)
        return values

    def entry(self, table: Table, position: Position, active: Active = ()) -> Jet:
        """The entry of a matrix formula at a position."""
        if active:
            active = touching(active, table.depends)
        known = self.memory[table.number]
        key = (position, active) if active else position
        found = known.get(key)
        if found is None:
            found = known[key] = table.entry(self, position, active)
        return found

    def variable(
        self, active: Active, letter: Letter, at: Position | Along, held: frozenset[int]
    ) -> Variable:
        """A derivative by entries of a tensor, within those under way."""
        bit = active[-1].bit + 1 if active else 0
        key = (bit, letter.number, at, held)
        found = self.variables.get(key)
        if found is None:
            found = self.variables[key] = Variable(*key)
        return found

    def letter(self, letter: Letter, position: Position, active: Active) -> Jet:
        """The entry of a tensor at a position.

        Inside a derivative by an entry of a defined tensor, that tensor is a variable of its own:
        its value is the one that it has outside of the derivative. A tensor that a derivative
        holds fixed does not move in it.
        """
        number = letter.number
        for one in active:
            if one.letter == number or number in one.held:
                break
        else:
            return self._still(letter, position, active)
        active = tuple([one for one in active if number not in one.held])
        mine = [k for k, one in enumerate(active) if one.letter == number]
        if not mine:
            return self._still(letter, position, active)
        still = self._still(letter, position, active[: mine[0]])
        value = dict(still) if isinstance(still, dict) else {0: still}
        for k in mine:
            for mask, seed in self._seed(active[k], position).items():
                value[mask] = value[mask] + seed if mask in value else seed
        return value if len(value) > 1 else still

    def _still(self, letter: Letter, position: Position, active: Active) -> Jet:
        """The entry where no derivative by the tensor itself is under way."""
        if letter.body is not None:
            bound = dict(zip(letter.letters, position, strict=True))
            return self._defined(letter, _Need(letter.body, bound, active))
        found = self.given.get((letter.number, position))
        if found is None:
            found = self.arithmetic.number(self.point.value(letter.tensor, position))
            self.given[letter.number, position] = found
        return found

    def _defined(self, letter: Letter, need: _Need) -> Jet:
        """The value of a definition's body.

        Where definitions stand on each other by the hundred, those far below are computed first,
        from the outermost one: Python's stack then holds a few of them only. Each is remembered,
        so that to begin again costs little.
        """
        if len(self.under_way) == NESTED and not self._remembers(need):
            raise _BelowError(need)
        outermost, pending = not self.under_way, [need]
        self.under_way.append(letter)
        try:
            while True:
                try:
                    found = self.value(*pending[-1])
                except _BelowError as below:
                    if not outermost:
                        raise
                    pending.append(below.need)
                else:
                    pending.pop()
                    if not pending:
                        return found
        finally:
            self.under_way.pop()

    def _remembers(self, need: _Need) -> bool:
        own = touching(need.active, need.formula.depends)
        where = need.formula.where(need.bound)
        return ((where, own) if own else where) in self.memory[need.formula.number]

    def _seed(self, variable: Variable, position: Position) -> Moved:
        """What the entry at a position adds to its value: its epsilon, times the direction's."""
        flag, at = 1 << variable.bit, variable.at
        if isinstance(at, Along):
            bound = dict(at.bound) | dict(zip(at.letters, position, strict=True))
            entry = self.value(at.direction, bound, at.active)
            if not isinstance(entry, dict):
                return {flag: entry}
            return {mask | flag: value for mask, value in entry.items()}
        return {flag: self.one} if at == position else {}

    def forget(self, nodes: Iterable[int]) -> None:
        """Drop the values of some nodes, because a given number has changed."""
        for number in nodes:
            self.memory.pop(number, None)
        self.taylor.clear()
        self.whole.clear()

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


def touching(active: Active, depends: frozenset[int]) -> Active:
    """Those derivatives under way that move a tensor of `depends`."""
    for one in active:
        if one.letter not in depends:
            return tuple([one for one in active if one.letter in depends])
    return active


def evaluation(arithmetic: Arithmetic, point: Point) -> Evaluation:
    """An empty memory for a point; to be used within `arithmetic.working()`."""
    zero, one = (arithmetic.number(Fraction(k)) for k in (0, 1))
    return Evaluation(arithmetic, point, zero, one)
