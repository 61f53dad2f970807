"""The order in which a textbook writes factors and terms."""

from __future__ import annotations

from derive.notation.expression import (
    Add,
    Axis,
    Constant,
    Delta,
    Diff,
    Element,
    Entry,
    Expr,
    Indicator,
    Mul,
    Num,
    Pow,
    Sum,
)
from derive.notation.remembered import remembered
from derive.notation.tree import free_indices, kinds_in


@remembered
def factor_key(e: Expr) -> tuple[int, int, tuple[str, ...]]:
    """Numbers, sizes, scalars, vectors' entries, matrices' entries, sums, deltas, derivatives.

    Entries of one matrix go by their letters: X_ik X_il.
    """
    base = e.base if isinstance(e, Pow) else e
    kinds = kinds_in(e)
    if isinstance(base, Num):
        return (0, 0, ())
    if kinds <= {Axis, Constant, Num, Mul, Pow, Add}:
        return (1, 0, ())
    if Diff in kinds:
        return (6, 0, ())
    if isinstance(base, Delta | Indicator):
        return (5, 0, ())
    if Sum in kinds:
        return (4, 0, ())
    rank = len(free_indices(e))
    many = rank > 1
    letters = tuple(k.label for k in e.indices) if many and isinstance(e, Entry | Element) else ()
    return (2, rank, letters)


def ordered(args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Factors in textbook order; equals stay in the order in which they stood."""
    return tuple(sorted(args, key=factor_key))


def is_negative(e: Expr) -> bool:
    """Whether the term is written with a minus sign: -3 or -x y."""
    match e:
        case Num(value):
            return value < 0
        case Mul(args):
            return any(is_negative(a) for a in args if isinstance(a, Num))
    return False


def positive_first(args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """Terms with plus signs before those with minus signs, each kind in its old order."""
    return tuple(sorted(args, key=is_negative))
