"""Numbers that show that a cost is not convex: a line along which it bends down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from derive.certify.draws import LONG, SHORT, entries
from derive.certify.line import Line
from derive.judge.arithmetic import MalformedError, OutsideError
from derive.judge.witness import Bench, followed, witness_faults
from derive.notation.expression import Axis
from derive.notation.problem import Problem
from derive.record import Witness

SEARCHES = ((1, SHORT, 40), (1, LONG, 40), (2, SHORT, 40), (2, LONG, 40), (3, LONG, 20))
"""Sizes of the axes (1 stands for the least size), numbers to choose from, and how often to try."""

LEAST = -1e-6
"""A witness bends down by a number that a reader can see."""


def find_witness(problem: Problem, line: Line, start: int = 0, stop: int = 5) -> Witness | None:
    """The first point and line found along which the second derivative is surely negative."""
    try:
        bench = Bench(line.problem, line.curvature)
    except MalformedError:
        return None
    # The points where the line starts come last, as a reader of a witness expects.
    fixed = tuple(
        t for t in line.problem.data
        if t not in (*problem.data, *line.starts, *line.directions)
    )  # fmt: skip
    drawn = (*problem.data, *fixed, *line.starts)
    for sizes, numbers, attempt in _attempts(bench.least, start, stop):
        seed = f"{problem.name}|{attempt}"
        values = {
            t: entries(t, sizes, numbers, f"{seed}|{t.name}", t.role != "data" or t in line.starts)
            for t in drawn
        }
        ways = {
            t: entries(t, sizes, SHORT, f"{seed}|{t.name}", inside=True) for t in line.directions
        }
        try:
            given = followed(line.problem, sizes, values | ways)
            sign, value = bench.sign(sizes, given)
        except (OutsideError, MalformedError):
            continue
        if sign == -1 and value < LEAST:
            found = Witness(
                line.problem,
                line.curvature,
                tuple(sizes.items()),
                tuple((t, tuple(given[t].values())) for t in values),
                tuple((t, tuple(given[t].values())) for t in ways),
                float(f"{value:.3g}"),
            )
            if not any(witness_faults(found)):
                return found
    return None


def _attempts(
    least: Mapping[Axis, int], start: int, stop: int
) -> Iterator[tuple[dict[Axis, int], tuple[Fraction, ...], str]]:
    for number, (size, numbers, count) in enumerate(SEARCHES[start:stop], start=start):
        sizes = {axis: low + size - 1 for axis, low in least.items()}
        for k in range(count):
            yield sizes, numbers, f"{number}.{k}"
