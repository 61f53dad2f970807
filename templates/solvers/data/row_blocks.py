"""A mean over the rows of the data as the mean of means over blocks of them.

Blocks that stay in the cache are faster than whole arrays: no result of a kernel's line is as
large as the data.  Some of the rows alone give an estimate of the mean.  An array of a few columns
(labels by classes) is taken column by column, as kernels store what they compute of many rows: so
a sum over the columns runs along the rows, and both are read in the same order.  If it holds small
whole numbers alone, it is kept in bytes, from which the numbers of a block are made.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..model import Array, GeneralModel

BLOCK = 1 << 18  # entries of the rows of a block and of what is computed of them
FEWEST = 128  # rows of a block
NARROW = 32  # columns of an array that is taken column by column
MANY = 10_000  # rows of an array that is looked through for whole numbers
COPIED = 16  # samples of at most this share of the rows are copied: they are read often


@dataclass(frozen=True)
class RowBlocks:
    """The data of a cost; whole[d]: whether data d has no rows, the same for each block.

    size: the number of rows of a block; count: of all rows; 0 where the cost is no mean over rows.
    single: whether what is taken of the data is rounded to float32, block by block.  Data of whole
    numbers may be int8; what is taken of them is not.
    """

    data: tuple[Array, ...]
    whole: tuple[bool, ...]
    size: int
    count: int
    single: bool = False

    def mean(self, of: Callable[[tuple[Array, ...]], Array | float]) -> Array | float:
        """The mean of what `of` gives for the data of each block, weighted by its rows."""
        if self.count <= self.size:
            return of(self.everything())
        total: Array | float = 0.0
        for start in range(0, self.count, self.size):
            end = min(start + self.size, self.count)
            total = total + (end - start) / self.count * of(self._part(slice(start, end)))
        return total

    def everything(self) -> tuple[Array, ...]:
        """The data of all rows at once."""
        return self._part(slice(None))

    def rows(self) -> Iterator[tuple[Array, ...]]:
        """The data of one row after the other."""
        one = replace(self, size=1)
        for start in range(self.count):
            yield one._part(slice(start, start + 1))

    def sample(self, rows: int) -> "RowBlocks":
        """Every so manyth row: where they are few as arrays of their own, else as views."""
        every = self.count // max(rows, 1)
        if every <= 1:
            return self
        pairs = zip(self.data, self.whole, strict=True)
        data = tuple(a if whole else a[::every] for a, whole in pairs)
        if every >= COPIED:
            whole = replace(self, data=data, size=self.count).everything()
            data = tuple(_own(a) for a in whole)
        return replace(self, data=data, count=-(-self.count // every))

    def rounded(self) -> "RowBlocks":
        """The same data, taken in single precision; those of a sparse matrix stay as they are."""
        if self.single or any(hasattr(a, "tocsr") for a in self.data):
            return self
        pairs = zip(self.data, self.whole, strict=True)
        data: tuple[Any, ...] = tuple(a.astype(np.float32) if whole else a for a, whole in pairs)
        return replace(self, data=data, size=2 * self.size, single=True)

    def _part(self, rows: slice) -> tuple[Array, ...]:
        pairs = zip(self.data, self.whole, strict=True)
        return tuple(a if whole else self._rows(a, rows) for a, whole in pairs)

    def _rows(self, a: Array, rows: slice) -> Array:
        """Some rows of an array, in the precision and in the order in which they are read."""
        if hasattr(a, "tocsr"):
            return a[rows] if self.count > self.size else a
        kind = np.dtype(np.float32 if self.single else np.float64)
        return a[rows].astype(kind, order="F" if _narrow(a) else "K", copy=False)


def _narrow(a: Array) -> bool:
    return a.ndim == 2 and 1 < a.shape[1] <= NARROW


def _compact(a: Array) -> Any:
    """A narrow array of many small whole numbers, in bytes; any other as it is."""
    if hasattr(a, "tocsr") or not _narrow(a) or len(a) < MANY or (a[:FEWEST] % 1 != 0).any():
        return a
    whole = a.astype(np.int8)
    return np.asfortranarray(whole) if (whole == a).all() else a


def _own(a: Any) -> Any:
    """A view as an array of its own; a sparse matrix as it is."""
    return a if hasattr(a, "tocsr") or np.ndim(a) == 0 else np.array(a, order="K")


def row_blocks(model: GeneralModel, data: tuple[Array, ...], longest: int) -> RowBlocks:
    """The data in blocks; longest: the length of the longest axis but the rows."""
    whole = tuple(model.rows not in v.axes for v in model.data)
    rows = [a for a, no_rows in zip(data, whole, strict=True) if not no_rows]
    if not rows:
        return RowBlocks(data, whole, 1, 0)
    count = rows[0].shape[0]
    if any(hasattr(a, "tocsr") for a in rows):
        return RowBlocks(data, whole, count, count)  # blocks of a sparse matrix would be copies
    width = sum(a[:1].size for a in rows) + longest
    pairs = zip(data, whole, strict=True)
    kept = tuple(a if no_rows else _compact(a) for a, no_rows in pairs)
    return RowBlocks(kept, whole, max(FEWEST, BLOCK // width), count)
