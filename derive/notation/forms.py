"""Quadratic forms in index notation: two equal halves with a semidefinite matrix between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

from derive.notation.domain import range_of
from derive.notation.expression import ONE, Add, Entry, Expr, Index, Mul, Sum, Tensor, mul
from derive.notation.facts import definiteness, normal
from derive.notation.interval import NONNEGATIVE, Interval
from derive.notation.problem import Definition
from derive.notation.tree import (
    children,
    free_indices,
    fresh,
    letters_in,
    rebuild,
    reindex,
    tensors_in,
)

MOST_PAIRS = 2
"""Halves that differ in more letters are not compared."""


@dataclass(frozen=True)
class Flat:
    """sum over `indices` (each with its first position) of the product of `factors`."""

    indices: tuple[tuple[Index, int], ...]
    factors: tuple[Expr, ...]


def flattened(e: Expr, taken: frozenset[str] = frozenset()) -> Flat:
    """Sums pulled to the front of a product; letters that meet are renamed."""
    match e:
        case Sum():
            index = fresh(e.index, taken)
            body = reindex(e.body, {e.index: index})
            inner = flattened(body, taken | {index.letter})
            return Flat(((index, e.lower), *inner.indices), inner.factors)
        case Mul(args):
            indices: list[tuple[Index, int]] = []
            factors: list[Expr] = []
            letters = taken | frozenset().union(*(free_letters(a) for a in args))
            for arg in args:
                inner = flattened(arg, letters)
                letters |= {k.letter for k, _ in inner.indices} | letters_in(arg)
                indices += inner.indices
                factors += inner.factors
            return Flat(tuple(indices), tuple(factors))
        case _:
            return Flat((), (e,))


def free_letters(e: Expr) -> frozenset[str]:
    """The letters of the free indices."""
    return frozenset(k.letter for k in free_indices(e))


@dataclass(frozen=True)
class Form:
    """sum_ab f_a M_ab f_b: the half f, what stands between two halves, and what else is there.

    Attributes:
        half: f_a, a factor that depends on the parameters.
        kernels: The entries of positive semidefinite matrices, one for each letter in which the
            halves differ; M is their product.
        weight: The factors that know none of those letters.
    """

    half: Expr
    kernels: tuple[Expr, ...]
    weight: Expr


def forms(flat: Flat, moves: Callable[[Expr], bool]) -> Iterator[Form]:
    """Ways in which a sum of products is a form with a positive semidefinite matrix.

    Two of the factors depend on the parameters and are equal but for their letters: x_a M_ab x_b,
    and as well W_ak M_ab N_kl W_bl, which is tr(W'MW N').
    """
    moving = tuple(f for f in flat.factors if moves(f))
    if len(moving) != 2:
        return
    f, g = moving
    rest = tuple(h for h in flat.factors if h is not f and h is not g)
    bound = dict(flat.indices)
    left = [k for k in bound if k in free_indices(f) and k not in free_indices(g)]
    right = [k for k in bound if k in free_indices(g) and k not in free_indices(f)]
    shared = [k for k in bound if k in free_indices(f) and k in free_indices(g)]
    for order in permutations(right) if 0 < len(left) == len(right) <= MOST_PAIRS else ():
        pairs = tuple(zip(left, order, strict=True))
        alike = all(a.axis == b.axis and bound[a] == bound[b] for a, b in pairs)
        if not alike or normal(reindex(f, dict(pairs))) != normal(g):
            continue
        kernels, weight = _between(rest, pairs, frozenset(shared), bound)
        if all(m == ONE or definiteness(m, a, b) for m, (a, b) in zip(kernels, pairs, strict=True)):
            yield Form(f, tuple(m for m in kernels if m != ONE), weight)


def _between(
    rest: tuple[Expr, ...],
    pairs: tuple[tuple[Index, Index], ...],
    shared: frozenset[Index],
    bound: Mapping[Index, int],
) -> tuple[tuple[Expr, ...], Expr]:
    """For each pair of letters the factors that know them, summed over what else they share.

    A factor that knows letters of two pairs belongs to the first, and is no semidefinite matrix
    there.
    """
    kernels = []
    ends = frozenset(k for pair in pairs for k in pair)
    for pair in pairs:
        own = [f for f in rest if set(pair) & set(free_indices(f))]
        inner: set[Index] = set()
        while True:
            inner = {k for f in own for k in free_indices(f) if k in bound} - ends - shared
            more = [f for f in rest if f not in own and inner & set(free_indices(f))]
            if not more:
                break
            own += more
        kernel = mul(*(f for f in rest if f in own))
        for k in sorted(inner, key=lambda k: k.letter):
            kernel = Sum(kernel, (k, bound[k], k.axis))
        rest = tuple(f for f in rest if f not in own)
        kernels.append(kernel)
    return tuple(kernels), mul(*rest)


def range_with_forms(e: Expr, definitions: tuple[Definition, ...]) -> Interval:
    """The range of `e` when forms x'Mx in it with a semidefinite M are known not to be negative."""
    return range_of(_without_forms(e, definitions), definitions)


def _without_forms(e: Expr, definitions: tuple[Definition, ...]) -> Expr:
    match e:
        case Sum() if any(
            range_of(form.weight, definitions).nonnegative for form in forms(flattened(e), _varies)
        ):
            return Entry(Tensor("form", (), "constant", domain=NONNEGATIVE), ())
        case Add() | Mul():
            return rebuild(e, tuple(_without_forms(part, definitions) for part in children(e)))
    return e


def _varies(e: Expr) -> bool:
    return any(tensor.role in ("parameter", "defined") for tensor in tensors_in(e))
