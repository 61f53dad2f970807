"""Index letters, perhaps shifted, and fixed positions along an axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.notation.expression import Axis


@dataclass(frozen=True)
class Index:
    """A letter that runs over an axis, perhaps shifted (j + 1), or a position (1) without letter.

    A position counts from the front if `shift` > 0, from the end of `axis` if it is < 0: -1 is the
    last one. The axis of a position is never a shorter one.
    """

    letter: str
    axis: Axis
    shift: int = 0

    def __add__(self, count: int) -> Index:
        if type(count) is not int:
            raise TypeError(f"{self.label} + {count!r}: an index letter is shifted by 1, 2, ...")
        return Index(self.letter, self.axis, self.shift + count)

    def __sub__(self, count: int) -> Index:
        if type(count) is not int:
            raise TypeError(f"{self.label} - {count!r}: an index letter is shifted by 1, 2, ...")
        return self + -count

    @property
    def literal(self) -> bool:
        """Whether it is a position and not a letter."""
        return not self.letter

    @property
    def plain(self) -> Index:
        """The letter without its shift."""
        return Index(self.letter, self.axis) if self.shift and self.letter else self

    @property
    def label(self) -> str:
        """As text: j, j+1, 1; n, n-1 are the last positions."""
        if self.literal and self.shift < 0:
            return self.axis.less(-1 - self.shift).letter
        if self.literal:
            return str(self.shift)
        return f"{self.letter}{self.shift:+d}" if self.shift else self.letter

    def fits(self, axis: Axis) -> bool:
        """Whether it is a position along `axis`, whatever the value of its letter.

        A position from the front is one where the axis is long enough: `least_size` says so.
        """
        if self.axis.root != axis.root:
            return False
        if self.literal:
            return self.shift > 0 or self.shift < -axis.cut
        return 0 <= self.shift <= self.axis.cut - axis.cut


def position(number: int, axis: Axis) -> Index:
    """A position along an axis, counted from 1; from the end -1, -2, ..."""
    if type(number) is not int or number == 0:
        raise TypeError(
            f"{number!r} is no position along {axis.letter}: "
            "they count from 1, or from -1 back from the end"
        )
    return Index("", axis.root, number if number > 0 else number - axis.cut)


def index_letters(
    name: str, axes: tuple[Axis, ...], given: tuple[Index | int, ...]
) -> tuple[Index, ...]:
    """What stands in the brackets of a tensor, its numbers as positions along its axes."""
    letters: list[Index] = []
    for number, letter in enumerate(given):
        if type(letter) is int and number < len(axes):
            letter = position(letter, axes[number])
        if not isinstance(letter, Index):
            raise TypeError(
                f"{letter!r} is no index letter of {name}; "
                'make one from an axis, as in i = m.index("i")'
            )
        letters.append(letter)
    return tuple(letters)


def least_size(index: Index, axis: Axis) -> int:
    """The size of the root axis from which on `index` is a position along `axis`."""
    if not index.literal:
        return index.axis.cut + 1
    return max(index.shift + axis.cut, -index.shift, axis.cut + 1)
