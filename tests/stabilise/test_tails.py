"""Weights on small exponentials, coefficients in bounded data, rests of exponents: equal, exact."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from derive.judge import judge
from derive.notation import OPEN_UNIT, Axis, Problem, Sum, data, exp, log, parameter, sigmoid
from derive.notation.functions import absolute, log1p, log1p_ratio, relu, softplus, sqrt
from derive.notation.text import text
from derive.publish.solvers import special_functions
from derive.record import Derivation, Proof, Step
from derive.stabilise.choose import best, forms
from derive.stabilise.positive import in_corners
from derive.stabilise.roots import roots_apart, scales_out
from derive.stabilise.tails import tail_apart
from tests.programs.linear_models import LINEAR
from tests.stabilise.test_forms import c, i, m, problem, r, y, z
from tests.stabilise.test_rests import sampled

special = special_functions()
e = data("e", domain=OPEN_UNIT)
X, theta = data("X", m, Axis("n")), parameter("theta", Axis("n"))


def equal(before, after) -> bool:
    own = Problem(
        "formula", "Formula", (X, y, c, e), (theta,), 1 / m * Sum(before, i), (z, r)
    )  # fmt: skip
    chain = Derivation("S1", "stable", "form", before, (Step(before, after, "", ""),))
    return judge(Proof(own, (chain,))).passed


def test_polynomials_that_keep_their_sign_have_no_differences() -> None:
    forms_of = {
        2 + 2 * e() * y[i] - e() - 2 * y[i]: ("e + 2 (1 - e) (1 - y_i)", "e + 2 (1 - y_i) (1 - e)"),
        2 * e() * y[i] - e() - 2 * y[i]: ("-(e + 2 (1 - e) y_i)", "-(e + 2 y_i (1 - e))"),
    }
    for before, words in forms_of.items():
        after = in_corners(before)
        assert equal(before, after)
        assert text(after) in words
    mixed = 1 - 2 * y[i] + e() * y[i]
    assert in_corners(mixed) == mixed, "it has both signs"
    assert in_corners(1 - y[i]) == 1 - y[i]


def test_such_polynomials_are_exact_beside_their_zeros() -> None:
    after = in_corners(Fraction(1, 2) * (2 + 2 * e() * y[i] - e() - 2 * y[i]) * relu(z[i]))
    assert text(after) in (
        "((1/2) e + (1 - e) (1 - y_i)) relu(z_i)",
        "((1/2) e + (1 - y_i) (1 - e)) relu(z_i)",
    )


def test_weights_beyond_the_smallest_numbers() -> None:
    before = c[i] * log1p(exp(-absolute(z[i]))) + (1 - y[i]) * c[i] * relu(z[i])
    after = tail_apart(before)
    assert after is not None
    assert "log1p_ratio" in text(after)
    assert equal(before, after)
    assert tail_apart(y[i] * log1p(exp(-absolute(z[i])))) is None, "y is at most 1"


def test_log1p_over_its_argument() -> None:
    t = np.array([0.0, 5e-324, 1e-300, 1e-17, 1e-9, 0.3, 1.0])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = special.log1p_ratio(t)
    assert found[0] == 1
    with mpmath.workdps(400):
        true = [float(mpmath.log1p(mpmath.mpf(float(x))) / mpmath.mpf(float(x))) for x in t[1:]]
    np.testing.assert_allclose(found[1:], true, rtol=4e-16)
    assert equal(log1p(exp(z[i])), exp(z[i]) * log1p_ratio(exp(z[i])))


def test_log_of_one_plus_the_square_of_a_ratio() -> None:
    t = np.array([1.7e308, -1e300, 3.0, 0.0, 1e-200])
    scale = np.array([1e-10, 0.5, 1e-5, 2.0, 1e-300])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = special.log1p_square_ratio(t, scale)
    with mpmath.workdps(1500):
        pairs = zip(t, scale, strict=True)
        true = [float(mpmath.log1p((mpmath.mpf(float(a)) / mpmath.mpf(float(b))) ** 2))
                for a, b in pairs]  # fmt: skip
    np.testing.assert_allclose(found, true, rtol=4e-16)
    assert special.log1p_square_ratio(np.array([np.inf, np.nan]), 2.0)[0] == np.inf


def test_roots_over_one_denominator() -> None:
    before = 1 / sqrt(1 + (r[i] / c[i]) ** 2) ** 3
    after = scales_out(before)
    assert text(roots_apart(after)) == "c_i^3/((c_i^2 + r_i^2) sqrt(c_i^2 + r_i^2))"
    assert equal(before, after)
    assert scales_out(sqrt(1 + (r[i] / c[i]) ** 2)) == sqrt(1 + (r[i] / c[i]) ** 2)


def test_logarithms_of_data_within_an_exponent() -> None:
    formula = (y[i] + c[i]) * softplus(z[i] - c[i]) - y[i] * z[i]
    own = problem(formula)
    found = [f for f in forms(formula, own, z.tensor[i]) if "relu(-(" in text(f.formula)]
    assert found
    assert min(f.error.wrong for f in found) == 0
    u = z[i] - log(c[i])
    spread = (y[i] + c[i]) * sigmoid(u) * sigmoid(-u)
    assert any("absolute" in text(f.formula) for f in forms(spread, problem(spread), z.tensor[i]))


EXACT = (("tweedie", 0), ("tweedie", 1), ("tweedie", 2), ("label_smoothing", 0),
         ("label_smoothing", 1), ("poisson_offset", 1), ("logistic_weighted", 0),
         ("logistic_weighted", 1), ("binomial", 0), ("pseudo_huber", 2))  # fmt: skip


@pytest.mark.parametrize(("name", "which"), EXACT)
def test_these_have_no_wrong_values_and_their_digits(name, which) -> None:
    own = next(p for p in LINEAR if p.name == name)
    formula, score = list(sampled(own))[which]
    found = best(formula, own, score)
    assert found.error.wrong == 0
    assert found.error.worst <= 4


def test_data_without_bounds_stay_as_they_are() -> None:
    before = 2 + 2 * e() * c[i] - e() - 2 * c[i]
    assert in_corners(before) == before
