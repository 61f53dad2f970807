"""The rules that turn sums over indices into matrix products.

Each is an equality between an index formula and an entry of a matrix formula, applied from
the innermost sum outwards. What none of them covers becomes an einsum, which always works.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from derive.calculus.examples import X, c, h, i, j, k, l, theta, v, y
from derive.calculus.order import factor_key
from derive.calculus.sums import DISTRIBUTE_DELTAS, PULL_OUT, SUM_DELTA
from derive.matrices.build import dot, einsum, hadamard, matmul, scale_rows
from derive.matrices.entrywise import as_mat
from derive.notation.expression import (
    Add,
    Element,
    Expr,
    Index,
    Indicator,
    Mul,
    Num,
    Pow,
    Sum,
    add,
    mul,
)
from derive.notation.functions import log
from derive.notation.matrix import Mat, Ones
from derive.notation.tree import (
    free_indices,
    fresh,
    letters_in,
    reindex,
    subterms,
)
from derive.record import Rule, Scope

TWO = Num(Fraction(2))


def has_sum(e: Expr) -> bool:
    """Whether a sum over an index is left in `e`."""
    return any(isinstance(node, Sum) for _, node in subterms(e))


def factors_of(e: Expr) -> tuple[Expr, ...]:
    """The factors of a product; anything else is its own factor."""
    return e.args if isinstance(e, Mul) else (e,)


def mask(e: Expr, _scope: Scope) -> Expr | None:
    """sum_{j>=2} f_j = sum_j [j >= 2] f_j: the range becomes an indicator."""
    if isinstance(e, Sum) and e.lower > 1:
        return Sum(mul(Indicator(e.index, e.lower), e.body), e.index)
    return None


def split_sum(e: Expr, _scope: Scope) -> Expr | None:
    """sum_i (f_i + g_i) = sum_i f_i + sum_i g_i where a term is a product or has other indices."""
    match e:
        case Sum(Add(args)) if not has_sum(e.body) and (
            _mixed(args) or any(_is_product(a) for a in args)
        ):
            return add(*(_term_sum(a, e) for a in args))
        case Sum(Mul(args)) if not has_sum(e.body):
            for number, factor in enumerate(args):
                if isinstance(factor, Add) and _mixed(factor.args):
                    rest = (args[:number], args[number + 1 :])
                    body = add(*(mul(*rest[0], a, *rest[1]) for a in factor.args))
                    return Sum(body, (e.index, e.lower, e.upper))
    return None


def _term_sum(term: Expr, total: Sum) -> Expr:
    """The sum of one term, its number in front."""
    numbers = tuple(a for a in factors_of(term) if isinstance(a, Num))
    rest = tuple(a for a in factors_of(term) if not isinstance(a, Num))
    if isinstance(term, Num):
        return Sum(term, (total.index, total.lower, total.upper))
    return mul(*numbers, Sum(mul(*rest), (total.index, total.lower, total.upper)))


def _is_product(term: Expr) -> bool:
    return sum(bool(free_indices(a)) for a in factors_of(term)) > 1


def _mixed(terms: Sequence[Expr]) -> bool:
    """Whether the terms carry different indices (numbers aside)."""
    found = {frozenset(free_indices(a)) for a in terms} - {frozenset()}
    return len(found) > 1 and max(len(f) for f in found) > 1


def interchange(e: Expr, _scope: Scope) -> Expr | None:
    """sum_i sum_j f g = sum_i f sum_j g: sums change places so that each step stays small."""
    if not isinstance(e, Sum):
        return None
    bound, factors = _flatten(e, letters_in(e))
    if len(bound) < 2:
        return None
    new = _nest(bound, factors)
    return None if new == e else new


def _flatten(
    e: Expr, taken: frozenset[str], above: frozenset[str] = frozenset()
) -> tuple[list[Index], list[Expr]]:
    """The bound indices and factors of nested sums of products, letters kept apart.

    `above` are the letters of the sums around `e`; a bound letter never repeats one of them, nor
    one of another factor, at any depth.
    """
    if isinstance(e, Sum) and e.lower == 1:
        bound, factors = _flatten(e.body, taken, above | {e.index.letter})
        return [e.index, *bound], factors
    bound, factors = [], []
    for number, factor in enumerate(factors_of(e)):
        if not isinstance(factor, Sum) or factor.lower != 1:
            factors.append(factor)
            continue
        others = (f for n, f in enumerate(factors_of(e)) if n != number)
        clash = above | {b.letter for b in bound}
        clash = clash.union(*(letters_in(other) for other in others))
        more, parts = _flatten(_apart(factor, clash, taken), taken, clash)
        bound.extend(more)
        factors.extend(parts)
    return bound, factors


def _apart(e: Expr, clash: frozenset[str], taken: frozenset[str]) -> Expr:
    """`e` with the letters of nested sums of products that are in `clash` renamed."""
    if isinstance(e, Mul):
        return mul(*(_apart(a, clash, taken) for a in e.args))
    if not isinstance(e, Sum) or e.lower != 1:
        return e
    index, body = e.index, _apart(e.body, clash, taken)
    if index.letter in clash:
        index = fresh(index, clash | taken | letters_in(body))
        body = reindex(body, {e.index: index})
    return Sum(body, index)


def _nest(bound: list[Index], factors: list[Expr]) -> Expr:
    """Sum first over the index whose sum has the fewest free indices left."""
    bound, factors = list(bound), list(factors)
    while bound:
        cost = {b: _left_over(b, factors) for b in bound}
        inner = min(reversed(bound), key=lambda b: cost[b])
        carrying = [f for f in factors if inner in free_indices(f)]
        total = Sum(mul(*sorted(carrying, key=factor_key)), inner)
        first = next((n for n, f in enumerate(factors) if inner in free_indices(f)), 0)
        rest = [f for f in factors if inner not in free_indices(f)]
        factors = [*rest[:first], total, *rest[first:]]
        bound.remove(inner)
    return mul(*sorted(factors, key=factor_key))


def _left_over(index: Index, factors: list[Expr]) -> int:
    carrying = [f for f in factors if index in free_indices(f)]
    return len({k for f in carrying for k in free_indices(f)} - {index})


def inner_product(e: Expr, _scope: Scope) -> Expr | None:
    """sum_i sum_j A_ij B_ij = tr(A'B), and sum_ij A_ij^2 its squared norm."""
    match e:
        case Sum(Sum() as inner) if e.lower == 1 and inner.lower == 1:
            order = (e.index, inner.index)
            parts = _square_split(inner.body)
            if any(not free_indices(f) for f in parts):
                return None
            mats = [as_mat(f, order) for f in parts]
            if any(set(free_indices(f)) != set(order) for f in parts) or None in mats:
                return None
            found = tuple(m for m in mats if m is not None)
            if len(found) == 1:
                return None
            return Element(dot(found[0], hadamard(found[1:])), ())
    return None


def _square_split(body: Expr) -> tuple[Expr, ...]:
    """The factors of a body, a square counted as two equal factors."""
    parts = factors_of(body)
    if len(parts) == 1 and isinstance(parts[0], Pow) and parts[0].exponent == TWO:
        return (parts[0].base, parts[0].base)
    return parts


def contract(e: Expr, _scope: Scope) -> Expr | None:
    """The definition of the matrix product: sum_i A_ik r_i = [A'r]_k and its relatives.

    Vectors over the summed index multiply entrywise into weights w; with no matrix the sum is
    an inner product, with one a matrix-vector product A'w, with two a product A' diag(w) B.
    """
    if not isinstance(e, Sum) or e.lower != 1 or has_sum(e.body):
        return None
    parts = _square_split(e.body)
    outer = tuple(f for f in parts if e.index not in free_indices(f))
    inner = tuple(f for f in parts if e.index in free_indices(f))
    groups: dict[Index | None, list[Expr]] = {}
    for f in inner:
        others = [k for k in free_indices(f) if k != e.index]
        if len(others) > 1:
            return None
        groups.setdefault(others[0] if others else None, []).append(f)
    weights = _group(groups.pop(None, []), (e.index,))
    if weights is None or len(groups) > 2:
        return None
    result = _product(e.index, weights, groups)
    return None if result is None else mul(*outer, result)


def _group(factors: list[Expr], order: tuple[Index, ...]) -> tuple[Mat, ...] | None:
    mats = [as_mat(f, order) for f in factors]
    return None if None in mats else tuple(m for m in mats if m is not None)


def _product(
    index: Index, weights: tuple[Mat, ...], groups: dict[Index | None, list[Expr]]
) -> Expr | None:
    """The contraction over `index` of weights and up to two matrices."""
    others = sorted((k for k in groups if k is not None), key=lambda k: k.letter)
    if not others:
        left = weights[0] if len(weights) > 1 else Ones(index.axis)
        rest = weights[1:] if len(weights) > 1 else weights
        if not rest:
            return index.axis
        return Element(dot(left, hadamard(rest)), ())
    left_parts = _group(groups[others[0]], (others[0], index))
    if left_parts is None:
        return None
    left = hadamard(left_parts)
    if len(others) == 1:
        vector = hadamard(weights) if weights else Ones(index.axis)
        return Element(matmul(left, vector), (others[0],))
    right_parts = _group(groups[others[1]], (index, others[1]))
    if right_parts is None:
        return None
    right = hadamard(right_parts)
    if weights:
        right = scale_rows(hadamard(weights), right)
    return Element(matmul(left, right), (others[0], others[1]))


def general(e: Expr, _scope: Scope) -> Expr | None:
    """Any sum of products is an einsum: the last resort."""
    if not isinstance(e, Sum) or e.lower != 1:
        return None
    bound, factors = _flatten(e, letters_in(e))
    if any(has_sum(f) for f in factors):
        return None
    parts: list[tuple[Mat, tuple[Index, ...]]] = []
    for number, f in enumerate(factors):
        own = free_indices(f)
        mat = as_mat(f, own)
        if mat is None and isinstance(f, Add):
            before, after = factors[:number], factors[number + 1 :]
            return add(*(_nested(bound, [*before, t, *after]) for t in f.args))
        if mat is None:
            return None
        parts.append((mat, own if mat.axes else ()))
    carried = {k for _, own in parts for k in own}
    parts += [(Ones(b.axis), (b,)) for b in bound if b not in carried]
    output = free_indices(e)
    return Element(einsum(tuple(parts), output), output)


def _nested(bound: list[Index], factors: list[Expr]) -> Expr:
    """The sum of a product over all the bound indices."""
    e = mul(*factors)
    for index in reversed(bound):
        e = Sum(e, index)
    return e


MASK = Rule(
    "mask", r"\sum_{j\ge2} f_j = \sum_j [j\ge2]\,f_j", "the range as an indicator", mask,
    Sum(theta[j] ** 2, (j, 2, j.axis)),
)  # fmt: skip
SPLIT_SUM = Rule(
    "split-sum", r"\sum_i (f_i + g_i) = \sum_i f_i + \sum_i g_i", "the sum term by term",
    split_sum, Sum(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i]), i),
)  # fmt: skip
INTERCHANGE = Rule(
    "interchange", r"\sum_i\sum_j f_i g_{ij} = \sum_i f_i \sum_j g_{ij}", "interchange the sums",
    interchange, Sum(Sum(X[i, k] * X[i, l] * v[l], i), l),
)  # fmt: skip
INNER_PRODUCT = Rule(
    "inner-product", r"\sum_{ij} A_{ij} B_{ij} = \operatorname{tr}(A^{\mathsf T} B)",
    "definition of the trace", inner_product, Sum(Sum(X[i, j] ** 2, j), i),
)  # fmt: skip
CONTRACT = Rule(
    "contract",
    r"\sum_i A_{ik} r_i = [A^{\mathsf T} r]_k",
    "definition of the matrix product", contract, Sum((h[i] - y[i]) * X[i, k], i),
)  # fmt: skip
GENERAL = Rule(
    "general", r"\sum_{i\dots} \prod = \text{einsum}", "a sum over several indices", general,
    Sum(X[i, k] * X[i, l] * X[i, j] * c(), i),
)  # fmt: skip

RECOGNITION: tuple[Rule, ...] = (
    MASK, SUM_DELTA, DISTRIBUTE_DELTAS, INTERCHANGE, SPLIT_SUM, INNER_PRODUCT, PULL_OUT, CONTRACT,
    GENERAL,
)  # fmt: skip
