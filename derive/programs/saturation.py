"""Functions that have settled where their argument is beyond all numbers: e^{-|r/s|} is 0 there.

The value is right, and NumPy's warning about the argument would be a false alarm.
"""

from __future__ import annotations

import math

from derive.notation.domain import range_of
from derive.notation.expression import Entry, Expr, Mul, Num, Pow
from derive.notation.functions import exp
from derive.notation.interval import SIGNS
from derive.notation.matrix import MApply, Mat, MMul, MPow, Scalar, Sym, operands


def settles(mat: Mat) -> bool:
    """Whether a part of a formula is such a function, of a product or a quotient."""
    match mat:
        case MApply(function, arg) if function == exp:
            found = _falls(arg) and _grows(arg)
        case MApply(function, arg):
            values = function.range
            found = -math.inf < values.low and values.high < math.inf and _grows(arg)
        case _:
            found = False
    return found or any(settles(part) for part in operands(mat))


def _falls(mat: Mat) -> bool:
    """Whether an exponent is never positive: -c |u|, -c max(0, u), -c u^2."""
    if not isinstance(mat, MMul):
        return False
    signs = [arg for arg in mat.args if isinstance(arg, Scalar)]
    others = [arg for arg in mat.args if arg not in signs]
    return all(map(_nonnegative, others)) and len(signs) == 1 and range_of(signs[0].expr).high <= 0


def _nonnegative(mat: Mat) -> bool:
    match mat:
        case MApply(function, _):
            return function.range.nonnegative
        case MPow(_, Num(power)):
            return power.denominator == 1 and power.numerator % 2 == 0
    return False


def _grows(mat: Mat) -> bool:
    """Whether a part is a quotient, a power, or a product of two letters of any size."""
    match mat:
        case MPow():
            return True
        case MMul(args):
            return sum(_large(arg) for arg in args) > 1 or any(map(_grows, args))
        case Scalar(e):
            return any(isinstance(f, Pow) for f in (e.args if isinstance(e, Mul) else (e,)))
    return any(map(_grows, operands(mat)))


def _large(mat: Mat) -> bool:
    """Whether a factor may be beyond 1."""
    match mat:
        case Scalar(e):
            return _beyond(e)
        case Sym(tensor):
            return tensor.domain.low < SIGNS.low or tensor.domain.high > SIGNS.high
    return True


def _beyond(e: Expr) -> bool:
    match e:
        case Num(value):
            return abs(value) > 1
        case Entry(tensor, _):
            return tensor.domain.low < SIGNS.low or tensor.domain.high > SIGNS.high
    return True
