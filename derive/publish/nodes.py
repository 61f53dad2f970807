"""The closed unions of formulas: a printer that forgets a kind of node does not pass mypy."""

from __future__ import annotations

from itertools import takewhile

from derive.notation import expression as ex
from derive.notation import matrix as mx
from derive.notation.bands import Band, Unit

Formula = (
    ex.Num | ex.Constant | ex.Axis | ex.Entry | ex.Add | ex.Mul | ex.Pow | ex.Apply | ex.Sum
    | ex.Product | ex.Cases | ex.Delta | ex.Indicator | ex.Diff | ex.Element
)  # fmt: skip
Matrix = (
    mx.Sym | mx.Scalar | mx.MAdd | mx.MMul | mx.MPow | mx.MPower | mx.MApply | mx.Choice
    | mx.Transpose | mx.MatMul | mx.Dot | mx.Outer | mx.Diag | mx.DiagPart | mx.Trace
    | mx.ScaleRows | mx.ScaleCols | mx.Inverse | mx.LogDet | mx.Det
    | mx.Zero | mx.Kron | mx.KronRows | mx.RowProduct
    | mx.Identity | mx.Ones | mx.Mask | Unit | Band | mx.Einsum
)  # fmt: skip


def coefficient(mat: mx.Mat) -> tuple[tuple[ex.Expr, ...], mx.Mat]:
    """The scalars in front of a product, and what they scale."""
    if not isinstance(mat, mx.MMul):
        return (), mat
    front = takewhile(lambda arg: isinstance(arg, mx.Scalar), mat.args)
    lead = tuple(arg.expr for arg in front if isinstance(arg, mx.Scalar))
    rest = mat.args[len(lead) :]
    if not rest:
        return (), mx.Scalar(ex.mul(*lead))
    return lead, rest[0] if len(rest) == 1 else mx.MMul(rest)


def of_entry(e: ex.Expr) -> bool:
    """Whether a derivative, of any order, is that of an entry."""
    return isinstance(e, ex.Entry) or (isinstance(e, ex.Diff) and of_entry(e.body))
