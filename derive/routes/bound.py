"""Inequalities: why one formula is below another, by monotone context and by ranges."""

from __future__ import annotations

from derive.calculus.polynomial import normal_forms
from derive.calculus.rewrite import difference
from derive.notation.domain import range_of
from derive.notation.expression import Add, Apply, Expr, Mul, Num, Pow, Sum, mul
from derive.notation.problem import Definition
from derive.notation.tree import Path, Place, at, children
from derive.record import Sign
from derive.routes.enclose import shown_by_enclosure

FLIP: dict[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
WEAK: dict[Sign, Sign] = {"<": "<=", "<=": "<=", ">": ">=", ">=": ">=", "=": "="}

Definitions = tuple[Definition, ...]


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
        return any(range_of(form, definitions).positive for form in forms)
    return any(range_of(form, definitions).nonnegative for form in forms)


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
        case Pow(base, Num(value)) if step == 0 and range_of(base, definitions).positive:
            return sign if value > 0 else FLIP[sign]
    return None


def _beside(e: Expr, span: tuple[int, int], sign: Sign, definitions: Definitions) -> Sign | None:
    """The sign after division by the factors that stand beside the place."""
    if not isinstance(e, Mul):
        return sign
    rest = mul(*e.args[: span[0]], *e.args[span[1] :])
    values = range_of(rest, definitions)
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
