"""Whether numbers are what is declared of a tensor: its domain and all of its facts, exactly.

Nothing here knows how the numbers were drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from derive.notation.expression import Axis, Tensor
from derive.notation.facts import (
    DEFINITE,
    DIAGONAL,
    KNOWN,
    ONE_HOT,
    ORTHOGONAL,
    SEMIDEFINITE,
    SUM_TO_ONE,
    SYMMETRIC,
    has,
)

Position = tuple[int, ...]
Entries = Mapping[Position, Fraction]
Matrix = list[list[Fraction]]


def positions(tensor: Tensor, sizes: Mapping[Axis, int]) -> tuple[Position, ...]:
    """All positions of a tensor, row by row, counted from 1."""
    found: list[Position] = [()]
    for axis in tensor.axes:
        size = sizes[axis.root] - axis.cut
        found = [(*p, k) for p in found for k in range(1, size + 1)]
    return tuple(found)


def faults(tensor: Tensor, entries: Entries) -> Iterator[str]:
    """What is declared of a tensor and does not hold of these entries of it."""
    for x in entries.values():
        if x not in tensor.domain:
            yield f"{tensor.name} = {x} is outside of its domain"
    if has(tensor, SUM_TO_ONE):
        yield from _row_faults(tensor, entries)
    if not any(fact in KNOWN for fact in tensor.facts):
        return
    size = max((p[0] for p in entries), default=0)
    whole = range(1, size + 1)
    if set(entries) != {(a, b) for a in whole for b in whole}:
        yield f"{tensor.name} is not square"
        return
    matrix = [[entries[a, b] for b in whole] for a in whole]
    for fact, holds in (
        (SYMMETRIC, _symmetric),
        (DIAGONAL, _diagonal),
        (ORTHOGONAL, _orthogonal),
        (SEMIDEFINITE, _semidefinite),
        (DEFINITE, _definite),
    ):
        if has(tensor, fact) and not holds(matrix):
            yield f"{tensor.name} is not {fact}"


def _row_faults(tensor: Tensor, entries: Entries) -> Iterator[str]:
    rows: dict[Position, list[Fraction]] = {}
    for position, x in entries.items():
        rows.setdefault(position[:-1], []).append(x)
    if any(sum(row) != 1 for row in rows.values()):
        yield f"the rows of {tensor.name} do not sum to 1"
    elif has(tensor, ONE_HOT) and any(x not in (0, 1) for x in entries.values()):
        yield f"the rows of {tensor.name} are not one-hot"


def _symmetric(a: Matrix) -> bool:
    return all(a[r][c] == a[c][r] for r in range(len(a)) for c in range(r))


def _diagonal(a: Matrix) -> bool:
    return all(a[r][c] == 0 for r in range(len(a)) for c in range(len(a)) if r != c)


def _orthogonal(a: Matrix) -> bool:
    return all(
        sum(x * y for x, y in zip(a[r], a[c], strict=True)) == int(r == c)
        for r in range(len(a))
        for c in range(r + 1)
    )


def _semidefinite(a: Matrix) -> bool:
    return _least_pivot(a) is not None


def _definite(a: Matrix) -> bool:
    least = _least_pivot(a)
    return least is not None and least > 0


def _least_pivot(a: Matrix) -> Fraction | None:
    """The least pivot of a symmetric elimination, None where the matrix is not semidefinite.

    A semidefinite matrix has no negative pivot, and with a pivot of 0 the whole row is 0.
    """
    if not _symmetric(a):
        return None
    rows, least = [list(row) for row in a], Fraction(1)
    while rows:
        pivot, *first = rows[0]
        if pivot < 0 or (pivot == 0 and any(first)):
            return None
        least = min(least, pivot)
        rows = [
            [x - (row[0] * y / pivot if pivot else 0) for x, y in zip(row[1:], first, strict=True)]
            for row in rows[1:]
        ]
    return least
