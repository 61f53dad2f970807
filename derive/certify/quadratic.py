"""Quadratic forms in index notation: sums of products that split into two equal halves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations

from derive.notation import matrix as mx
from derive.notation.expression import Element, Entry, Expr, Index, Mul, Sum, Tensor
from derive.notation.tree import (
    canonical,
    free_indices,
    fresh,
    letters_in,
    reindex,
    same,
)

DEFINITE = "positive definite"


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


def halves(flat: Flat, moves: Callable[[Expr], bool]) -> Iterator[tuple[Index, Expr, Flat]]:
    """Ways in which a product is half(a) * half(b) * rest: the index a, half(a) and the rest.

    The rest may hold one matrix with the indices a and b, but nothing else that knows them.
    `moves` says which factors depend on the parameters; each half has one of them.
    """
    for (a, start), (b, other) in permutations(flat.indices, 2):
        if a.axis != b.axis or start != other:
            continue
        left = [f for f in flat.factors if a in free_indices(f) and b not in free_indices(f)]
        right = [f for f in flat.factors if b in free_indices(f) and a not in free_indices(f)]
        rest = tuple(f for f in flat.factors if f not in left and f not in right)
        if sum(map(moves, left)) != 1 or sum(map(moves, right)) != 1:
            continue
        mirrored = sorted(repr(canonical(reindex(f, {a: b}))) for f in left)
        if mirrored == sorted(repr(canonical(f)) for f in right):
            kept = tuple(pair for pair in flat.indices if pair[0] not in (a, b))
            (half,) = (f for f in left if moves(f))
            between = tuple(f for f in rest if {a, b} & set(free_indices(f)))
            if len(between) > 1 or (between and set(_places(between[0])) != {a, b}):
                continue
            yield a, half, Flat(kept, rest)


def _places(e: Expr) -> tuple[Index, ...]:
    return e.indices if isinstance(e, Entry | Element) else ()


def definite_entry(e: Expr) -> Tensor | None:
    """The positive definite matrix (declared so) of which `e` is an entry, or of its inverse."""
    match e:
        case Entry(tensor, _) | Element(mx.Inverse(mx.Sym(tensor)), _):
            return tensor if DEFINITE in tensor.facts and len(tensor.axes) == 2 else None
    return None


def is_square(factors: tuple[Expr, ...]) -> bool:
    """Whether a product is the square of something: two equal factors."""
    return len(factors) == 2 and same(*factors)
