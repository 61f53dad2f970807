"""Tokens of a formula, and what all who make them share."""

from __future__ import annotations

from dataclasses import dataclass, field

from lark import Token

from derive.readers.complaint import Text
from derive.readers.latex.scan import Piece
from derive.readers.surface import Span


def span_of(token: Token) -> Span:
    """Where a token stands."""
    return Span(token.start_pos or 0, token.end_pos or 0)


@dataclass
class Output:
    """The tokens made so far.

    Attributes:
        text: The source.
        functions: Letters that the text defines as functions: h of h_theta(x) = ...
        declared: Names that are declared; T among them makes ^T a question.
        left: Whether this is the left side of an equation, where every letter is a new one.
    """

    text: Text
    functions: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    left: bool = False
    out: list[Token] = field(default_factory=list)

    def _emit(self, kind: str, value: str, start: int, stop: int) -> None:
        self.out.append(Token(kind, value, start_pos=start, end_pos=stop))

    def _put(self, kind: str, value: str, piece: Piece) -> None:
        self._emit(kind, value, piece.start, piece.stop)

    def _braced(self, pieces: list[Piece], asked: Piece, *, index: bool = False) -> None:
        """The pieces in braces; nothing in them is an error."""
        first = pieces[0].start if pieces else asked.stop
        self._emit("LBRACE", "{", first, first)
        count = len(self.out)
        self._run(pieces, index=index)
        if len(self.out) == count:
            raise self.text.error(asked.span, f"{asked.text} has nothing to act on",
                                  f"write something into {asked.text}{{...}}")  # fmt: skip
        stop = self._stop(pieces)
        self._emit("RBRACE", "}", stop, stop)

    def _stop(self, pieces: list[Piece]) -> int:
        """Where an argument ends, with its brace if it has one."""
        source, stop = self.text.source, pieces[-1].stop
        if source[: pieces[0].start].rstrip().endswith("{"):
            after = stop + len(source[stop:]) - len(source[stop:].lstrip())
            return after + 1 if source[after : after + 1] == "}" else stop
        return stop

    def _run(self, pieces: list[Piece], *, index: bool) -> None:
        """Tokens for all pieces; `index` says whether they stand below a letter."""
        raise NotImplementedError
