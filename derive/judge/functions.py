"""Scalar functions of the table: by definition, or a primitive by its exact name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from derive.judge import jets
from derive.judge.arithmetic import MalformedError, OutsideError
from derive.judge.evaluation import Evaluation
from derive.judge.jets import Jet
from derive.notation.expression import (
    Add,
    Apply,
    Cases,
    Constant,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
)
from derive.notation.functions import SLOT, Elementwise


def apply(v: Evaluation, function: Elementwise, arg: Jet) -> Jet:
    """A scalar function of the table: through its definition, a primitive by its exact name."""
    if function.definition is not None:
        return within_definition(v, _body(function.definition), arg)
    if not function.exact:
        raise MalformedError(f"{function.name} has neither a definition nor an exact name")
    return jets.function(v.arithmetic, function.exact, arg)


@cache
def _body(definition: Callable[[Expr], Expr]) -> Expr:
    """The formula of a definition in the slot, made once."""
    return definition(SLOT)


def within_definition(v: Evaluation, e: Expr, slot: Jet) -> Jet:
    """A formula in the slot t alone, of the kind in which the rows of the table are written."""
    match e:
        case Entry() if e == SLOT:
            return slot
        case Num(value):
            return {0: v.arithmetic.number(value)}
        case Constant(name):
            return {0: v.arithmetic.constant(name)}
        case Add(args):
            return jets.total((within_definition(v, arg, slot) for arg in args), v.zero)
        case Mul(args):
            return jets.product((within_definition(v, arg, slot) for arg in args), v.one)
        case Pow(base, exponent):
            parts = (within_definition(v, part, slot) for part in (base, exponent))
            return jets.power(v.arithmetic, *parts)
        case Apply(function, arg):
            return apply(v, function, within_definition(v, arg, slot))
        case Cases(branches, otherwise):
            for test, branch in branches:
                sides = (within_definition(v, side, slot) for side in (test.left, test.right))
                if holds(v, test.relation, *sides):
                    return within_definition(v, branch, slot)
            return within_definition(v, otherwise, slot)
        case _:
            kind = type(e).__name__
            raise MalformedError(f"a function's definition holds a {kind}; it may use t alone")


SIGNS: dict[str, tuple[int, ...]] = {"=": (0,), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
"""The signs that a difference may have, for every relation."""


def holds(v: Evaluation, relation: str, left: Jet, right: Jet) -> bool:
    """Whether the test of a case holds, decided by the values alone.

    On the edge between two branches nothing may be differentiated; where the precision does not
    tell the edge from the inside, there is no answer.
    """
    sign = v.arithmetic.sign(left[0] - right[0])
    if sign is None:
        raise OutsideError("a test of a case is not decided", definite=False)
    if sign == 0 and any(left.keys() | right.keys()):
        raise OutsideError("a derivative on the edge between two cases", definite=True)
    return sign in SIGNS[relation]
