"""What may be left to NumPy's broadcasting."""

from __future__ import annotations

from derive.matrices.build import split_scalar
from derive.notation.matrix import MAdd, Mat, MMul, Ones, Outer


def spread(mat: Mat) -> bool:
    """Whether a matrix repeats one vector: a 1', 1 b', and sums and products of such."""
    match mat:
        case Outer(left, right):
            return isinstance(left, Ones) or isinstance(right, Ones)
        case MAdd(args) | MMul(args):
            wide = [a for a in args if a.axes]
            return bool(wide) and all(spread(a) for a in wide)
    return False


def filled(args: tuple[Mat, ...]) -> bool:
    """Whether some operand has all the entries, so that NumPy may broadcast the others.

    A column and a row together have them too: z[:, None] - z.
    """
    wide = [split_scalar(a)[1] for a in args if len(a.axes) == 2]
    repeated = [a for a in wide if isinstance(a, Outer)]
    columns = any(isinstance(a.right, Ones) and not isinstance(a.left, Ones) for a in repeated)
    rows = any(isinstance(a.left, Ones) and not isinstance(a.right, Ones) for a in repeated)
    return (columns and rows) or any(not spread(a) for a in wide)
