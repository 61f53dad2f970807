"""Comments of a LaTeX source that were meant as declarations."""

from __future__ import annotations

import difflib
import re

from derive.readers.complaint import Text
from derive.readers.elaborate import SETTINGS
from derive.readers.latex.source import COMMENT, DERIVE
from derive.readers.plain import ROLES
from derive.readers.surface import Span

SLIP = re.compile(r"%[%!\s#]*([A-Za-z]{4,9})([^A-Za-z0-9\\]*)(.*)")


def refuse_slips(text: Text) -> None:
    """Refuse a comment that was meant as a declaration: its words would be lost in silence."""
    source = text.source
    read = {found.start(): found for found in DERIVE.finditer(source)}
    for found in COMMENT.finditer(source):
        line = source.rfind("\n", 0, found.start()) + 1
        if line in read and found.start() < read[line].end():
            if not read[line][1].strip():
                raise text.error(Span(found.start(), found.end()), "nothing is declared here",
                                 "write a declaration, as in % derive: data X (m, n)")  # fmt: skip
            continue
        slip = SLIP.match(found[0])
        if slip is None or not _like_derive(slip[1]):
            continue
        if re.search("[:;=]", slip[2]) or _declares(slip[3]):
            alone = not source[line : found.start()].strip()
            place = Span(found.start() + slip.start(1), found.start() + slip.end(1))
            todo = f"did you mean % derive: {slip[3].strip()}?"
            raise text.error(
                place, "this is a comment, and nothing of it is read",
                todo if alone else f"write it on a line of its own: % derive: {slip[3].strip()}",
            )  # fmt: skip


def _like_derive(word: str) -> bool:
    return bool(difflib.get_close_matches(word.lower(), ("derive",), n=1, cutoff=0.7))


def _declares(words: str) -> bool:
    """Whether words begin as a declaration does."""
    return re.match(rf"(?:{'|'.join((*ROLES, 'rows', 'columns', *SETTINGS))})\b", words) is not None
