"""What the rules of composition may ask of the problem: what moves, and where values lie."""

from __future__ import annotations

from collections.abc import Callable

from derive.calculus.dependence import depends
from derive.certify.shapes import Shape
from derive.notation.domain import range_of
from derive.notation.expression import Expr, Tensor
from derive.notation.interval import REAL, Interval
from derive.notation.problem import Definition, Problem
from derive.notation.tree import tensors_in

Recurse = Callable[[Expr], Shape]
"""How the parts of a formula bend."""


class Context:
    """A problem of whose parameters some move while the others stand still."""

    def __init__(self, problem: Problem, moving: tuple[Tensor, ...]) -> None:
        self.problem, self.moving = problem, moving
        self._still: dict[Expr, bool] = {}

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The named quantities of the problem."""
        return self.problem.definitions

    def still(self, e: Expr) -> bool:
        """Whether `e` does not depend on the parameters that move."""
        found = self._still.get(e)
        if found is None:
            found = not any(depends(e, p, self.definitions) for p in self.moving)
            self._still[e] = found
        return found

    def range(self, e: Expr) -> Interval:
        """An interval that holds the values of `e`."""
        return range_of(e, self.definitions)

    def assumed(self, e: Expr) -> tuple[Tensor, ...]:
        """The letters in `e` that have a declared domain."""
        return tuple(t for t in tensors_in(e) if t.domain != REAL and t.role != "defined")
