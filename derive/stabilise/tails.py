r"""Weights on what falls like e^{-|u|}: e^{-|u|} alone underflows where its product is a number.

Far out, for |u| >= 700, log(1 + T) for T = e^{-|u|} is T times a function that is nearly 1, weights
go to every term of a sum, and every product of a weight and an exponential is taken from both
sides. Nearer to 0 the form stays as it is.
"""

from __future__ import annotations

from derive.notation.expression import (
    Add,
    Apply,
    Cases,
    Entry,
    Expr,
    Mul,
    Num,
    When,
    add,
    expr,
    mul,
)
from derive.notation.functions import absolute, exp, log1p, log1p_ratio
from derive.notation.tree import children, rebuild, size, subterms
from derive.stabilise.halves import halved, unbounded

FAR = 700
"""e^-|u| is a normal number up to here, and a little further."""

READABLE = 150
"""Nodes of such a form; a longer one nobody reads, and what underflows is accepted."""

REASON = (
    r"for $|u| \ge 700$: $\log(1+T) = T \cdot \operatorname{log1p}(T)/T$ with $T = e^{-|u|}$, "
    r"$ce^{t} = e^{t/2}\,c\,e^{t/2}$"
)


def tail_apart(e: Expr) -> Expr | None:
    """`e` with another form for |u| >= 700, where weights are multiplied by small exponentials."""
    if not any(_weight(node) for _, node in subterms(e)):
        return None
    sizes = dict.fromkeys(u for _, node in subterms(e) if (u := _fallen(node)) is not None)
    near = _far_branch(e)
    far = halved(_distributed(_ratios(near)))
    if len(sizes) != 1 or far in (near, e):
        return None
    (distance,) = sizes
    whole = Cases(((When(distance, ">=", expr(FAR)), far),), e, total=True)
    return whole if size(whole) <= READABLE else None


def _weight(e: Expr) -> bool:
    """Data of any size."""
    return isinstance(e, Entry) and e.tensor.role == "data" and unbounded(e)


def _fallen(e: Expr) -> Expr | None:
    """|u| of e^-|u|."""
    match e:
        case Apply(function, Mul((Num(minus), Apply(inner, _) as size))) if (
            function == exp and inner == absolute and minus == -1
        ):
            return size
    return None


def _far_branch(e: Expr) -> Expr:
    """`e` as it is where no test for small numbers holds."""
    if isinstance(e, Cases) and e.total:
        return _far_branch(e.otherwise)
    parts = children(e)
    return rebuild(e, tuple(map(_far_branch, parts))) if parts else e


def _ratios(e: Expr) -> Expr:
    """T log1p(T)/T for log1p(T)."""
    parts = children(e)
    inside = rebuild(e, tuple(map(_ratios, parts))) if parts else e
    match inside:
        case Apply(function, small) if function == log1p and _fallen(small) is not None:
            return mul(small, log1p_ratio(small))
    return inside


def _distributed(e: Expr) -> Expr:
    """`e` with weights of any size multiplied into the sums beside them."""
    parts = children(e)
    inside = rebuild(e, tuple(map(_distributed, parts))) if parts else e
    if not isinstance(inside, Mul):
        return inside
    weights = [f for f in inside.args if unbounded(f)]
    sums = [f for f in inside.args if isinstance(f, Add) and not unbounded(f)]
    if not weights or len(sums) != 1:
        return inside
    others = [f for f in inside.args if f not in weights and f not in sums]
    return mul(add(*(mul(*weights, term) for term in sums[0].args)), *others)
