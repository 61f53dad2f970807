r"""The lines `% derive: ...` of a LaTeX source: what its letters are.

% derive: data X (m, n) features
% derive: data y (m) in [0, 1]: labels
% derive: rows x^{(i)} = X
% derive: parameter \theta (n)
% derive: title: Logistic regression
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

from derive.readers.complaint import Text
from derive.readers.elaborate import SETTINGS
from derive.readers.latex import words as w
from derive.readers.plain import KNOWN, ROLES
from derive.readers.surface import Declared, Span
from derive.readers.words import DOMAINS, FACTS, bare_words, free_text

LETTER = (
    r"(?:\\?[A-Za-z]+\*?(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})?"
    r"(?:_(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\\?[A-Za-z]+|\d))*(?:\^\{\[\d+\]\})?)"
)
ROLE = re.compile(rf"({'|'.join(ROLES)})\s+({LETTER})\s*(?:\(([^)]*)\))?\s*(.*)", re.DOTALL)
ROWS = re.compile(
    rf"(rows|columns)\s+({LETTER})\s*(?:\^\s*\{{?\(\w\)\}}?|_\s*\{{?\w\}}?)?\s*=\s*({LETTER})\s*"
)
SETTING = re.compile(rf"({'|'.join((*SETTINGS, 'sources'))})\s*:\s*(.*)", re.DOTALL)
_END = r"(?![A-Za-z])"
SPELLED = (
    (rf"\\(?:geq?|geqslant|geqq){_END}|≥", ">="),
    (rf"\\(?:leq?|leqslant|leqq){_END}|≤", "<="),
    (rf"\\gt{_END}", ">"),
    (rf"\\lt{_END}", "<"),
    (rf"\\in{_END}|∈", "in "),
    (rf"\\infty{_END}|∞", "inf"),
    (r"\\(?:left|right)\s*(?=[\[\](){}\\])", ""),
    (r"\\([{}])", r"\1"),
)


@dataclass
class Lines:
    """What the declarations of a text say; `formulas` are places of equations among them."""

    declared: list[Declared] = field(default_factory=list)
    rows: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    settings: list[tuple[str, str]] = field(default_factory=list)
    formulas: list[Span] = field(default_factory=list)


def read_line(text: Text, span: Span, into: Lines) -> None:
    """One declaration."""
    line = text.source[span.start : span.stop]
    word = re.match(r"[a-z]*", line)
    first = word[0] if word else ""
    if found := SETTING.fullmatch(line):
        into.settings.append(("source" if found[1] == "sources" else found[1], found[2].strip()))
    elif first in ROLES:
        into.declared.append(_declaration(text, span, line))
    elif first in ("rows", "columns"):
        rows = ROWS.fullmatch(line)
        if rows is None:
            raise text.error(span, "this declaration is not understood", "write: rows x^{(i)} = X")
        which = into.rows if rows[1] == "rows" else into.columns
        which[name_of(re.sub(r"_\{?[a-z]\}?$", "", rows[2]))] = name_of(rows[3])
    elif "=" in line:
        into.formulas.append(span)
    else:
        close = difflib.get_close_matches(first, [*ROLES, "rows", "columns", *SETTINGS], n=1)
        raise text.error(
            span, "this declaration is not understood",
            (f"did you mean {close[0]}? " if close else "")
            + r"Write: data X (m, n), parameter \theta (n), rows x^{(i)} = X, or h(x) = ...",
        )  # fmt: skip


def name_of(latex: str) -> str:
    r"""The name of a letter in LaTeX: theta of \boldsymbol{\theta}, y_hat of \hat{y}."""
    latex = latex.strip().replace(" ", "")
    for command, accent in w.ACCENTS.items():
        if found := re.match(re.escape(command) + r"(?![A-Za-z])", latex):
            rest = latex[found.end() :]
            end = _argument(rest)
            inner, after = rest[:end], rest[end:]
            inner = inner[1:-1] if inner.startswith("{") else inner
            below = f"_{name_of(f'x{after}').removeprefix('x_')}" if after.startswith("_") else ""
            return f"{name_of(inner)}_{accent}{below}"
    base, _, below = latex.partition("_")
    if found := re.fullmatch(r"(.*)\^\{\[(\d+)\]\}", base):
        base, below = found[1], found[2]
    while found := re.fullmatch(r"(\\[A-Za-z]+)\*?\{(.*)\}", base):
        base = found[2]
    name = w.LETTERS.get(base, base.lstrip("\\"))
    if not below:
        return name
    below = below[1:-1] if below.startswith("{") and below.endswith("}") else below
    parts = [name_of(part) for part in below.split(",")]
    return "_".join((name, *parts))


def _argument(latex: str) -> int:
    """How long the first argument in a text is: a group in braces, a command or a letter."""
    if latex.startswith("{"):
        depth = 0
        for number, sign in enumerate(latex):
            depth += (sign == "{") - (sign == "}")
            if depth == 0:
                return number + 1
    found = re.match(r"\\[A-Za-z]+|.", latex)
    return found.end() if found else 0


def _declaration(text: Text, span: Span, line: str) -> Declared:
    found = ROLE.fullmatch(line)
    if found is None:
        raise text.error(span, "this declaration is not understood",
                         r"write: data X (m, n), or parameter \theta (n)")  # fmt: skip
    role, letter, axes, rest = found.groups()
    letters = tuple(part.strip() for part in (axes or "").split(",") if part.strip())
    for axis in letters:
        if re.fullmatch(r"[A-Za-z]\w*", axis) is None:
            start = span.start + found.start(3)
            raise text.error(Span(start, start + len(axes)), "the axes are letters",
                             "write them so: (m, n)")  # fmt: skip
    words, meaning = _words(text, span, rest)
    return Declared(ROLES[role], name_of(letter), letters, words, meaning, span)  # type: ignore[arg-type]


def _words(text: Text, span: Span, rest: str) -> tuple[tuple[str, ...], str]:
    """Domains and facts first, then free text for people."""
    for pattern, plain in SPELLED:
        rest = re.sub(pattern, plain, rest)
    words: list[str] = []
    here = 0
    while True:
        space = re.compile(r"(?:[\s,]|and\b)*").match(rest, here)
        here = space.end() if space else here
        found = KNOWN.match(rest, here)
        if found is None:
            break
        words.append(" ".join(found[0].split()))
        here = found.end()
    rest = rest[here:].strip()
    if rest and not rest.startswith(":") and not bare_words(rest):
        phrase = re.split(r"[,;:]|\s(?=in\b)", rest)[0].strip() or rest
        close = difflib.get_close_matches(phrase.split()[0], [*DOMAINS, *FACTS], n=1)
        todo = f"did you mean {close[0]}? " if close else ""
        raise text.error(span, f"{phrase!r} is no domain and no fact that is known",
                         f"{todo}Free text stands behind a colon")  # fmt: skip
    return tuple(words), free_text(text, span, rest.removeprefix(":"))
