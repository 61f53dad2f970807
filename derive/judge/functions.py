"""Scalar functions of the table: by definition, or a primitive by its exact name."""

from __future__ import annotations

import math
from collections.abc import Callable

from derive.judge import jets
from derive.judge.arithmetic import MalformedError, OutsideError, Value
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
from derive.notation.remembered import remembered

Meaning = Callable[[Evaluation, Jet], Jet]
"""What a function makes of its argument."""


def apply(v: Evaluation, function: Elementwise, arg: Jet, node: int, where: object) -> Jet:
    """A scalar function of the table: through its definition, a primitive by its exact name.

    The argument is the value of a node at a place. No derivative changes the number itself there,
    so its Taylor coefficients are computed once for all derivatives.
    """
    found = meaning(function)
    if not isinstance(arg, dict):
        return found(v, arg)
    count = jets.order(arg)
    key = (found, node, where, count)
    coefficients = v.taylor.get(key)
    if coefficients is None:
        try:
            coefficients = v.taylor[key] = _taylor(v, found, arg[0], count)
        except OutsideError:
            if jets.stands_still(v.arithmetic, arg):  # |t_i - t_i| has no kink
                return found(v, arg[0])
            raise
    return jets.compose(coefficients, arg)


def _taylor(v: Evaluation, function: Meaning, at: Value, count: int) -> list[Value]:
    """f(at), f'(at), ..., the last one over count!: f is applied to at + epsilon_1 + ...

    The product of any k epsilons stands k! times in their sum's power, hence beside f^(k).
    """
    found = function(v, {0: at} | {1 << k: v.one for k in range(count)})
    if not isinstance(found, dict):
        return [found] + [v.zero] * count
    every = dict.fromkeys(range(1 << count), v.zero) | found
    return [every[(1 << k) - 1] / math.factorial(k) for k in range(count + 1)]


@remembered
def meaning(function: Elementwise) -> Meaning:
    """The meaning of a row of the table."""
    if function.definition is not None:
        return within_definition(function.definition(SLOT))
    name = function.exact
    if not name:
        raise MalformedError(f"{function.name} has neither a definition nor an exact name")
    return lambda v, slot: jets.function(v.arithmetic, name, slot)


def within_definition(e: Expr) -> Meaning:
    """A formula in the slot t alone, of the kind in which the rows of the table are written."""
    match e:
        case Entry() if e == SLOT:
            return lambda v, slot: slot
        case Num(value):
            return lambda v, slot: v.arithmetic.number(value)
        case Constant(name):
            return lambda v, slot: v.arithmetic.constant(name)
        case Add(args):
            terms = list(map(within_definition, args))
            return lambda v, slot: jets.total([term(v, slot) for term in terms], v.zero)
        case Mul(args):
            factors = list(map(within_definition, args))
            return lambda v, slot: jets.product([factor(v, slot) for factor in factors], v.one)
        case Pow():
            base, exponent = map(within_definition, (e.base, e.exponent))
            return lambda v, slot: jets.power(v.arithmetic, base(v, slot), exponent(v, slot))
        case Apply(function, arg):
            inner = within_definition(arg)
            return lambda v, slot: meaning(function)(v, inner(v, slot))
        case Cases():
            return _by_cases(e)
        case _:
            kind = type(e).__name__
            raise MalformedError(f"a function's definition holds a {kind}; it may use t alone")


def _by_cases(e: Cases) -> Meaning:
    tests = [
        (
            test.relation,
            within_definition(test.left),
            within_definition(test.right),
            within_definition(branch),
        )
        for test, branch in e.branches
    ]
    rest = within_definition(e.otherwise)

    def found(v: Evaluation, slot: Jet) -> Jet:
        for relation, left, right, branch in tests:
            if holds(v, relation, left(v, slot), right(v, slot)):
                return branch(v, slot)
        return rest(v, slot)

    return found


SIGNS: dict[str, tuple[int, ...]] = {"=": (0,), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
"""The signs that a difference may have, for every relation."""


def holds(v: Evaluation, relation: str, left: Jet, right: Jet) -> bool:
    """Whether the test of a case holds, decided by the values alone.

    On the edge between two branches nothing may be differentiated; where the precision does not
    tell the edge from the inside, there is no answer.
    """
    sign = v.arithmetic.sign(jets.plain(left) - jets.plain(right))
    if sign is None:
        raise OutsideError("a test of a case is not decided", definite=False)
    moved = jets.total((left, jets.minus(right)), v.zero)
    if sign == 0 and not jets.stands_still(v.arithmetic, moved):
        raise OutsideError("a derivative on the edge between two cases", definite=True)
    return sign in SIGNS[relation]
