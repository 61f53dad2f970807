"""Index letters by number, and the axes over which they and the tensors run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derive.judge.arithmetic import MalformedError
from derive.notation.expression import Axis, Index
from derive.notation.matrix import Axes


@dataclass(frozen=True)
class Where:
    """A position along an axis: that of a letter and `shift` more, or a fixed one.

    Without letter, `shift` counts from 1, or back from the end of `axis` from -1.
    """

    letter: int | None
    shift: int
    axis: Axis


def root(axis: Axis) -> Axis:
    """The axis that has a size of its own: n for n - 1."""
    return axis if axis.base is None else axis.base


class Indices:
    """Numbers stand in for letters where values are looked up: they are compared faster."""

    def __init__(self) -> None:
        self.numbers: dict[Index, int] = {}
        self._axes: dict[Axis, int] = {}

    @property
    def axes(self) -> Axes:
        """All axes met so far that have a size of their own, in order."""
        return tuple(self._axes)

    @property
    def least(self) -> tuple[int, ...]:
        """From which size on all that was met so far has a meaning, axis by axis."""
        return tuple(self._axes.values())

    @property
    def least_sizes(self) -> dict[Axis, int]:
        """The same by axis: the one place that says how small an axis may be."""
        return dict(self._axes)

    def see(self, axes: Axes) -> None:
        """Take note of axes: n - 1 has a position only where n is at least 2."""
        for axis in axes:
            self.ask(axis, axis.cut + 1)

    def ask(self, axis: Axis, least: int) -> None:
        """The root of the axis must have this size at least."""
        own = root(axis)
        self._axes[own] = max(self._axes.get(own, 1), least)

    def number(self, index: Index) -> int:
        """The number of an index letter."""
        if index.shift or not index.letter:
            raise MalformedError(f"{index.label} stands where a letter must stand")
        self.see((index.axis,))
        return self.numbers.setdefault(index, len(self.numbers))

    def named(self, numbers: Iterable[int]) -> dict[int, Index]:
        """The index letters with these numbers, each once."""
        known = tuple(self.numbers)
        return {number: known[number] for number in numbers}

    def where(self, index: Index) -> Where:
        """The position for which an index stands."""
        if index.letter:
            return Where(self.number(Index(index.letter, index.axis)), index.shift, index.axis)
        if index.shift == 0 or index.axis.cut:
            raise MalformedError(f"{index.label} is no position along {index.axis.letter}")
        self.ask(index.axis, abs(index.shift))
        return Where(None, index.shift, index.axis)

    def positions(self, what: str, axes: Axes, indices: tuple[Index, ...]) -> tuple[Where, ...]:
        """The positions at a node whose axes the indices must follow, for all values of theirs."""
        if len(indices) != len(axes) or not all(map(self._along, indices, axes)):
            letters = ", ".join(f"{k.label} over {k.axis.letter}" for k in indices)
            over = ", ".join(axis.letter for axis in axes)
            raise MalformedError(f"{what} over ({over}) has the indices ({letters})")
        return tuple(self.where(k) for k in indices)

    def _along(self, index: Index, axis: Axis) -> bool:
        """Whether the index stays within 1..n-c, where it runs over a part of n itself."""
        same = root(index.axis) == root(axis)
        if index.letter:
            # 1 + shift is the first position met, n - cut + shift the last.
            return same and index.shift >= 0 and index.shift - index.axis.cut <= -axis.cut
        if index.shift > 0:
            self.ask(axis, axis.cut + index.shift)
        return same and (index.shift > 0 or index.shift + axis.cut < 0)
