"""Names for the index letters that matrix notation left open.

X @ theta needs a letter to sum over, and the user wrote none. A problem names it: a letter that
already runs over that axis in the problem if there is one, otherwise the next free one, never one
that means something else where it would stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from derive.notation.expression import Axis, Expr, Index, Product, Sum, Tensor
from derive.notation.operand import OPEN
from derive.notation.tree import (
    axes_in,
    children,
    letters_in,
    rebuild,
    reindex,
    subterms,
    tensors_in,
)

PREFERRED = {"m": "i", "n": "j"}
"""X is (m, n): i counts samples, j features."""

POOL = "ijklrstabcdfghpquw"


def is_open(index: Index) -> bool:
    """Whether a letter still waits for its name."""
    return index.letter.startswith(OPEN)


@dataclass
class Letters:
    """The letters of one problem, each over one axis; `taken` are names of other things."""

    taken: set[str]
    of: dict[Axis, list[str]] = field(default_factory=dict)

    def meet(self, index: Index) -> None:
        """Note a letter that the problem uses already."""
        known = self.of.setdefault(index.axis, [])
        if index.letter not in known:
            known.append(index.letter)

    def take(self, axis: Axis, avoided: frozenset[str]) -> Index:
        """A letter over `axis` that is not among the avoided ones."""
        known = self.of.setdefault(axis, [])
        for letter in known:
            if letter not in avoided:
                return Index(letter, axis)
        letter = next(k for k in self._new(axis) if k not in avoided)
        known.append(letter)
        return Index(letter, axis)

    def _new(self, axis: Axis) -> Iterator[str]:
        used = self.taken | {letter for letters in self.of.values() for letter in letters}
        others = {letter for size, letter in PREFERRED.items() if size != axis.letter}
        wished = PREFERRED.get(axis.letter, "")
        order = [*wished, *(k for k in POOL if k not in others), *POOL]
        yield from (k for k in order if k not in used)
        yield from (f"i{number}" for number in range(1, 1000) if f"i{number}" not in used)


Formula = tuple[tuple[Index, ...], Expr]
"""A formula and the free letters for whose values it stands."""


def named(formulas: tuple[Formula, ...], tensors: tuple[Tensor, ...]) -> tuple[Formula, ...]:
    """The formulas with a name for every open letter; `tensors` are what the problem declares."""
    if not any(_has_open(formula) for formula in formulas):
        return formulas
    every = [*tensors, *(t for _, body in formulas for t in tensors_in(body))]
    axes = [axis for t in every for axis in t.axes]
    axes += [axis for _, body in formulas for axis in axes_in(body)]
    letters = Letters({t.name for t in every} | {axis.letter for axis in axes})
    for indices, body in formulas:
        for index in (*indices, *_bound(body)):
            if not is_open(index):
                letters.meet(index)
    return tuple(_named(formula, letters) for formula in formulas)


def _has_open(formula: Formula) -> bool:
    indices, body = formula
    return any(map(is_open, indices)) or any(k.startswith(OPEN) for k in letters_in(body))


def _bound(e: Expr) -> Iterator[Index]:
    for _, node in subterms(e):
        if isinstance(node, Sum | Product):
            yield node.index


def _named(formula: Formula, letters: Letters) -> Formula:
    indices, body = formula
    out: list[Index] = []
    for index in indices:
        new = index
        if is_open(index):
            others = {k.letter for k in (*indices, *out)}
            new = letters.take(index.axis, letters_in(body) | others)
            body = reindex(body, {index: new})
        out.append(new)
    return tuple(out), _settled(body, letters, frozenset(k.letter for k in out))


def _settled(e: Expr, letters: Letters, scope: frozenset[str]) -> Expr:
    """`e` with its open bound letters named; a sum before the sums inside it."""
    if isinstance(e, Sum | Product):
        index, body = e.index, e.body
        if is_open(index):
            new = letters.take(index.axis, scope | letters_in(body))
            body = reindex(body, {index: new})
            index = new
        inner = _settled(body, letters, scope | {index.letter})
        return type(e)(inner, (index, e.lower, e.upper))
    parts = children(e)
    return rebuild(e, tuple(_settled(part, letters, scope) for part in parts)) if parts else e
