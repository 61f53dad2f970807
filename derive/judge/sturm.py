"""Whether a polynomial in one letter is never negative on an interval: Sturm's theorem, exact."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from derive.judge.quotients import Letter, Poly
from derive.notation.interval import End, Interval

Coefficients = tuple[Fraction, ...]
"""From the constant term upwards."""


def nonnegative_between(
    p: Poly, letter: Letter, where: Interval
) -> Literal["positive", "nonnegative"] | None:
    """That p > 0 or p >= 0 where its one letter lies in the interval; None where it is not."""
    degree = max(dict(m).get(letter, 0) for m, _ in p.terms)
    coefficients = [Fraction(0)] * (degree + 1)
    for monomial, c in p.terms:
        coefficients[dict(monomial).get(letter, 0)] += c
    f = tuple(coefficients)
    if where.low == where.high:
        value = at(f, Fraction(where.low))
        return "positive" if value > 0 else "nonnegative" if value == 0 else None
    # Zeros of odd order are those of the squarefree parts of odd order: there the sign changes.
    for order, part in enumerate(_squarefree(f), start=1):
        if order % 2 and roots_inside(part, where):
            return None
    if at(f, _sample(f, where)) < 0:
        return None
    simple = _product_of(_squarefree(f))
    touched = roots_inside(simple, where)
    ends = [e for e in (where.low, where.high) if not isinstance(e, float) and e in where]
    touched = touched or any(at(f, Fraction(e)) == 0 for e in ends)
    return "nonnegative" if touched else "positive"


def at(f: Coefficients, x: Fraction) -> Fraction:
    """The value, by Horner's rule."""
    out = Fraction(0)
    for c in reversed(f):
        out = out * x + c
    return out


def roots_inside(f: Coefficients, where: Interval) -> int:
    """The number of zeros of a squarefree polynomial strictly inside of an interval."""
    if len(f) < 2:
        return 0
    chain = [f, _derived(f)]
    while len(chain[-1]) > 1:
        rest = _remainder(chain[-2], chain[-1])
        if not rest:
            break
        chain.append(tuple(-c for c in rest))
    # Sturm counts the zeros above the lower end, up to and with the upper one.
    count = _changes(chain, where.low) - _changes(chain, where.high)
    at_top = not isinstance(where.high, float) and at(f, where.high) == 0
    return count - at_top


def _changes(chain: list[Coefficients], x: End) -> int:
    signs = [_sign_at(f, x) for f in chain]
    kept = [s for s in signs if s]
    return sum(a != b for a, b in pairwise(kept))


def _sign_at(f: Coefficients, x: End) -> int:
    at_infinity = f[-1] if x == math.inf or len(f) % 2 else -f[-1]
    value = at_infinity if isinstance(x, float) else at(f, x)
    return (value > 0) - (value < 0)


def _sample(f: Coefficients, where: Interval) -> Fraction:
    """A place inside at which f is not zero."""
    low = Fraction(where.low) if not isinstance(where.low, float) else None
    high = Fraction(where.high) if not isinstance(where.high, float) else None
    if low is None and high is None:
        low, high = Fraction(-1), Fraction(1)
    elif low is None or high is None:
        low = low if low is not None else Fraction(high or 0) - 1
        high = high if high is not None else low + 1
    for k in range(1, len(f) + 2):
        x = low + (high - low) * Fraction(k, len(f) + 2)
        if at(f, x):
            return x
    return low


def _squarefree(f: Coefficients) -> list[Coefficients]:
    """Yun's algorithm: f is a constant times the product of part_k^k."""
    out: list[Coefficients] = []
    common = _divisor(f, _derived(f))
    rest, shared = _divided(f, common), common
    while len(rest) > 1:
        next_ = _divisor(rest, shared)
        out.append(_divided(rest, next_))
        rest, shared = next_, _divided(shared, next_)
    return out


def _product_of(parts: list[Coefficients]) -> Coefficients:
    out: Coefficients = (Fraction(1),)
    for part in parts:
        total = [Fraction(0)] * (len(out) + len(part) - 1)
        for i, a in enumerate(out):
            for j, b in enumerate(part):
                total[i + j] += a * b
        out = tuple(total)
    return out


def _derived(f: Coefficients) -> Coefficients:
    return tuple(k * c for k, c in enumerate(f))[1:] or (Fraction(0),)


def _divisor(a: Coefficients, b: Coefficients) -> Coefficients:
    """The greatest common divisor, with leading coefficient 1."""
    a, b = _trimmed(a), _trimmed(b)
    while b:
        a, b = b, _remainder(a, b)
    return tuple(c / a[-1] for c in a)


def _trimmed(f: Coefficients) -> Coefficients:
    out = list(f)
    while out and not out[-1]:
        out.pop()
    return tuple(out)


def _remainder(a: Coefficients, b: Coefficients) -> Coefficients:
    return _division(a, b)[1]


def _divided(a: Coefficients, b: Coefficients) -> Coefficients:
    return _division(a, b)[0]


def _division(a: Coefficients, b: Coefficients) -> tuple[Coefficients, Coefficients]:
    rest, out = list(a), [Fraction(0)] * max(len(a) - len(b) + 1, 1)
    while len(rest) >= len(b) and any(rest):
        factor, place = rest[-1] / b[-1], len(rest) - len(b)
        out[place] = factor
        for k, c in enumerate(b):
            rest[place + k] -= factor * c
        rest.pop()
    return tuple(out), _trimmed(tuple(rest))
