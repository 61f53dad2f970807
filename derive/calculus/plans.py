"""What a plan of a formula over numbered atoms comes to: its size, its value, its terms.

A plan is a tuple: ("num", value), ("atom", number), ("add", parts), ("mul", parts) or
("pow", base, exponent) with an integer exponent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sympy import QQ

Plan = tuple[Any, ...]

HUGE = 10**9
"""More terms than this are counted as so many."""


@dataclass(frozen=True)
class _Count:
    """At most so many terms above a fraction's bar, its degrees there, and the brackets below."""

    terms: int = 1
    degrees: Mapping[int, int] = field(default_factory=dict)
    below: Mapping[Plan, int] = field(default_factory=dict)


def terms_over_one(plan: Plan) -> int:
    """At most how many terms stand above and below, put over one denominator and multiplied out.

    Neither the powers of the letters nor the products of the brackets allow more; 40 fractions
    1/(t + k) have 81 terms, since all are in one letter, and 8 fractions 1/(1 + e_k) have 1 281.
    """
    brackets: dict[Plan, _Count] = {}
    count = _counted(plan, brackets)
    below = _product([_power(brackets[b], k) for b, k in count.below.items()])
    return count.terms + below.terms


def _counted(plan: Plan, brackets: dict[Plan, _Count]) -> _Count:
    match plan:
        case ("num", _):
            return _Count()
        case ("atom", number):
            return _Count(1, {number: 1})
        case ("mul", parts):
            return _product([_counted(part, brackets) for part in parts])
        case ("pow", base, exponent) if exponent >= 0:
            return _power(_counted(base, brackets), exponent)
        case ("pow", ("mul", parts), exponent):
            return _counted(("mul", tuple(("pow", p, exponent) for p in parts)), brackets)
        case ("pow", ("pow", base, k), exponent):
            return _counted(("pow", base, k * exponent), brackets)
        case ("pow", base, exponent):
            whole = _counted(base, brackets)
            brackets[base] = _Count(whole.terms, whole.degrees)
            above = _product([_power(brackets[b], -k * exponent) for b, k in whole.below.items()])
            return _Count(above.terms, above.degrees, {base: -exponent})
        case ("add", parts):
            return _sum([_counted(part, brackets) for part in parts], brackets)
    raise AssertionError(plan)


def _product(counts: Iterable[_Count]) -> _Count:
    terms, degrees, below = 1, dict[int, int](), dict[Plan, int]()
    for count in counts:
        terms = min(HUGE, terms * count.terms)
        for number, k in count.degrees.items():
            degrees[number] = degrees.get(number, 0) + k
        for bracket, k in count.below.items():
            below[bracket] = below.get(bracket, 0) + k
    return _Count(_within(terms, degrees), degrees, below)


def _power(count: _Count, k: int) -> _Count:
    terms = 1
    for j in range(1, min(count.terms - 1, k) + 1):  # the binomial coefficient, as far as it counts
        terms = terms * (count.terms - 1 + k - j + 1) // j
        if terms > HUGE:
            break
    degrees = {number: k * degree for number, degree in count.degrees.items()}
    below = {bracket: k * power for bracket, power in count.below.items()}
    return _Count(_within(terms, degrees), degrees, below)


def _sum(counts: list[_Count], brackets: Mapping[Plan, _Count]) -> _Count:
    """A sum over the common denominator: every part is multiplied by the brackets it lacks."""
    below: dict[Plan, int] = {}
    for count in counts:
        for bracket, k in count.below.items():
            below[bracket] = max(below.get(bracket, 0), k)
    terms, degrees = 0, dict[int, int]()
    for count in counts:
        lacking = ((b, k - count.below.get(b, 0)) for b, k in below.items())
        whole = _product([count, *(_power(brackets[b], k) for b, k in lacking if k)])
        terms += whole.terms
        for number, k in whole.degrees.items():
            degrees[number] = max(degrees.get(number, 0), k)
    return _Count(_within(terms, degrees), degrees, below)


def _within(terms: int, degrees: Mapping[int, int]) -> int:
    """No polynomial has more terms than there are powers of its letters."""
    return min(terms, HUGE, math.prod(min(HUGE, k + 1) for k in degrees.values()))


def evaluated(plan: Plan, domain: Any) -> Any:
    """The value of a plan in a field of rational functions, one generator for each atom.

    Raises:
        ZeroDivisionError: It divides by 0.
    """
    return domain.field_new(_evaluated(plan, domain))


def _evaluated(plan: Plan, domain: Any) -> Any:
    """A polynomial, or a fraction from where on something is divided by: those cost far more."""
    ring = domain.ring
    match plan:
        case ("num", value):
            return ring.one * QQ(value.numerator, value.denominator)
        case ("add", parts):
            total = ring.zero
            for part in parts:
                total = total + _evaluated(part, domain)
            return total
        case ("mul", parts):
            product = ring.one
            for part in parts:
                product = product * _evaluated(part, domain)
            return product
        case ("pow", base, exponent):
            value = _evaluated(base, domain)
            return (value if exponent >= 0 else domain.field_new(value)) ** exponent
        case ("atom", number):
            return ring.gens[number]
    raise AssertionError(plan)


Powers = tuple[tuple[int, int], ...]
"""The atoms of a term with their powers, which may be negative, by their numbers."""


def terms_apart(plan: Plan) -> tuple[Powers, dict[Powers, Fraction]]:
    """Powers of atoms that all terms share, and the sum of what is left of them, like terms added.

    Every term keeps its own denominators. The terms of the plan are products of numbers and of
    powers of atoms.

    Raises:
        ZeroDivisionError: It divides by 0.
    """
    total: dict[Powers, Fraction] = {}
    for part in plan[1] if plan[0] == "add" else (plan,):
        powers: dict[int, int] = {}
        value = _gathered(part, 1, powers)
        key = tuple(sorted((n, k) for n, k in powers.items() if k))
        total[key] = total.get(key, Fraction(0)) + value
    total = {key: value for key, value in total.items() if value}
    shared = _shared([dict(key) for key in total])
    return tuple(sorted(shared.items())), {
        tuple((n, k - shared.get(n, 0)) for n, k in key if k != shared.get(n, 0)): value
        for key, value in total.items()
    }


def _gathered(plan: Plan, exponent: int, powers: dict[int, int]) -> Fraction:
    """The number in a product, whose atoms are added to `powers`."""
    match plan:
        case ("num", value):
            number: Fraction = value**exponent
            return number
        case ("atom", number):
            powers[number] = powers.get(number, 0) + exponent
            return Fraction(1)
        case ("mul", parts):
            return math.prod((_gathered(p, exponent, powers) for p in parts), start=Fraction(1))
        case ("pow", base, k):
            return _gathered(base, k * exponent, powers)
    raise AssertionError(plan)


def _shared(terms: list[dict[int, int]]) -> dict[int, int]:
    """The powers of atoms that stand in all terms: the lowest ones, of one sign."""
    shared: dict[int, int] = {}
    for number in sorted(terms[0] if terms else ()):
        found = [term.get(number, 0) for term in terms]
        if all(k > 0 for k in found):
            shared[number] = min(found)
        elif all(k < 0 for k in found):
            shared[number] = max(found)
    return shared
