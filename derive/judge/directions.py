"""Sums over all entries of a derivative times a direction, seen as one directional derivative."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.expression import ONE, Diff, Expr, Index, Mul, Sum
from derive.notation.tree import free_indices


@dataclass(frozen=True)
class Directional:
    """sum_k (d/dT_k F) G_k, where k stands for all indices of T and F has none of them free.

    With one epsilon of square 0, F(T + epsilon G) = F(T) + epsilon sum_k (d/dT_k F) G_k: that is
    Taylor's formula, and exact, because all further terms have a factor epsilon**2. So the sum is
    the derivative of F by epsilon, where every entry T_k carries epsilon G_k, and one evaluation
    of F stands for as many as T has entries. Nothing is asked of G: it lies outside of the
    derivative by T, so it has there the value that it has without it.

    Attributes:
        derivative: d/dT_k F.
        direction: G_k.
        letters: The letters k, in the order of the axes of T.
    """

    derivative: Diff
    direction: Expr
    letters: tuple[Index, ...]


def directional(e: Sum) -> Directional | None:
    """The sum as a directional derivative, where it is one; its letters run over whole axes."""
    letters: list[Index] = []
    body: Expr = e
    while isinstance(body, Sum):
        if body.lower != 1 or body.upper != body.index.axis:
            return None
        letters.append(body.index)
        body = body.body
    factors = body.args if isinstance(body, Mul) else (body,)
    for number, factor in enumerate(factors):
        if isinstance(factor, Diff) and _by_all_entries(factor, letters):
            rest = factors[:number] + factors[number + 1 :]
            direction = Mul(rest) if len(rest) > 1 else rest[0] if rest else ONE
            return Directional(factor, direction, factor.wrt.indices)
    return None


def _by_all_entries(e: Diff, letters: list[Index]) -> bool:
    """Whether the letters are just the indices of the entry, and the derivative has no other."""
    tensor, indices = e.wrt.tensor, e.wrt.indices
    return (
        len(set(letters)) == len(letters) == len(indices)
        and set(letters) == set(indices)
        and tuple(k.axis for k in indices) == tensor.axes
        and not set(letters) & set(free_indices(e.body))
    )
