"""The rules of sums over an index and of Kronecker's delta under them."""

from __future__ import annotations

from derive.calculus.examples import X, c, i, j, k, v, y
from derive.calculus.rewrite import everywhere
from derive.notation.expression import (
    ONE,
    ZERO,
    Add,
    Delta,
    Expr,
    Indicator,
    Mul,
    Sum,
    add,
    mul,
)
from derive.notation.functions import exp
from derive.notation.tree import free_indices, reindex, subterms
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
                if isinstance(factor, Delta) and e.index in (factor.left, factor.right):
                    other = factor.right if factor.left == e.index else factor.left
                    if other == e.index:
                        continue
                    rest = mul(*(a for a in factors if a is not factor))
                    new = reindex(rest, {e.index: other})
                    return new if e.lower == 1 else mul(new, Indicator(other, e.lower))
    return None


def equal_delta(e: Expr) -> Expr | None:
    """delta_kk = 1."""
    return ONE if isinstance(e, Delta) and e.left == e.right else None


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


def _has_delta(term: Expr, total: Sum) -> bool:
    return any(
        isinstance(node, Delta) and total.index in (node.left, node.right)
        for _, node in subterms(term)
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
DISTRIBUTE_DELTAS = Rule(
    "distribute-deltas", r"\sum_i (f_i + g_i) = \sum_i f_i + \sum_i g_i", "the sum term by term",
    everywhere(distribute_deltas), Sum((v[j] + Delta(j, k)) * exp(v[j]), j),
)  # fmt: skip

SUMS: tuple[Rule, ...] = (
    EMPTY_SUM, PULL_OUT, CONSTANT_SUM, SUM_DELTA, EQUAL_DELTA, DISTRIBUTE_DELTAS,
)  # fmt: skip
"""Every rule of sums, for the test of the table."""
