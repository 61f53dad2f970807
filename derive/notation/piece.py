"""Pieces of which a text is put together, and the spelling of names and letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from derive.notation.expression import Index
from derive.notation.tree import Path

SUM, PRODUCT, PREFIX, OPERATOR, POWER, ATOM = range(6)
"""How tightly a text holds together: a + b and -a; a b and a/b; sum_i a (and products of
matrices); d/dx [a]; a^b; a."""

WIDTH = 96
LONGEST_SUBSCRIPT = 3
SIMPLE_LETTER = re.compile(r"[A-Za-z]'*")
SUBSCRIPTED = re.compile(rf".+_[A-Za-z]{{1,{LONGEST_SUBSCRIPT}}}")


@dataclass(frozen=True)
class Piece:
    """A text, how tightly it holds together, and where the subterms stand in it."""

    text: str
    level: int
    marks: tuple[tuple[Path, int, int], ...] = ()

    def marked(self, path: Path | None, stop: int | None = None) -> Piece:
        """With a mark for a subterm from the start to `stop`, or all of it; None needs no mark."""
        if path is None:
            return self
        return replace(
            self, marks=(*self.marks, (path, 0, len(self.text) if stop is None else stop))
        )

    def held(self, level: int) -> Piece:
        """In parentheses unless it holds together at least that tightly."""
        return self if self.level >= level else join(ATOM, "(", self, ")")


def join(level: int, *parts: str | Piece) -> Piece:
    """The parts side by side, marks moved along."""
    text, marks = "", []
    for part in parts:
        if isinstance(part, Piece):
            marks += [(path, len(text) + a, len(text) + b) for path, a, b in part.marks]
        text += part if isinstance(part, str) else part.text
    return Piece(text, level, tuple(marks))


def spelled(name: str) -> str:
    """A trailing underscore only avoids a keyword of Python: lambda_ is the letter lambda."""
    return name.rstrip("_") or name


def subscript(indices: tuple[Index, ...]) -> str | None:
    """`ik`, or None where the letters would run into each other."""
    letters = [k.label for k in indices]
    simple = all(SIMPLE_LETTER.fullmatch(letter) for letter in letters)
    simple = simple and not any(k.shift for k in indices)
    return "".join(letters) if simple and len(letters) <= LONGEST_SUBSCRIPT else None


def bracketed(indices: tuple[Index, ...]) -> str:
    """`[row,k]`, `[j+1]`."""
    return "[" + ",".join(k.label for k in indices) + "]"


def gap(left: str, right: str) -> str:
    """What separates two factors: 2m, 2 theta_j, m (a + b), x * 2."""
    if right[0].isdigit() and not (right.startswith("1_") and not left[-1:].isdigit()):
        return " * "
    glued = left.isdigit() and left not in "01" and len(right) == 1 and right.isalpha()
    return "" if glued else " "


def underlined(line: str, start: int, stop: int) -> str:
    """The line and carets from `start` to `stop`; a long line is cut around them."""
    if len(line) > WIDTH:
        room = WIDTH - 6
        first = min(max(0, (start + min(stop, start + room) - room) // 2), len(line) - room)
        before, after = "..." * (first > 0), "..." * (first + room < len(line))
        line = before + line[first : first + room] + after
        stop = min(stop, first + room) - first + len(before)
        start += len(before) - first
    return f"{line}\n{' ' * start}{'^' * (stop - start)}"
