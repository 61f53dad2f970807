"""Polynomials that are never negative: sums of squares and roots, against SymPy and samples."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy

from derive.certify.certificate import certified
from derive.certify.roots import never_negative
from derive.certify.signs import nonnegative_form
from derive.certify.squares import sum_of_squares
from derive.judge import judge_certificate
from derive.judge.squares import SQUARES, false_squares, polynomial
from derive.notation import POSITIVE, Interval, parameter
from derive.readers.file import problem_from_lines
from tests.fuzz.dual_numbers import seeded

x, y, z = (parameter(letter)() for letter in "xyz")
p, q = (parameter(letter, domain=POSITIVE)() for letter in "pq")
X = sympy.symbols("x y z")


def spelled(squares, variables):
    total = sympy.Integer(0)
    for square in squares:
        base = sum(
            sympy.Rational(c.numerator, c.denominator)
            * sympy.prod(v**k for v, k in zip(variables, m, strict=True))
            for m, c in square.base
        )
        factor = sympy.prod(v**k for v, k in zip(variables, square.factor, strict=True))
        total += sympy.Rational(square.weight.numerator, square.weight.denominator) * (
            factor * base**2
        )
    return sympy.expand(total)


def terms_of(poly, variables):
    return {
        m: Fraction(int(c.p), int(c.q)) for m, c in sympy.Poly(poly, *variables).terms() if c != 0
    }


@pytest.mark.parametrize("seed", range(25))
def test_sums_of_squares_are_found_and_are_equal(seed) -> None:
    rng = seeded(f"squares {seed}")
    variables = X[: rng.choice((2, 2, 3))]
    monomials = [m for m in product(range(3), repeat=len(variables)) if sum(m) <= 2]
    poly = sympy.Rational(1, 7) * sum(
        sympy.prod(v**k for v, k in zip(variables, m, strict=True)) ** 2 for m in monomials
    )
    for _ in range(3):
        base = sum(
            rng.randint(-3, 3) * sympy.prod(v**k for v, k in zip(variables, m, strict=True))
            for m in rng.sample(monomials, 3)
        )
        poly += base**2
    poly = sympy.expand(poly)
    found = sum_of_squares(terms_of(poly, variables), (False,) * len(variables))
    assert found is not None
    assert all(square.weight > 0 and not any(square.factor) for square in found)
    assert sympy.expand(spelled(found, variables) - poly) == 0


def test_variables_that_are_never_negative() -> None:
    a, b = X[:2]
    poly = sympy.expand(a * (a - b) ** 2 + b * (a - 2 * b) ** 2 + a * b)
    found = sum_of_squares(terms_of(poly, (a, b)), (True, True))
    assert found is not None
    assert sympy.expand(spelled(found, (a, b)) - poly) == 0
    assert sum_of_squares(terms_of(poly, (a, b)), (False, False)) is None


@pytest.mark.parametrize(
    "e",
    [
        x**2 - 3 * x * y + y**2,
        x**4 + y**4 - 3 * x**2 * y**2,
        x**2 + y**2 + z**2 - 3 * x * y * z,
        x**4 * y**2 + x**2 * y**4 - 4 * x**2 * y**2 + 1,
        p**2 - 3 * p * q + q**2,
        p**3 - 3 * p + 1,
        x**3 + 1,
        # never negative, but no sum of squares (T. S. Motzkin, 1967): it stays open
        x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1,
    ],
)
def test_what_is_negative_somewhere_is_not_shown(e) -> None:
    assert nonnegative_form(e, ()) is None


@pytest.mark.parametrize("seed", range(60))
def test_roots_agree_with_samples(seed) -> None:
    rng = seeded(f"roots {seed}")
    roots = [Fraction(rng.randint(-4, 4)) for _ in range(rng.randint(0, 3))]
    coefficients = np.array([Fraction(rng.choice((-1, 1, 2)))])
    for root in roots:
        coefficients = np.convolve(coefficients, np.array([Fraction(1), -root]))
    if rng.random() < 0.5:
        coefficients = np.convolve(coefficients, np.array([Fraction(1), Fraction(0), Fraction(1)]))
    low, high = sorted(Fraction(rng.randint(-4, 4)) for _ in range(2))
    values = rng.choice((Interval(), Interval(low=low), Interval(high=high), Interval(low, high)))
    first = Fraction(-9) if values.low == -np.inf else values.low
    last = Fraction(9) if values.high == np.inf else values.high
    points = [first + (last - first) * Fraction(k, 72) for k in range(73)]
    least = min(sum(c * t**k for k, c in enumerate(coefficients[::-1])) for t in points)
    assert never_negative(tuple(coefficients), values) == (least >= 0)


def test_the_judge_multiplies_squares_out() -> None:
    made = problem_from_lines(
        "title: t\nparameter x\nparameter y\nparameter z\n"
        "J = x^4 + y^4 + z^4 + x^2 y^2 + y^2 z^2 + z^2 x^2 + x y + x^2 + y^2",
        "t",
    )
    certificate, _ = certified(made)
    assert certificate.convex
    parts = [d for a in certificate.arguments for _, claims in a.claims for d in claims]
    looked_at = [d for d in parts if any(step.rule == SQUARES for step in d.steps)]
    assert looked_at
    for part in looked_at:
        assert false_squares(part) == ""
        # A coefficient that is wrong by very little passes no test, whatever the points.
        changed = tuple(
            replace(step, after=step.after + Fraction(1, 10**60) * x**2)
            if step.rule == SQUARES
            else step
            for step in part.steps
        )
        assert false_squares(replace(part, steps=changed))
    assert all(step.passed for step in judge_certificate(certificate))


def test_coefficients() -> None:
    assert polynomial((x + y) * (x - y)) == polynomial(x**2 - y**2)
    assert polynomial((x - 2 * y) ** 3) != polynomial(x**3 - 8 * y**3)
    assert polynomial(x - x) == {}
