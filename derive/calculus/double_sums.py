"""Several sums: which is taken first, sums side by side, squares of sums."""

from __future__ import annotations

from derive.calculus.examples import X, i, k, v, y
from derive.calculus.rewrite import everywhere
from derive.notation.expression import ONE, Add, Expr, Mul, Num, Pow, Sum, add, mul
from derive.notation.tree import avoid, free_indices, letters_in, reindex
from derive.record import Rule


def swap_sums(e: Expr) -> Expr | None:
    """sum_k f_k sum_i g_i c_ik = sum_i g_i sum_k f_k c_ik."""
    if not isinstance(e, Sum):
        return None
    factors = e.body.args if isinstance(e.body, Mul) else (e.body,)
    for number, factor in enumerate(factors):
        if not isinstance(factor, Sum) or e.index not in free_indices(factor):
            continue
        others = (*factors[:number], *factors[number + 1 :])
        taken = {e.index.letter}.union(*(letters_in(other) for other in others))
        inner = avoid(factor, taken)
        if not isinstance(inner, Sum):
            return None
        both = (*others, *(inner.body.args if isinstance(inner.body, Mul) else (inner.body,)))
        carrying = [f for f in both if e.index in free_indices(f)]
        still = [f for f in both if e.index not in free_indices(f)]
        new = Sum(mul(*carrying), (e.index, e.lower, e.upper))
        return Sum(mul(*still, new), (inner.index, inner.lower, inner.upper))
    return None


def join_sums(e: Expr) -> Expr | None:
    """sum_i f_i + sum_i g_i = sum_i (f_i + g_i)."""
    if not isinstance(e, Add):
        return None
    parts = [_number_and_sum(term) for term in e.args]
    found = [part for part in parts if part is not None]
    first = found[0][1] if found else None
    if first is None or len(found) < len(parts):
        return None
    terms: list[Expr] = []
    for number, total in found:
        if total.upper != first.upper or total.lower != first.lower:
            return None
        if total.index != first.index and first.index in free_indices(total):
            return None
        body = reindex(total.body, {total.index: first.index})
        terms.append(mul(*([] if number == ONE else [number]), body))
    return Sum(add(*terms), (first.index, first.lower, first.upper))


def _number_and_sum(term: Expr) -> tuple[Expr, Sum] | None:
    match term:
        case Sum():
            return ONE, term
        case Mul((Num() as number, Sum() as total)):
            return number, total
    return None


def cauchy_schwarz(e: Expr) -> Expr | None:
    """(sum_j a_j b_j)^2 <= (sum_j a_j^2) (sum_j b_j^2)."""
    match e:
        case Pow(Sum(Mul((a, b))) as total, Num(value)) if value == 2:
            limits = (total.index, total.lower, total.upper)
            return Sum(a**2, limits) * Sum(b**2, limits)
    return None


SWAP_SUMS = Rule(
    "swap-sums", r"\sum_k f_k \sum_i g_i c_{ik} = \sum_i g_i \sum_k f_k c_{ik}",
    "interchange the sums", everywhere(swap_sums), Sum(v[k] * Sum(y[i] * X[i, k], i), k),
)  # fmt: skip

JOIN_SUMS = Rule(
    "join-sums", r"\sum_i f_i + \sum_i g_i = \sum_i (f_i + g_i)", "one sum",
    everywhere(join_sums), Sum(y[i] * X[i, k], i) - Sum(X[i, k], i),
)  # fmt: skip
CAUCHY_SCHWARZ = Rule(
    "cauchy-schwarz", r"\left(\sum_j a_j b_j\right)^2 \le \sum_j a_j^2 \sum_j b_j^2",
    "Cauchy--Schwarz inequality", everywhere(cauchy_schwarz), Sum(X[i, k] * v[k], k) ** 2,
    source="A.-L. Cauchy (1821), Cours d'analyse, note II, theorem XVI", sign="<=",
)  # fmt: skip

DOUBLE_SUMS: tuple[Rule, ...] = (SWAP_SUMS, JOIN_SUMS, CAUCHY_SCHWARZ)
"""Every rule of this file. Swapping sums undoes itself, so a route does it once."""
