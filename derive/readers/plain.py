"""A problem in plain text: one declaration or equation a line.

    title: Ridge regression
    data X (m, n): features, one row per sample
    data y (m)
    data lambda > 0
    parameter theta (n)
    z = X theta
    J = 1/(2m) |z - y|^2 + lambda/2 |theta|^2

The notation stands in NOTATION.md. An indented line goes on with the one above; `#` begins a
comment. Nothing of the text is evaluated: it goes through the grammar in `plain.lark`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from derive.errors import ProblemError
from derive.notation.problem import Problem
from derive.readers.complaint import Text
from derive.readers.elaborate import SETTINGS, problem_from_sheet
from derive.readers.plain_formula import equation
from derive.readers.plain_lexer import WORD, latin
from derive.readers.surface import Declared, Equation, Sheet, Span
from derive.readers.words import BOUND, DOMAINS, FACTS, RANGE, SET, free_text

ROLES = {"data": "data", "parameter": "parameter", "parameters": "parameter", "axis": "axis"}
SETTING = re.compile(rf"({'|'.join((*SETTINGS, 'sources'))})\s*:\s*(.*)", re.DOTALL)
DECLARED = re.compile(
    rf"({'|'.join(ROLES)})\s+({WORD}(?:_[A-Za-z0-9]+)*)\s*(?:\(([^)]*)\))?\s*([^:]*?)\s*(?::(.*))?",
    re.DOTALL,
)
KNOWN = re.compile(
    "|".join(
        (RANGE.pattern.replace("([\\[(])", "[\\[(]").replace("([\\])])", "[\\])]"),
         SET.pattern, BOUND.pattern,
         *(rf"{word}\b" for word in (*FACTS, *sorted(DOMAINS, reverse=True))))
    )
)  # fmt: skip
DEFINED = re.compile(rf"\s*({WORD}(?:_[A-Za-z0-9]+)*)\s*(?:\[[^\]]*\]|_\{{[^}}]*\}})?\s*=(?!=)")
COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.DOTALL)
"""A comment stands behind a space, so that a meaning may speak of C#; in formulas anywhere."""
WORDY = re.compile(r"\s*(?:title|summary|sources?)\s*:")
"""Lines of words alone, of which nothing is a comment."""
MINIMISE = re.compile(r"minimi[sz]e\b\s*:?")


def problem_from_text(source: str, name: str = "my_cost") -> Problem:
    """The problem that a text states."""
    try:
        return problem_from_sheet(sheet_from_text(source, name), name)
    except RecursionError:
        raise ProblemError(
            asked=f"read the problem {name!r}",
            where="a formula of the text",
            wrong="it has hundreds of terms or brackets inside each other",
            todo="write a sum over an index, or define parts of it by letters",
        ) from None


def sheet_from_text(source: str, name: str) -> Sheet:
    """Declarations, equations and settings of a text, formulas as they were written."""
    text = Text(source, name)
    declared: list[Declared] = []
    settings: list[tuple[str, str]] = []
    rest: list[Span] = []
    for span in _statements(source):
        line = source[span.start : span.stop]
        if found := SETTING.fullmatch(line):
            key = "source" if found[1] == "sources" else found[1]
            settings.append((key, " ".join(found[2].split())))
        elif line.split()[0] in ROLES:
            declared.append(_declaration(text, span))
        else:
            _intended(text, span)
            rest.append(span)
    names = {d.name for d in declared} | {
        axis.split("-")[0].strip() for d in declared for axis in d.axes
    }
    names |= {latin(f[1]) for s in rest if (f := DEFINED.match(source, s.start, s.stop))}
    known = frozenset(_whole_names(names, {d.name for d in declared}))
    equations = tuple(_equation(text, span, known) for span in rest)
    return Sheet(source, tuple(declared), equations, tuple(settings))


def _whole_names(names: set[str], declared: set[str]) -> Iterator[str]:
    """Names with letters below them are names only where they are declared: z_i = ... defines z."""
    for name in names:
        yield name if name in declared else name.split("_")[0]


def _statements(source: str) -> Iterator[Span]:
    """The lines of the text without comments; an indented line belongs to the one above."""
    lines = [line for line in source.splitlines() if line.strip() and not _comment(line)]
    margin = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    start = stop = None
    here = 0
    for line in source.splitlines(keepends=True):
        wordy = WORDY.match(line) is not None and not _comment(line)
        bare = (line if wordy else COMMENT.sub("", line)).rstrip()
        if bare.strip():
            indent = len(bare) - len(bare.lstrip())
            if indent <= margin or start is None:
                if start is not None and stop is not None:
                    yield Span(start, stop)
                start = here + indent
            stop = here + len(bare)
        here += len(line)
    if start is not None and stop is not None:
        yield Span(start, stop)


def _comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _equation(text: Text, span: Span, known: frozenset[str]) -> Equation:
    found = MINIMISE.match(text.source, span.start, span.stop)
    return equation(text, found.end() if found else span.start, span.stop, known)


def _declaration(text: Text, span: Span) -> Declared:
    found = DECLARED.fullmatch(text.source, span.start, span.stop)
    if found is None:
        raise _undeclared(text, span)
    if (end := text.source.find(";", *found.span(4))) >= 0:
        raise text.error(Span(end, end + 1), "a line says one thing", "begin a new line here")
    role, name, axes, words, meaning = found.groups()
    letters = tuple(latin(part.strip()) for part in axes.split(",")) if axes is not None else ()
    if any(not re.fullmatch(rf"{WORD}(?:\s*-\s*\d+)?", letter) for letter in letters if axes):
        raise text.error(Span(*found.span(3)), "the axes are letters", "write them so: (m, n)")
    return Declared(
        ROLES[role],  # type: ignore[arg-type]
        latin(name),
        tuple(letter for letter in letters if letter),
        tuple(_words(words)),
        free_text(text, span, meaning or ""),
        span,
    )


def _intended(text: Text, span: Span) -> None:
    """Refuse what begins like a declaration or a setting with a slip of the pen."""
    line = text.source[span.start : span.stop]
    word, _, after = line.partition(" ")
    known: tuple[str, ...]
    if found := re.match(r"([A-Za-z]{2,})\s*:", line):
        first, known = str(found[1]), (*SETTINGS, "minimise", "minimize")
    elif re.match(rf"{WORD}\s*(?:[(:<>]|in\b|$)", after):
        first, known = word, tuple(ROLES)
    else:
        return
    close = difflib.get_close_matches(first.lower(), known, n=1, cutoff=0.7)
    if close and first not in known:
        place = Span(span.start, span.start + len(first))
        raise text.error(place, f"{first!r} begins no line", f"did you mean {close[0]}?")


def _undeclared(text: Text, span: Span) -> ProblemError:
    return text.error(
        span, "this declaration is not understood",
        "write it like: data X (m, n), data y (m) in [0, 1], parameter theta (n): weights",
    )  # fmt: skip


def _words(words: str) -> Iterator[str]:
    """The phrases behind a declaration; what is not known is handed on as it is."""
    here = 0
    while here < len(words):
        space = re.compile(r"(?:[\s,]|and\b)*").match(words, here)
        here = space.end() if space else here
        found = KNOWN.match(words, here)
        if found is None:
            if words[here:].strip():
                yield words[here:].strip()
            return
        yield " ".join(found[0].split())
        here = found.end()
