r"""LaTeX as the tokens of the grammar in `formula.lark`: arguments in braces, no spaces.

Here is decided what depends on neighbours: whether a bar opens or closes, whether ^T transposes,
whether a letter before a bracket is a function.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from lark import Token

from derive.errors import ProblemError
from derive.readers.complaint import Text
from derive.readers.latex import words as w
from derive.readers.latex.letters import Letters
from derive.readers.latex.scan import Piece, argument, closing, environment, split
from derive.readers.latex.tokens import span_of

COMMANDS = frozenset(
    {*w.LETTERS, *w.FONTS, *w.WORDS, *w.ACCENTS, *w.FUNCTION_COMMANDS, *w.SKIPPED, *w.SIZES}
    | {*w.BRACKETS, *w.CLOSING, *w.BARS, *w.TIMES, *w.RELATIONS, *w.DOTS, r"\frac", r"\sqrt"}
    | {r"\sum", r"\prod", r"\left", r"\right", r"\begin", r"\end", r"\mid", r"\in", r"\tfrac"}
    | {r"\dfrac", r"\lVert", r"\rVert", r"\lvert", r"\rvert", r"\mathbb", r"\underset", r"\arg"}
)
LENGTH = re.compile(r"\*?(?:\[\s*-?[\d.]+\s*[a-z]{2}\s*\])?")


class Lexer(Letters):
    """Makes the tokens of one formula."""

    def tokens(self, pieces: Iterable[Piece]) -> list[Token]:
        """The tokens of the pieces of a formula."""
        self.out = []
        self._run(list(pieces), index=False)
        return self.out

    def _run(self, pieces: list[Piece], *, index: bool) -> None:
        brackets: list[Token] = []
        here = 0
        while here < len(pieces):
            here = self._one(pieces, here, brackets, index=index)
        if brackets:
            last = brackets[-1]
            closing_ = "|" if last.type == "LBAR" else r"\|" if last.type == "LNORM" else ""
            closing_ = closing_ or w.BRACKETS.get(str(last), r"\rangle")
            raise self.text.error(span_of(last), f"this {last} is never closed",
                                  f"write the {closing_} where it ends")  # fmt: skip

    def _one(self, pieces: list[Piece], here: int, brackets: list[Token], *, index: bool) -> int:
        """Tokens for the piece at `here`; the result is the place to go on."""
        piece = pieces[here]
        sign = piece.text
        if sign in w.REFUSED:
            raise self.text.error(piece.span, *w.REFUSED[sign])
        if sign in w.SKIPPED or sign in w.SIZES or sign in ("&", r"\\", r"\arg"):
            return here + 1
        if sign in w.SKIPPED_WITH_ARGUMENT:
            return argument(pieces, here, self.text)[1]
        if sign in (r"\left", r"\right", r"\middle"):
            return self._sized(pieces, here)
        if sign in w.BARS or sign in w.BAR_KINDS:
            return self._bar(pieces, here, brackets)
        if sign in w.BRACKETS or sign in w.CLOSING:
            self._bracket(piece, brackets)
            return here + 1
        if sign == "{":
            return self._group(pieces, here, index=index)
        if sign in ("^", "_"):
            return self._script(pieces, here)
        if sign == "'":
            return self._prime(pieces, here, index=index)
        if piece.number:
            return self._number(pieces, here)
        if sign[0].isalpha() and sign.isascii():
            if not index and (after := self._spelled(pieces, here)):
                return after
            self._letter(sign, piece, pieces, here + 1)
            return here + 1
        if sign in w.LETTERS:
            self._letter(w.LETTERS[sign], piece, pieces, here + 1)
            return here + 1
        if sign == r"\cdot" and index:
            self._put("NAME", ":", piece)
            return here + 1
        if simple := _simple(sign):
            if sign == ":" and index and self._whole_axis(pieces, here):
                simple = "NAME"
            self._put(simple, w.TIMES.get(sign) or w.RELATIONS.get(sign) or sign, piece)
            return here + 1
        if sign in w.FUNCTION_COMMANDS:
            lone = index and len(pieces) == 1
            self._put("NAME" if lone else "FUN", w.FUNCTION_COMMANDS[sign], piece)
            two = self.out[-2:]
            if [t.type for t in two] == ["FUN"] * 2 and (
                name := w.COMPOUNDS.get((*map(str, two),))
            ):
                self.out.pop()
                self.out[-1] = Token(
                    "FUN", name, start_pos=two[0].start_pos, end_pos=two[1].end_pos
                )
            return here + 1
        return self._command(pieces, here, index=index)

    def _whole_axis(self, pieces: list[Piece], here: int) -> bool:
        """Whether this colon stands alone as an index, as in X_{:,j}."""
        beside = [pieces[k].text for k in (here - 1, here + 1) if 0 <= k < len(pieces)]
        return (
            len(pieces) == 1
            or "," in beside
            or (len(beside) == 1 and all(len(p.text) == 1 and p.text != "=" for p in pieces))
        )

    def _command(self, pieces: list[Piece], here: int, *, index: bool) -> int:
        piece = pieces[here]
        sign = piece.text
        if sign in w.FONTS:
            return self._font(pieces, here, index=index)
        if sign == r"\mathbb" or sign in (r"\mathds", r"\mathbbm"):
            return self._blackboard(pieces, here)
        if sign in w.WORDS:
            return self._word(pieces, here, index=index)
        if sign in w.ACCENTS:
            return self._accent(pieces, here, index=index)
        if sign in (r"\frac", r"\tfrac", r"\dfrac", r"\cfrac", r"\nicefrac", r"\sfrac"):
            top, here = argument(pieces, here, self.text)
            pieces[here - 1 : here] = [pieces[here - 1]]
            self._put("FRAC", sign, piece)
            self._braced(top, piece)
            bottom, here = self._second(pieces, here, piece)
            self._braced(bottom, piece)
            return here
        if sign == r"\sqrt":
            return self._root(pieces, here)
        if sign in (r"\underset", r"\overset", r"\stackrel"):
            return self._stacked(pieces, here)
        if sign == r"\begin":
            return self._environment(pieces, here)
        if sign == r"\end":
            raise self.text.error(piece.span, "this ends nothing that has begun", "remove it")
        if sign == "}":
            raise self.text.error(piece.span, "this } closes no {", "remove it or write the {")
        raise self._unknown(piece)

    def _unknown(self, piece: Piece) -> ProblemError:
        if not piece.text.startswith("\\"):
            shown = piece.text if piece.text.isprintable() else repr(piece.text)
            return self.text.error(
                piece.span,
                f"{shown} has no meaning in a formula here",
                r"write Greek letters as \theta and signs by their commands",
            )
        if piece.text == "\\":
            return self.text.error(piece.span, "this backslash begins no command", "remove it")
        close = difflib.get_close_matches(piece.text, sorted(COMMANDS), n=1)
        todo = f"did you mean {close[0]}? " if close else ""
        word = piece.text[1:]
        if word.isalpha():
            todo += rf"A name of several letters is written \mathrm{{{word}}}"
        return self.text.error(piece.span, f"the command {piece.text} is not known",
                               todo or "write the formula without it")  # fmt: skip

    def _second(self, pieces: list[Piece], here: int, asked: Piece) -> tuple[list[Piece], int]:
        """The second argument of a command, which begins at `here`."""
        if here >= len(pieces):
            raise self.text.error(asked.span, f"{asked.text} needs two arguments",
                                  f"write {asked.text}{{...}}{{...}}")  # fmt: skip
        rest = [Piece(asked.text, asked.start, asked.stop), *pieces[here:]]
        content, after = argument(rest, 0, self.text)
        pieces[here:] = rest[1:]
        return content, here + after - 1

    def _root(self, pieces: list[Piece], here: int) -> int:
        piece = pieces[here]
        if here + 1 < len(pieces) and pieces[here + 1].text == "[":
            raise self.text.error(pieces[here + 1].span, "only square roots are read",
                                  "write the root as a power: x^{1/3}")  # fmt: skip
        content, after = argument(pieces, here, self.text)
        self._put("SQRT", piece.text, piece)
        self._braced(content, piece)
        return after

    def _stacked(self, pieces: list[Piece], here: int) -> int:
        r"""\underset{w}{\min}: as \min_w; \overset{def}{=}: as =."""
        piece = pieces[here]
        small, here = argument(pieces, here, self.text)
        large, here = self._second(pieces, here, piece)
        self._run(large, index=False)
        if piece.text == r"\underset":
            self._put("SUB", "_", piece)
            self._braced(small, piece, index=True)
        return here

    def _environment(self, pieces: list[Piece], here: int) -> int:
        name, first, last, after = environment(pieces, here, self.text)
        plain = name.rstrip("*")
        if plain in ("cases", "dcases", "rcases", "numcases"):
            self._cases(pieces[here], pieces[first:last])
        elif plain in w.TRANSPARENT or plain in w.MATHEMATICS:
            if plain in ("array", "alignedat") and first < last and pieces[first].text == "{":
                first = closing(pieces, first, self.text) + 1
            self._run(pieces[first:last], index=False)
        elif "matrix" in plain:
            raise self.text.error(pieces[here].span, "matrices with their entries are not read",
                                  "name the matrix and declare it as data")  # fmt: skip
        else:
            raise self.text.error(pieces[here].span, f"the environment {name} is not known",
                                  r"write formulas in equation, align or \[ \]")  # fmt: skip
        return after

    def _cases(self, piece: Piece, inside: list[Piece]) -> None:
        self._put("CASES", "cases", piece)
        for row in split(inside, r"\\"):
            if row and row[0].text == "[" and (end := _optional_length(row, self.text)):
                row = row[end:]
            if not row:
                continue
            value, *conditions = split(row, "&")
            count = len(self.out)
            self._run(value, index=False)
            if len(self.out) > count and self.out[-1].type == "COMMA":
                self.out.pop()
            said = [k for k in range(count, len(self.out)) if self.out[k].type == "TEXT"]
            if said and not conditions:
                self.out.insert(
                    said[0], Token("COND", "if", start_pos=row[0].start, end_pos=row[0].stop)
                )
            else:
                self._put("COND", "if", row[-1])
            for condition in conditions:
                self._run(condition, index=False)
            kept = [t for t in self.out[count:] if t.type != "TEXT"]
            if kept and kept[-1].type in ("COMMA", "DOT"):
                kept.pop()
            self.out[count:] = kept
            self._put("ROWEND", r"\\", row[-1])
        self._emit("ENDCASES", "cases", inside[-1].stop if inside else piece.stop,
                   inside[-1].stop if inside else piece.stop)  # fmt: skip


def _optional_length(row: list[Piece], text: Text) -> int:
    found = LENGTH.match(text.source, row[0].start)
    return sum(p.stop <= found.end() for p in row) if found else 0


def _simple(sign: str) -> str:
    """The kind of a sign that always means the same."""
    if sign in w.TIMES:
        return "SLASH" if w.TIMES[sign] == "/" else "TIMES"
    if sign in w.RELATIONS:
        return "REL"
    if sign in w.DOTS:
        return "DOTS"
    table = {
        "+": "PLUS", "-": "MINUS", ",": "COMMA", ";": "COLON", ":": "COLON", r"\colon": "COLON",
        r"\mid": "COLON", r"\in": "IN", r"\sum": "BIG", r"\prod": "BIG", ".": "DOT",
        r"\notin": "NOTIN",
    }  # fmt: skip
    return table.get(sign, "")
