"""The forms that are chosen, their figures, and that the measure sees what is wrong."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.judge.best import best_arithmetic
from derive.judge.floats import FloatArithmetic
from derive.notation import sigmoid
from derive.notation.functions import exp, expm1, log1p, log_cosh, softplus, sqrt, tanh
from derive.notation.text import text
from derive.stabilise.choose import GOOD, chosen, forms
from derive.stabilise.halves import halved
from derive.stabilise.measure import error, truth
from derive.stabilise.roots import roots_apart
from derive.stabilise.rounding import Rounded, nearest
from tests.programs.linear_models import LINEAR
from tests.stabilise.test_forms import FORMULAS, c, i, problem, r, y, z

FAMILIES = (
    "logistic", "logistic_signs", "least_squares", "poisson", "log_cosh_loss", "pseudo_huber",
    "exponential_loss", "squared_hinge", "complementary_log_log",
)  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_the_named_families_are_accurate_as_measured(name) -> None:
    own = next(p for p in LINEAR if p.name == name)
    linear = linear_predictor(own, sample_loss(own))
    for part in (linear.loss, linear.slope, linear.curvature):
        best = chosen(forms(part.last, own, linear.score.tensor[linear.sample]))
        assert best.error.faultless
        assert best.error.worst <= GOOD


def test_the_textbook_slope_is_seen_to_lose_its_digits() -> None:
    e = FORMULAS["difference"]
    own = problem(e)
    found = {text(f.formula): f.error for f in forms(e, own, z.tensor[i])}
    assert found["sigmoid(z_i) - y_i"].wrong > 5
    assert chosen(forms(e, own, z.tensor[i])).error.worst < 3


def test_overflow_and_wrong_signs_are_seen() -> None:
    arithmetic = best_arithmetic()
    e = softplus(z[i])
    own = problem(e)
    known = truth(e, own, z.tensor[i], arithmetic)
    rounded = Rounded(own, known.letters, arithmetic)
    assert error(log1p(exp(z[i])), known, rounded).wrong > 5
    normal = np.abs(known.value) > np.finfo(float).tiny
    assert error(-softplus(z[i]), known, rounded).wrong >= np.count_nonzero(normal)
    assert error(e, known, rounded).wrong == 0
    # Right values by way of an infinite part.
    e = sigmoid(-z[i])
    known = truth(e, own, z.tensor[i], arithmetic)
    found = error(1 / (1 + exp(z[i])), known, Rounded(own, known.letters, arithmetic))
    assert found.overflows > 5


def test_a_form_that_is_off_by_a_few_units_is_seen() -> None:
    arithmetic = best_arithmetic()
    e = sigmoid(z[i])
    own = problem(e)
    known = truth(e, own, z.tensor[i], arithmetic)
    rounded = Rounded(own, known.letters, arithmetic)
    plain = error(e, known, rounded)
    off = error(e * (1 + 2 * Fraction(2.0**-52)), known, rounded)
    assert plain.worst < 3 < off.worst < 8


@pytest.mark.parametrize("function", [exp, expm1, log1p, tanh, softplus, log_cosh, sqrt])
def test_functions_are_rounded_to_the_nearest(function) -> None:
    rng = np.random.default_rng(5)
    arithmetic = best_arithmetic()
    named = {
        "exp": mpmath.exp, "expm1": mpmath.expm1, "tanh": mpmath.tanh, "sqrt": mpmath.sqrt,
        "log1p": lambda t: mpmath.log(1 + t), "softplus": lambda t: mpmath.log(1 + mpmath.exp(t)),
        "log_cosh": lambda t: mpmath.log(mpmath.cosh(t)),
    }[function.name]  # fmt: skip
    with mpmath.workdps(400):
        for t in [*rng.uniform(0, 40, 20), 1e-17, 1e-9, 300.5]:
            t = float(t)
            assert nearest(function, t, arithmetic) == float(named(mpmath.mpf(t)))
            if function.name not in ("sqrt", "log1p"):
                assert nearest(function, -t, arithmetic) == float(named(mpmath.mpf(-t)))
    assert math.isnan(nearest(function, math.nan, arithmetic))


def test_the_same_form_is_chosen_without_ball_arithmetic(monkeypatch) -> None:
    e = FORMULAS["difference"]
    own = problem(e)
    balls = chosen(forms(e, own, z.tensor[i]))
    monkeypatch.setattr("derive.stabilise.choose.best_arithmetic", lambda: FloatArithmetic(200))
    assert chosen(forms(e, own, z.tensor[i])) == balls


def test_products_are_taken_from_both_sides() -> None:
    e = c[i] * exp(-z[i])
    assert text(halved(e)) == "exp(-(1/2) z_i) c_i exp(-(1/2) z_i)"
    assert halved(y[i] * exp(-z[i])) == y[i] * exp(-z[i]), "y is at most 1"
    own = problem(e)
    worst = {text(f.formula): f.error.worst for f in forms(e, own, z.tensor[i])}
    assert worst[text(halved(e))] < 4 < worst[text(e)]


def test_odd_powers_of_roots() -> None:
    x = 1 + r[i] ** 2
    assert roots_apart(sqrt(x) ** 3) == x * sqrt(x)
    assert roots_apart(1 / sqrt(x) ** 3) == 1 / (x * sqrt(x))
    assert roots_apart(sqrt(x) ** 4) == x**2
