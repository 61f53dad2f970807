"""The derivative of a quotient by t: the judge's own knowledge of primitive functions.

Sources: NIST Digital Library of Mathematical Functions, 4.4 to 4.28 (elementary functions), 5.2,
5.7, 5.15 (gamma function), 7.2 (error functions).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from derive.judge.quotients import (
    ONE,
    PI,
    ROOT_PI,
    Letter,
    Poly,
    Quotient,
    UnknownError,
    function,
    number,
    plus,
    quotient,
    scaled,
    single,
    times,
)
from derive.notation.interval import NONNEGATIVE, POSITIVE, REAL, Interval

Way = Literal["up", "down"]


@dataclass(frozen=True)
class Primitive:
    """What is known of a primitive function f.

    Attributes:
        slope: f'(w) as a quotient in w.
        domain: Where it is defined and smooth.
        way: Which way it goes on its domain, strictly, or None.
        ends: Its limits at the ends of the domain: a quotient, minus or plus infinity.
        range: Bounds of its values.
        attained: Whether the ends of `range` are values.
        tiny: The end of the real line at which it falls faster than any power grows: -1, 1, or 0.
    """

    slope: Callable[[Quotient], Quotient]
    domain: Interval = REAL
    way: Way | None = None
    ends: tuple[Quotient | float, Quotient | float] | None = None
    range: Interval = REAL
    attained: bool = False
    tiny: int = 0


def _bell(w: Quotient, front: int) -> Quotient:
    """front/sqrt(pi) e^{-w^2}."""
    return number(front) * single(ROOT_PI).inverse() * function("exp", -(w * w))


def _half_root(w: Quotient) -> Quotient:
    return function("sqrt", w).inverse() * number(Fraction(1, 2))


HALF_PI = PI * number(Fraction(1, 2))
INSIDE = Interval(Fraction(-1), Fraction(1), True, True)
PRIMITIVES: dict[str, Primitive] = {
    "exp": Primitive(lambda w: function("exp", w), way="up", ends=(number(0), math.inf),
                     range=POSITIVE, tiny=-1),
    "log": Primitive(lambda w: w.inverse(), POSITIVE, "up", (-math.inf, math.inf)),
    "sqrt": Primitive(_half_root, POSITIVE, "up", (number(0), math.inf), NONNEGATIVE),
    "sin": Primitive(lambda w: function("cos", w), range=Interval(-1, 1),
                     attained=True),
    "cos": Primitive(lambda w: -function("sin", w), range=Interval(-1, 1),
                     attained=True),
    "atan": Primitive(lambda w: (number(1) + w * w).inverse(), way="up",
                      ends=(-HALF_PI, HALF_PI),
                      range=Interval(Fraction(-158, 100), Fraction(158, 100))),
    "erf": Primitive(lambda w: _bell(w, 2), way="up", ends=(number(-1), number(1)), range=INSIDE),
    "erfc": Primitive(lambda w: _bell(w, -2), way="down", ends=(number(2), number(0)),
                      range=Interval(Fraction(0), Fraction(2), True, True), tiny=1),
    "lgamma": Primitive(lambda w: function("digamma", w), POSITIVE),
    "digamma": Primitive(lambda w: function("trigamma", w), POSITIVE, "up",
                         (-math.inf, math.inf)),
    "trigamma": Primitive(lambda w: function("psi2", w), POSITIVE, "down",
                          (math.inf, number(0)), POSITIVE),
    # psi2 stands for the second derivative of digamma alone, which is known to be negative.
    "psi2": Primitive(lambda w: function("psi3", w), POSITIVE, "up", (-math.inf, number(0)),
                      Interval(high=Fraction(0), high_open=True)),
}  # fmt: skip


def slope(q: Quotient) -> Quotient:
    """dq/dt."""
    below = dict(q.below)
    moving = [part for part, _ in q.below if not part.constant]
    total = _poly_slope(q.top) * Quotient(ONE, q.below)
    for part in moving:
        lost = Quotient(scaled(q.top, Fraction(-below[part])), ()) * Quotient(ONE, q.below)
        total = total + lost * _poly_slope(part) * Quotient(ONE, ((part, 1),))
    return total


def _poly_slope(p: Poly) -> Quotient:
    out = number(0)
    for letter in p.letters:
        if letter.constant:
            continue
        partial = []
        for monomial, c in p.terms:
            k = dict(monomial).get(letter, 0)
            if k:
                left = tuple((a, j - (a == letter)) for a, j in monomial if j - (a == letter))
                partial.append(Poly(((left, c * k),)))
        out = out + Quotient(plus(*partial)) * letter_slope(letter)
    return out


def letter_slope(letter: Letter) -> Quotient:
    """The derivative of a letter by t."""
    if letter.name == "t":
        return number(1)
    if letter.arg is None:
        return number(0)
    inner = slope(letter.arg)
    if letter.name == "power":
        return inner * letter.arg.inverse() * single(letter) * number(letter.power)
    if letter.name == "sqrt":
        return inner * quotient(ONE, {times(scaled(ONE, Fraction(2)), single(letter).top): 1})
    if letter.name not in PRIMITIVES:
        raise UnknownError(letter.name)
    return inner * PRIMITIVES[letter.name].slope(letter.arg)
