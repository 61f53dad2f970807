"""Index letters by number, and the axes over which they and the tensors run."""

from __future__ import annotations

from collections.abc import Iterable

from derive.judge.arithmetic import MalformedError
from derive.notation.expression import Axis, Index
from derive.notation.matrix import Axes


class Indices:
    """Numbers stand in for letters where values are looked up: they are compared faster."""

    def __init__(self) -> None:
        self.numbers: dict[Index, int] = {}
        self._axes: dict[Axis, None] = {}

    @property
    def axes(self) -> Axes:
        """All axes met so far, in order."""
        return tuple(self._axes)

    def see(self, axes: Axes) -> None:
        """Take note of axes."""
        self._axes.update(dict.fromkeys(axes))

    def number(self, index: Index) -> int:
        """The number of an index letter."""
        self.see((index.axis,))
        return self.numbers.setdefault(index, len(self.numbers))

    def named(self, numbers: Iterable[int]) -> tuple[Index, ...]:
        """The index letters with these numbers, each once."""
        known = tuple(self.numbers)
        return tuple(known[number] for number in dict.fromkeys(numbers))

    def positions(self, what: str, axes: Axes, indices: tuple[Index, ...]) -> tuple[int, ...]:
        """The numbers of the letters at a node whose axes they must follow."""
        if tuple(k.axis for k in indices) != axes:
            letters = ", ".join(f"{k.letter} over {k.axis.letter}" for k in indices)
            over = ", ".join(axis.letter for axis in axes)
            raise MalformedError(f"{what} over ({over}) has the indices ({letters})")
        return tuple(self.number(k) for k in indices)
