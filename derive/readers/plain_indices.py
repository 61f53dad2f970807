"""The small print of a formula in plain text: indices, and the letters below a sum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from lark import Token

from derive.readers.complaint import Text
from derive.readers.plain_lexer import latin
from derive.readers.surface import Binary, Limits, Name, Number, Span, Surface

INDEX = re.compile(r"\s*(?:(\d+)|([^\W\d_]+\d*|:)\s*(?:([-+])\s*(\d+))?)\s*")


def below(text: Text, letters: str, start: int) -> tuple[Surface, ...]:
    """The indices in ij or {i,j}, {ij}, {j+1}, which stand from `start` on."""
    if letters.startswith("{"):
        letters, start = letters[1:-1], start + 1
    split = "," in letters or not letters.isalnum()
    parts = letters.split(",") if split else list(letters)
    gap = int(len(parts) > 1 and "," in letters)
    found: list[Surface] = []
    for part in parts:
        span = Span(start, start + len(part))
        if INDEX.fullmatch(part) is None:
            raise text.error(span, f"{part!r} is no index", "write letters, as in X_{i,j}")
        found.append(index(part, span))
        start += len(part) + gap
    return tuple(found)


def limits(text: Text, token: Token) -> Iterator[Limits]:
    """i; i,j; j=2 with an upper end: the letters below a sum sign."""
    head, _, above = token.partition("^")
    below = head.partition("_")[2]
    start = (token.start_pos or 0) + len(head) - len(below)
    if below.startswith("{"):
        below, start = below[1:-1], start + 1
    upper, comma = None, 1
    if above:
        first = (token.end_pos or 0) - len(above)
        inner = above.strip("{}")
        upper = _end(text, inner, Span(first + above.index(inner), first + len(above.rstrip("}"))))
    parts = below.split(",")
    if below.isalpha() and not re.search(rf"[\[,]\s*{below}\b", text.source):
        parts, comma = list(below), 0  # sum_ij is a sum over i and j
    for number, part in enumerate(parts):
        letter, equals, lower = part.partition("=")
        offset = start + len(letter) - len(letter.lstrip())
        name = letter.strip()
        if not name.isalnum() or name[0].isdigit() or (upper and len(parts) > 1):
            span = Span(start, start + len(part))
            todo = "write sum_i, sum_{i,j} or sum_{j=2}^n"
            raise text.error(span, "this is no letter to sum over", todo)
        place = Name(latin(name), Span(offset, offset + len(name)))
        at = start + len(letter) + 1
        low = _end(text, lower, Span(at, at + len(lower))) if equals else None
        yield Limits(place, low, upper if number == len(parts) - 1 else None)
        start += len(part) + comma


def _end(text: Text, part: str, span: Span) -> Surface:
    if INDEX.fullmatch(part) is None:
        raise text.error(span, f"{part!r} is no end of a sum", "write 1, 2, n or n-1")
    return index(part, span)


def index(part: str, span: Span) -> Surface:
    """i, 2, j+1 or the whole axis, `:`."""
    found = INDEX.fullmatch(part)
    if found is None:
        return Name(part, span)
    number, letter, sign, shift = found.groups()
    if number is not None:
        return Number(Fraction(number), span)
    name = Name(latin(letter), span)
    if sign is None:
        return name
    return Binary(sign, name, Number(Fraction(shift), span), span)  # type: ignore[arg-type]
