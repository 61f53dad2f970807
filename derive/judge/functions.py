"""Scalar functions of the table: by definition, or a primitive by its exact name."""

from __future__ import annotations

from derive.judge import jets
from derive.judge.arithmetic import MalformedError
from derive.judge.evaluation import Evaluation
from derive.judge.jets import Jet
from derive.notation.expression import Add, Apply, Entry, Expr, Mul, Num, Pow
from derive.notation.functions import SLOT, Elementwise


def apply(v: Evaluation, function: Elementwise, arg: Jet) -> Jet:
    """A scalar function of the table: through its definition, a primitive by its exact name."""
    if function.definition is not None:
        return within_definition(v, function.definition(SLOT), arg)
    if not function.exact:
        raise MalformedError(f"{function.name} has neither a definition nor an exact name")
    return jets.function(v.arithmetic, function.exact, arg)


def within_definition(v: Evaluation, e: Expr, slot: Jet) -> Jet:
    """A formula in the slot t alone, of the kind in which the rows of the table are written."""
    match e:
        case Entry() if e == SLOT:
            return slot
        case Num(value):
            return {0: v.arithmetic.number(value)}
        case Add(args):
            return jets.total((within_definition(v, arg, slot) for arg in args), v.zero)
        case Mul(args):
            return jets.product((within_definition(v, arg, slot) for arg in args), v.one)
        case Pow(base, exponent):
            parts = (within_definition(v, part, slot) for part in (base, exponent))
            return jets.power(v.arithmetic, *parts)
        case Apply(function, arg):
            return apply(v, function, within_definition(v, arg, slot))
        case _:
            kind = type(e).__name__
            raise MalformedError(f"a function's definition holds a {kind}; it may use t alone")
