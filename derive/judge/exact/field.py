"""Numbers modulo p = 2^61 - 1, and pairs of them: a + b i with i^2 = -1, as p = 3 mod 4.

Arrays of unsigned 64-bit integers, all entries below p. A residue without `im` lies in the field
of p elements itself, as nearly all do; square roots of numbers without one lead to the pairs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

BITS = 61
P = (1 << BITS) - 1
Array = np.ndarray[Any, np.dtype[np.uint64]]

_P = np.uint64(P)
_LOW31 = np.uint64((1 << 31) - 1)
_LOW30 = np.uint64((1 << 30) - 1)
_1, _30, _31, _61 = (np.uint64(k) for k in (1, 30, 31, 61))
SMALL = 48
"""Up to so many numbers are inverted one by one."""


class SingularError(ArithmeticError):
    """A division by an element that is 0 at a draw."""


def _below(s: Array) -> Array:
    """Numbers below 2 p modulo p: below p the difference wraps around to something large."""
    out: Array = np.minimum(s, s - _P)
    return out


def add(a: Array, b: Array) -> Array:
    """a + b."""
    s = a + b
    return _below(s)


def negative(a: Array) -> Array:
    """-a."""
    return _below(_P - a)


def multiply(a: Array, b: Array) -> Array:
    """A b, by halves of 30 and 31 bits: 2^61 = 1, so 2^62 = 2."""
    a1, b1 = a >> _31, b >> _31
    a0, b0 = a & _LOW31, b & _LOW31
    middle = a1 * b0 + a0 * b1
    s = ((a1 * b1) << _1) + (middle >> _30) + ((middle & _LOW30) << _31) + a0 * b0
    return _below((s & _P) + (s >> _61))


def power(a: Array, exponent: int) -> Array:
    """A ** exponent for an exponent >= 0, by squaring."""
    out = np.ones_like(a)
    while exponent:
        if exponent & 1:
            out = multiply(out, a)
        exponent >>= 1
        if exponent:
            a = multiply(a, a)
    return out


def inverse(a: Array) -> Array:
    """1 / a: pairs are multiplied until few numbers are left, and undone on the way back."""
    if not a.all():
        raise SingularError("a division by zero")
    flat = a.ravel()
    if flat.size <= SMALL:
        out = np.array([pow(int(x), -1, P) for x in flat], dtype=np.uint64)
        return out.reshape(a.shape)
    half = flat.size // 2
    first, second = flat[:half], flat[half : 2 * half]
    both = multiply(first, second)
    rest = flat[2 * half :]
    inverted = inverse(np.concatenate((both, rest)))
    pair = inverted[:half]
    out = np.concatenate((multiply(pair, second), multiply(pair, first), inverted[half:]))
    return out.reshape(a.shape)


def is_square(a: Array) -> Any:
    """Euler's criterion, entry by entry; 0 counts as a square."""
    return power(a, (P - 1) // 2) <= _1


def total(a: Array, axis: int) -> Array:
    """The sum along an axis; no more than seven entries fit into 64 bits before a reduction."""
    parts = [a.take(range(k, min(k + 7, a.shape[axis])), axis) for k in range(0, a.shape[axis], 7)]
    sums = [reduced(part.sum(axis=axis, dtype=np.uint64)) for part in parts]
    out = sums[0]
    for part in sums[1:]:
        out = add(out, part)
    return out


def reduced(a: Array) -> Array:
    """Any 64-bit numbers modulo p."""
    s = (a & _P) + (a >> _61)
    return np.minimum(s, s - _P)


def residue(value: Fraction | int) -> int:
    """A rational number modulo p."""
    value = Fraction(value)
    if value.denominator % P == 0:
        raise SingularError("a denominator is a multiple of p")
    return value.numerator * pow(value.denominator, -1, P) % P


def drawn(seed: str, count: int) -> Array:
    """Elements other than 0, a function of the seed alone."""
    size = (8 * count + 8) // 8 * 8
    raw = hashlib.shake_256(seed.encode()).digest(size)
    numbers = np.frombuffer(raw, dtype="<u8").astype(np.uint64)[:count]
    return np.maximum(reduced(numbers >> np.uint64(2)), _1)


@dataclass(frozen=True, eq=False)
class Residues:
    """An array of elements a + b i; `im` is None where b = 0 throughout."""

    re: Array
    im: Array | None = None

    def __add__(self, other: Residues) -> Residues:
        re = add(self.re, other.re)
        if self.im is None:
            im = other.im if other.im is None else other.im + np.zeros_like(re)
        else:
            im = self.im + np.zeros_like(re) if other.im is None else add(self.im, other.im)
        return Residues(re, im)

    def __neg__(self) -> Residues:
        return Residues(negative(self.re), None if self.im is None else negative(self.im))

    def __mul__(self, other: Residues) -> Residues:
        if self.im is None or other.im is None:
            im = self.im if other.im is None else other.im
            real = other.re if other.im is None else self.re
            im = None if im is None else multiply(im, real)
            return Residues(multiply(self.re, other.re), im)
        re = add(multiply(self.re, other.re), negative(multiply(self.im, other.im)))
        return Residues(re, add(multiply(self.re, other.im), multiply(self.im, other.re)))

    def inverse(self) -> Residues:
        """1 / z."""
        if self.im is None:
            return Residues(inverse(self.re))
        norm = inverse(add(multiply(self.re, self.re), multiply(self.im, self.im)))
        return Residues(multiply(self.re, norm), negative(multiply(self.im, norm)))

    def power(self, exponent: int) -> Residues:
        """Z ** exponent; the empty product is 1."""
        base = self.inverse() if exponent < 0 else self
        if base.im is None:
            return Residues(power(base.re, abs(exponent)))
        out = Residues(np.ones_like(base.re))
        for bit in f"{abs(exponent):b}":
            out = out * out
            out = out * base if bit == "1" else out
        return out

    def shaped(self, change: Callable[[Any], Any]) -> Residues:
        """The same elements in another order or another shape."""
        return Residues(change(self.re), None if self.im is None else change(self.im))

    def total(self, axis: int) -> Residues:
        """The sum along an axis."""
        return self.shaped(lambda a: total(a, axis))

    def nowhere(self) -> Any:
        """Where the element is 0."""
        return self.re == 0 if self.im is None else (self.re == 0) & (self.im == 0)

    def without(self, places: Any) -> Residues:
        """With 1 at some places."""
        im = None if self.im is None else np.where(places, np.uint64(0), self.im)
        return Residues(np.where(places, _1, self.re), im)

    def chosen(self, mask: Any, other: Residues) -> Residues:
        """These elements where the mask holds, else the others."""
        re = np.where(mask, self.re, other.re)
        if self.im is None and other.im is None:
            return Residues(re)
        ims = [np.uint64(0) if one.im is None else one.im for one in (self, other)]
        return Residues(re, np.where(mask, *ims))
