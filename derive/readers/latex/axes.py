"""Shapes over axes that are not named yet, and which of these have turned out to be the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["number", "column", "row", "matrix", "array", "identity"]


class ClashError(Exception):
    """Shapes that do not go together."""


@dataclass(frozen=True)
class Shape:
    """A kind over axes, which are numbers of the table."""

    kind: Kind
    axes: tuple[int, ...] = ()


NUMBER = Shape("number")


def of_rank(axes: Sequence[int]) -> Shape:
    """A number, a column, a matrix or an array over these axes."""
    kinds: tuple[Kind, ...] = ("number", "column", "matrix")
    return Shape(kinds[len(axes)] if len(axes) < len(kinds) else "array", tuple(axes))


@dataclass
class Table:
    """Axes, some of which have turned out to be the same."""

    parents: list[int] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)

    def new(self, name: str = "") -> int:
        for number, known in self.names.items():
            if name and known == name:
                return number
        self.parents.append(len(self.parents))
        if name:
            self.names[self.parents[-1]] = name
        return self.parents[-1]

    def root(self, axis: int) -> int:
        while self.parents[axis] != axis:
            axis = self.parents[axis]
        return axis

    def same(self, a: int, b: int) -> None:
        a, b = self.root(a), self.root(b)
        if a == b:
            return
        if a in self.names and b in self.names:
            raise ClashError
        if b in self.names:
            a, b = b, a
        self.parents[b] = a
