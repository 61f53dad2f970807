"""Shapes of letters found by trying, those first that textbooks would take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from derive.readers.latex.axes import NUMBER, ClashError, Shape, Table, of_rank
from derive.readers.latex.shapes import Checker
from derive.readers.latex.sheet import Draft
from derive.readers.latex.uses import Use, axes_of, uses_of, with_rows
from derive.readers.surface import Equation

MOST = 2000
"""Ways of giving shapes that are tried."""


def columns_too(
    draft: Draft, before: Sequence[Equation], sizes: Mapping[str, bool], guessed: Mapping[str, str]
) -> str:
    """The doubt that x_i might be a column of X, where shapes allow that as well."""
    if not guessed:
        return ""
    other = replace(
        draft, equations=[with_rows(e, draft.lines.rows, {**draft.lines.columns, **guessed})
                          for e in before]
    )  # fmt: skip
    known = {d.name: len(d.axes) for d in draft.lines.declared}
    uses = {name: use for name, use in uses_of(other, known).items() if name not in sizes}
    if not search(other, uses, sizes).ranks:
        return ""
    x, big = next(iter(guessed.items()))
    return f"{x} with an index may be a row or a column of {big}"


@dataclass
class Found:
    """The shapes under which everything fits, best first, over a table of axes each."""

    ranks: list[dict[str, int]]
    checkers: list[Checker]
    letters: list[dict[str, tuple[int, ...]]]
    all: bool = True


def _candidates(name: str, use: Use) -> list[tuple[int, int]]:
    """Possible ranks with their oddity: capitals are matrices, small letters are not."""
    counts = use.counts
    capital = name[0].isupper()
    if counts == {0}:
        return [(2, 0), (0, 1), (1, 2)] if capital else [(0, 0), (1, 0), (2, 3)]
    most = max(counts)
    if 0 in counts:
        return [(most, 0), (most + 1, 1)]
    return [(most, 0), (most + 1, 0)] if most < 2 else [(most, 0)]


def search(draft: Draft, unknown: Mapping[str, Use], sizes: Mapping[str, bool]) -> Found:
    """The least odd shapes under which all equations make sense."""
    names = list(unknown)
    choices = [_candidates(name, unknown[name]) for name in names]
    best: int | None = None
    found = Found([], [], [])
    for number, way in enumerate(_ways(choices)):
        odd = 10 * sum(c for _, c in way)
        if best is not None and odd > best:
            break
        if number == MOST:
            found.all = False
            break
        ranks = {name: rank for name, (rank, _) in zip(names, way, strict=True)}
        checker, letters = checker_of(draft, ranks, sizes)
        try:
            checker.check(draft.equations)
        except ClashError:
            continue
        odd += checker.broadcasts + 1000 * len(checker.transposed)
        if best is None or odd < best:
            best, found = odd, Found([], [], [], found.all)
        if odd == best and checker.dots and not any(c.dots for c in found.checkers):
            # Where a product sign may stand between vectors, that is the first guess.
            found.ranks.insert(0, ranks)
            found.checkers.insert(0, checker)
            found.letters.insert(0, letters)
        elif odd == best:
            found.ranks.append(ranks)
            found.checkers.append(checker)
            found.letters.append(letters)
    return found


def _ways(choices: Sequence[Sequence[tuple[int, int]]]) -> Iterator[tuple[tuple[int, int], ...]]:
    """All choices, the least odd ones first."""
    most = sum(max(odd for _, odd in choice) for choice in choices)
    for total in range(most + 1):
        yield from _of_oddity(choices, total)


def _of_oddity(
    choices: Sequence[Sequence[tuple[int, int]]], total: int
) -> Iterator[tuple[tuple[int, int], ...]]:
    if not choices:
        if total == 0:
            yield ()
        return
    for rank, odd in choices[0]:
        if odd <= total:
            for rest in _of_oddity(choices[1:], total - odd):
                yield ((rank, odd), *rest)


def checker_of(
    draft: Draft, ranks: Mapping[str, int], sizes: Mapping[str, bool]
) -> tuple[Checker, dict[str, tuple[int, ...]]]:
    """A checker for letters of these ranks, and their axes."""
    table = Table()
    letters: dict[str, Shape] = {}
    axes: dict[str, tuple[int, ...]] = {}
    for d in draft.lines.declared:
        if d.role != "axis":
            letters[d.name] = of_rank([table.new(axis) for axis in d.axes])
    for name, rank in ranks.items():
        axes[name] = tuple(table.new() for _ in range(rank))
        letters[name] = of_rank(axes[name])
    letters |= dict.fromkeys(sizes, NUMBER)
    parameters = {n.name for n in draft.minimised}
    parameters |= {d.name for d in draft.lines.declared if d.role == "parameter"}
    checker = Checker(
        table, letters, axes_of(draft), draft.cost,
        ranges={r.letter: r.upper for r in draft.ranges if r.upper.isalpha()},
        parameters=frozenset(parameters),
    )  # fmt: skip
    return checker, axes
