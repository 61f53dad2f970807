"""Matrix formulas: a closed set of nodes, each with named axes.

A node's `axes` are its shape: () a scalar, (m,) a vector, (m, n) a matrix. Entrywise nodes
(`MAdd`, `MMul`, `MPow`, `MApply`) take operands of equal axes; scalars among them broadcast,
as in 1 - h. Vectors are columns; a product with a vector is again a vector.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.expression import Axis, Expr, Tensor
from derive.notation.functions import Elementwise

Axes = tuple[Axis, ...]


class Mat:
    """A matrix formula."""

    __slots__ = ()

    @property
    def axes(self) -> Axes:
        """The named axes, in order; their number is the rank."""
        raise NotImplementedError


@dataclass(frozen=True)
class Sym(Mat):
    """A letter: X, y, theta, or a named definition such as h."""

    tensor: Tensor

    @property
    def axes(self) -> Axes:
        return self.tensor.axes


@dataclass(frozen=True)
class Scalar(Mat):
    """A formula without free indices: 1/m, 2, a scalar parameter."""

    expr: Expr

    @property
    def axes(self) -> Axes:
        return ()


def _common_axes(args: tuple[Mat, ...]) -> Axes:
    return max((arg.axes for arg in args), key=len)


@dataclass(frozen=True)
class MAdd(Mat):
    """Entrywise sum; scalars broadcast."""

    args: tuple[Mat, ...]

    @property
    def axes(self) -> Axes:
        return _common_axes(self.args)


@dataclass(frozen=True)
class MMul(Mat):
    """Entrywise (Hadamard) product; scalars scale."""

    args: tuple[Mat, ...]

    @property
    def axes(self) -> Axes:
        return _common_axes(self.args)


@dataclass(frozen=True)
class MPow(Mat):
    """Entrywise power; the exponent is a scalar formula."""

    base: Mat
    exponent: Expr

    @property
    def axes(self) -> Axes:
        return self.base.axes


@dataclass(frozen=True)
class MApply(Mat):
    """A scalar function applied to every entry."""

    function: Elementwise
    arg: Mat

    @property
    def axes(self) -> Axes:
        return self.arg.axes


@dataclass(frozen=True)
class Transpose(Mat):
    """A' of a matrix A."""

    arg: Mat

    @property
    def axes(self) -> Axes:
        return self.arg.axes[::-1]


@dataclass(frozen=True)
class MatMul(Mat):
    """Matrix times matrix, or matrix times vector: sums over left's last and right's first axis."""

    left: Mat
    right: Mat

    @property
    def axes(self) -> Axes:
        return self.left.axes[:-1] + self.right.axes[1:]


@dataclass(frozen=True)
class Dot(Mat):
    """Inner product over all axes: u'v of vectors, tr(A'B) of matrices; u'u is the squared norm."""

    left: Mat
    right: Mat

    @property
    def axes(self) -> Axes:
        return ()


@dataclass(frozen=True)
class Outer(Mat):
    """u v' of two vectors."""

    left: Mat
    right: Mat

    @property
    def axes(self) -> Axes:
        return self.left.axes + self.right.axes


@dataclass(frozen=True)
class Diag(Mat):
    """The diagonal matrix with the vector `arg` on its diagonal."""

    arg: Mat

    @property
    def axes(self) -> Axes:
        return self.arg.axes * 2


@dataclass(frozen=True)
class DiagPart(Mat):
    """The vector of diagonal entries of a square matrix."""

    arg: Mat

    @property
    def axes(self) -> Axes:
        return self.arg.axes[:1]


@dataclass(frozen=True)
class Trace(Mat):
    """The sum of the diagonal entries of a square matrix."""

    arg: Mat

    @property
    def axes(self) -> Axes:
        return ()


@dataclass(frozen=True)
class ScaleRows(Mat):
    """diag(weights) arg: row i of the matrix times entry i of the vector."""

    weights: Mat
    arg: Mat

    @property
    def axes(self) -> Axes:
        return self.arg.axes


@dataclass(frozen=True)
class ScaleCols(Mat):
    """arg diag(weights): column j of the matrix times entry j of the vector."""

    arg: Mat
    weights: Mat

    @property
    def axes(self) -> Axes:
        return self.arg.axes


@dataclass(frozen=True)
class Identity(Mat):
    """The identity matrix over an axis."""

    axis: Axis

    @property
    def axes(self) -> Axes:
        return (self.axis, self.axis)


@dataclass(frozen=True)
class Ones(Mat):
    """The vector of ones over an axis."""

    axis: Axis

    @property
    def axes(self) -> Axes:
        return (self.axis,)


@dataclass(frozen=True)
class Mask(Mat):
    """The 0/1 vector with ones from position `lower` (counted from 1) on: an indicator."""

    axis: Axis
    lower: int

    @property
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

    @property
    def axes(self) -> Axes:
        table = dict(self.letters)
        return tuple(table[letter] for letter in self.output)


def operands(mat: Mat) -> tuple[Mat, ...]:
    """The matrix formulas directly inside `mat`, in order."""
    match mat:
        case MAdd(args) | MMul(args):
            return args
        case MatMul(a, b) | Dot(a, b) | Outer(a, b) | ScaleRows(a, b) | ScaleCols(a, b):
            return (a, b)
        case MPow(a, _) | MApply(_, a) | Transpose(a) | Diag(a) | DiagPart(a) | Trace(a):
            return (a,)
        case Einsum(pairs, _, _):
            return tuple(operand for operand, _ in pairs)
        case _:
            return ()
