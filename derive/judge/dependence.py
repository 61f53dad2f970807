"""On which tensors and letters compiled formulas depend."""

from __future__ import annotations

from collections.abc import Iterable

from derive.judge.evaluation import Formula, Table
from derive.judge.indices import Where

NOTHING: frozenset[int] = frozenset()


def union(parts: Iterable[Formula | Table]) -> frozenset[int]:
    """All tensors on which the parts depend."""
    return NOTHING.union(*(part.depends for part in parts))


def free_of(parts: Iterable[Formula]) -> tuple[int, ...]:
    """The free letters of the parts, each once."""
    return tuple(dict.fromkeys(letter for part in parts for letter in part.free))


def letters_of(at: tuple[Where, ...]) -> tuple[int, ...]:
    """The numbers of the letters in some indices, each once."""
    return tuple(dict.fromkeys(where.letter for where in at if where.letter is not None))
