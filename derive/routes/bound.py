"""Inequalities: why one formula is below another, by monotone context and by ranges."""

from __future__ import annotations

import math

from derive.calculus.polynomial import normal_forms
from derive.calculus.rewrite import difference
from derive.notation.domain import range_of
from derive.notation.expression import Add, Apply, Expr, Mul, Num, Pow, Sum, Tensor, mul
from derive.notation.functions import log
from derive.notation.interval import Interval
from derive.notation.problem import Definition
from derive.notation.text import text
from derive.notation.tree import Path, Place, at, children, rebuild
from derive.record import Sign
from derive.routes.enclose import shown_by_enclosure

FLIP: dict[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
WEAK: dict[Sign, Sign] = {"<": "<=", "<=": "<=", ">": ">=", ">=": ">=", "=": "="}

Definitions = tuple[Definition, ...]


def values_of(e: Expr, definitions: Definitions) -> Interval:
    """Where the values of `e` lie, with the sign of each logarithm: log u > 0 where u > 1."""
    return range_of(_signed(e, definitions), definitions)


def _signed(e: Expr, definitions: Definitions) -> Expr:
    """`e` with a letter of the right sign for each logarithm whose argument is beside 1."""
    match e:
        case Apply(function, arg) if function == log:
            inside = range_of(arg, definitions)
            known = (
                Interval(0, math.inf, inside.low > 1 or inside.low_open)
                if inside.low >= 1
                else Interval(-math.inf, 0, True, inside.high < 1 or inside.high_open)
                if inside.high <= 1
                else None
            )
            return e if known is None else Tensor(text(e), domain=known)()
    parts = children(e)
    return rebuild(e, tuple(_signed(part, definitions) for part in parts)) if parts else e


def bounded(before: Expr, after: Expr, sign: Sign, definitions: Definitions) -> bool:
    """Whether `before` sign `after` can be shown.

    The whole difference is tried first, by its range and that of its normal forms, or by
    enclosure where both are numbers; then the smallest place where the two differ, through the
    monotone functions around it.
    """
    if _by_range(before, after, sign, definitions) or shown_by_enclosure(before, after, sign):
        return True
    where, became = difference(before, after)
    if not _one_spot(where, became) or not (where.path or where.span):
        return False
    turned = through(before, where.path, sign, definitions)
    if turned is None:
        return False
    old, new = at(before, where), at(after, became)
    if where.span is not None:
        turned = _beside(at(before, where.path), where.span, turned, definitions)
    return turned is not None and _by_range(old, new, turned, definitions)


def _one_spot(where: Place, became: Place) -> bool:
    """Whether the two are the same place: a run of factors may have become one, or one a run."""
    starts = [
        place.path if place.span is None else (*place.path, place.span[0])
        for place in (where, became)
    ]
    return where.path == became.path or starts[0] == starts[1]


def _by_range(before: Expr, after: Expr, sign: Sign, definitions: Definitions) -> bool:
    """Whether the sign of the difference follows from ranges."""
    gap = after - before if sign in ("<", "<=") else before - after
    forms = (gap, *normal_forms(gap))
    if sign in ("<", ">"):
        return any(values_of(form, definitions).positive for form in forms)
    return any(values_of(form, definitions).nonnegative for form in forms)


def through(e: Expr, path: Path, sign: Sign, definitions: Definitions) -> Sign | None:
    """What must hold at `path` so that `sign` holds for the whole; None where nothing is known.

    Increasing surroundings keep the sign, decreasing ones turn it.
    """
    for step in path:
        turned = _one_level(e, step, sign, definitions)
        if turned is None:
            return None
        sign, e = turned, children(e)[step]
    return sign


def _one_level(e: Expr, step: int, sign: Sign, definitions: Definitions) -> Sign | None:
    match e:
        case Add():
            return sign
        case Sum():
            return sign if e.lower == 1 else None
        case Mul():
            return _beside(e, (step, step + 1), sign, definitions)
        case Apply(function, _):
            if function.monotone is None:
                return None
            return sign if function.monotone == "increasing" else FLIP[sign]
        case Pow(base, Num(value)) if step == 0 and values_of(base, definitions).positive:
            return sign if value > 0 else FLIP[sign]
    return None


def _beside(e: Expr, span: tuple[int, int], sign: Sign, definitions: Definitions) -> Sign | None:
    """The sign after division by the factors that stand beside the place."""
    if not isinstance(e, Mul):
        return sign
    rest = mul(*e.args[: span[0]], *e.args[span[1] :])
    values = values_of(rest, definitions)
    if values.positive:
        return sign
    if values.high < 0 or (values.high == 0 and values.high_open):
        return FLIP[sign]
    # A factor that may vanish keeps a weak sign only.
    if values.nonnegative and sign == WEAK[sign]:
        return sign
    if values.high <= 0 and sign == WEAK[sign]:
        return FLIP[sign]
    return None
