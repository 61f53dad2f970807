r"""Letters, words and numbers: which letter a command sets, and which words are functions."""

from __future__ import annotations

import re

from derive.readers.latex import words as w
from derive.readers.latex.scan import Piece, argument
from derive.readers.latex.scripts import Scripts

OPENS = ("(", "[", r"\{")

WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_ ][A-Za-z0-9]+)*")

CONDITIONS = frozenset(("if", "for", "when", "where", "with", "and", "as", "on", "in case"))

OTHERWISE = frozenset(("otherwise", "else", "in all other cases", "elsewhere", "other"))


class Letters(Scripts):
    """Makes tokens of letters and words."""

    def _number(self, pieces: list[Piece], here: int) -> int:
        piece = pieces[here]
        following = pieces[here + 1].text if here + 1 < len(pieces) else ""
        if piece.text == "1" and following in (r"\{", r"\lbrace"):
            self._put("IND", "1", piece)
        else:
            self._put("NUMBER", piece.text, piece)
        return here + 1

    def _letter(self, name: str, piece: Piece, pieces: list[Piece], after: int) -> None:
        """A letter, or a function where it is one and a bracket follows."""
        function = name in self.functions or (
            name in w.FUNCTION_LETTERS and name not in self.declared
        )
        called = function and self._bracket_follows(pieces, after, powers=name in self.functions)
        self._put("FNAME" if called else "NAME", name, piece)

    def _spelled(self, pieces: list[Piece], here: int) -> int:
        r"""The place behind a function typed without its backslash, as in ln(x); 0 where none is.

        Raises where all its letters are declared: then it may be their product as well.
        """
        first = last = here
        while first and _joined(pieces[first - 1], pieces[first]):
            first -= 1
        while last + 1 < len(pieces) and _joined(pieces[last], pieces[last + 1]):
            last += 1
        word = "".join(p.text for p in pieces[here : last + 1])
        if first != here or len(word) < 2 or word not in w.FUNCTION_WORDS:
            return 0
        if not self._bracket_follows(pieces, last + 1, powers=False):
            return 0
        whole = Piece(word, pieces[here].start, pieces[last].stop)
        if set(word) <= self.declared:
            raise self.text.error(
                whole.span, f"{word} is a function, or a product of declared letters",
                rf"write \operatorname{{{word}}} for the function, or {' '.join(word)}",
            )  # fmt: skip
        self._put("FUN", w.FUNCTION_WORDS[word], whole)
        return last + 1

    def _bracket_follows(self, pieces: list[Piece], here: int, *, powers: bool) -> bool:
        while here < len(pieces):
            sign = pieces[here].text
            if sign == "_" or (sign == "^" and powers):
                here = argument(pieces, here, self.text)[1]
            elif sign in w.SIZES or sign in w.SKIPPED or sign == r"\left":
                here += 1
            else:
                return w.SAME_BRACKET.get(sign, sign) in OPENS
        return False

    def _font(self, pieces: list[Piece], here: int, *, index: bool) -> int:
        piece = pieces[here]
        content, after = argument(pieces, here, self.text)
        texts = [p.text for p in content]
        if texts == ["1"]:
            self._one_sign(piece, pieces, after)
        elif len(content) == 1 and (name := w.LETTERS.get(texts[0], texts[0])).isalpha():
            whole = Piece(piece.text, piece.start, pieces[after - 1].stop)
            row = w.CALLIGRAPHIC.get(name, "") if piece.text == r"\mathcal" else ""
            known = self.left or name in self.functions | self.declared
            if row and not known and self._bracket_follows(pieces, after, powers=False):
                self._put("FNAME", row, whole)
            else:
                self._letter(name, whole, pieces, after)
        else:
            count = len(self.out)
            self._braced(content, piece, index=index)
            if len(self.out) == count + 3:
                self.out[count:] = [self.out[count + 1]]
        return after

    def _one_sign(self, piece: Piece, pieces: list[Piece], after: int) -> None:
        """A bold 1: an indicator where a condition follows, else a vector of ones."""
        rest = pieces[after:]
        while rest and (rest[0].text in w.SIZES or rest[0].text in (r"\left", *w.SKIPPED)):
            rest = rest[1:]
        condition = bool(rest) and w.SAME_BRACKET.get(rest[0].text, rest[0].text) in OPENS
        if rest and rest[0].text == "_":
            below, _ = argument(list(rest), 0, self.text)
            condition = any(p.text in w.RELATIONS for p in below)
        self._put("IND" if condition else "ONES", "1", piece)

    def _blackboard(self, pieces: list[Piece], here: int) -> int:
        piece = pieces[here]
        content, after = argument(pieces, here, self.text)
        word = "".join(p.text for p in content)
        if word in ("1", "I"):
            self._one_sign(piece, pieces, after)
            return after
        known = w.REFUSED.get(rf"\mathbb{{{word}}}")
        if known and [p.text for p in (pieces[here - 1], *pieces[after : after + 1])] == [
            r"\in",
            "_",
        ]:
            known = w.REFUSED["constraint"]  # R_+
        wrong, todo = known or (rf"\mathbb{{{word}}} has no meaning here", "write another letter")
        raise self.text.error(piece.span, wrong, todo)

    def _word(self, pieces: list[Piece], here: int, *, index: bool) -> int:
        """One word: a function, a letter, or text between formulas."""
        piece = pieces[here]
        content, after = argument(pieces, here, self.text)
        stop = pieces[after - 1].stop
        raw = self.text.source[content[0].start : content[-1].stop] if content else ""
        word = " ".join(raw.split()).strip(" ,.;:~")
        texts = [p.text for p in content]
        if texts == ["1"]:
            self._one_sign(piece, pieces, after)
            return after
        if len(content) == 1 and texts[0] in w.LETTERS:
            self._letter(w.LETTERS[texts[0]], piece, pieces, after)
            return after
        whole = Piece(piece.text, piece.start, stop)
        if word.isdigit() and word.isascii():
            self._put("NUMBER", word, whole)
            return after
        if piece.text.startswith((r"\text", r"\mbox")) and (
            not word or " " in word or word.lower() in CONDITIONS | OTHERWISE
        ):
            self._put("TEXT", word.lower(), whole)
            return after
        if word in w.FUNCTION_WORDS and not index:
            self._put("FUN", w.FUNCTION_WORDS[word], whole)
            return after
        if re.match(r"(?:s\.\s*t|subject\b|such that)", word, re.IGNORECASE):
            raise self.text.error(whole.span, *w.REFUSED["constraint"])
        if WORD.fullmatch(word) is None:
            raise self.text.error(whole.span, "this is no word that can be a name",
                                  r"write letters and digits, as in \mathrm{max}")  # fmt: skip
        name = re.sub(r"[- ]", "_", word)
        called = len(name) > 1 or name in self.functions
        called = (
            called
            and name not in self.declared
            and self._bracket_follows(pieces, after, powers=True)
        )
        self._put("FNAME" if called else "NAME", name, whole)
        return after

    def _accent(self, pieces: list[Piece], here: int, *, index: bool) -> int:
        piece = pieces[here]
        content, after = argument(pieces, here, self.text)
        accents = w.ACCENTS[piece.text]
        while len(content) >= 2 and content[0].text in {*w.FONTS, *w.WORDS, *w.ACCENTS}:
            if content[0].text in w.ACCENTS:
                accents = f"{w.ACCENTS[content[0].text]}_{accents}"
            inner, end = argument(content, 0, self.text)
            content = [*inner, *content[end:]]
        first = content[0].text if content else ""
        letter = w.LETTERS.get(first, first)
        if not (letter.isalpha() and letter.isascii()):
            raise self.text.error(piece.span, f"{piece.text} stands over no letter",
                                  rf"write {piece.text}{{y}}")  # fmt: skip
        name = f"{letter}_{accents}"
        whole = Piece(piece.text, piece.start, pieces[after - 1].stop)
        self._letter(name, whole, pieces, after)
        if len(content) > 1:
            self._run(content[1:], index=index)
        return after


def _joined(left: Piece, right: Piece) -> bool:
    """Whether two letters stand side by side without a space."""
    return left.stop == right.start and all(
        p.text.isascii() and p.text.isalpha() for p in (left, right)
    )
