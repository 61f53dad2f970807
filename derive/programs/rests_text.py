"""What rounding takes from a sum, a product, a quotient or a square, in NumPy: by its operands."""

from __future__ import annotations

from fractions import Fraction

from derive.judge.best import best_arithmetic
from derive.notation.expression import MINUS_ONE, Add, Expr, Mul, Num, Pow
from derive.notation.functions import Elementwise
from derive.notation.matrix import MAdd, Mat, MMul, MPow, Ones, Outer, Scalar, ScaleRows
from derive.programs.pieces import ATOM, Text
from derive.stabilise.rounding import constant_rest


def constant_text(function: Elementwise, value: Fraction) -> Text:
    """The rest of a function's value at a number: a number."""
    return Text(repr(constant_rest(function, value, best_arithmetic())), ATOM)


def rest_operands(mat: Mat) -> tuple[str, tuple[Mat, Mat]]:
    """The kind of the last operation of a formula, and its two operands."""
    match mat:
        case MAdd((left, right)):
            return "sum", (left, right)
        case MMul((Scalar(Pow(below, power)), above)) if power == MINUS_ONE:
            return "quotient", (above, Scalar(below))
        case MMul((above, MPow(below, power))) if power == MINUS_ONE:
            return "quotient", (above, below)
        case MMul((left, right)):
            return "product", (left, right)
        case ScaleRows(weights, rows):
            return "product", (Outer(weights, Ones(rows.axes[1])), rows)
        case MPow(base, Num(power)) if power == 2:
            return "product", (base, base)
        case Scalar(e):
            kind, (first, second) = _scalars(e)
            return kind, (Scalar(first), Scalar(second))
    raise TypeError(f"no rest of rounding of {type(mat).__name__}")


def _scalars(e: Expr) -> tuple[str, tuple[Expr, Expr]]:
    match e:
        case Add((left, right)):
            return "sum", (left, right)
        case Mul((above, Pow(below, power))) | Mul((Pow(below, power), above)) if (
            power == MINUS_ONE
        ):
            return "quotient", (above, below)
        case Mul((left, right)):
            return "product", (left, right)
        case Pow(base, Num(power)) if power == 2:
            return "product", (base, base)
    raise TypeError(f"no rest of rounding of {type(e).__name__}")


def rest_text(kind: str, first: Text, second: Text) -> Text:
    """special.sum_rest(y, -z) and the like."""
    return Text(f"special.{kind}_rest({first.code}, {second.code})", ATOM)
