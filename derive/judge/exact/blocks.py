"""Values at all positions at once: arrays whose dimensions have names.

The first dimension of the array counts the draws (1 where all draws agree); the others are the
named ones, in rising order. A jet maps a set of epsilons, written as bits, to its coefficient:
every derivative adds its own epsilon with epsilon^2 = 0, so f(a + epsilon) = f(a) + f'(a) epsilon.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

Degree = float
"""Degrees grow fast: a float does not mind."""

MOST = 1 << 21
"""No array has more numbers: a formula that needs one is left to the balls."""

WHOLE = 1 << 13
"""Up to so many numbers a product is made whole before it is summed."""


class LargeError(ArithmeticError):
    """A formula that needs more numbers than are allowed."""


@dataclass(frozen=True, eq=False)
class Block:
    """A rational function at some draws and at all positions of some letters.

    Attributes:
        dims: The names of the dimensions after the first.
        data: Residues or reals.
        bad: Where there is no value (a division by zero); None where there is one everywhere.
        top, bottom: Bounds for the degrees of a numerator and a denominator, entry by entry.
    """

    dims: tuple[int, ...]
    data: Any
    bad: Any = None
    top: Degree = 0
    bottom: Degree = 0

    def size(self, dim: int) -> int:
        """The number of positions along a dimension."""
        return int(self.data.re.shape[1 + self.dims.index(dim)])

    def over(self, dims: tuple[int, ...]) -> Block:
        """The same with further dimensions of length 1."""
        if dims == self.dims:
            return self
        sizes = dict(zip(self.dims, self.data.re.shape[1:], strict=True))
        shape = tuple(sizes.get(dim, 1) for dim in dims)

        def change(a: Any) -> Any:
            return a.reshape((a.shape[0], *shape))

        bad = None if self.bad is None else change(np.broadcast_to(self.bad, self.data.re.shape))
        return replace(self, dims=dims, data=self.data.shaped(change), bad=bad)

    def draws(self, count: int) -> Block:
        """The first draws alone."""
        if self.data.re.shape[0] <= count:
            return self
        bad = self.bad if self.bad is None else self.bad[:count]
        return replace(self, data=self.data.shaped(lambda a: a[:count]), bad=bad)

    def moved(self, dims: Sequence[int]) -> Block:
        """With new names for the dimensions, in the order of the old ones."""
        order = sorted(range(len(dims)), key=lambda k: dims[k])
        named = tuple(dims[k] for k in order)
        if order == list(range(len(dims))):
            return replace(self, dims=named)
        places = (0, *(k + 1 for k in order))
        bad = None if self.bad is None else np.broadcast_to(self.bad, self.data.re.shape)
        return replace(
            self,
            dims=named,
            data=self.data.shaped(lambda a: a.transpose(places)),
            bad=None if bad is None else bad.transpose(places),
        )

    def renamed(self, names: Mapping[int, int]) -> Block:
        """With other names for some dimensions; two of one name are read along their diagonal."""
        if not any(dim in names for dim in self.dims):
            return self
        dims = [names.get(dim, dim) for dim in self.dims]
        out = self
        while len(set(dims)) < len(dims):
            twice = next(dim for dim in dims if dims.count(dim) > 1)
            a = dims.index(twice)
            b = dims.index(twice, a + 1)
            shape = out.data.re.shape
            bad = None if out.bad is None else np.broadcast_to(out.bad, shape)

            def diagonal(x: Any, a: int = a, b: int = b) -> Any:
                return np.ascontiguousarray(np.diagonal(x, axis1=a + 1, axis2=b + 1))

            dims = [d for k, d in enumerate(dims) if k not in (a, b)] + [twice]
            out = replace(
                out, data=out.data.shaped(diagonal), bad=None if bad is None else diagonal(bad)
            )
        return out.moved(dims)

    def taken(self, dim: int, places: Any) -> Block:
        """At some positions (from 0) of a dimension; a single number leaves the dimension out."""
        axis = 1 + self.dims.index(dim)
        single = np.ndim(places) == 0

        def change(a: Any) -> Any:
            return a.take(places, axis)

        bad = None
        if self.bad is not None:
            bad = change(np.broadcast_to(self.bad, self.data.re.shape))
        dims = tuple(d for d in self.dims if not (single and d == dim))
        return replace(self, dims=dims, data=self.data.shaped(change), bad=bad)

    def total(self, dim: int) -> Block:
        """The sum over a dimension."""
        axis = 1 + self.dims.index(dim)
        count = self.data.re.shape[axis]
        bad = None
        if self.bad is not None:
            bad = np.broadcast_to(self.bad, self.data.re.shape).any(axis=axis)
        return Block(
            tuple(d for d in self.dims if d != dim),
            self.data.total(axis),
            bad,
            self.top + (count - 1) * self.bottom,
            count * self.bottom,
        )

    def product(self, dim: int) -> Block:
        """The product over a dimension."""
        count = self.size(dim)
        return reduce(times, (self.taken(dim, k) for k in range(count)))

    def inverse(self) -> Block:
        """1 / x; there is no value where x is 0."""
        nowhere = self.data.nowhere()
        bad, data = self.bad, self.data
        if nowhere.any():
            bad, data = _either(bad, nowhere), data.without(nowhere)
        return Block(self.dims, data.inverse(), bad, self.bottom, self.top)

    def power(self, exponent: int) -> Block:
        """X ** exponent for an integer; x ** 0 is 1."""
        base = self.inverse() if exponent < 0 else self
        count = abs(exponent)
        return Block(
            self.dims, base.data.power(count), base.bad, count * base.top, count * base.bottom
        )


Jet = dict[int, Block]


def _either(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None else a | b


def _aligned(a: Block, b: Block) -> tuple[Block, Block, tuple[int, ...]]:
    """Over the same dimensions, at the draws that both have."""
    first, second = a.data.re.shape[0], b.data.re.shape[0]
    if first != second and first > 1 and second > 1:
        a, b = a.draws(min(first, second)), b.draws(min(first, second))
    if a.dims == b.dims:
        return a, b, a.dims
    dims = tuple(sorted({*a.dims, *b.dims}))
    a, b = a.over(dims), b.over(dims)
    if _count(a, b) > MOST:
        raise LargeError
    return a, b, dims


def _count(a: Block, b: Block) -> int:
    """The numbers in an array made of two over the same dimensions."""
    return math.prod(map(max, a.data.re.shape, b.data.re.shape))


def contracted(a: Block, b: Block, dim: int) -> Block:
    """The sum of a b over a dimension that both have, without the array of all products."""
    dims = tuple(sorted({*a.dims, *b.dims}))
    if a.bad is not None or b.bad is not None or _count(a.over(dims), b.over(dims)) <= WHOLE:
        return times(a, b).total(dim)
    count = a.size(dim)
    parts = (times(a.taken(dim, k), b.taken(dim, k)) for k in range(count))
    data = reduce(operator.add, (part.data for part in parts))
    top, bottom = a.top + b.top, a.bottom + b.bottom
    rest = tuple(d for d in dims if d != dim)
    return Block(rest, data, None, top + (count - 1) * bottom, count * bottom)


def plus(a: Block, b: Block) -> Block:
    """a + b."""
    a, b, dims = _aligned(a, b)
    top = max(a.top + b.bottom, b.top + a.bottom)
    return Block(dims, a.data + b.data, _either(a.bad, b.bad), top, a.bottom + b.bottom)


def times(a: Block, b: Block) -> Block:
    """A b."""
    a, b, dims = _aligned(a, b)
    bad = _either(a.bad, b.bad)
    return Block(dims, a.data * b.data, bad, a.top + b.top, a.bottom + b.bottom)


def negative(a: Block) -> Block:
    """-a."""
    return replace(a, data=-a.data)


def chosen(mask: Block, a: Block, b: Block) -> Block:
    """A where the mask (a block of truth values) holds, else b."""
    dims = tuple(sorted({*mask.dims, *a.dims, *b.dims}))
    where, a, b = mask.over(dims).data.re, a.over(dims), b.over(dims)
    bad = None
    if a.bad is not None or b.bad is not None:
        no = np.False_
        bad = np.where(where, no if a.bad is None else a.bad, no if b.bad is None else b.bad)
    top, bottom = max(a.top, b.top), max(a.bottom, b.bottom)
    return Block(dims, a.data.chosen(where, b.data), bad, top, bottom)


def jet_sum(jets: Iterable[Jet]) -> Jet:
    """The sum."""
    out: Jet = {}
    for jet in jets:
        for mask, block in jet.items():
            out[mask] = plus(out[mask], block) if mask in out else block
    return out


def jet_times(a: Jet, b: Jet) -> Jet:
    """The product: terms that share an epsilon vanish."""
    out: Jet = {}
    for left, x in a.items():
        for right, y in b.items():
            if not left & right:
                mask = left | right
                term = times(x, y)
                out[mask] = plus(out[mask], term) if mask in out else term
    return out


def order(jet: Jet) -> int:
    """The number of epsilons: no higher power of the nilpotent part is other than 0."""
    return reduce(int.__or__, jet, 0).bit_count()


def compose(coefficients: Sequence[Block], jet: Jet) -> Jet:
    """sum_k c_k N^k, where N is the nilpotent part: Taylor's formula, which is exact here."""
    nilpotent = {mask: block for mask, block in jet.items() if mask}
    out: Jet = {0: coefficients[-1]}
    for c in reversed(coefficients[:-1]):
        out = jet_times(out, nilpotent)
        out[0] = c
    return out


def jet_power(jet: Jet, exponent: int) -> Jet:
    """The power with an integer exponent: a^(k-r) binomial(k, r) are Taylor's coefficients."""
    n = order(jet)
    if n == 0:
        return {0: jet[0].power(exponent)}
    if exponent >= 0:
        out = jet if exponent else {0: jet[0].power(0)}
        for _ in range(exponent - 1):
            out = jet_times(out, jet)
        return out
    inverse = jet[0].inverse()
    coefficients = [inverse]
    for _ in range(n):
        coefficients.append(negative(times(coefficients[-1], inverse)))
    out = compose(coefficients, jet)
    power = out
    for _ in range(-exponent - 1):
        power = jet_times(power, out)
    return power
