r"""LaTeX as pieces: commands, numbers, letters, signs, each with its place; no comments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from derive.readers.complaint import Text
from derive.readers.surface import Span

PIECE = re.compile(
    r"(?P<space>\s+|~|(?<!\\)%[^\n]*)"
    r"|(?P<command>\\[A-Za-z]+\*|\\[A-Za-z]+|\\.|\\)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
    r"|(?P<relation>:=)"
    r"|(?P<other>.)",
    re.DOTALL,
)
DEEPEST = 60
"""Brackets in brackets; more are no formula of a person, and would exhaust Python's stack."""
STARRED = (r"\operatorname*", r"\tag*", r"\hspace*")


@dataclass(frozen=True)
class Piece:
    """A piece of LaTeX."""

    text: str
    start: int
    stop: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.stop)

    @property
    def number(self) -> bool:
        return self.text[0] in "0123456789" or (self.text[0] == "." and len(self.text) > 1)


def scan(text: Text, start: int, stop: int) -> list[Piece]:
    """The pieces between two places of the source."""
    out: list[Piece] = []
    here = start
    while here < stop:
        found = PIECE.match(text.source, here, stop)
        if found is None:  # PIECE matches any character
            break
        here = found.end()
        if found.lastgroup == "space":
            continue
        word = found[0]
        if word.endswith("*") and len(word) > 1 and word not in STARRED:
            word, here = word[:-1], here - 1
        out.append(Piece(word, found.start(), here))
    return out


def require_shallow(text: Text, pieces: Sequence[Piece]) -> None:
    """Refuse groups in each other by the thousand, which every later reading would walk through."""
    depth = 0
    for piece in pieces:
        depth += (piece.text in ("{", r"\begin", r"\left")) - (
            piece.text in ("}", r"\end", r"\right")
        )
        if depth > DEEPEST:
            raise text.error(piece.span, f"more than {DEEPEST} brackets in one another",
                             "name a part of the formula in an equation of its own")  # fmt: skip


def closing(pieces: Sequence[Piece], opening: int, text: Text) -> int:
    """The place of the } that closes the { at `opening`."""
    depth = 0
    for k in range(opening, len(pieces)):
        depth += (pieces[k].text == "{") - (pieces[k].text == "}")
        if depth == 0:
            return k
    raise text.error(pieces[opening].span, "this { is never closed", "write the } where it ends")


def argument(pieces: list[Piece], after: int, text: Text) -> tuple[list[Piece], int]:
    r"""What the command or script sign at `after` acts on, and the place behind it.

    Without braces that is the next letter, digit or command: \frac12 is one half.
    """
    asked, first = pieces[after], after + 1
    if first >= len(pieces) or pieces[first].text in ("}", "&", r"\\"):
        wrong = f"{asked.text} needs something after it"
        raise text.error(asked.span, wrong, f"write {asked.text}{{...}}")
    piece = pieces[first]
    if piece.text == "{":
        end = closing(pieces, first, text)
        return pieces[first + 1 : end], end + 1
    if piece.number and len(piece.text) > 1:
        middle = piece.start + 1
        halves = (
            Piece(piece.text[0], piece.start, middle),
            Piece(piece.text[1:], middle, piece.stop),
        )
        pieces[first : first + 1] = halves
    return [pieces[first]], first + 1


def environment(pieces: Sequence[Piece], begin: int, text: Text) -> tuple[str, int, int, int]:
    r"""The environment that begins at `begin`: its name, the places inside and behind it."""
    name, first = _name(pieces, begin, text)
    depth, here = 1, first
    while here < len(pieces):
        if pieces[here].text in (r"\begin", r"\end"):
            other, after = _name(pieces, here, text)
            depth += 1 if pieces[here].text == r"\begin" else -1
            if depth == 0:
                if other != name:
                    raise text.error(pieces[here].span, f"this ends {other}, but {name} is open",
                                     rf"write \end{{{name}}}")  # fmt: skip
                return name, first, here, after
            here = after
        else:
            here += 1
    raise text.error(pieces[begin].span, f"this {name} never ends", rf"write \end{{{name}}}")


def _name(pieces: Sequence[Piece], begin: int, text: Text) -> tuple[str, int]:
    if begin + 1 >= len(pieces) or pieces[begin + 1].text != "{":
        raise text.error(pieces[begin].span, "the name of an environment is missing",
                         rf"write {pieces[begin].text}{{cases}}, for example")  # fmt: skip
    end = closing(pieces, begin + 1, text)
    return "".join(piece.text for piece in pieces[begin + 2 : end]), end + 1


def split(pieces: Sequence[Piece], sign: str) -> list[list[Piece]]:
    """The parts between signs that stand in no braces and no inner environment."""
    parts: list[list[Piece]] = [[]]
    depth = 0
    for piece in pieces:
        depth += (piece.text in ("{", r"\begin")) - (piece.text in ("}", r"\end"))
        if piece.text == sign and depth == 0:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts
