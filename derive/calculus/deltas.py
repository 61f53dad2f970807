"""Kronecker's delta of shifted letters and of positions: when it picks one term of a sum."""

from __future__ import annotations

from derive.notation.expression import ONE, ZERO, Delta, Expr, Index, Indicator, Sum


def picked(delta: Delta, total: Sum) -> Index | None:
    """The only value of the sum's letter at which the delta is 1, where it is always in range.

    With the letter j over n - c: delta_{j+s, k+t} is 1 for j = k + t - s, which lies in 1..n-c
    for every k over n - d if 0 <= t - s <= d - c. Otherwise the sum must stay a sum.
    """
    sides = (delta.left, delta.right)
    for own, other in (sides, sides[::-1]):
        if own.plain != total.index or own.literal or other.plain == total.index:
            continue
        value, cut = other - own.shift, total.index.axis.cut
        if not value.fits(total.index.axis) or (
            value.literal and not _certain(value, other, own.shift, cut)
        ):
            continue
        # [n >= 2] is no number that is known here.
        if total.lower > 1 and value.literal and value.shift < 0:
            continue
        return value
    return None


def _certain(value: Index, other: Index, shift: int, cut: int) -> bool:
    """Whether a position is in 1..n-cut, where `other` is one in 1..n and n > cut."""
    if value.shift * other.shift <= 0:
        return False  # it would count from the other end
    if value.shift > 0:
        return value.shift == 1 or shift == cut
    return -value.shift <= max(-other.shift, cut + 1)


def at_least(index: Index, lower: int) -> Expr:
    """[index >= lower], with a shift taken over to the other side."""
    if index.literal:
        return ONE if lower == 1 or index.shift >= lower else ZERO
    rest = lower - index.shift
    return ONE if rest <= 1 else Indicator(index.plain, rest)


def equal_delta(e: Expr) -> Expr | None:
    """delta_kk = 1."""
    return ONE if isinstance(e, Delta) and e.left == e.right else None


def apart_delta(e: Expr) -> Expr | None:
    """delta_{k+1,k} = 0 and delta_{1,2} = 0: positions that differ for every size."""
    match e:
        case Delta(left, right) if left != right and left.letter == right.letter:
            same_end = not left.literal or left.shift * right.shift > 0
            return ZERO if left.axis == right.axis and same_end else None
    return None
