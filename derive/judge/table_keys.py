"""What tells two nodes of matrix formulas apart, beside their operands."""

from __future__ import annotations

from collections.abc import Callable

from derive.notation import matrix as mx
from derive.notation.bands import Band, Unit
from derive.notation.functions import Elementwise

Key = tuple[object, ...]


def own_key(mat: mx.Mat, row: Callable[[Elementwise], int]) -> Key:
    """All fields of a node that are no formulas; `row` numbers the functions of the table."""
    match mat:
        case mx.Choice(relations, _):
            return relations
        case mx.MApply(function, _):
            return (row(function),)
        case mx.Identity(axis) | mx.Ones(axis):
            return (axis,)
        case mx.Mask(axis, lower):
            return (axis, lower)
        case mx.Zero(over):
            return (over,)
        case mx.Kron(_, _, crossed):
            return (crossed,)
        case Unit(axis, position):
            return (axis, position)
        case Band(rows, columns, bands):
            return (rows, columns, bands)
        case mx.Einsum(pairs, letters, output):
            return (tuple(names for _, names in pairs), letters, output)
        case _:
            return ()
