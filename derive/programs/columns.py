"""Scores of many rows and a few columns, stored column by column.

A sum or a maximum over the classes of a row then runs over long columns, not over short rows.
"""

from __future__ import annotations

from derive.matrices.build import transpose
from derive.notation.expression import Axis
from derive.notation.facts import SPARSE
from derive.notation.matrix import MAdd, Mat, MatMul, Transpose, operands
from derive.notation.matrix_parts import with_operands
from derive.notation.tree import mat_tensors


def by_columns(mat: Mat, rows: Axis) -> Mat:
    """A B as (B'A')' where its rows are those of the data: equal, and stored by columns."""
    match mat:
        case MAdd(args):
            return MAdd(tuple(by_columns(part, rows) for part in args))
        case MatMul(left, right) if (
            len(mat.axes) == 2
            and mat.axes[0] == rows
            and not any(SPARSE in t.facts for t in mat_tensors(mat))
        ):
            return Transpose(MatMul(transpose(right), transpose(left)))
    return mat


def all_by_columns(mat: Mat, rows: Axis) -> Mat:
    """Every such product in a formula by columns."""
    parts = tuple(all_by_columns(part, rows) for part in operands(mat))
    return by_columns(mat if parts == operands(mat) else with_operands(mat, parts), rows)
