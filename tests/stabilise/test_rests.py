"""What rounding takes away and what is put back: exact numbers, forms that are equal, figures."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.judge import judge
from derive.judge.best import best_arithmetic
from derive.notation.functions import SLOT, exp, rest
from derive.notation.text import text
from derive.publish.solvers import special_functions
from derive.record import Derivation, Proof, Step
from derive.stabilise.choose import best, chosen, forms
from derive.stabilise.measure import error, truth
from derive.stabilise.rounding import Rounded
from derive.stabilise.roundings import put_back, rest_of
from tests.programs.linear_models import LINEAR
from tests.stabilise.test_forms import i, problem, r, y, z

special = special_functions()
RNG = np.random.default_rng(11)
A, B = RNG.normal(0, 1, 400) * 2.0 ** RNG.integers(-60, 60, (2, 400))


def exactly(rounded, exact) -> None:
    for found, true in zip(rounded, exact, strict=True):
        assert Fraction(float(found)) == true


def test_rests_of_sums_and_products_are_exact() -> None:
    pairs = [(Fraction(float(a)), Fraction(float(b))) for a, b in zip(A, B, strict=True)]
    exactly(special.sum_rest(A, B), [a + b - Fraction(float(a) + float(b)) for a, b in pairs])
    exactly(special.product_rest(A, B), [a * b - Fraction(float(a) * float(b)) for a, b in pairs])


def test_the_rest_of_a_quotient_is_rounded_once_or_so() -> None:
    for a, b, found in zip(A, B, special.quotient_rest(A, B), strict=True):
        true = Fraction(float(a)) / Fraction(float(b)) - Fraction(float(a) / float(b))
        assert abs(Fraction(float(found)) - true) <= abs(true) * Fraction(1, 2**50)


def test_rests_are_0_where_a_part_overflows_and_silent() -> None:
    with np.errstate(all="raise"):
        assert special.product_rest(np.array([1e300, np.inf]), 3.0).tolist() == [0, 0]
        assert special.sum_rest(np.array([1.7e308, -np.inf]), 1.7e308).tolist() == [0, 0]
        assert special.quotient_rest(np.array([1.0, np.nan]), 0.0).tolist() == [0, 0]


def test_log_of_one_plus_a_square() -> None:
    t = np.array([0.0, 1e-200, 1e-9, 0.3, -7.0, 1e60, -1e150, 1.1e150, 1e300, -1.7e308])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = special.log1p_square(t)
    with mpmath.workdps(700):
        true = [float(mpmath.log1p(mpmath.mpf(float(x)) ** 2)) for x in t]
    np.testing.assert_allclose(found, true, rtol=4e-16, atol=0)


def test_a_weight_of_0_switches_an_infinite_value_off() -> None:
    with np.errstate(all="raise"):
        found = special.weighted(np.array([0.0, 0.5, 1.0]), np.array([-np.inf, -2.0, -np.inf]))
    assert found.tolist() == [0, -1, -np.inf]


def sampled(own):
    linear = linear_predictor(own, sample_loss(own))
    for part in (linear.loss, linear.slope, linear.curvature):
        yield part.last, linear.score.tensor[linear.sample]


@pytest.mark.parametrize("own", LINEAR, ids=lambda p: p.name)
def test_forms_with_rests_equal_their_formulas(own) -> None:
    for e, score in sampled(own):
        made = put_back(e, e, own, score.tensor)
        steps = [Step(e, form, "stable-form", words) for form, words in made]
        chains = [Derivation(f"S{k}", "stable", "form", e, (step,)) for k, step in enumerate(steps)]
        assert not chains or judge(Proof(own, tuple(chains))).passed, text(e)


def test_what_is_no_rest_is_refuted() -> None:
    e = exp(y[i] * z[i])
    own = problem(e)
    ((form, _),) = put_back(e, e, own, z.tensor)
    good = Derivation("S1", "stable", "form", e, (Step(e, form, "", ""),))
    assert judge(Proof(own, (good,))).passed
    bad = Derivation("S1", "stable", "form", e, (Step(e, e + e * y[i] * z[i] / 10**6, "", ""),))
    assert not judge(Proof(own, (bad,))).passed


def test_the_rest_of_a_formula_follows_its_operations() -> None:
    own = problem(exp(r[i]))
    found = {
        text(u): text(rest_of(u, own))
        for u in (r[i], -2 * r[i], y[i] * z[i], (y[i] * z[i]) ** 2, z[i] / y[i])
    }
    assert found == {
        "r_i": "rest(c_i - z_i)",
        "-2 r_i": "-2 rest(c_i - z_i)",
        "y_i z_i": "rest(y_i z_i)",
        "(y_i z_i)^2": "rest((y_i z_i)^2) + 2 y_i z_i rest(y_i z_i)",
        "z_i/y_i": "rest(z_i/y_i)",
    }
    assert rest.definition(SLOT) == 0 * SLOT or text(rest.definition(SLOT)) == "0"


REPAIRED = (
    ("log_cosh_loss", 2), ("poisson_offset", 2), ("quantile_smoothed", 2),
)  # fmt: skip


@pytest.mark.parametrize(("name", "which"), REPAIRED)
def test_the_rounding_of_residuals_and_margins_is_repaired(name, which) -> None:
    own = next(p for p in LINEAR if p.name == name)
    e, score = list(sampled(own))[which]
    before = chosen(forms(e, own, score))
    after = best(e, own, score)
    known = truth(e, own, score, best_arithmetic(), corners=True)
    rounded = Rounded(own, known.letters, best_arithmetic())
    old, new = (error(form.formula, known, rounded) for form in (before, after))
    assert new.worst <= 4
    assert new.wrong == 0
    assert old.wrong > 0 or old.worst > 4


def test_what_a_form_does_not_need_is_not_put_back() -> None:
    for name in (
        "logistic",
        "least_squares",
        "poisson",
        "probit",
        "logistic_signs",
        "squared_hinge",
    ):
        own = next(p for p in LINEAR if p.name == name)
        for e, score in sampled(own):
            words = text(best(e, own, score).formula).replace("rest(exp(1))", "")
            assert "rest(" not in words
