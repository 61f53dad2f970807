"""Two steps on either side of one place as one choice, which has a value at that place too."""

from __future__ import annotations

from derive.notation.expression import ZERO, Add, Apply, Cases, Expr, Mul, Num, When, mul
from derive.notation.functions import step
from derive.notation.tree import children, rebuild

REASON = r"$a\,[t > 0] + b\,[t < 0]$ is $a$ on one side of $0$, $b$ on the other"


def steps_joined(e: Expr) -> Expr:
    """`e` with a step(t) + b step(-t) as a for t >= 0, else b.

    At t = 0, where there is no derivative, it has a value between those of both sides.
    """
    parts = children(e)
    inside = rebuild(e, tuple(steps_joined(part) for part in parts)) if parts else e
    match inside:
        case Add((first, second)):
            left, right = _stepped(first), _stepped(second)
            if left is None or right is None:
                return inside
            (a, t), (b, u) = left, right
            if t == _minus(u):
                return Cases(((When(u, ">=", ZERO), b),), a)
            if u == _minus(t):
                return Cases(((When(t, ">=", ZERO), a),), b)
    return inside


def _stepped(e: Expr) -> tuple[Expr, Expr] | None:
    """a and t of a step(t)."""
    parts = e.args if isinstance(e, Mul) else (e,)
    found = [p for p in parts if isinstance(p, Apply) and p.function == step]
    if len(found) != 1 or isinstance(found[0].arg, Add):
        return None
    return mul(*(p for p in parts if p != found[0])), found[0].arg


def _minus(t: Expr) -> Expr:
    match t:
        case Mul((Num(value), *others)) if value == -1:
            return mul(*others)
    return -t
