r"""Slopes of a distribution's log loss near their root, where F(z) equals the target.

For a distribution function F the two logarithms log F and log(1 - F) have the slopes H = F'/F and
-K, K = F'/(1 - F). A sum a H + b K is (a (1 - F) + b F) K/F. With F = c + G for c = F(0), where G
is known to the last digit, that is (a (1 - c) + b c + (b - a) G) K/F.
"""

from __future__ import annotations

from fractions import Fraction

from derive.calculus.polynomial import normal_forms, shortest
from derive.calculus.quotients import terms_of
from derive.notation.expression import (
    ONE,
    ZERO,
    Add,
    Apply,
    Cases,
    Entry,
    Expr,
    Mul,
    Num,
    Pow,
    Tensor,
    When,
    add,
    expr,
)
from derive.notation.functions import SLOT, Elementwise, absolute
from derive.notation.tree import children, rebuild, replace_tensor, subterms
from derive.stabilise.exponentials import contains
from derive.stabilise.products import over, times

NEAR = Fraction(3, 4)
"""So far from 0 the distance to F(0) is as good as F itself."""

FIRST, SECOND = (Tensor(name, role="constant")() for name in ("H", "K"))


def at_the_root(e: Expr, score: Tensor) -> tuple[Expr, ...]:
    """a H + b K about the place where F is F(0); elsewhere as it is."""
    calls = [n for _, n in subterms(e) if isinstance(n, Apply) and contains(n, score)]
    outer = [n for n in dict.fromkeys(calls) if not any(n in children(other) for other in calls)]
    found = []
    for first in outer:
        whole = distribution(first.function)
        for second in outer:
            if whole is None or second == first:
                continue
            if not _complements(whole, first, second):
                continue
            made = _about(e, whole, first, second)
            if made is not None:
                found.append(made)
    return tuple(found)


def distribution(function: Elementwise) -> Elementwise | None:
    """F for a function F'/F that is defined so."""
    if function.definition is None:
        return None
    for _, node in subterms(function.definition(SLOT)):
        if isinstance(node, Pow) and node.exponent == Num(-ONE.value):
            for _, below in subterms(node.base):
                if isinstance(below, Apply) and below.arg == SLOT and _centre(below.function):
                    return below.function
    return None


def _centre(function: Elementwise) -> tuple[Expr, Expr] | None:
    """c and G(t) for a row with the identity F(t) - c = G(t)."""
    for identity in function.identities(SLOT):
        match identity.left:
            case Add((Apply(own, arg), Mul((Num(minus), c)))) if (
                own == function and arg == SLOT and minus == -1
            ):
                return c, identity.right
            case Add((Apply(own, arg), Num(value))) if own == function and arg == SLOT:
                return Num(-value), identity.right
    return None


def _complements(whole: Elementwise, first: Apply, second: Apply) -> bool:
    """Whether the second function is F'/(1 - F) of the argument of the first, F'/F."""
    if second.function == first.function:
        mirrored = any(
            identity.left == ONE - whole(SLOT) and identity.right == whole(-SLOT)
            for identity in whole.identities(SLOT)
        )
        return mirrored and shortest(first.arg + second.arg) == ZERO
    if second.arg != first.arg or whole.definition is None:
        return False
    body = whole.definition(SLOT)
    slope = whole.derivative(SLOT)
    return ZERO in normal_forms(second.function(SLOT) * (1 - body) - slope)


def _about(e: Expr, whole: Elementwise, first: Apply, second: Apply) -> Expr | None:
    named = _named(e, {first: FIRST, second: SECOND})
    parts = terms_of(named, (FIRST, SECOND))
    centre = _centre(whole)
    if parts is None or set(parts) != {(1, 0), (0, 1)} or centre is None:
        return None
    a, b = parts[1, 0], parts[0, 1]
    if any(contains(c, t) for c in (a, b) for t in _letters(first)):
        return None
    c, grown = centre
    at_zero = shortest(a + (b - a) * c)
    u = first.arg
    rise = replace_tensor(grown, lambda entry: u if entry == SLOT else None)
    close = times(over(add(at_zero, times(shortest(b - a), rise)), whole(u)), second)
    return Cases(((When(absolute(u), "<=", expr(NEAR)), close),), e, total=True)


def _letters(e: Expr) -> list[Tensor]:
    return [n.tensor for _, n in subterms(e) if isinstance(n, Entry)]


def _named(e: Expr, names: dict[Apply, Entry]) -> Expr:
    if isinstance(e, Apply) and e in names:
        return names[e]
    parts = children(e)
    return rebuild(e, tuple(_named(part, names) for part in parts)) if parts else e
