"""A cost along a line: theta = theta_0 + t v. It is convex if it is so along every line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count, islice

from derive.notation.expression import Diff, Entry, Expr, Index, Tensor
from derive.notation.interval import REAL, point
from derive.notation.problem import Definition, Problem
from derive.notation.tree import letters_in

LETTERS = "abcdefgh"


@dataclass(frozen=True)
class Line:
    """The problem in which some parameters run along a line through any point.

    Attributes:
        problem: The parameters that move are definitions now; its one parameter is t, at 0.
        starts: By parameter, the tensor that holds the point on the line where t = 0.
        directions: By parameter, the direction of the line.
        curvature: The second derivative of the cost by t, not yet carried out.
    """

    problem: Problem
    starts: tuple[Tensor, ...]
    directions: tuple[Tensor, ...]
    curvature: Expr


def along_a_line(problem: Problem, moving: tuple[Tensor, ...]) -> Line:
    """The problem along a line in the parameters `moving`; the others stand still.

    The direction of a symmetric matrix is symmetric, so that the line stays among such matrices.
    """
    taken = {t.name for t in (*problem.data, *problem.parameters)}
    taken |= {d.tensor.name for d in problem.all_definitions}
    taken |= {letter for d in problem.all_definitions for letter in letters_in(d.body)}
    time = Tensor(_new("t", taken), (), "parameter", "t", point(0))
    starts, directions, definitions = [], [], []
    for p in moving:
        start = replace(p, name=_new(f"{p.name}_0", taken), role="data")
        facts = frozenset(("symmetric",)) if p.facts else frozenset()
        name = "v" if len(moving) == 1 else f"v_{p.name}"
        v = Tensor(_new(name, taken), p.axes, "data", "v", REAL, facts)
        indices = _indices(p, taken)
        body = Entry(start, indices) + time() * Entry(v, indices)
        definitions.append(Definition(p, indices, body))
        starts.append(start)
        directions.append(v)
    still = tuple(p for p in problem.parameters if p not in moving)
    line = replace(
        problem,
        name=f"{problem.name}_line",
        data=(*problem.data, *still, *starts, *directions),
        parameters=(time,),
        definitions=(*definitions, *problem.definitions),
        prediction=None,
    )
    cost = problem.cost_definition()
    return Line(line, tuple(starts), tuple(directions), Diff(Diff(cost, time()), time()))


def _new(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "0"
    taken.add(name)
    return name


def _indices(p: Tensor, taken: Iterable[str]) -> tuple[Index, ...]:
    """Letters for the axes of a parameter; with primes where the alphabet's are taken."""
    primed = (letter + "'" * n for n in count() for letter in LETTERS)
    free = islice((letter for letter in primed if letter not in taken), len(p.axes))
    return tuple(axis.index(letter) for axis, letter in zip(p.axes, free, strict=True))
