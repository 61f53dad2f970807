"""The closed unions of formulas: a printer that forgets a kind of node does not pass mypy."""

from __future__ import annotations

from derive.notation import expression as ex
from derive.notation import matrix as mx

Formula = (
    ex.Num | ex.Constant | ex.Axis | ex.Entry | ex.Add | ex.Mul | ex.Pow | ex.Apply | ex.Sum
    | ex.Product | ex.Cases | ex.Delta | ex.Indicator | ex.Diff | ex.Element
)  # fmt: skip
Matrix = (
    mx.Sym | mx.Scalar | mx.MAdd | mx.MMul | mx.MPow | mx.MApply | mx.Transpose | mx.MatMul
    | mx.Dot | mx.Outer | mx.Diag | mx.DiagPart | mx.Trace | mx.ScaleRows | mx.ScaleCols
    | mx.Identity | mx.Ones | mx.Mask | mx.Einsum
)  # fmt: skip
