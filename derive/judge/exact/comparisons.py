"""The tests of cases: equality by the residues, order by the signs at a real point."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.judge.exact.blocks import Block
from derive.judge.exact.reals import Reals
from derive.notation.expression import Add, Expr, Mul, Num

if TYPE_CHECKING:
    from derive.judge.exact.reading import Reading


class UndecidedError(ArithmeticError):
    """A test whose sides double precision does not tell apart."""


def holds(r: Reading, relation: str, left: Expr, right: Expr) -> Block:
    """Whether a test holds, at every position: equality by the residues, order by the reals."""
    difference = Add((left, Mul((Num(Fraction(-1)), right))))
    equal = None
    if r.signs is not None:
        block = r.value(difference)[0]
        zero = block.data.nowhere()
        if zero.any(axis=0).tolist() != zero.all(axis=0).tolist():
            raise UndecidedError("a test that is not the same at all draws")
        equal = Block(block.dims, Reals(zero[:1]))
        if relation == "=":
            return equal
    reader = r.signs or r
    a, b = (reader.value(side)[0].data.re for side in (left, right))
    block = reader.value(difference)[0]
    if not np.isfinite(block.data.re).all():
        raise UndecidedError("a test of something that has no value at a real point")
    size = max(float(np.abs(a).max()), float(np.abs(b).max()), 1e-300)
    near = np.abs(block.data.re) <= 1e-9 * size
    sign = np.sign(block.data.re)
    if equal is not None:
        dims = tuple(sorted({*block.dims, *equal.dims}))
        _match(near, block, equal, dims)
        sign = np.where(equal.over(dims).data.re, 0.0, _spread(block, sign, dims))
        block = Block(dims, Reals(sign))
    elif relation == "=":
        return Block(block.dims, Reals(near))
    holds = {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[relation]
    return Block(block.dims, Reals(holds))


def _match(near: Any, block: Block, equal: Block, dims: tuple[int, ...]) -> None:
    """What double precision takes for 0 must be 0 in the field too."""
    doubtful = _spread(block, near, dims) & ~equal.over(dims).data.re
    if doubtful.any():
        raise UndecidedError("a test too close to its edge")


def _spread(block: Block, values: Any, dims: tuple[int, ...]) -> Any:
    return Block(block.dims, Reals(values)).over(dims).data.re
