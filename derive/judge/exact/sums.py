"""Sums and products over positions: weighted where there are weights, without large arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from derive.judge.exact import blocks
from derive.judge.exact.blocks import Block, Jet
from derive.notation.expression import Axis

if TYPE_CHECKING:
    from derive.judge.exact.reading import Reading


def total(r: Reading, jet: Jet, dim: int, axis: Axis, lower: int = 1) -> Jet:
    """The sum over a dimension that runs over an axis."""
    return {mask: _total(r, block, dim, axis, lower) for mask, block in jet.items()}


def _total(r: Reading, block: Block, dim: int, axis: Axis, lower: int) -> Block:
    if dim not in block.dims:
        number = r.count(axis) if lower == 1 else r.constant(r.scene.size(axis) - lower + 1)
        return blocks.times(block, number)
    block = _from(block, dim, lower)
    return _weighted(r, block, dim, axis).total(dim)


def _from(block: Block, dim: int, lower: int) -> Block:
    return block if lower == 1 else block.taken(dim, np.arange(lower - 1, block.size(dim)))


def _weighted(r: Reading, block: Block, dim: int, axis: Axis) -> Block:
    if axis.root not in r.scene.weighted:
        return block
    return blocks.times(block, r.weight(axis).renamed({0: dim}))


def product_total(
    r: Reading, jets: Sequence[Jet], over: Iterable[tuple[int, Axis]], lower: int = 1
) -> Jet:
    """The sum of a product over some dimensions, one after the other.

    A factor without the dimension stands before the sum, and of the others no product is made
    that is larger than the sum itself needs.
    """
    factors = list(jets)
    for dim, axis in over:
        factors = _summed(r, factors, dim, axis, lower)
    return reduce(blocks.jet_times, factors)


def _summed(r: Reading, jets: list[Jet], dim: int, axis: Axis, lower: int) -> list[Jet]:
    inner = [jet for jet in jets if any(dim in block.dims for block in jet.values())]
    apart = [jet for jet in jets if not any(dim in block.dims for block in jet.values())]
    if len(inner) < 2:
        return [*apart, total(r, inner[0] if inner else {0: r.constant(1)}, dim, axis, lower)]
    first, last = reduce(blocks.jet_times, inner[:-1]), inner[-1]
    out: Jet = {}
    for left, x in first.items():
        for right, y in last.items():
            if not left & right:
                term = _pair(r, x, y, dim, axis, lower)
                mask = left | right
                out[mask] = blocks.plus(out[mask], term) if mask in out else term
    return [*apart, out]


def _pair(r: Reading, x: Block, y: Block, dim: int, axis: Axis, lower: int) -> Block:
    if dim not in y.dims:
        return blocks.times(_total(r, x, dim, axis, lower), y)
    if dim not in x.dims:
        return blocks.times(x, _total(r, y, dim, axis, lower))
    if x.data.re.size > y.data.re.size:
        x, y = y, x
    x, y = _weighted(r, _from(x, dim, lower), dim, axis), _from(y, dim, lower)
    return blocks.contracted(x, y, dim)


def product(r: Reading, jet: Jet, dim: int, axis: Axis, lower: int = 1) -> Jet:
    """The product over a dimension that runs over an axis."""
    out: Jet = {0: r.constant(1)}
    for k in range(lower - 1, r.scene.size(axis)):
        one = {m: b.taken(dim, k) if dim in b.dims else b for m, b in jet.items()}
        out = blocks.jet_times(out, one)
    return out
