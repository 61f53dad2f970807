"""Sums over the rows, block by block and perhaps in threads.

A block is small enough to stay in the cache: what is read of X once serves all products.  With
threads each takes one of as many equal ranges of rows; their sums are added in order, so that
the same number of threads gives the same result in every run.  NumPy leaves Python alone while
it computes, so threads pay; but the library below must not start threads of its own then.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..model import MANY, Array, Numbers
from .checks import Data

BLOCK = 1 << 18  # entries of a block of rows at most: 2 MiB, stays in cache
SHARE = 1 << 6  # of MANY rows as many blocks or more: what is computed of one takes little memory,
LEAST = 1 << 16  # but not of fewer entries
FEWEST = 1024  # rows of a block, so that what is done once for a block does not count,
LARGEST = 1 << 22  # but not beyond so many entries
SMALL = 1 << 18  # entries of X for which threads cost more than they save


@dataclass(frozen=True)
class Block:
    """Some of the rows: which, and their X (rows, n), y, s, and buffers out (k, rows)."""

    rows: slice
    X: Numbers
    y: Numbers
    s: Numbers
    out: Numbers


Part = Callable[[Iterator[Block]], tuple[Array | float, ...]]
"""Sums over some blocks."""


@dataclass(frozen=True)
class Team:
    """The threads that share the rows."""

    count: int = 1
    pool: Executor | None = None

    def add(self, part: Part, data: Data, buffers: int) -> tuple[Array | float, ...]:
        """The sums over all rows; each block has so many buffers."""
        m, n = data.X.shape
        if self.pool is None or m * n < SMALL:
            return part(_blocks(data, 0, m, buffers))
        ends = [m * i // self.count for i in range(self.count + 1)]
        ranges = [_blocks(data, a, b, buffers) for a, b in pairwise(ends)]
        # Each thread runs in a copy of the context, which holds NumPy's ways with overflow.
        running = [self.pool.submit(copy_context().run, part, blocks) for blocks in ranges]
        return _added([each.result() for each in running])


def column_means(data: Data, team: Team) -> Array:
    """The weighted means of the columns, (n,); finite if and only if all entries are."""

    def part(blocks: Iterator[Block]) -> tuple[Array | float, ...]:
        total = np.zeros(data.X.shape[1])
        for block in blocks:
            total += np.multiply(block.s, 1.0, out=block.out[0]) @ block.X
        return (total,)

    return np.asarray(team.add(part, data, 1)[0])


def _added(parts: list[tuple[Array | float, ...]]) -> tuple[Array | float, ...]:
    total = parts[0]
    for other in parts[1:]:
        total = tuple(a + b for a, b in zip(total, other, strict=True))
    return total


@contextmanager
def team(threads: int) -> Iterator[Team]:
    """So many threads, for the time of a fit."""
    if threads == 1:
        yield Team()
        return
    with ThreadPoolExecutor(threads) as pool:
        yield Team(threads, pool)


def _blocks(data: Data, start: int, end: int, buffers: int) -> Iterator[Block]:
    """The rows from start to end, all with the same buffers; X in float64."""
    m, n = data.X.shape
    as_it_is = data.single or data.X.dtype == np.float64
    if m * n <= BLOCK and as_it_is:
        yield Block(slice(0, m), data.X, data.y, data.s, np.empty((buffers, m), data.y.dtype))
        return
    lean = data.single or m >= MANY  # a copy in single precision may be a sample of so many rows
    entries = min(max(m * n // SHARE, LEAST), BLOCK) if lean else BLOCK
    wished = max(entries // max(1, n), min(FEWEST, LARGEST // max(1, n)), 1)
    size = min(wished, max(1, end - start))
    out = np.empty((buffers, size), data.y.dtype)
    wide = None if as_it_is else np.empty((size, n))
    for first in range(start, end, size):
        rows = slice(first, min(first + size, end))
        count = rows.stop - first
        X = data.X[rows]
        if wide is not None:
            wide[:count] = X
            X = wide[:count]
        yield Block(rows, X, data.y[rows], data.s[rows], out[:, :count])
