"""The letters in which a formula is looked at on one side of its exponent, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.expression import Entry, Expr, Tensor
from derive.notation.functions import absolute, exp, relu
from derive.notation.problem import Problem
from derive.notation.tree import replace_tensor, tensors_in

T = Tensor("T", role="constant")()
"""e^{-|u|}, which lies between 0 and 1."""
A = Tensor("A", role="constant")()
"""|u|."""


HUGE_BITS = 400
"""Scores of the size 2^400 and more have squares that are no numbers, or nearly so."""


@dataclass(frozen=True)
class Meaning:
    """The letters of an exponent u, written out."""

    u: Expr

    @property
    def small(self) -> Expr:
        """T = e^{-|u|}."""
        return exp(-absolute(self.u))

    @property
    def rising(self) -> Expr:
        """e^{min(u, 0)}: 1 for u >= 0, T for u < 0."""
        return exp(-relu(-self.u))

    @property
    def falling(self) -> Expr:
        """e^{-max(u, 0)}: T for u >= 0, 1 for u < 0."""
        return exp(-relu(self.u))

    def written(self, e: Expr) -> Expr:
        """The letters replaced by what they mean."""
        table: dict[Entry, Expr] = {T: self.small, A: absolute(self.u)}
        return replace_tensor(e, lambda entry: table.get(entry))


def moves(tensor: Tensor, problem: Problem, score: Tensor) -> bool:
    """Whether a letter is the score, or is defined through it."""
    if tensor == score:
        return True
    known = next((d for d in problem.definitions if d.tensor == tensor), None)
    return known is not None and any(moves(t, problem, score) for t in tensors_in(known.body))
