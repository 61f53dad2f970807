"""The rules of sums over an index and of Kronecker's delta under them."""

from __future__ import annotations

from derive.calculus.algebra import common_factor
from derive.calculus.deltas import apart_delta, at_least, equal_delta, picked
from derive.calculus.examples import SCOPE, X, c, i, j, k, short, v, y, z
from derive.calculus.rewrite import everywhere
from derive.notation.expression import (
    ONE,
    ZERO,
    Add,
    Delta,
    Expr,
    Mul,
    Num,
    Sum,
    add,
    mul,
)
from derive.notation.functions import exp
from derive.notation.tree import (
    free_indices,
    fresh,
    letters_in,
    reindex,
    same,
    subterms,
)
from derive.record import Rule


def empty_sum(e: Expr) -> Expr | None:
    """A sum of zeros is 0."""
    return ZERO if isinstance(e, Sum) and e.body == ZERO else None


def pull_out(e: Expr) -> Expr | None:
    """sum_i c f_i = c sum_i f_i where c does not carry i."""
    match e:
        case Sum(Mul(args)):
            still = [a for a in args if e.index not in free_indices(a)]
            if still:
                rest = mul(*(a for a in args if e.index in free_indices(a)))
                return mul(*still, Sum(rest, (e.index, e.lower, e.upper)))
    return None


def constant_sum(e: Expr) -> Expr | None:
    """sum_i c = m c."""
    match e:
        case Sum() if e.lower == 1 and e.index not in free_indices(e.body):
            return e.upper if e.body == ONE else mul(e.upper, e.body)
    return None


def sum_delta(e: Expr) -> Expr | None:
    """sum_j f_j delta_jk = f_k; where the sum starts later, k must lie in its range: [k >= 2]."""
    match e:
        case Sum():
            factors = e.body.args if isinstance(e.body, Mul) else (e.body,)
            for factor in factors:
                value = picked(factor, e) if isinstance(factor, Delta) else None
                if value is None:
                    continue
                left = sorted((a for a in factors if a is not factor), key=is_no_number)
                rest = mul(*left)
                new = reindex(rest, {e.index: value})
                gate = at_least(value, e.lower)
                return new if gate == ONE else mul(new, gate)
    return None


def delta_inwards(e: Expr) -> Expr | None:
    """sum_j g sum_i f = sum_i sum_j g f where a delta in j, and none in i, waits inside."""
    if not isinstance(e, Sum):
        return None
    factors = e.body.args if isinstance(e.body, Mul) else (e.body,)
    for number, inner in enumerate(factors):
        if not isinstance(inner, Sum) or not _has_delta(inner.body, e):
            continue
        if inner.index == e.index or _has_delta(inner.body, inner):
            continue
        rest = mul(*factors[:number], *factors[number + 1 :])
        index, body = inner.index, inner.body
        if index.letter in letters_in(rest):
            index = fresh(index, letters_in(rest) | letters_in(body) | {e.index.letter})
            body = reindex(body, {inner.index: index})
        parts = [*factors[:number], body, *factors[number + 1 :]]
        moved = Sum(mul(*parts), (e.index, e.lower, e.upper))
        return Sum(moved, (index, inner.lower, inner.upper))
    return None


def is_no_number(e: Expr) -> bool:
    """For sorting: numbers first, all others in their order."""
    return not isinstance(e, Num)


def distribute_deltas(e: Expr) -> Expr | None:
    """sum_i (f_i + g_i) = sum_i f_i + sum_i g_i where a term carries a delta in i."""
    match e:
        case Sum(Add(args)) if any(_has_delta(a, e) for a in args):
            return add(*(Sum(a, (e.index, e.lower, e.upper)) for a in args))
        case Sum(Mul(factors)):
            for number, factor in enumerate(factors):
                if isinstance(factor, Add) and any(_has_delta(a, e) for a in factor.args):
                    rest = (factors[:number], factors[number + 1 :])
                    body = add(*(mul(*rest[0], a, *rest[1]) for a in factor.args))
                    return Sum(body, (e.index, e.lower, e.upper))
    return None


def merge_sums(e: Expr) -> Expr | None:
    """sum_i a_i x_ik + sum_i b_i x_ik = sum_i (a_i + b_i) x_ik, where the terms share a factor.

    What they do not share belongs to the one letter i; sums of matrices are another matter.
    """
    if not isinstance(e, Add):
        return None
    parts = [_signed_sum(a) for a in e.args]
    for number, first in enumerate(parts):
        if first is None:
            continue
        sign, total = first
        for later in range(number + 1, len(parts)):
            second = parts[later]
            if second is None or not _one_range(total, second[1]):
                continue
            body = reindex(second[1].body, {second[1].index: total.index})
            shared = [f for f in _factors(total.body) if any(same(f, g) for g in _factors(body))]
            apart = [
                f
                for f in (*_factors(total.body), *_factors(body))
                if not any(same(f, g) for g in shared)
            ]
            if not any(total.index in free_indices(f) for f in shared):
                continue
            if any(set(free_indices(f)) - {total.index} for f in apart):
                continue
            both = common_factor(mul(*sign, total.body) + mul(*second[0], body))
            if both is None:
                continue
            merged = Sum(both, (total.index, total.lower, total.upper))
            rest = [a for n, a in enumerate(e.args) if n not in (number, later)]
            return add(*rest[:number], merged, *rest[number:])
    return None


def _signed_sum(e: Expr) -> tuple[tuple[Num, ...], Sum] | None:
    """A sum with no more than a number before it."""
    match e:
        case Sum():
            return (), e
        case Mul((Num() as number, Sum() as total)):
            return (number,), total
    return None


def _one_range(a: Sum, b: Sum) -> bool:
    return (a.index.axis, a.lower, a.upper) == (b.index.axis, b.lower, b.upper)


def _factors(e: Expr) -> tuple[Expr, ...]:
    return e.args if isinstance(e, Mul) else (e,)


def _has_delta(term: Expr, total: Sum) -> bool:
    return any(
        isinstance(node, Delta) and picked(node, total) is not None for _, node in subterms(term)
    )


EMPTY_SUM = Rule(
    "empty-sum", r"\sum_i 0 = 0", "a sum of zeros is 0", everywhere(empty_sum), Sum(ZERO, i)
)
PULL_OUT = Rule(
    "pull-out", r"\sum_i c f_i = c \sum_i f_i", "constants leave the sum", everywhere(pull_out),
    Sum(c() * X[i, k] * y[i], i),
)  # fmt: skip
CONSTANT_SUM = Rule(
    "constant-sum", r"\sum_{i=1}^m c = m c", "equal terms", everywhere(constant_sum),
    Sum(v[j], i),
)  # fmt: skip
SUM_DELTA = Rule(
    "sum-delta", r"\sum_j f_j\,\delta_{jk} = f_k", r"only the term with equal indices remains",
    everywhere(sum_delta), Sum(v[j] * Delta(j, k), (j, 2, j.axis)),
)  # fmt: skip
EQUAL_DELTA = Rule("equal-delta", r"\delta_{kk} = 1", "equal indices", everywhere(equal_delta),
                   Delta(k, k))  # fmt: skip
APART_DELTA = Rule(
    "apart-delta", r"\delta_{k+1,k} = 0", "different indices", everywhere(apart_delta),
    Delta(short + 1, short),
)  # fmt: skip
DISTRIBUTE_DELTAS = Rule(
    "distribute-deltas", r"\sum_i (f_i + g_i) = \sum_i f_i + \sum_i g_i", "the sum term by term",
    everywhere(distribute_deltas), Sum((v[j] + Delta(j, k)) * exp(v[j]), j),
)  # fmt: skip
MERGE_SUMS = Rule(
    "merge-sums", r"\sum_i a_i x_i + \sum_i b_i x_i = \sum_i (a_i + b_i)\,x_i", "one sum",
    everywhere(merge_sums), Sum(y[i] * X[i, k], i) + Sum(z[i] * X[i, k], i), SCOPE,
)  # fmt: skip
DELTA_INWARDS = Rule(
    "delta-inwards", r"\sum_j \sum_i f_i\,\delta_{jk} = \sum_i \sum_j f_i\,\delta_{jk}",
    "interchange the sums", everywhere(delta_inwards),
    Sum(Sum(y[i] * (v[j] + Delta(j, k)), i), j),
)  # fmt: skip

SUMS: tuple[Rule, ...] = (
    EMPTY_SUM, PULL_OUT, CONSTANT_SUM, SUM_DELTA, EQUAL_DELTA, APART_DELTA, DISTRIBUTE_DELTAS,
    DELTA_INWARDS, MERGE_SUMS,
)  # fmt: skip
"""Every rule of sums, for the test of the table."""
