"""Inverses and determinants in code: one factor of each matrix in a function, and solves with it.

A matrix that is positive semidefinite has a Cholesky factor wherever it has an inverse. Any other
is solved with as it stands, and inverted once where several products need its inverse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derive.notation.expression import Tensor
from derive.notation.facts import factorable
from derive.notation.matrix import Inverse, LogDet, Mat, Sym, Transpose, operands


@dataclass(frozen=True)
class Factor:
    """The lower triangular L with L L' = the matrix, which has a name in code alone."""

    tensor: Tensor


def factors_in(forms: Iterable[Mat]) -> tuple[Tensor, ...]:
    """The matrices of the formulas that are solved with or have a determinant, if factorable."""
    found = (inner for form in forms for inner in _inverted(form))
    return tuple(dict.fromkeys(t for t in found if factorable(t)))


def inverses_in(forms: Iterable[Mat]) -> tuple[Tensor, ...]:
    """The others, where the inverse occurs more than once."""
    found = [inner for form in set(forms) for inner in _inverted(form, LogDet)]
    return tuple(t for t in dict.fromkeys(found) if found.count(t) > 1 and not factorable(t))


def _inverted(mat: Mat, leave: type[Mat] | None = None) -> tuple[Tensor, ...]:
    own: tuple[Tensor, ...] = ()
    if isinstance(mat, Inverse | LogDet) and isinstance(mat.arg, Sym) and type(mat) is not leave:
        own = (mat.arg.tensor,)
    return own + tuple(t for operand in operands(mat) for t in _inverted(operand, leave))


def solved_with(mat: Mat) -> Mat | None:
    """A where the formula is A^-1, A' where it is the transpose of it, else None."""
    match mat:
        case Inverse(arg):
            return arg
        case Transpose(Inverse(arg)):
            return Transpose(arg)
    return None
