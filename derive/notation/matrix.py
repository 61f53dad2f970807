"""Matrix formulas: a closed set of nodes, each with named axes.

A node's `axes` are its shape: () a scalar, (m,) a vector, (m, n) a matrix. Entrywise nodes
(`MAdd`, `MMul`, `MPow`, `MApply`, `Choice`) take operands of equal axes; scalars among them
broadcast, as in 1 - h. Vectors are columns; a product with a vector is again a vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive.notation.expression import Axis
from derive.notation.matrix_entrywise import (
    Axes,
    Choice,
    MAdd,
    MApply,
    Mat,
    MMul,
    MPow,
    MPower,
    Scalar,
    Sym,
)
from derive.notation.remembered import remembered

__all__ = [
    "Axes",
    "Choice",
    "Det",
    "Diag",
    "DiagPart",
    "Dot",
    "Einsum",
    "Identity",
    "Inverse",
    "Kron",
    "KronRows",
    "LogDet",
    "MAdd",
    "MApply",
    "MMul",
    "MPow",
    "MPower",
    "Mask",
    "Mat",
    "MatMul",
    "Ones",
    "Outer",
    "RowProduct",
    "Scalar",
    "ScaleCols",
    "ScaleRows",
    "Sym",
    "Trace",
    "Transpose",
    "Zero",
    "operands",
]


@dataclass(frozen=True)
class Transpose(Mat):
    """A' of a matrix A."""

    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.arg.axes[::-1]


@dataclass(frozen=True)
class MatMul(Mat):
    """Matrix times matrix, or matrix times vector: sums over left's last and right's first axis."""

    left: Mat
    right: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.left.axes[:-1] + self.right.axes[1:]


@dataclass(frozen=True)
class Dot(Mat):
    """Inner product over all axes: u'v of vectors, tr(A'B) of matrices; u'u is the squared norm."""

    left: Mat
    right: Mat

    @cached_property
    def axes(self) -> Axes:
        return ()


@dataclass(frozen=True)
class Outer(Mat):
    """u v' of two vectors; of two matrices vec(A) vec(B)', the axes of A before those of B."""

    left: Mat
    right: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.left.axes + self.right.axes


@dataclass(frozen=True)
class Diag(Mat):
    """diag(w), or diag(vec(A)) of a matrix: A_kl at (k, l, k, l), else 0."""

    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.arg.axes * 2


@dataclass(frozen=True)
class DiagPart(Mat):
    """The vector of diagonal entries of a square matrix."""

    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.arg.axes[:1]


@dataclass(frozen=True)
class Trace(Mat):
    """The sum of the diagonal entries of a square matrix."""

    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return ()


@dataclass(frozen=True)
class RowProduct(Mat):
    """The product of the entries along the last axis: of a vector, or of every row."""

    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.arg.axes[:-1]


@dataclass(frozen=True)
class Inverse(Mat):
    """The inverse of a square matrix."""

    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.arg.axes


@dataclass(frozen=True)
class LogDet(Mat):
    """The logarithm of the determinant of a square matrix, where the determinant is positive."""

    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return ()


@dataclass(frozen=True)
class Det(Mat):
    """The determinant of a square matrix: side conditions say by it that there is an inverse."""

    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return ()


@dataclass(frozen=True)
class ScaleRows(Mat):
    """diag(weights) arg: row i of the matrix times entry i of the vector."""

    weights: Mat
    arg: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.arg.axes


@dataclass(frozen=True)
class ScaleCols(Mat):
    """arg diag(weights): column j of the matrix times entry j of the vector."""

    arg: Mat
    weights: Mat

    @cached_property
    def axes(self) -> Axes:
        return self.arg.axes


@dataclass(frozen=True)
class Identity(Mat):
    """The identity matrix over an axis."""

    axis: Axis

    @cached_property
    def axes(self) -> Axes:
        return (self.axis, self.axis)


@dataclass(frozen=True)
class Zero(Mat):
    """Zero at every position over the given axes."""

    over: Axes

    @cached_property
    def axes(self) -> Axes:
        return self.over


@dataclass(frozen=True)
class Kron(Mat):
    """The Kronecker product over four axes: A (x) B at (k, l, p, q) is A_kp B_lq.

    It multiplies a matrix V over (p, q) as A V B': with vec taking V row by row,
    (A (x) B) vec V = vec(A V B'). `crossed` takes V' first: at (k, l, p, q) it is A_kq B_lp,
    and it multiplies V as A V'B'.
    """

    left: Mat
    right: Mat
    crossed: bool = False

    @cached_property
    def axes(self) -> Axes:
        (k, p), (l, q) = self.left.axes, self.right.axes
        return (k, l, q, p) if self.crossed else (k, l, p, q)


@dataclass(frozen=True)
class KronRows(Mat):
    """sum_i A_i (x) B_i: both operands have three axes, the first of which is summed over.

    At (k, l, p, q) it is sum_i A_ikp B_ilq: the second derivative of a sum over samples i by a
    matrix, such as sum_i x_i x_i' (x) (diag(p_i) - p_i p_i') of the softmax.
    """

    left: Mat
    right: Mat

    @cached_property
    def axes(self) -> Axes:
        (_, k, p), (_, l, q) = self.left.axes, self.right.axes
        return (k, l, p, q)


@dataclass(frozen=True)
class Ones(Mat):
    """The vector of ones over an axis."""

    axis: Axis

    @cached_property
    def axes(self) -> Axes:
        return (self.axis,)


@dataclass(frozen=True)
class Mask(Mat):
    """The 0/1 vector with ones from position `lower` (counted from 1) on: an indicator."""

    axis: Axis
    lower: int

    @cached_property
    def axes(self) -> Axes:
        return (self.axis,)


@dataclass(frozen=True)
class Einsum(Mat):
    """Sum of products over repeated letters: the last resort that always works.

    `operands` pairs each matrix formula with its index letters, `letters` maps every letter to
    its axis, in order; `output` lists the letters of the result, each carried by an operand.
    """

    operands: tuple[tuple[Mat, tuple[str, ...]], ...]
    letters: tuple[tuple[str, Axis], ...]
    output: tuple[str, ...]

    @cached_property
    def axes(self) -> Axes:
        table = dict(self.letters)
        return tuple(table[letter] for letter in self.output)


@remembered
def operands(mat: Mat) -> tuple[Mat, ...]:
    """The matrix formulas directly inside `mat`, in order."""
    match mat:
        case MAdd(args) | MMul(args) | Choice(_, args):
            return args
        case (
            MPower(a, b)
            | MatMul(a, b)
            | Dot(a, b)
            | Outer(a, b)
            | ScaleRows(a, b)
            | ScaleCols(a, b)
        ):
            return (a, b)
        case Kron(a, b, _) | KronRows(a, b):
            return (a, b)
        case (
            MPow(a, _)
            | MApply(_, a)
            | Transpose(a)
            | Diag(a)
            | DiagPart(a)
            | Trace(a)
            | RowProduct(a)
            | Inverse(a)
            | LogDet(a)
            | Det(a)
        ):
            return (a,)
        case Einsum(pairs, _, _):
            return tuple(operand for operand, _ in pairs)
        case _:
            return ()
