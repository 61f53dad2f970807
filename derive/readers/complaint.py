"""Errors about a text: a line of it with carets under the place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.errors import ProblemError
from derive.notation.piece import underlined
from derive.readers.surface import Span


@dataclass(frozen=True)
class Text:
    """A source text, and what it is called."""

    source: str
    name: str

    def at(self, span: Span) -> str:
        """The piece of text, on one line."""
        return " ".join(self.source[span.start : span.stop].split())

    def error(self, span: Span, wrong: str, todo: str) -> ProblemError:
        """What is wrong at a place of the text, and what to do."""
        start = self.source.rfind("\n", 0, span.start) + 1
        end = self.source.find("\n", start)
        line = self.source[start : len(self.source) if end < 0 else end].expandtabs(1)
        indent = len(line) - len(line.lstrip())
        first = span.start - start - indent
        last = min(max(span.stop - start - indent, first + 1), max(len(line) - indent, first + 1))
        shown, carets = underlined(_printable(line.strip()), first, last).split("\n")
        prefix = ""
        if "\n" in self.source.strip():
            prefix = f"line {self.source.count(chr(10), 0, start) + 1}: "
        return ProblemError(
            asked=f"read the problem {self.name!r}",
            where=f"{prefix}{shown}\n{' ' * len(prefix)}{carets}",
            wrong=_short(wrong),
            todo=_short(todo),
        )


def _printable(line: str) -> str:
    """A line with one sign for each that a terminal would not show, or would obey."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)


def _short(sentence: str) -> str:
    """A sentence in which no quoted word or phrase of the text is endless."""
    return re.sub(r"'[^'\n]{80,}'|\S{80,}", lambda found: f"{found[0][:60]}...", sentence)


def joined(first: Span, last: Span) -> Span:
    """From the first to the last."""
    return Span(min(first.start, last.start), max(first.stop, last.stop))
