"""The reference against formulas by hand, and the counting of errors against planted faults."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from tests.accuracy.cases import problem_of
from tests.accuracy.errors import errors
from tests.accuracy.reference import Reference, Truth
from tests.accuracy.rounding import FLOAT32, FLOAT64, rounded

flint = pytest.importorskip("flint")

NUMBERS = [
    Fraction(1, 3), Fraction(-2, 3), Fraction(2) ** 53 + 1, Fraction(2) ** 53 - Fraction(1, 2),
    Fraction(1, 3) / 2**1040, Fraction(3, 5) / 2**1074, Fraction(2, 5) / 2**1074,
    Fraction(-7, 3) * 2**1000, 1 - Fraction(1, 2**54), Fraction(5), Fraction(-1, 2**1074),
]  # fmt: skip


@pytest.mark.parametrize("value", NUMBERS)
def test_a_ball_is_rounded_to_the_nearest_number(value: Fraction) -> None:
    with flint.ctx.workprec(3000):
        found = rounded(flint.arb(flint.fmpq(value.numerator, value.denominator)), FLOAT64)
    assert found is not None
    assert found.nearest == float(value)
    whole = Fraction(found.nearest) + Fraction(found.rest) * Fraction(2) ** found.exponent
    assert abs(whole - value) <= Fraction(2) ** (found.exponent - 50)
    assert abs(found.rest) <= 0.5
    assert math.ldexp(1, found.exponent) == math.ulp(found.nearest)


def test_float32_rounds_to_float32() -> None:
    for value in (1 / 3, 1e-40, 1e-46, 3.4028235e38, -0.1):
        found = rounded(flint.arb(value), FLOAT32)
        assert found is not None
        assert found.nearest == float(np.float32(value))


def test_beyond_the_largest_number_there_is_infinity() -> None:
    for value in (flint.arb(2) ** 1024, flint.arb(2) ** 5000):
        assert rounded(value, FLOAT64).nearest == math.inf
        assert rounded(-value, FLOAT64).nearest == -math.inf


def test_a_wide_ball_gives_no_number() -> None:
    assert rounded(flint.arb(1, 1e-17), FLOAT64) is None


def log_loss(z: mpmath.mpf, y: mpmath.mpf) -> list[mpmath.mpf]:
    h, one = 1 / (1 + mpmath.exp(-z)), 1 / (1 + mpmath.exp(z))
    loss = y * mpmath.log1p(mpmath.exp(-z)) + (1 - y) * mpmath.log1p(mpmath.exp(z))
    return [loss, (1 - y) * h - y * one, h * one]


def probit(z: mpmath.mpf, y: mpmath.mpf) -> list[mpmath.mpf]:
    parts = []
    for x in (z, -z):
        cdf, rest = (mpmath.erfc(s * x / mpmath.sqrt(2)) / 2 for s in (-1, 1))
        ratio = mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi) / cdf
        loss = -mpmath.log(cdf) if x < 0 else -mpmath.log1p(-rest)
        parts.append((loss, -ratio, ratio * (ratio + x)))
    (f, g, h), (a, b, c) = parts
    return [y * f + (1 - y) * a, y * g - (1 - y) * b, y * h + (1 - y) * c]


def gumbel(z: mpmath.mpf, y: mpmath.mpf) -> list[mpmath.mpf]:
    u = mpmath.exp(z)
    g = u / mpmath.expm1(u)
    log_cdf = mpmath.log(-mpmath.expm1(-u)) if u < 1 else mpmath.log1p(-mpmath.exp(-u))
    return [(1 - y) * u - y * log_cdf, (1 - y) * u - y * g, (1 - y) * u + y * g * (u + g - 1)]


BY_HAND = {"logistic": log_loss, "probit": probit, "complementary_log_log": gumbel}
SCORES = (0.0, 0.3, -1.75, 5e-324, 1e-20, 12.5, -36.74, 100.0, -700.0, 1999.0, -2001.0, 4000.0)


@pytest.mark.parametrize("name", BY_HAND)
@pytest.mark.parametrize("z", SCORES)
def test_the_reference_agrees_with_formulas_by_hand(name: str, z: float) -> None:
    reference = Reference(problem_of(name))
    # u + u/(e^u - 1) - 1 loses 2 z/2.3 digits.
    with mpmath.workdps(100 + (int(abs(z)) if name == "complementary_log_log" else 0)):
        for y in (0.0, 1.0, 0.2847):
            if name == "complementary_log_log" and z > 700:
                continue  # e^(e^z) is beyond mpmath
            values = BY_HAND[name](mpmath.mpf(z), mpmath.mpf(y))
            found = reference.at(z, {"y": y})[:3]
            for true, mine in zip(values, found, strict=True):
                assert mine is not None
                # Halfway between two numbers either may be called the nearest.
                assert mine.nearest == float(true) or abs(mine.rest) > 0.5 - 1e-6
                ulp = mpmath.ldexp(1, mine.exponent)
                assert abs((true - mpmath.mpf(mine.nearest)) / ulp - mine.rest) < 1e-5


def test_the_larger_of_two_huge_exponentials_gives_the_sign() -> None:
    # y e^(-2z)/2 - e^(-z): both are beyond all formats, the first by far.
    reference = Reference(problem_of("inverse_gaussian"))
    for z in (-1e4, -1e5, -1e300):
        values = reference.at(z, {"y": 0.2847})[:3]
        assert [v and v.nearest for v in values] == [math.inf, -math.inf, math.inf]


def exponential(z: np.ndarray) -> Truth:
    with flint.ctx.workprec(300):
        return Truth.of([rounded(flint.arb(x).expm1(), FLOAT64) for x in z.tolist()])


def test_errors_are_told_in_ulp() -> None:
    z = np.array([-2.0, -0.5, 0.25, 1.0, 20.0])
    truth = exponential(z)
    exact = np.array(truth.nearest)
    assert errors(lambda _: exact, truth, [z]).plain[0] <= 0.5
    assert 2.5 <= errors(lambda _: exact + 3 * np.spacing(exact), truth, [z]).plain[0] <= 3.5
    assert errors(np.expm1, truth, [z]).wrong == 0


@pytest.mark.parametrize("fault", [math.inf, -math.inf, math.nan, 0.0, -0.5])
def test_a_value_that_is_no_approximation_is_wrong(fault: float) -> None:
    z = np.array([-2.0, -0.5, 0.25, 1.0, 20.0])
    truth = exponential(z)
    planted = truth.nearest.copy()
    planted[2] = fault
    found = errors(lambda _: planted, truth, [z])
    assert found.wrong == 1
    assert found.wrong_at[0][0] == (0.25,)


def test_cancellation_is_seen_and_a_root_forgives_only_what_the_score_may_cause() -> None:
    z = np.array([1e-20, 1e-9, 1e-3])
    truth = exponential(z)
    found = errors(lambda z: np.exp(z) - 1, truth, [z], np.ones(3), np.ones(3, bool))
    assert found.wrong == 1  # 0 for 1e-20
    assert found.conditioned[0] > 1e6


def test_warnings_are_counted_and_those_of_a_true_overflow_apart() -> None:
    z = np.array([1.0, 700.0, 710.0, 1e4])
    truth = exponential(z)
    assert errors(np.expm1, truth, [z]).warnings == 0
    assert errors(np.expm1, truth, [z]).overflows == 2
    noisy = errors(lambda z: np.expm1(z) + 0 * np.exp(2 * z), truth, [z])
    assert noisy.warnings == 1
