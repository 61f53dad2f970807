"""Which matrices come out symmetric to the last digit as they are computed."""

from __future__ import annotations

from derive.notation.matrix import (
    Diag,
    Identity,
    MAdd,
    Mat,
    MatMul,
    MMul,
    Outer,
    Sym,
    Transpose,
    Zero,
)


def evenly_rounded(mat: Mat) -> bool:
    """Whether A and A' are computed by the same operations, or A is empty beside its diagonal.

    NumPy takes the product of an array's transpose with that same array from one triangle.
    """
    if not mat.axes:
        return True
    match mat:
        case Diag() | Identity() | Zero():
            return True
        case MatMul(Transpose(Sym(a)), Sym(b)) | MatMul(Sym(a), Transpose(Sym(b))):
            return a == b
        case Outer(left, right):
            return left == right
        case MAdd(args) | MMul(args):
            return all(evenly_rounded(arg) for arg in args)
    return False
