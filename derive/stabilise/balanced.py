r"""Rational formulas of a large letter, balanced so that nothing in them can overflow.

A letter w that may be very large is written up/down, where both lie between 0 and 1 in size and one
of them is 1: for w = e^u these are e^{min(u, 0)} and e^{-max(u, 0)}, for a residual w = r they are
clamp(r) and 1/max(|r|, 1). A quotient of polynomials in w becomes one of homogeneous polynomials in
up and down; powers that both sides have in common cancel, and what is left is a product of factors
each of which is a sum of terms of moderate size.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from derive.calculus.factors import irreducible_factors
from derive.calculus.polynomial import Atoms, collect, factored, fraction
from derive.calculus.quotients import nested
from derive.notation.expression import (
    MINUS_ONE,
    ONE,
    Apply,
    Entry,
    Expr,
    Mul,
    Num,
    Tensor,
    add,
    mul,
)
from derive.notation.tree import children, rebuild
from derive.stabilise.products import powers, product, raised, times

UP = Tensor("up", role="constant")()
DOWN = Tensor("down", role="constant")()


@dataclass(frozen=True)
class Factor:
    """A homogeneous polynomial: the coefficient of up^a down^b for every pair (a, b)."""

    coefficients: tuple[tuple[tuple[int, int], Expr], ...]
    degree: int
    power: int

    @property
    def symmetric(self) -> bool:
        """Whether up and down may change places."""
        table = dict(self.coefficients)
        return all(table.get((b, a)) == c for (a, b), c in table.items())


@dataclass(frozen=True)
class Balanced:
    """number * up^rise * down^fall * factors; a factor with a negative power stands below."""

    number: Fraction
    plain: tuple[Expr, ...]
    rise: int
    fall: int
    factors: tuple[Factor, ...]


def balanced(e: Expr, degrees: Mapping[Expr, int] | None = None) -> Balanced | None:
    """A formula in the letters UP and DOWN, cancelled and in factors.

    `degrees` are those of further letters: of a root of a homogeneous polynomial, for example.
    """
    atoms = Atoms()
    atoms.add(UP)
    atoms.add(DOWN)
    plan = collect(e, atoms)
    found = atoms.found
    weights = (1, 1, *((degrees or {}).get(atom, 0) for atom in found[2:]))
    value = fraction(plan, atoms)
    if not value:
        return None
    number, rise, fall = Fraction(1), 0, 0
    plain: list[Expr] = []
    factors: list[Factor] = []
    for poly, sign in ((value.numer, 1), (value.denom, -1)):
        content, parts = irreducible_factors(poly)
        number *= Fraction(int(content.numerator), int(content.denominator)) ** sign
        for part, power in parts:
            terms = _terms(part, found, weights)
            if terms is None:
                return None
            coefficients, degree = terms
            if degree == 0:
                plain.append(raised(factored(part, found), sign * power))
            elif coefficients == {(1, 0): ONE}:
                rise += sign * power
            elif coefficients == {(0, 1): ONE}:
                fall += sign * power
            else:
                coefficients, flip = _upright(coefficients)
                number *= flip**power
                factors.append(Factor(tuple(sorted(coefficients.items())), degree, sign * power))
    return Balanced(number, tuple(plain), rise, fall, tuple(factors))


def coarser(b: Balanced) -> tuple[Balanced, int]:
    """The same in the powers up^g and down^g for the largest g in which it can be written, and g.

    What is a function of e^{2u} alone needs no square of e^u.
    """
    powers = {b.rise, b.fall, *(k for f in b.factors for pair, _ in f.coefficients for k in pair)}
    g = math.gcd(*powers)
    if g <= 1:
        return b, 1
    factors = tuple(
        Factor(tuple(((i // g, j // g), c) for (i, j), c in f.coefficients), f.degree // g, f.power)
        for f in b.factors
    )
    return replace(b, rise=b.rise // g, fall=b.fall // g, factors=factors), g


def _terms(
    part: Any, found: list[Expr], weights: tuple[int, ...]
) -> tuple[dict[tuple[int, int], Expr], int] | None:
    """The coefficients by the powers of UP and DOWN, and the degree; None if not homogeneous."""
    grouped: dict[tuple[int, int], Any] = {}
    degrees: set[int] = set()
    for monomial, value in part.terms():
        degrees.add(sum(k * weight for k, weight in zip(monomial, weights, strict=True)))
        grouped.setdefault(monomial[:2], {})[(0, 0, *monomial[2:])] = value
    if len(degrees) != 1:
        return None
    coefficients = {k: factored(part.ring.from_dict(t), found) for k, t in grouped.items()}
    return coefficients, degrees.pop()


def _upright(coefficients: dict[tuple[int, int], Expr]) -> tuple[dict[tuple[int, int], Expr], int]:
    """A factor whose highest term is not written with a minus sign."""
    top = coefficients[max(coefficients)]
    first = top.args[0] if isinstance(top, Mul) else top
    if isinstance(first, Num) and first.value < 0:
        return {k: _negated(c) for k, c in coefficients.items()}, -1
    return coefficients, 1


def _negated(c: Expr) -> Expr:
    match c:
        case Num(value):
            return Num(-value)
        case Mul((Num(value), *rest)):
            return mul(*rest) if value == -1 else mul(Num(-value), *rest)
    return mul(MINUS_ONE, c)


@dataclass(frozen=True)
class Scale:
    """What UP and DOWN are, and how products of them are best written.

    Attributes:
        up, down: The two letters, written out.
        both: up * down, where that has a simpler form: e^{-|u|}.
        powers: (rise, fall) to the formula up^rise down^fall.
    """

    up: Expr
    down: Expr
    both: Expr | None
    powers: Callable[[int, int], tuple[Expr, ...]]


Shape = Callable[[Factor, Scale], Expr | None]
"""A factor to its power, written out; None where the plain shape is meant."""


def assembled(b: Balanced, scale: Scale, shape: Shape | None = None) -> Expr:
    """The product, every factor in the given shape."""
    above: list[Expr] = [] if b.number == 1 else [Num(b.number)]
    above += b.plain
    below: list[Expr] = []
    for factor in b.factors:
        written = None if shape is None else shape(factor, scale)
        if written is None:
            written = raised(plain_shape(factor, scale), abs(factor.power))
        (above if factor.power > 0 else below).append(written)
    above += scale.powers(b.rise, b.fall)
    return product(above, below)


def plain_shape(factor: Factor, scale: Scale) -> Expr:
    """sum_k c_k up^k down^(d - k), in powers of up * down where both may change places."""
    if factor.symmetric and scale.both is not None:
        # For w = T and for w = 1/T the polynomial in w is sum_k c_k T^k, divided by w^d or not.
        return add(*(times(c, *powers(scale.both, k)) for (k, _), c in factor.coefficients))
    return add(*(times(c, *scale.powers(*pair)) for pair, c in reversed(factor.coefficients)))


def nested_shape(factor: Factor, scale: Scale) -> Expr | None:
    """A power of 1 + T multiplied out and nested: 1 + T (2 + T)."""
    power = abs(factor.power)
    if not factor.symmetric or scale.both is None or power == 1:
        return None
    if not all(isinstance(c, Num) for _, c in factor.coefficients):
        return None
    own = {k: c.value for (k, _), c in factor.coefficients if isinstance(c, Num)}
    total = {0: Fraction(1)}
    for _ in range(power):
        grown: dict[int, Fraction] = {}
        for (a, x), (b, y) in itertools.product(total.items(), own.items()):
            grown[a + b] = grown.get(a + b, Fraction(0)) + x * y
        total = grown
    return nested({k: Num(c) for k, c in total.items() if c}, scale.both)


def in_letter(e: Expr, letter: Entry) -> Expr:
    """`e` with up/down in place of a letter; a function of the letter stays a letter itself."""
    if e == letter:
        return UP / DOWN
    if isinstance(e, Apply):
        return e
    parts = children(e)
    return rebuild(e, tuple(in_letter(part, letter) for part in parts)) if parts else e
