"""Polynomials as sums of squares: a Gram matrix sought in floats, then proved with rationals.

p(x) = b(x)'G b(x) with monomials b and a positive semidefinite G shows p >= 0 (N. Z. Shor, 1987;
P. A. Parrilo, 2000). All matrices G of p form a plane that is easily projected upon: every product
of two monomials belongs to one coefficient. What is found there is rounded to fractions, projected
again exactly, and split by elimination in exact arithmetic: only that is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

Monomial = tuple[int, ...]
Terms = Mapping[Monomial, Fraction]
Array = np.ndarray[Any, np.dtype[np.float64]]

MOST_MONOMIALS = 40
"""The largest Gram matrix that is looked for."""

ROUNDS = 120
"""Projections to and fro for one distance from singular matrices."""

DISTANCES = (0.3, 0.1, 0.02, 0.002, 0.0)
"""How far the Gram matrix is kept from singular ones, relative to the largest coefficient."""

DENOMINATORS = (1, 2, 6, 12, 60, 1024, 2**20)
"""To such fractions the entries are rounded, the simplest first."""


@dataclass(frozen=True)
class Square:
    """weight * x^factor * (sum of coefficients times monomials)^2, with weight > 0.

    `factor` has a 1 only for variables that are never negative.
    """

    weight: Fraction
    factor: Monomial
    base: tuple[tuple[Monomial, Fraction], ...]


def sum_of_squares(terms: Terms, never_negative: tuple[bool, ...]) -> tuple[Square, ...] | None:
    """The polynomial as a sum of squares, or None where none was found.

    A variable that is never negative is itself the square of another one: x = s^2. As all powers
    of s in p are even, the squares are of even or of odd polynomials in s.
    """
    doubled = {
        tuple(2 * k if s else k for k, s in zip(m, never_negative, strict=True)): c
        for m, c in terms.items()
        if c
    }
    if not doubled:
        return ()
    if any(c < 0 for m, c in doubled.items() if _is_vertex(m, doubled)):
        return None
    basis = _basis(doubled, never_negative)
    if not basis or len(basis) > MOST_MONOMIALS:
        return None
    places = _places(basis, never_negative)
    if any(m not in places for m in doubled):
        return None
    for found in _rounded(doubled, places, len(basis)):
        split = _eliminated(found)
        if split is not None:
            return tuple(_square(d, row, basis, never_negative) for d, row in split)
    return None


def _is_vertex(m: Monomial, terms: Terms) -> bool:
    """Whether a monomial has the largest power of some variable, alone: there its sign counts."""
    return any(all(other == m or other[k] < m[k] for other in terms) for k in range(len(m)) if m[k])


def _basis(terms: Terms, signed: tuple[bool, ...]) -> tuple[Monomial, ...]:
    """The monomials whose products may stand in p: none whose square nothing could cancel."""
    highest = [max(m[k] for m in terms) for k in range(len(signed))]
    degrees = [sum(m) for m in terms]
    found = [
        m
        for m in product(*(range(h // 2 + 1) for h in highest))
        if min(degrees) <= 2 * sum(m) <= max(degrees)
    ]
    if len(found) > 4 * MOST_MONOMIALS:
        return ()
    while True:
        twice = {_times(m, m) for m in found}
        crossed = {
            _times(a, b)
            for number, a in enumerate(found)
            for b in found[:number]
            if _parity(a, signed) == _parity(b, signed)
        }
        kept = [m for m in found if _times(m, m) in terms or _times(m, m) in crossed]
        kept = [m for m in kept if _times(m, m) in twice]
        if len(kept) == len(found):
            return tuple(found)
        found = kept


def _times(a: Monomial, b: Monomial) -> Monomial:
    return tuple(map(int.__add__, a, b))


def _parity(m: Monomial, signed: tuple[bool, ...]) -> Monomial:
    return tuple(k % 2 if s else 0 for k, s in zip(m, signed, strict=True))


Places = dict[Monomial, list[tuple[int, int]]]


def _places(basis: tuple[Monomial, ...], signed: tuple[bool, ...]) -> Places:
    """For every monomial the places of the Gram matrix that add up to its coefficient."""
    places: Places = {}
    for (i, a), (j, b) in product(enumerate(basis), repeat=2):
        if _parity(a, signed) == _parity(b, signed):
            places.setdefault(_times(a, b), []).append((i, j))
    return places


def _rounded(terms: Terms, places: Places, size: int) -> Iterator[list[list[Fraction]]]:
    """Gram matrices of p in fractions; they need not be semidefinite."""
    scale = float(max(map(abs, terms.values())))
    rows = [np.array([i for i, _ in at]) for at in places.values()]
    columns = [np.array([j for _, j in at]) for at in places.values()]
    goals = [float(terms.get(m, 0)) / scale for m in places]
    allowed = np.zeros((size, size))
    for i, j in zip(rows, columns, strict=True):
        allowed[i, j] = 1
    gram = np.eye(size)
    for distance in DISTANCES:
        for _ in range(ROUNDS):
            gram = gram * allowed
            for i, j, goal in zip(rows, columns, goals, strict=True):
                gram[i, j] += (goal - gram[i, j].sum()) / len(i)
            values, vectors = np.linalg.eigh(gram)
            if values[0] >= distance - 1e-12:
                break
            # Beyond the goal, so that the boundary is crossed in a finite number of rounds.
            lifted = np.maximum(values, distance * 1.5)
            gram = vectors * lifted @ vectors.T
        for denominator in DENOMINATORS:
            yield _exact(gram * scale, terms, places, denominator)
        if values[0] >= distance > 0:
            return


def _exact(gram: Array, terms: Terms, places: Places, denominator: int) -> list[list[Fraction]]:
    size = len(gram)
    out = [[Fraction(0)] * size for _ in range(size)]
    for m, at in places.items():
        for i, j in at:
            middle = (float(gram[i, j]) + float(gram[j, i])) / 2
            out[i][j] = Fraction(round(middle * denominator), denominator)
        lack = (terms.get(m, Fraction(0)) - sum(out[i][j] for i, j in at)) / len(at)
        for i, j in at:
            out[i][j] += lack
    return out


def _eliminated(matrix: list[list[Fraction]]) -> list[tuple[Fraction, list[Fraction]]] | None:
    """G = sum of d r r' with d > 0, by elimination; None where G is not semidefinite."""
    rest = [list(row) for row in matrix]
    found = []
    for k in range(len(rest)):
        pivot = rest[k][k]
        if pivot < 0 or (pivot == 0 and any(rest[k])):
            return None
        if pivot == 0:
            continue
        row = [x / pivot for x in rest[k]]
        found.append((pivot, row))
        rest = [
            [x - rest[i][k] * row[j] for j, x in enumerate(line)] for i, line in enumerate(rest)
        ]
    return found


def _square(
    weight: Fraction, row: list[Fraction], basis: tuple[Monomial, ...], signed: tuple[bool, ...]
) -> Square:
    used = [(m, c) for m, c in zip(basis, row, strict=True) if c]
    factor = _parity(used[0][0], signed)
    base = tuple(
        (
            tuple((k - f) // 2 if s else k for k, f, s in zip(m, factor, signed, strict=True)),
            c,
        )
        for m, c in used
    )
    return Square(weight, factor, base)
