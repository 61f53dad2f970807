"""Sums of lowered exponentials, e^(u - a) with a the largest u of the row, as NumPy expressions."""

from __future__ import annotations

from derive.matrices.build import hadamard
from derive.notation.expression import MINUS_ONE, Entry, Mul, Num, Tensor
from derive.notation.functions import exp, log
from derive.notation.matrix import Dot, MAdd, MApply, Mat, MatMul, MMul, Ones, Outer, Scalar, Sym
from derive.programs.pieces import ATOM, UNARY, Names, Text, Writer


def log_sum_text(write: Writer, mat: MApply, names: Names) -> Text | None:
    """log(e^(U - a) 1): the largest term of each row is 1, so the others have the digits."""
    if mat.function != log or mat.arg in names:
        return None
    match mat.arg:
        case MatMul(MApply(function, MAdd(args)) as terms, Ones()) | Dot(
            Ones(), MApply(function, MAdd(args)) as terms
        ) if function == exp and lowered_by(args) is not None:
            return Text(f"special.log_sum({write(terms, names).code})", ATOM)
    return None


def lowered_text(write: Writer, args: tuple[Mat, ...], names: Names) -> Text | None:
    """U - a 1', or a 1' - U: exponents lowered by an open number of their row."""
    by = lowered_by(args)
    if by is not None:
        return Text(f"special.lowered({write(args[0], names).code}, {by.name})", ATOM)
    back = tuple(hadamard((Scalar(MINUS_ONE), arg)) for arg in reversed(args))
    by = lowered_by(back)
    if by is None:
        return None
    return Text(f"-special.lowered({write(back[0], names).code}, {by.name})", UNARY)


def lowered_by(args: tuple[Mat, ...]) -> Tensor | None:
    """The open numbers a where the terms are U and -a 1', or u and -a."""
    match args:
        case (_, MMul((Scalar(Num(minus)), Outer(Sym(tensor), Ones())))) if minus == -1:
            return tensor if tensor.role == "constant" else None
        case (_, Scalar(Mul((minus, Entry(tensor))))) if minus == MINUS_ONE:
            return tensor if tensor.role == "constant" else None
    return None
