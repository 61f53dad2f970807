"""The words of a formula in plain text.

Two things side by side are a product; the lexer says where (JUXT), with the space between them.
A bracket straight behind a name is an index or the argument of a function, elsewhere it groups.
A bar closes what a bar opened where something stands before it, and opens otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lark import Token

from derive.notation.problem import GREEK as GREEK_NAMES
from derive.readers.calls import HERE
from derive.readers.complaint import Text
from derive.readers.surface import Span
from derive.readers.world import FUNCTION_NAMES, OTHER_NAMES

GREEK = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", GREEK_NAMES, strict=True))
LETTER = f"A-Za-z{''.join(GREEK)}"
WORD = rf"[{LETTER}][{LETTER}0-9]*"
SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
KINDS: tuple[tuple[str, str], ...] = (
    ("BIG", rf"(?:sum|prod|∑|∏)_(?:\{{[^}}]*\}}|{WORD})(?:\^(?:\{{[^}}]*\}}|[{LETTER}0-9]+))?"),
    ("ONES", rf"1_(?:\{{{WORD}\}}|{WORD})"),
    ("NUMBER", r"\d+(?:\.\d+)?(?![\d.]|[eE][-+]?\d)|\.\d+"),
    ("SUBNAME", rf"{WORD}_\{{[^}}]*\}}"),
    ("NAME", rf"{WORD}(?:_[{LETTER}0-9]+)*"),
    ("SUBSCRIPT", rf"_(?:\{{[^}}]*\}}|[{LETTER}0-9]+)"),
    ("TRANSPOSE", r"'|\^T(?![A-Za-z0-9_])|\^\{T\}|ᵀ"),
    ("POWER", r"\.?\^|\*\*|²|³"),
    ("STAR", r"\.\*|\*|·|∘|⊙|@"),
    ("SLASH", r"\./|/"),
    ("RELATION", r"<=|>=|<|>|=|≤|≥"),
    ("PLUS", r"\+"),
    ("MINUS", r"-|−"),
    ("BAR", r"\|\|?(?:_(?:[A-Za-z0-9]|\{[A-Za-z0-9]\}))?|‖(?:_[A-Za-z0-9])?"),
    ("LPAR", r"\("),
    ("RPAR", r"\)"),
    ("LSQB", r"\["),
    ("RSQB", r"\]"),
    ("LBRACE", r"\{"),
    ("RBRACE", r"\}"),
    ("COMMA", ","),
    ("COLON", ":"),
    ("SEMICOLON", ";"),
)
PATTERN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in KINDS))
ENDS = {
    "NUMBER",
    "ONES",
    "SUBSCRIPT",
    "NAME",
    "SUBNAME",
    "RPAR",
    "RSQB",
    "RBAR",
    "TRANSPOSE",
    "RBRACE",
}
STARTS = {"ONES", "NAME", "SUBNAME", "CALL", "FUNC", "LPAR", "LSQB", "LBAR", "BIG"}
CLOSING = {"RPAR": ("LPAR", "CALL"), "RSQB": ("LSQB", "LINDEX"), "RBRACE": ("LBRACE",)}
SPELLED = {"·": "*", "∘": ".*", "⊙": ".*", "−": "-", "≤": "<=", "≥": ">=", "**": "^"}


def latin(word: str) -> str:
    """Greek letters by their names, as the declarations have them."""
    return "".join(GREEK.get(letter, letter) for letter in word)


@dataclass
class _Lexer:
    """The state of the walk: the token before, and what is open."""

    text: Text
    declared: frozenset[str]
    open_: list[Token] = field(default_factory=list)
    before: Token | None = None

    def token(self, kind: str, word: str, start: int) -> Token:
        return Token(kind, word, start_pos=start, end_pos=start + len(word))


def words(text: Text, start: int, stop: int, declared: frozenset[str]) -> Iterator[Token]:
    """The tokens of a formula that stands between two places of the text."""
    lexer = _Lexer(text, declared)
    here = _past_space(text.source, start, stop)
    while here < stop:
        found = PATTERN.match(text.source, here, stop)
        if found is None:
            letter = text.source[here]
            raise text.error(Span(here, here + 1), *_strange(letter))
        for token in _understood(lexer, found):
            yield token
            lexer.before = token
            here = token.end_pos or here
        here = _past_space(text.source, here, stop)
    if lexer.open_:
        first = lexer.open_[-1]
        span = Span(first.start_pos or 0, first.end_pos or 0)
        raise text.error(span, f"{first} is never closed", "close it, or remove it")


def _past_space(source: str, here: int, stop: int) -> int:
    found = SPACE.match(source, here, stop)
    return found.end() if found else here


def _strange(letter: str) -> tuple[str, str]:
    if letter == "\\":
        return "this is LaTeX", "put LaTeX into a file whose name ends in .tex"
    if letter.isdigit() or letter == ".":
        return "a number is written like 2, 0.5 or 1/3", "write it so, or 10^6 for 1e6"
    if not letter.isprintable():
        return f"a sign that cannot be seen stands here: {letter!a}", "remove it"
    return f"{letter} has no meaning in a formula", "see `derive read --help` for the notation"


def _understood(lexer: _Lexer, found: re.Match[str]) -> Iterator[Token]:
    """The token, after a JUXT where it stands beside another thing."""
    kind, word, start = str(found.lastgroup), found[0], found.start()
    source, before = lexer.text.source, lexer.before
    glued = before is not None and before.end_pos == start
    ended = before is not None and before.type in ENDS
    if kind == "BAR":
        top = lexer.open_[-1] if lexer.open_ else None
        bars = word.split("_")[0]
        closes = ended and top is not None and top.type == "LBAR" and top == bars
        kind, word = ("RBAR", word) if closes else ("LBAR", bars)
    if kind == "LSQB" and ended and glued:
        kind = "LINDEX"
    if kind in ("NAME", "SUBNAME"):
        kind, word = _name(lexer, kind, word, found.end(), source)
    token = lexer.token(kind, word, start)
    _nest(lexer, token)
    if ended and kind in STARTS and before is not None:
        yield Token("JUXT", " " * (not glued), start_pos=before.end_pos, end_pos=start)
    if word in ("²", "³"):
        yield Token("POWER", "^", start_pos=start, end_pos=start)
        token = Token("NUMBER", "23"["²³".index(word)], start_pos=start, end_pos=start + 1)
    elif word in SPELLED:
        token = Token(kind, SPELLED[word], start_pos=start, end_pos=start + len(word))
    yield token


def _name(lexer: _Lexer, kind: str, word: str, end: int, source: str) -> tuple[str, str]:
    """A name, a function with its bracket, or a function before an argument without brackets."""
    name = latin(word)
    if word in ("if", "otherwise"):
        return word.upper(), word
    if name in lexer.declared:
        return "NAME", f"{word}()" if source.startswith("()", end) else word
    if kind == "NAME" and source.startswith("(", end) and _bare(name) not in lexer.declared:
        return "CALL", f"{word}("
    known = name in FUNCTION_NAMES or name in OTHER_NAMES or name in HERE
    return ("FUNC" if known else kind), word


def _bare(name: str) -> str:
    """X_ij is an entry of X."""
    return name.split("_", maxsplit=1)[0]


def _nest(lexer: _Lexer, token: Token) -> None:
    """Brackets and bars open and close in pairs."""
    if token.type in ("LPAR", "LSQB", "LINDEX", "LBRACE", "LBAR", "CALL"):
        lexer.open_.append(token)
    elif token.type == "RBAR":
        lexer.open_.pop()
    elif token.type in CLOSING:
        span = Span(token.start_pos or 0, token.end_pos or 0)
        if not lexer.open_:
            raise lexer.text.error(span, f"{token} closes nothing", "open it, or remove it")
        if lexer.open_[-1].type not in CLOSING[token.type]:
            wrong = f"{token} stands where {lexer.open_[-1]} is still open"
            raise lexer.text.error(span, wrong, "close that first")
        lexer.open_.pop()
