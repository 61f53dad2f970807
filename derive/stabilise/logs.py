"""Logarithms of rational functions of one small letter: a constant, a power, and log1p of the rest.

log(c t^k P(t)/Q(t)) = log c + k log t + log1p(P(t) - 1) - log1p(Q(t) - 1) where P(0) = Q(0) = 1.
"""

from __future__ import annotations

from fractions import Fraction

from derive.calculus.polynomial import shortest
from derive.calculus.quotients import Coefficients, Quotient, nested, quotient
from derive.notation.expression import ONE, ZERO, Apply, Expr, Num, add
from derive.notation.functions import log, log1p
from derive.notation.tree import children, rebuild, subterms


def logs_split(e: Expr, letter: Expr, of_letter: Expr) -> Expr | None:
    """`e` with every logarithm that contains `letter` taken apart; `of_letter` is log(letter)."""
    match e:
        case Apply(function, arg) if function == log and _has(arg, letter):
            inner = logs_split(arg, letter, of_letter)
            found = None if inner is None or _has_log(inner, letter) else quotient(inner, letter)
            return None if found is None else _split(found, letter, of_letter)
    parts = [logs_split(part, letter, of_letter) for part in children(e)]
    whole = tuple(p for p in parts if p is not None)
    if len(whole) < len(parts):
        return None
    return rebuild(e, whole) if whole else e


def _split(q: Quotient, letter: Expr, of_letter: Expr) -> Expr | None:
    first_above, first_below = min(q.above), min(q.below)
    top, bottom = q.above[first_above], q.below[first_below]
    if not (isinstance(top, Num) and isinstance(bottom, Num)) or top.value / bottom.value <= 0:
        return None
    number, power = Fraction(top.value / bottom.value), first_above - first_below
    parts: list[Expr] = []
    if number != 1:
        parts.append(log(Num(number)))
    if power:
        parts.append(Num(Fraction(power)) * of_letter)
    above = _rest(q.above, first_above, top.value)
    below = _rest(q.below, first_below, bottom.value)
    if number == 1 and not power and above and below:
        # log1p((P - Q)/Q): the difference may be small where P and Q are not.
        parts.append(log1p(_difference(above, below, letter)))
    else:
        parts += [log1p(nested(above, letter))] if above else []
        parts += [-log1p(nested(below, letter))] if below else []
    return add(*parts) if parts else ZERO


def _rest(coefficients: Coefficients, first: int, number: Fraction) -> dict[int, Expr]:
    """P(t) - 1 for the polynomial c t^k P(t)."""
    scaled = {k - first: Num(Fraction(1) / number) * c for k, c in coefficients.items()}
    return {k: shortest(c) for k, c in scaled.items() if k}


def _difference(above: Coefficients, below: Coefficients, letter: Expr) -> Expr:
    """(P - Q)/Q."""
    p, q = nested(above, letter), nested(below, letter)
    found = quotient((p - q) / (1 + q), letter)
    if found is None:
        return (p - q) / (1 + q)
    top, bottom = nested(found.above, letter), nested(found.below, letter)
    return top if bottom == ONE else top / bottom


def _has(e: Expr, letter: Expr) -> bool:
    return any(node == letter for _, node in subterms(e))


def _has_log(e: Expr, letter: Expr) -> bool:
    return any(
        isinstance(node, Apply) and node.function in (log, log1p) and _has(node, letter)
        for _, node in subterms(e)
    )
