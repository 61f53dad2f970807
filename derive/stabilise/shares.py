r"""Shares of a row, p_k = e^{u_k} / sum_c e^{u_c}: what is left of 1 is the sum of the others.

Beside a share close to 1 the difference 1 - p_k has no digits left; the sum of the other shares, or
of their exponentials, has all of them. In the difference p_k - y_k from a label every e^v is h + l,
with the whole number h = [v > -1/2] and the excess l, which is expm1(v) where h = 1: for equal
scores h_k - y_k sum_c h_c is all that is left, and for nearly equal ones l has the digits of their
differences.
"""

from __future__ import annotations

from derive.calculus.examples import SCOPE, j, k, n, v
from derive.calculus.examples import p as shares
from derive.matrices.build import hadamard, matmul, total
from derive.matrices.entrywise import as_mat
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
    add,
    mul,
)
from derive.notation.functions import excess, exp, near, rest
from derive.notation.interval import UNIT
from derive.notation.matrix import Identity, Mat, Ones, Outer, Scalar, Sym
from derive.notation.problem import data, definition_of
from derive.notation.tree import reindex, same
from derive.record import Rule, Scope
from derive.stabilise.shifts import Shift, exponent, lowered_sum, shift_of


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


def _complement(e: Expr, scope: Scope) -> Expr | None:
    match e:
        case Add((one, Mul((Num(minus), Entry() as p)))) if one == ONE and minus == -1:
            if share(p, scope) is None:
                return None
            return _times_others(Sym(p.tensor), p)
    return None


SHARES: tuple[Rule, ...] = (
    Rule(
        "share-others",
        r"1 - p_k = \sum_{c \ne k} p_c",
        "the shares of a row add up to $1$",
        _complement,
        1 - shares[j],
        SCOPE,
    ),
)
"""What is left of 1 beside a share of one sample's formulas."""


def label_rule(shift: Shift) -> Rule:
    """A share beside its label, by the sum with lowered exponents."""

    def rewrite(e: Expr, scope: Scope) -> Expr | None:
        match e:
            case Add((p, Mul((Num(minus), Entry(tensor) as y)))) if minus == -1:
                entry = share(p, scope)
                if entry is None or tensor.role != "data":
                    return None
                if tensor.domain.low < UNIT.low or tensor.domain.high > UNIT.high:
                    return None
                return _apart(entry, y, shift, scope)
        return None

    example = shares[j] - data("u", n, domain=UNIT)[j]
    return Rule(
        f"share-label-{shift.tensor.name}",
        r"p_k - y_k = \frac{h_k - y_k \sum_c h_c + l_k - y_k \sum_c l_c}{\sum_c e^{u_c - a}}",
        r"$e^{u - a} = \operatorname{near}(u - a) + \operatorname{excess}(u - a)$ above and below; "
        r"what rounding takes from $y_k \sum_c \operatorname{near}(u_c - a)$ is put back",
        rewrite,
        example,
        SCOPE,
    )


def _apart(p: Entry, y: Expr, shift: Shift, scope: Scope) -> Expr | None:
    """The difference over the sum of the row, with e^v = near(v) + excess(v)."""
    found = _lowered_share(p, shift, scope)
    inside = None if found is None else exponent(found[1])
    if found is None or inside is None:
        return None
    v, below = found
    limits = (below.index, below.lower, below.upper)
    whole = mul(y, Sum(near(inside), limits))
    parts = mul(y, Sum(excess(inside), limits))
    above = add(near(v), -whole, -rest(whole), excess(v), -parts)
    return above / below


def spread_rule(shift: Shift) -> Rule:
    """A share times what is left of 1, by its exponential and the sum of the others."""

    def rewrite(e: Expr, scope: Scope) -> Expr | None:
        match e:
            case Mul((p, Add((one, Mul((Num(minus), other)))))) | Mul(
                (Add((one, Mul((Num(minus), other)))), p)
            ) if one == ONE and minus == -1:
                entry = share(p, scope) if p == other else None
                found = None if entry is None else _lowered_share(entry, shift, scope)
            case _:
                return None
        row = None if found is None or entry is None else as_mat(exp(found[0]), entry.indices)
        if row is None or entry is None:
            return None
        own, rest_of_row = Element(row, entry.indices), _times_others(row, entry)
        return own * rest_of_row / (own + rest_of_row) ** 2

    return Rule(
        f"share-spread-{shift.tensor.name}",
        r"p_k (1 - p_k) = \frac{e_k o_k}{(e_k + o_k)^2}",
        r"with $e_k = e^{u_k - a}$ and the sum $o_k = \sum_{c \ne k} e_c$ of the others, "
        r"$p_k = e_k/(e_k + o_k)$ and $1 - p_k = o_k/(e_k + o_k)$",
        rewrite,
        shares[j] * (1 - shares[j]),
        SCOPE,
    )


def _times_others(row: Mat, entry: Entry) -> Expr:
    """In every place the sum of the row's other entries."""
    rest_of_row = others(entry.indices[-1].axis)
    several = len(entry.indices) > 1
    return Element(matmul(row, rest_of_row) if several else matmul(rest_of_row, row), entry.indices)


def _lowered_share(p: Entry, shift: Shift, scope: Scope) -> tuple[Expr, Sum] | None:
    """v = u - a and sum_c e^{v_c} where the share is e^u / sum_c e^{u_c}."""
    definition = definition_of(p.tensor, scope.definitions)
    match None if definition is None else definition.at(p):
        case Mul((Apply(_, u), Pow(Sum() as total, _))):
            found = lowered_sum(shift, total)
            return None if found is None else (u - found[0], found[1])
    return None


def share_rules(made: tuple[Shift, ...]) -> tuple[Rule, ...]:
    """For every sum the rules of its shares: beside what is left of 1, and beside labels."""
    return (*map(spread_rule, made), *SHARES, *map(label_rule, made))


_total = Sum(exp(v[k]), k)
_example = shift_of(_total, "a")

LOWERED_SHARES: tuple[Rule, ...] = () if _example is None else share_rules((_example,))
"""Examples of all rules, for their test."""
