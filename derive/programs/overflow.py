"""Products that have a value although one of their factors is too large for the machine."""

from __future__ import annotations

from derive.notation.expression import ONE, Num, Tensor
from derive.notation.functions import exp
from derive.notation.interval import NONNEGATIVE, UNIT, Interval
from derive.notation.matrix import MAdd, MApply, Mat, MMul, Scalar, Sym
from derive.programs.pieces import ATOM, Names, Text, Writer


def weighted(args: tuple[Mat, ...], names: Names) -> tuple[Mat, MApply] | None:
    """A weight among the factors that may be 0, and an exponential that it switches off.

    In (1 - y) e^z for targets y from 0 to 1 the exponential overflows for z > 709, but where
    y = 1 the product is 0. As floating-point numbers 0 times infinity is nan.
    """
    weights = [arg for arg in args if arg not in names and _switches_off(arg)]
    found = [a for a in args if isinstance(a, MApply) and a.function == exp and a not in names]
    found = [a for a in found if not _falls(a.arg)]
    if not weights or len(found) != 1 or len(weights[0].axes) != len(found[0].axes):
        return None
    return weights[0], found[0]


def weighted_text(write: Writer, weights: Mat, exponential: MApply, names: Names) -> Text:
    """w e^t, which is 0 where w is, also where e^t is no number of the machine."""
    both = f"{write(weights, names).code}, {write(exponential.arg, names).code}"
    return Text(f"special.weighted_exp({both})", ATOM)


def guarded(args: tuple[Mat, ...], names: Names) -> tuple[Mat, MApply] | None:
    """A weight among the factors that may be 0, and a function that may be infinite where it is."""
    weights = [arg for arg in args if arg not in names and _switches_off(arg)]
    found = [a for a in args if isinstance(a, MApply) and a.function.overflows and a not in names]
    found = [a for a in found if a.function != exp and not _falls(a.arg)]
    if len(weights) != 1 or len(found) != 1 or len(weights[0].axes) != len(found[0].axes):
        return None
    return weights[0], found[0]


def guarded_text(write: Writer, weights: Mat, function: MApply, names: Names) -> Text:
    """w f(t), which is 0 where w is, also where f(t) is infinite."""
    both = f"{write(weights, names).code}, {write(function, names).code}"
    return Text(f"special.weighted({both})", ATOM)


def _falls(mat: Mat) -> bool:
    """Whether an exponent is never positive: -c |u|, -c max(0, u)."""
    match mat:
        case MMul((Scalar(Num(number)), MApply(function, _))):
            return number < 0 and function.range.nonnegative
    return False


def _switches_off(mat: Mat) -> bool:
    """w or 1 - w, for data w with a domain that begins, or ends, with such a zero."""
    match mat:
        case Sym(tensor):
            return _data_in(tensor, NONNEGATIVE)
        case MAdd((Scalar(one), MMul((Scalar(Num(minus)), Sym(tensor))))):
            return one == ONE and minus == -1 and _data_in(tensor, UNIT)
    return False


def _data_in(tensor: Tensor, domain: Interval) -> bool:
    own = tensor.domain
    return tensor.role == "data" and own.low == 0 and not own.low_open and own.high <= domain.high
