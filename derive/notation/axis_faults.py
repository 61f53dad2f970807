"""Indices that do not go with the axes of the letter at which they stand."""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.domain_faults import Fault
from derive.notation.expression import Axis, Index, Tensor
from derive.notation.tree import Path


def _counted(count: int) -> str:
    return f"{count} index" if count == 1 else f"{count} indices"


def shape(axes: tuple[Axis, ...]) -> str:
    """The axes as a reader would write them: (m, n)."""
    return "(" + ", ".join(axis.letter for axis in axes) + ")"


def axis_faults(tensor: Tensor, indices: tuple[Index, ...], path: Path) -> Iterator[Fault]:
    """What is wrong with the indices of an entry: too many, of another axis, or beyond its end."""
    name, want, got = tensor.name, len(tensor.axes), len(indices)
    if want != got:
        has = f"has the axes {shape(tensor.axes)}" if want else "has no axes"
        todo = f"write {name} with {_counted(want)}" if want else f"write {name}()"
        yield Fault(path, f"{name} {has}, but is used with {_counted(got)}", todo)
        return
    for number, (axis, index) in enumerate(zip(tensor.axes, indices, strict=True), 1):
        if index.axis.root == axis.root and not index.fits(axis):
            yield _range_fault(tensor, number, axis, index, path)
        elif not index.fits(axis):
            yield Fault(
                path,
                f"{index.label} runs over {index.axis.letter}, but axis {number} of {name} "
                f"is {axis.letter}: {name} is over {shape(tensor.axes)}",
                f"put a letter over {axis.letter} there, or declare {name} over other axes",
            )


def _range_fault(tensor: Tensor, number: int, axis: Axis, k: Index, path: Path) -> Fault:
    """A shift or a position that leaves the axis."""
    name, over = tensor.name, axis.letter
    if k.literal:
        return Fault(
            path,
            f"axis {number} of {name} ends at {over}, so that it has no position {k.label}",
            "take an earlier position",
        )
    if k.shift < 0:
        lowest = f"{k.letter} = {1 - k.shift}"
        wrong = f"for {k.letter} = 1 there is no {name} at {k.label}: positions count from 1"
        todo = (
            f"count from the other end: with {k.letter} over {over}.less({-k.shift}) write "
            f"{k.letter} for {k.label} and {k.letter} + {-k.shift} for {k.letter} "
            f"(a sum from {lowest} becomes a sum over that axis)"
        )
        return Fault(path, wrong, todo)
    last = k.axis.root.less(max(k.axis.cut, 0)).letter
    short = axis.cut + k.shift
    return Fault(
        path,
        f"{k.letter} runs to {last}, and axis {number} of {name} ends at {over}: "
        f"{k.label} leaves it",
        f"take the letter over the shorter axis: {k.letter} = "
        f'{axis.root.letter}.less({short}).index("{k.letter}")',
    )
