r"""Shares of a row, p_k = e^{u_k} / sum_c e^{u_c}: what is left of 1 is the sum of the others.

Beside a share close to 1 the difference 1 - p_k has no digits left; the sum of the other shares has
all of them. The difference p_k - y_k from a label is (1 - y_k) p_k - y_k (1 - p_k).
"""

from __future__ import annotations

from derive.calculus.examples import SCOPE, j, n
from derive.calculus.examples import p as shares
from derive.matrices.build import hadamard, matmul, total
from derive.notation.expression import (
    MINUS_ONE,
    ONE,
    Add,
    Apply,
    Axis,
    Element,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Sum,
)
from derive.notation.functions import exp
from derive.notation.interval import UNIT
from derive.notation.matrix import Identity, Mat, Ones, Outer, Scalar, Sym
from derive.notation.problem import data, definition_of
from derive.notation.tree import reindex, same
from derive.record import Rule, Scope


def share(e: Expr, scope: Scope) -> Entry | None:
    """The entry where it is a share of its row, by its definition."""
    if not isinstance(e, Entry) or not e.indices:
        return None
    definition = definition_of(e.tensor, scope.definitions)
    match definition and definition.body:
        case Mul((Apply(f, u), Pow(Sum(Apply(g, w)) as below, exponent))) if (
            f == g == exp and exponent == MINUS_ONE and below.lower == 1
        ):
            last = definition.indices[-1] if definition is not None else None
            if last is not None and last.axis == below.index.axis:
                return e if same(reindex(w, {below.index: last}), u) else None
    return None


def others(axis: Axis) -> Mat:
    """1 1' - I: a row times it has the sum of its other entries in every place."""
    every = Outer(Ones(axis), Ones(axis))
    return total((every, hadamard((Scalar(MINUS_ONE), Identity(axis)))))


def _from_label(e: Expr, scope: Scope) -> Expr | None:
    match e:
        case Add((p, Mul((Num(minus), Entry(tensor) as y)))) if minus == -1:
            if share(p, scope) is None or tensor.role != "data":
                return None
            if tensor.domain.low < UNIT.low or tensor.domain.high > UNIT.high:
                return None
            return (1 - y) * p - y * (1 - p)
    return None


def _complement(e: Expr, scope: Scope) -> Expr | None:
    match e:
        case Add((one, Mul((Num(minus), Entry() as p)))) if one == ONE and minus == -1:
            if share(p, scope) is None:
                return None
            row, rest = Sym(p.tensor), others(p.indices[-1].axis)
            left = matmul(row, rest) if len(p.indices) > 1 else matmul(rest, row)
            return Element(left, p.indices)
    return None


_labels = data("u", n, domain=UNIT)

SHARES: tuple[Rule, ...] = (
    Rule(
        "share-label",
        "p - y = (1 - y) p - y (1 - p)",
        "$p - y = (1 - y)\\,p - y\\,(1 - p)$",
        _from_label,
        shares[j] - _labels[j],
        SCOPE,
    ),
    Rule(
        "share-others",
        r"1 - p_k = \sum_{c \ne k} p_c",
        "the shares of a row add up to $1$",
        _complement,
        1 - shares[j],
        SCOPE,
    ),
)
"""Rules for one sample's formulas: a share beside its label, and what is left of 1."""
