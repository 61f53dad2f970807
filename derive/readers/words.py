"""The words behind a declaration: where the entries lie, and what else is known of an array."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import replace
from fractions import Fraction

from derive.notation.interval import BINARY, NONNEGATIVE, POSITIVE, REAL, Interval, finite
from derive.readers.complaint import Text
from derive.readers.surface import Declared, Span

SQUARE = ("symmetric", "positive definite", "positive semidefinite", "diagonal", "orthogonal")
"""What is said of square matrices."""
ROWS = ("one-hot rows", "rows sum to one")
"""What is said of the rows of data."""
FACTS = (*SQUARE, *ROWS, "sparse")
DOMAINS = {
    "real": REAL,
    "positive": POSITIVE,
    "nonnegative": NONNEGATIVE,
    "non-negative": NONNEGATIVE,
    "integer": Interval(integer=True),
    "count": Interval(Fraction(0), integer=True),
    "counts": Interval(Fraction(0), integer=True),
    "binary": BINARY,
    "probability": Interval(Fraction(0), Fraction(1)),
}
NUMBER = r"[-+]?\s*(?:\d+(?:\.\d+)?(?:\s*/\s*\d+)?|\.\d+)"
SMALLEST = Fraction(1, 10**300)
BOUND = re.compile(rf"(>=|<=|>|<)\s*({NUMBER})")
RANGE = re.compile(rf"in\s*([\[(])\s*({NUMBER}|-inf)\s*,\s*({NUMBER}|inf)\s*([\])])")
SET = re.compile(rf"in\s*\{{\s*{NUMBER}(?:\s*,\s*{NUMBER})*\s*\}}")
KNOWN = '"> 0", ">= 0", "in [0, 1]", "in {0, 1}", "in {-1, 1}", ' + ", ".join((*DOMAINS, *FACTS))


MISPLACED = re.compile(
    r"\s*(?:\\?[<>≤≥]|\\(?:[gl]e?q?|[gl]eqslant|[gl]t|in)(?![A-Za-z])|∈|in\s*[\[({])"
)


def free_text(text: Text, span: Span, words: str) -> str:
    """The words behind the colon of a declaration, which say nothing that is used."""
    if MISPLACED.match(words):
        wrong = "behind the colon stand words for people, and this reads like a domain"
        raise text.error(span, wrong, "write the domain in front of the colon")
    return " ".join(words.split())


_CLAIMS = """
above at banded below between bool boolean bounded complex constant decreasing definite equal
equals even finite fixed float from full greater hermitian if in increasing int invertible
larger least less lower most natural negative non nonsingular nonzero normalised normalized not
odd onehot one-hot or orthonormal ordered over pd positiv psd rank rational semidefinite signed
singular smaller sorted spd square stochastic strictly subject than to triangular unit unsigned
upper where whole with within zero
"""
CLAIMS = frozenset(_CLAIMS.split())
"""Words that say something of numbers, which no words for people may do without a colon."""


def bare_words(words: str) -> bool:
    """Whether words without a colon are for people: they claim nothing, and no slip is among them.

    Whatever is not read as a domain or a fact must not look like one.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z' ,-]*(?::.*)?", words):
        return False
    said = [word.strip(",'-").lower() for word in words.partition(":")[0].split()]
    known = [part for phrase in (*DOMAINS, *FACTS) for part in phrase.split()]
    return not any(
        word in CLAIMS or difflib.get_close_matches(word, known, n=1, cutoff=0.75) for word in said
    )


def domain_and_facts(declared: Declared, text: Text) -> tuple[Interval, tuple[str, ...]]:
    """What the words of a declaration say, taken together."""
    domain, facts = REAL, []
    for word in declared.words:
        said = " ".join(word.split())
        if said in FACTS:
            facts.append(said)
        elif (interval := _checked_interval(said, declared, text)) is not None:
            domain = _both(domain, interval)
        else:
            close = difflib.get_close_matches(said, (*DOMAINS, *FACTS), n=1)
            todo = f"did you mean {close[0]}?" if close else f"write {KNOWN}"
            if said.startswith("["):
                todo = f"axes stand in round brackets, as in {declared.role} {declared.name} (m, n)"
            wrong = f"{said!r} is no domain and no fact that is known"
            raise text.error(declared.span, wrong, todo)
    return domain, tuple(facts)


def _checked_interval(said: str, declared: Declared, text: Text) -> Interval | None:
    """The interval that words say, where its ends are numbers of a size that is computed with."""
    todo = "give a number such as 2, 0.5 or 1/3"
    try:
        interval = _interval(said)
    except ZeroDivisionError:
        raise text.error(declared.span, f"{said!r} divides by 0", todo) from None
    ends = (interval.low, interval.high) if interval is not None else ()
    for end in ends:
        if isinstance(end, Fraction) and end and not SMALLEST <= abs(end) <= 1 / SMALLEST:
            raise text.error(declared.span, f"{said!r} has an end that float64 cannot hold", todo)
    return interval


def _interval(said: str) -> Interval | None:
    if said in DOMAINS:
        return DOMAINS[said]
    if SET.fullmatch(said):
        return finite(*map(_number, said.partition("{")[2].rstrip("} ").split(",")))
    if found := BOUND.fullmatch(said):
        relation, number = found.groups()
        end, is_open = _number(number), len(relation) == 1
        if relation[0] == ">":
            return Interval(low=end, low_open=is_open)
        return Interval(high=end, high_open=is_open)
    if found := RANGE.fullmatch(said):
        left, low, high, right = found.groups()
        ends = tuple(float(end) if "inf" in end else _number(end) for end in (low, high))
        return Interval(ends[0], ends[1], left == "(", right == ")")
    return None


def _number(text: str) -> Fraction:
    above, _, below = "".join(text.split()).partition("/")
    return Fraction(above) / Fraction(below or 1)


def _both(a: Interval, b: Interval) -> Interval:
    """Where both are right."""
    low = a if (a.low, a.low_open) >= (b.low, b.low_open) else b
    high = a if (-a.high, a.high_open) >= (-b.high, b.high_open) else b
    both = Interval(low.low, high.high, low.low_open, high.high_open)
    members = [x for x in (*a.members, *b.members) if x in a and x in b]
    if a.members or b.members:
        return finite(*members) if members else Interval(both.high, both.low, True, True)
    return replace(both, integer=a.integer or b.integer)


def said(domain: Interval, facts: frozenset[str]) -> str:
    """The words for a domain and facts, as they are read."""
    out: list[str] = []
    if domain == BINARY or domain.members:
        out.append(f"in {{{', '.join(map(str, domain.members or (0, 1)))}}}")
    elif math.inf in (abs(domain.low), abs(domain.high)):
        if abs(domain.low) != math.inf:
            out.append(f"{'>' if domain.low_open else '>='} {domain.low}")
        if abs(domain.high) != math.inf:
            out.append(f"{'<' if domain.high_open else '<='} {domain.high}")
    else:
        left, right = "(" if domain.low_open else "[", ")" if domain.high_open else "]"
        out.append(f"in {left}{domain.low}, {domain.high}{right}")
    if domain.integer and domain != BINARY:
        out.append("integer")
    return ", ".join((*out, *sorted(facts)))
