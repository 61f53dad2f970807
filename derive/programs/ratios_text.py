"""Functions in NumPy by the parts of their argument, where the argument itself loses digits.

log(1 + (t/s)^2) by t and s, as their quotient may overflow where the value does not.
"""

from __future__ import annotations

from derive.matrices.build import hadamard
from derive.notation.expression import MINUS_ONE, ONE
from derive.notation.functions import log1p_square
from derive.notation.matrix import MApply, Mat, MMul, MPow, Scalar
from derive.programs.exponentials_text import log_sum_text, lowered_function_text
from derive.programs.pieces import ATOM, Names, Text, Writer
from derive.stabilise.products import fraction


def special_text(write: Writer, mat: MApply, names: Names) -> Text | None:
    """A function of a lowered exponent, of a sum of such, or of a quotient; None for others."""
    for text in (log_sum_text, lowered_function_text, _ratio_text):
        special = text(write, mat, names)
        if special is not None:
            return special
    return None


def _ratio_text(write: Writer, mat: MApply, names: Names) -> Text | None:
    """The function of a quotient; None for another function, or another argument."""
    if mat.function != log1p_square or not isinstance(mat.arg, MMul) or mat.arg in names:
        return None
    above, below = _parts(mat.arg.args)
    if not below:
        return None
    both = (write(hadamard(part), names).code for part in (above, below))
    return Text(f"special.log1p_square_ratio({', '.join(both)})", ATOM)


def _parts(args: tuple[Mat, ...]) -> tuple[tuple[Mat, ...], tuple[Mat, ...]]:
    """The factors above and those below."""
    above: list[Mat] = []
    below: list[Mat] = []
    for arg in args:
        match arg:
            case Scalar(e):
                top, bottom = fraction(e)
                above += [] if top == ONE else [Scalar(top)]
                below += [] if bottom == ONE else [Scalar(bottom)]
            case MPow(base, power) if power == MINUS_ONE:
                below.append(base)
            case _:
                above.append(arg)
    return tuple(above), tuple(below)
