r"""Words that people wrote, and the one place that knows how they leave the tool.

Titles, meanings, summaries, sources, file names and the sentences of a story are words: data that
pass from one text into others, each with signs that it obeys. `words(text)` reads them once. What
no text can show (control signs, marks that turn the direction of reading, signs without width) is
refused; `$...$` is a formula, which `notation/words_math.py` reads or refuses; everything else is
text, and is printed as it stands: in a docstring, in a comment, in LaTeX, in Markdown, in a
terminal.

A dollar sign opens a formula where no space follows it, and closes one where no space stands
before it and no digit follows. All others mean money.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from derive.errors import ProblemError, visible
from derive.notation.words_math import SIGNS, FormulaError, formula

LONGEST = 5000
"""More signs are a document of their own, and no title or summary."""

FORMULA = re.compile(r"(?<![\\$])\$(?![\s$])([^$]*?)(?<![\s\\$])\$(?![\d$])")
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}
_TYPED = {
    "\N{EN DASH}": "--", "\N{EM DASH}": "---", "\N{NO-BREAK SPACE}": "~",
    "\N{LEFT SINGLE QUOTATION MARK}": "`", "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": "``", "\N{RIGHT DOUBLE QUOTATION MARK}": "''",
    "\N{HORIZONTAL ELLIPSIS}": r"\dots{}", "\N{SECTION SIGN}": r"\S{}",
    "\N{LATIN SMALL LETTER DOTLESS I}": r"\i{}",
}  # fmt: skip
_LATIN = frozenset(map(chr, (*range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 0x100)))) | set(
    "«»£¡¿ĂăĄąĆćČčĎďĐĘęĚěĞğĪĹĺĽľŁłŃńŇňŊŋŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽžĲĳİ"
)
"""The letters that pdflatex sets in the encoding T1 of our pages."""
_KINDS = {
    "Cc": "a control sign",
    "Cf": "a sign that cannot be seen, or that turns the direction of reading",
    "Cs": "half of a sign",
    "Co": "a sign without a meaning of its own",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
}
_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0\ufffe\uffff")
"""Letters and marks by their class that take no room."""
_MARKDOWN = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_[]|~$"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)
_COOKIE = re.compile(r"coding(?=[:=])")


class WordsError(ValueError):
    """Words that are refused: what is wrong with them, where, and what to do."""

    def __init__(self, wrong: str, todo: str, start: int, stop: int) -> None:
        super().__init__(wrong)
        self.wrong, self.todo, self.start, self.stop = wrong, todo, start, stop


@dataclass(frozen=True)
class Piece:
    """A part of the words: text, or a formula in LaTeX without its dollar signs."""

    text: str
    formula: bool = False


@dataclass(frozen=True)
class Words:
    """Words that were read; every member is safe where it says that it stands."""

    pieces: tuple[Piece, ...]

    def spelled(self, text: Callable[[str], str], formula: Callable[[str], str]) -> str:
        """All pieces, each spelled by the function of its kind."""
        return "".join(formula(p.text) if p.formula else text(p.text) for p in self.pieces)

    @property
    def plain(self) -> str:
        """For people, on one line: text as it stands, formulas without the signs of LaTeX."""
        return self.spelled(str, lambda latex: re.sub(r"[$\\{}]", "", latex))

    @property
    def comment(self) -> str:
        """Behind the `#` or `%` of a comment, where no encoding of the file may be declared."""
        return _COOKIE.sub(lambda found: f"{found[0][:-1]}\\x67", self.plain)

    @property
    def tex(self) -> str:
        """In the text of a LaTeX document."""
        return self.spelled(_latex, lambda latex: f"${latex}$")

    @property
    def markdown(self) -> str:
        """In a cell of a table, or anywhere on a line of Markdown."""
        return self.spelled(
            lambda text: text.translate(_MARKDOWN),
            lambda latex: f"${latex}$".replace("|", r"\vert ").replace("<", r"\lt "),
        )


@cache
def words(text: str) -> Words:
    """The words in a text, with its white space made single spaces.

    Raises:
        WordsError: A sign cannot be shown, or a formula is none.
    """
    _require_visible(text)
    pieces: list[Piece] = []
    here = 0
    for found in FORMULA.finditer(text):
        try:
            latex = formula(found[1])
        except FormulaError as error:
            start = found.start(1) + error.start
            raise WordsError(error.wrong, error.todo, start, found.start(1) + error.stop) from None
        pieces += [Piece(_spaced(text[here : found.start()])), Piece(latex, formula=True)]
        here = found.end()
    pieces.append(Piece(_spaced(text[here:])))
    return Words(tuple(piece for piece in pieces if piece.text))


def require_words(text: object, what: str, asked: str) -> None:
    """Raise a `ProblemError` unless the words can be read; `what` is their place: "title"."""
    if not isinstance(text, str):
        raise ProblemError(
            asked=asked,
            where=f"{what}={visible(repr(text))[:60]}",
            wrong=f"it is of type {type(text).__name__}, and words are meant",
            todo='write words in quotation marks, as in "a title"',
        )
    try:
        _require_short(text)
        words(text)
    except WordsError as error:
        raise ProblemError(
            asked=asked, where=_place(what, text, error), wrong=error.wrong, todo=error.todo
        ) from None


def _require_short(text: str) -> None:
    if len(text) > LONGEST:
        wrong = f"these are {len(text)} signs, and at most {LONGEST} are printed"
        raise WordsError(wrong, "shorten it", LONGEST, LONGEST + 1)


def _place(what: str, text: str, error: WordsError) -> str:
    """Some of the words around the place, and carets under it."""
    first = max(0, error.start - 40)
    before, at, after = (
        visible(part.replace("\n", " "))
        for part in (
            text[first : error.start],
            text[error.start : min(error.stop, error.start + 40)],
            text[error.stop : error.stop + 20],
        )
    )
    lead = f"{what}: {'...' * (first > 0)}{before}"
    more = "..." * (error.stop + 20 < len(text))
    return f"{lead}{at}{after}{more}\n{' ' * len(lead)}{'^' * max(len(at), 1)}"


def _require_visible(text: str) -> None:
    """Raise a `WordsError` at the first sign that a text cannot show."""
    for k, sign in enumerate(text):
        kind = "Cf" if sign in _EMPTY else unicodedata.category(sign)
        if kind in _KINDS and sign not in "\n\t":
            wrong = f"{visible(sign)} (U+{ord(sign):04X}) is {_KINDS[kind]}"
            todo = "remove it"
            if sign in "\a\b\f\v\r":
                letter = {"\a": "a", "\b": "b", "\f": "f", "\v": "v", "\r": "r"}[sign]
                todo += rf", or write r'...' around the text if \{letter} is the begin of a command"
            raise WordsError(wrong, todo, k, k + 1)


def _spaced(text: str) -> str:
    return re.sub(r"[ \t\n]+", " ", text)


def _latex(text: str) -> str:
    return "".join(map(_sign, unicodedata.normalize("NFC", text)))


def _sign(sign: str) -> str:
    """One sign for LaTeX; what its fonts lack is written by its number."""
    if sign in _SPECIAL:
        return _SPECIAL[sign]
    if sign.isascii() or sign in _LATIN:
        return sign
    if sign in _TYPED:
        return _TYPED[sign]
    if sign in SIGNS:
        return f"${SIGNS[sign]}$"
    if "\ufe00" <= sign <= "\ufe0f":  # they choose between two pictures of one sign
        return ""
    return rf"\texttt{{U+{ord(sign):04X}}}"
