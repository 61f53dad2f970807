"""Sums of lowered exponentials, e^(u - a) with a the largest u of the row, as NumPy expressions."""

from __future__ import annotations

from dataclasses import replace

from derive.matrices.build import hadamard
from derive.notation.expression import MINUS_ONE, Entry, Mul, Num, Tensor
from derive.notation.functions import excess, exp, log
from derive.notation.interval import UNIT
from derive.notation.matrix import (
    Dot,
    MAdd,
    MApply,
    Mat,
    MatMul,
    MMul,
    Ones,
    Outer,
    Scalar,
    Sym,
    operands,
)
from derive.notation.matrix_parts import with_operands
from derive.programs.pieces import ATOM, UNARY, Names, Text, Writer

EXACT_EXP = replace(exp, name="exp_lowered")
"""The exponential of a difference that is not rounded."""
CALLS = {EXACT_EXP: "exp_lowered", excess: "excess_lowered"}


def carefully(mat: Mat) -> Mat:
    """The formula with what rounding takes from a lowered exponent put back.

    For real numbers nothing is taken, so this is no other formula.
    """
    match mat:
        case MApply(function, MAdd(args)) if function == exp and lowered_by(args) is not None:
            return MApply(EXACT_EXP, mat.arg)
    parts = operands(mat)
    return with_operands(mat, tuple(map(carefully, parts))) if parts else mat


def lowered_function_text(write: Writer, mat: MApply, names: Names) -> Text | None:
    """exp(U - a 1') and its excess by U and a, as what rounding takes from U - a counts."""
    if mat.function not in CALLS or not isinstance(mat.arg, MAdd):
        return None
    by = lowered_by(mat.arg.args)
    if by is None:
        return None
    code = f"{write(mat.arg.args[0], names).code}, {by.name}"
    return Text(f"special.{CALLS[mat.function]}({code})", ATOM)


def log_sum_text(write: Writer, mat: MApply, names: Names) -> Text | None:
    """log(e^(U - a) 1): the largest term of each row is 1, so the others have the digits."""
    if mat.function != log or mat.arg in names:
        return None
    match mat.arg:
        case MatMul(MApply(function, MAdd(args)) as terms, Ones()) | Dot(
            Ones(), MApply(function, MAdd(args)) as terms
        ) if function in (exp, EXACT_EXP) and lowered_by(args) is not None:
            return Text(f"special.log_sum({write(terms, names).code})", ATOM)
    return None


def lowered_text(write: Writer, args: tuple[Mat, ...], names: Names) -> Text | None:
    """U - a 1', or a 1' - U: exponents lowered by an open number of their row."""
    by = lowered_by(args)
    if by is not None:
        return Text(f"special.lowered({write(args[0], names).code}, {by.name})", ATOM)
    back = _back(args)
    by = lowered_by(back)
    if by is None:
        return None
    return Text(f"-special.lowered({write(back[0], names).code}, {by.name})", UNARY)


def weighted_lowered_text(write: Writer, args: tuple[Mat, ...], names: Names) -> Text | None:
    """W (a 1' - U) for weights from 0 to 1: a product that is a number where U - a is none."""
    match args:
        case (Sym(tensor), MAdd(parts)) if (
            args[1] not in names
            and tensor.role == "data"
            and UNIT.low <= tensor.domain.low
            and tensor.domain.high <= UNIT.high
        ):
            back = _back(parts)
            by = lowered_by(back)
            if by is not None:
                code = f"{tensor.name}, {write(back[0], names).code}, {by.name}"
                return Text(f"-special.weighted_lowered({code})", UNARY)
    return None


def _back(args: tuple[Mat, ...]) -> tuple[Mat, ...]:
    """The terms of U - a 1' for those of a 1' - U."""
    return tuple(hadamard((Scalar(MINUS_ONE), arg)) for arg in reversed(args))


def lowered_by(args: tuple[Mat, ...]) -> Tensor | None:
    """The open numbers a where the terms are U and -a 1', or u and -a."""
    match args:
        case (_, MMul((Scalar(Num(minus)), Outer(Sym(tensor), Ones())))) if minus == -1:
            return tensor if tensor.role == "constant" else None
        case (_, Scalar(Mul((minus, Entry(tensor))))) if minus == MINUS_ONE:
            return tensor if tensor.role == "constant" else None
    return None
