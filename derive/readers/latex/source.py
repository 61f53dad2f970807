r"""Where the formulas of a LaTeX source stand: environments, rows, and equations within them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derive.readers.complaint import Text
from derive.readers.latex import words as w
from derive.readers.latex.scan import Piece, argument, closing, require_shallow, scan
from derive.readers.surface import Span

BREAK = r"\\"
COMMENT = re.compile(r"(?<!\\)%[^\n]*")
DERIVE = re.compile(r"^[ \t]*%+[ \t]*derive[ \t]*:[ \t]*(.*)$", re.MULTILINE)
_NAMES = "|".join(w.MATHEMATICS)
DISPLAY = re.compile(
    rf"\\begin\{{({_NAMES})(\*?)\}}(?:\{{\d+\}})?(.*?)\\end\{{\1\2\}}|\\\[(.*?)\\\]|\$\$(.*?)\$\$",
    re.DOTALL,
)
INLINE = re.compile(r"(?<![\\$])\$(?!\$)(.+?)(?<![\\$])\$(?!\$)|\\\((.+?)\\\)", re.DOTALL)
FUNCTION = re.compile(r"\s*(?:\\?[A-Za-z]+)(?:_(?:\{[^}]*\}|\\?[A-Za-z]+))?\s*\([^()]*\)\s*:?=")
LETTER = re.compile(
    r"\s*(\\?[A-Za-z]+)(?:_(?:\{[^}]*\}|\\?[A-Za-z]+|\d))?(?:\^\{?\([a-z]\)\}?)?\s*:?=(?!=)"
)
WHERE = re.compile(r"\b(?:where|with|let|put|writing|here)[\s:,]*(?:\$|\\\()$", re.IGNORECASE)
GOES_ON = re.compile(r"[\s,;:]*(?:and|where|with)?[\s,]*(?:\$|\\\()$", re.IGNORECASE)
NO_TERM = re.compile(r"\\(?:ldots|dots|cdots|in|sim|arg|text)\b")
ENVIRONMENT = re.compile(r"\\begin\{(document|tikzpicture|table|figure)\*?\}")


@dataclass(frozen=True)
class Statement:
    """One equation or formula: its pieces at the left and at the right of the equals sign."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    span: Span


@dataclass(frozen=True)
class Range:
    """i = 1, ..., m behind an equation."""

    letter: str
    upper: str


def declarations(source: str) -> Iterator[Span]:
    """The places of the lines `% derive: ...`, without their beginning."""
    for found in DERIVE.finditer(source):
        if found[1].strip():
            yield Span(found.start(1), found.start(1) + len(found[1].rstrip()))


def formulas(source: str) -> tuple[tuple[Span, bool], ...]:
    r"""The places of formulas, and whether a line break there may end an equation.

    In a document these are the displayed ones, and of those in the text only definitions: of
    functions, as in $h(x) = ...$, and of letters behind "where", as in "where $\mu_i = ...$"; a
    source without environments is a formula itself.
    """
    plain = COMMENT.sub(lambda found: " " * len(found[0]), source)
    out: list[Span] = []
    rest = plain
    for found in DISPLAY.finditer(plain):
        group = next(k for k in (3, 4, 5) if found[k] is not None)
        out.append(Span(*found.span(group)))
        rest = rest[: found.start()] + " " * (found.end() - found.start()) + rest[found.end() :]
    inline = [
        Span(*found.span(1 if found[1] is not None else 2)) for found in INLINE.finditer(rest)
    ]
    if out:
        out += _definitions(plain, inline)
        return tuple((span, False) for span in sorted(out, key=lambda span: span.start))
    if inline:
        return tuple((span, False) for span in inline)
    whole = r"\begin{document}" in plain or r"\documentclass" in plain
    return ((Span(0, len(source)), True),) if plain.strip() and not whole else ()


def _definitions(plain: str, inline: Sequence[Span]) -> Iterator[Span]:
    """The formulas within the text that define something."""
    last: Span | None = None  # what was defined just before: "where $u = ...$ and $v = ...$"
    for span in inline:
        before = plain[: span.start]
        led = WHERE.search(before) or (last and GOES_ON.fullmatch(before, last.stop + 1))
        if FUNCTION.match(plain, span.start, span.stop) or (led and _of_letter(plain, span)):
            last = span
            yield span


def _of_letter(plain: str, span: Span) -> bool:
    r"""Whether \mu_i = ... gives a letter by others; m = 100 and i = 1, \ldots, m do not."""
    found = LETTER.match(plain, span.start, span.stop)
    right = plain[found.end() : span.stop] if found else ""
    return re.search("[A-Za-z]", right) is not None and NO_TERM.search(right) is None


def statements(text: Text, span: Span, *, lines: bool) -> tuple[list[Statement], list[Range]]:
    """The equations of one place, rows that go on joined."""
    scanned = scan(text, span.start, span.stop)
    require_shallow(text, scanned)
    pieces = _without_spaces_below(_without_labels(scanned, text))
    if lines:
        pieces = list(_with_lines(text, pieces))
    out: list[Statement] = []
    ranges: list[Range] = []
    for equation in _equations(pieces, text):
        parts, found = _apart(equation, text)
        ranges.extend(found)
        out.extend(_statement(part, text) for part in parts)
    return out, ranges


def _without_labels(pieces: list[Piece], text: Text) -> list[Piece]:
    r"""The pieces without \label{...}, \tag{...} and other marks that are no formula."""
    out: list[Piece] = []
    here = 0
    while here < len(pieces):
        if pieces[here].text in w.MARKS:
            here = argument(pieces, here, text)[1]
        else:
            out.append(pieces[here])
            here += 1
    return out


def _without_spaces_below(pieces: list[Piece]) -> list[Piece]:
    r"""The pieces without the whole space below \min: \min_{W \in \mathbb{R}^{n \times d}}.

    Any other set there is a constraint, and stays, to be refused.
    """
    texts = [piece.text for piece in pieces]
    out: list[Piece] = []
    here = 0
    while here < len(pieces):
        if texts[here] == r"\in" and (end := _space_ends(texts, here + 1)):
            here = end
        else:
            out.append(pieces[here])
            here += 1
    return out


def _space_ends(texts: list[str], here: int) -> int:
    r"""Behind \mathbb{R}^{n \times d}, where an item ends there below \min; otherwise 0."""
    if texts[here : here + 1] != [r"\mathbb"]:
        return 0
    here = here + (4 if texts[here + 1 : here + 2] == ["{"] else 2)
    if texts[here - 1 : here] not in (["}"], ["R"]) or "R" not in texts[here - 2 : here]:
        return 0
    if texts[here : here + 2] == ["^", "{"] and "}" in texts[here:]:
        here = texts.index("}", here) + 1
    elif texts[here : here + 1] == ["^"]:
        here += 2
    return here if texts[here : here + 1] in (["}"], [","], [";"]) else 0


def _with_lines(text: Text, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with a row's end at every end of a line outside of environments."""
    depth, last = 0, None
    for piece in pieces:
        if last is not None and depth == 0 and "\n" in text.source[last : piece.start]:
            yield Piece(BREAK, last, last)
        depth += (piece.text == r"\begin") - (piece.text == r"\end")
        last = piece.stop
        yield piece


_OPEN = frozenset(
    ("{", "(", "[", r"\{", r"\begin", r"\lbrace", r"\lbrack", r"\langle", r"\lvert", r"\lVert")
)
_CLOSE = frozenset(
    ("}", ")", "]", r"\}", r"\end", r"\rbrace", r"\rbrack", r"\rangle", r"\rvert", r"\rVert")
)


def _depth(piece: Piece) -> int:
    return (piece.text in _OPEN) - (piece.text in _CLOSE)


def _equal(piece: Piece) -> bool:
    return w.RELATIONS.get(piece.text) == "="


def _equations(pieces: Sequence[Piece], text: Text) -> Iterator[list[Piece]]:
    """Rows, joined where one goes on in the next."""
    current: list[Piece] = []
    depth = 0
    for row in _rows(pieces):
        row = _stripped(row, text)
        if not row:
            continue
        if current and depth == 0 and _begins(row):
            yield current
            current = []
        current = [*current, *row]
        depth += sum(_depth(piece) for piece in row)
    if current:
        yield current


def _rows(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    row: list[Piece] = []
    depth = 0
    for piece in pieces:
        depth += (piece.text in ("{", r"\begin")) - (piece.text in ("}", r"\end"))
        if piece.text == BREAK and depth <= 0:
            yield row
            row = []
        else:
            row.append(piece)
    yield row


def _begins(row: Sequence[Piece]) -> bool:
    """Whether an equation begins with this row: an equals sign stands in it, but not first."""
    depth = 0
    for number, piece in enumerate(row):
        if depth == 0 and _equal(piece):
            return any(p.text not in ("&", *w.SKIPPED) for p in row[:number])
        depth += _depth(piece)
    return False


def _stripped(row: list[Piece], text: Text) -> list[Piece]:
    r"""A row without the space that \\[2pt] asks for, and without punctuation at its end."""
    if row and row[0].text == "[" and re.match(r"\[\s*-?[\d.]+\s*[a-z]{2}\s*\]",
                                               text.source[row[0].start :]):  # fmt: skip
        end = next(k for k, piece in enumerate(row) if piece.text == "]")
        row = row[end + 1 :]
    return row


def _trimmed(part: list[Piece]) -> list[Piece]:
    """A formula without words before it and without punctuation and space around it."""
    while part and (part[-1].text in (".", ",", ";", ":", "&") or part[-1].text in w.SKIPPED):
        part = part[:-1]
    while part:
        if part[0].text in (",", "&", ";") or part[0].text in w.SKIPPED:
            part = part[1:]
        elif (
            part[0].text in (r"\text", r"\textrm", r"\mbox")
            and len(part) > 1
            and part[1].text == "{"
        ):
            end = next((k for k, piece in enumerate(part) if piece.text == "}"), None)
            if end is None or len(part) <= end + 1 or part[end + 1].text in ("(", "_", "=", "^"):
                return part
            part = part[end + 1 :]
        else:
            return part
    return part


def _apart(pieces: list[Piece], text: Text) -> tuple[list[list[Piece]], list[Range]]:
    r"""The equations of a row: z = Xw, \quad h = \sigma(z), \quad i = 1, \ldots, m."""
    segments: list[list[Piece]] = [[]]
    depth = 0
    for number, piece in enumerate(pieces):
        depth += _depth(piece)
        word = piece.text in (r"\text", r"\mbox", r"\textrm") and depth == 0 and number > 0
        if depth == 0 and (piece.text in (",", ";") or (word and _connects(pieces, number, text))):
            segments.append([piece] if word else [])
        else:
            segments[-1].append(piece)
    parts: list[list[Piece]] = []
    ranges: list[Range] = []
    trimmed = [_trimmed(segment) for segment in segments]
    number = 0
    while number < len(trimmed):
        texts = [[p.text for p in segment] for segment in trimmed[number : number + 3]]
        head = [piece.text for piece in trimmed[number]]
        if (
            len(head) == 3
            and len(texts) == 3
            and head[1] == "="
            and len(texts[2]) == 1
            and (texts[1] and texts[1][0] in w.DOTS)
        ):
            ranges.append(Range(head[0], texts[2][0]))
            number += 3
            continue
        if trimmed[number]:
            if parts and not any(_equal(p) and d == 0 for p, d in _depths(trimmed[number])):
                # No equation: a comma where none belongs; the grammar says so at its place.
                parts[-1] = [
                    *parts[-1],
                    *segments_between(text, parts[-1], trimmed[number]),
                    *trimmed[number],
                ]
            else:
                parts.append(trimmed[number])
        number += 1
    return parts, ranges


def segments_between(text: Text, left: Sequence[Piece], right: Sequence[Piece]) -> list[Piece]:
    """The comma between two segments."""
    at = text.source.find(",", left[-1].stop, right[0].start)
    return [Piece(",", at, at + 1)] if at >= 0 else []


def _connects(pieces: Sequence[Piece], number: int, text: Text) -> bool:
    r"""Whether \text{where} and its like stand here."""
    if number + 1 >= len(pieces) or pieces[number + 1].text != "{":
        return False
    end = closing(pieces, number + 1, text)
    inside = text.source[pieces[number + 1].stop : pieces[end].start].strip(" ,.:;~").lower()
    return inside in (
        "where",
        "with",
        "and",
        "for",
        "for all",
        "in which",
        "for each",
        "for every",
        "so that",
    )


def _depths(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, int]]:
    depth = 0
    for piece in pieces:
        depth += _depth(piece)
        yield piece, depth


def _statement(pieces: list[Piece], text: Text) -> Statement:
    signs = [k for k, (piece, depth) in enumerate(_depths(pieces)) if depth == 0 and _equal(piece)]
    span = Span(pieces[0].start, pieces[-1].stop)
    if len(signs) > 1:
        raise text.error(pieces[signs[1]].span, "a second equals sign: which side is meant?",
                         "keep one of them, or write two equations")  # fmt: skip
    if not signs:
        return Statement((), tuple(pieces), span)
    (sign,) = signs
    left = [piece for piece in pieces[:sign] if piece.text not in ("&", *w.SKIPPED)]
    for part, missing in ((left, "left"), (pieces[sign + 1 :], "right")):
        if not part:
            raise text.error(pieces[sign].span, f"nothing stands at the {missing} of this sign",
                             "write both sides")  # fmt: skip
    return Statement(tuple(left), tuple(pieces[sign + 1 :]), span)
