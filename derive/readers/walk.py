"""Walks over the trees that readers share."""

from __future__ import annotations

from collections.abc import Iterator

from derive.readers.surface import (
    Big,
    Binary,
    Branches,
    Call,
    Indexed,
    Minus,
    Name,
    Number,
    Span,
    Surface,
    Transposed,
)


def inside(tree: Surface) -> tuple[Surface, ...]:
    """The trees directly inside, in reading order."""
    match tree:
        case Number() | Name():
            return ()
        case Indexed(base, indices, _, rows):
            return (base, *rows, *indices)
        case Minus(arg, _) | Transposed(arg, _):
            return (arg,)
        case Binary(_, left, right, _):
            return (left, right)
        case Call(_, args, _, indices):
            return (*args, *indices)
        case Big(_, limits, body, _):
            ends = (end for limit in limits for end in (limit.lower, limit.upper))
            return (*(end for end in ends if end is not None), body)
        case Branches(branches, otherwise, _):
            parts = (part for test, value in branches for part in (test.left, test.right, value))
            return (*parts, otherwise)


def pieces(tree: Surface) -> Iterator[Surface]:
    """All trees in a tree, itself first."""
    yield tree
    for part in inside(tree):
        yield from pieces(part)


def letters_of(index: Surface) -> Iterator[str]:
    """The letters in an index: j in theta[j + 1]."""
    yield from (piece.name for piece in pieces(index) if isinstance(piece, Name))


def last_sums(tree: Surface) -> Iterator[tuple[str, Span]]:
    """The letters of sums that a formula ends with: i in a + 2 sum_i b_i."""
    match tree:
        case Big(_, limits, body, span):
            yield from ((limit.letter.name, span) for limit in limits)
            yield from last_sums(body)
        case Minus(arg, _):
            yield from last_sums(arg)
        case Binary(_, _, right, _):
            yield from last_sums(right)
        case _:
            pass
