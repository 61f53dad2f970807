"""One element at all draws, in the forms in which relations are sought."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from derive.judge.exact.field import P, Residues, multiply, power
from derive.judge.exact.relations import fraction

ORDER = 1321
"""The largest prime factor of p - 1: logarithms to this modulus find candidates for relations."""


class UnsupportedError(ArithmeticError):
    """What the field cannot express; the text says what."""


def key(row: Residues) -> bytes:
    """What equal elements have in common."""
    if row.im is None or not row.im.any():
        return row.re.tobytes()
    return row.re.tobytes() + row.im.tobytes()


def _table() -> dict[int, int]:
    generator = next(g for g in range(2, 99) if pow(g, (P - 1) // ORDER, P) != 1)
    root = pow(generator, (P - 1) // ORDER, P)
    out, value = {}, 1
    for k in range(ORDER):
        out[value] = k
        value = value * root % P
    return out


LOGARITHMS = _table()
HALF = pow(2, -1, ORDER)


def rows(data: Residues, shape: tuple[int, ...]) -> Iterator[Residues]:
    """The element at every position, at all draws."""
    draws = shape[0]

    def spread(a: Any) -> Any:
        return np.ascontiguousarray(np.broadcast_to(a, shape).reshape(draws, -1).T)

    re, im = spread(data.re), None if data.im is None else spread(data.im)
    for k in range(len(re)):
        own = None if im is None or not im[k].any() else im[k]
        yield Residues(re[k], own)


def vector(row: Residues) -> list[int]:
    """The residues as whole numbers, the multiples of i after the others."""
    values: list[int] = row.re.tolist()
    return values if row.im is None else values + row.im.tolist()


def constant(row: Residues) -> bool:
    """Whether the element is the same at all draws."""
    return (row.im is None or not row.im.any()) and bool((row.re == row.re[0]).all())


def rational(row: Residues) -> Fraction:
    """The rational number that a constant element is."""
    found = fraction(int(row.re[0]), P, 1 << 29)
    if found is None or found == 0:
        raise UnsupportedError("a logarithm or a root of a number of many digits")
    return found


def logarithms(row: Residues) -> list[int]:
    """Logarithms modulo ORDER of the norms, without what is constant over the draws."""
    norm = multiply(row.re, row.re)
    if row.im is not None:
        norm = norm + multiply(row.im, row.im)
        norm = np.minimum(norm, norm - np.uint64(P))
    steps = power(norm, (P - 1) // ORDER)
    found = [LOGARITHMS[int(step)] for step in steps]
    return [(x - found[0]) * HALF % ORDER for x in found[1:]]
