"""Functions of whole matrices: what a problem file writes for A^-1 and log det A.

inverse(A)[i, j] is an entry of the inverse, logdet(A) a scalar. A is a letter: a tensor or a
definition over one axis twice. A longer formula is named first, so that the proof can refer to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.expression import Element, Expr, Index, Tensor
from derive.notation.matrix import Inverse, LogDet, Sym
from derive.notation.problem import Definition


@dataclass(frozen=True)
class InverseOf:
    """The inverse of a named matrix; indexing gives an entry."""

    tensor: Tensor

    def __getitem__(self, indices: tuple[Index, Index]) -> Expr:
        return Element(Inverse(Sym(self.tensor)), indices)


def inverse(matrix: Tensor | Definition) -> InverseOf:
    """The inverse of A; its entries are written with two letters in brackets, like those of A."""
    return InverseOf(_square(matrix, "inverse"))


def logdet(matrix: Tensor | Definition) -> Expr:
    """log det A; the determinant must be positive."""
    return Element(LogDet(Sym(_square(matrix, "logdet"))), ())


def _square(matrix: Tensor | Definition, name: str) -> Tensor:
    tensor = matrix.tensor if isinstance(matrix, Definition) else matrix
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"{name}(...) takes the letter of a matrix, not a formula: "
            "name the formula first, with define(...)"
        )
    if len(tensor.axes) != 2 or tensor.axes[0] != tensor.axes[1]:
        letters = ", ".join(axis.letter for axis in tensor.axes)
        raise TypeError(f"{name}({tensor.name}): {tensor.name} is over ({letters}), not square")
    return tensor
