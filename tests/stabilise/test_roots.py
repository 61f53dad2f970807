"""Forms about roots and double roots, for huge scores, factor by factor: equal, and better."""

import math
import operator
from fractions import Fraction

import pytest

from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.judge.best import best_arithmetic
from derive.notation import exp, log
from derive.notation.expression import Cases, Entry
from derive.notation.functions import (
    FUNCTIONS,
    bell,
    box,
    cauchy_hazard,
    gumbel_hazard,
    hazard,
    outer,
    relu,
    sigmoid,
    softplus,
    step,
)
from derive.notation.text import text
from derive.stabilise.algebraic_forms import spread, squares_in_logs
from derive.stabilise.boxes import boxes_apart
from derive.stabilise.choose import best, chosen, forms
from derive.stabilise.comparisons import on_doubles
from derive.stabilise.distributions import at_the_root, distribution
from derive.stabilise.exact import Exact, others_of
from derive.stabilise.factorwise import common_exponential, factorwise, powers_written
from derive.stabilise.homogeneous import scales_cancelled
from derive.stabilise.jumps import steps_joined
from derive.stabilise.measure import error, truth
from derive.stabilise.rounding import Rounded
from tests.programs.linear_models import LINEAR
from tests.stabilise.test_forms import c, i, problem, r, unequal, y, z


def part_of(name, which):
    own = next(p for p in LINEAR if p.name == name)
    linear = linear_predictor(own, sample_loss(own))
    part = (linear.loss, linear.slope, linear.curvature)[which]
    return part.last, own, linear.score.tensor[linear.sample]


def errors_of(name, which):
    """Of the formula as it stands, and of the form that is computed, at the same samples."""
    e, own, score = part_of(name, which)
    known = truth(e, own, score, best_arithmetic(), corners=True)
    rounded = Rounded(own, known.letters, best_arithmetic())
    return tuple(error(f, known, rounded) for f in (e, best(e, own, score).formula))


@pytest.mark.parametrize(
    ("name", "which"), [("probit", 1), ("cauchit", 1), ("log_log", 1), ("poisson", 0)]
)
def test_values_near_a_root_keep_their_digits(name, which) -> None:
    before, after = errors_of(name, which)
    assert before.worst > 4
    assert after.wrong == 0
    assert after.worst <= 4


@pytest.mark.parametrize(
    ("name", "which"),
    [("welsch", 2), ("cauchit", 2), ("student_t", 0), ("cauchy", 0)],
)
def test_values_for_huge_scores(name, which) -> None:
    before, after = errors_of(name, which)
    assert before.wrong > 5
    assert after.wrong <= before.wrong / 10


def test_focal_values_keep_their_signs() -> None:
    for which in (1, 2):
        before, after = errors_of("focal", which)
        assert before.wrong > 20
        assert after.wrong < before.wrong / 10
        assert after.worst < 2000  # the exponent is data: up to 1000 units of its own rounding


def test_distributions_are_known_by_their_hazards() -> None:
    assert distribution(hazard).name == "normal_cdf"
    assert distribution(gumbel_hazard).name == "gumbel_cdf"
    assert distribution(exp) is None
    assert distribution(cauchy_hazard).name == "cauchy_cdf"


def test_any_weights_of_a_hazard_and_its_complement() -> None:
    e = c[i] * hazard(2 * z[i]) + 3 * hazard(-2 * z[i])
    own = problem(e)
    made = at_the_root(e, z.tensor)
    assert len(made) == 2, "either hazard may be the first"
    assert all(isinstance(form, Cases) and form.otherwise == e for form in made)
    assert not unequal(e, own, z.tensor)
    assert not at_the_root(hazard(z[i]) + hazard(z[i] / 2), z.tensor)


def test_a_root_is_found_to_the_last_digit() -> None:
    e, own, score = part_of("poisson", 1)
    others = others_of(e, own, score.tensor)
    exact = Exact(e, own, score, others, best_arithmetic())
    setting = {others[0]: 3.0}
    low, high = exact.root(setting, (0.5, exact(setting, 0.5)), (2.0, exact(setting, 2.0)))
    assert high - low <= 2 * math.ulp(math.log(3))
    assert low <= math.log(3) <= high


def test_a_turn_is_a_root_of_the_slope() -> None:
    e, own, score = part_of("poisson", 0)
    others = others_of(e, own, score.tensor)
    exact = Exact(e, own, score, others, best_arithmetic())
    setting = {others[0]: 3.0}
    ends = [(x, exact.slope(setting, x)) for x in (0.5, 2.0)]
    low, high = exact.root(setting, *ends, slope=True)
    assert low <= math.log(3) <= high


def test_double_roots_of_other_sums_of_an_exponential_and_its_exponent() -> None:
    for e in (c[i] * exp(2 * z[i]) - y[i] * z[i], exp(-z[i] + c[i]) + y[i] * (z[i] - c[i])):
        own = problem(e)
        assert not unequal(e, own, z.tensor)
        assert any("expm1" in text(f.formula) and "exp(1)" in text(f.formula)
                   for f in forms(e, own, z.tensor[i]))  # fmt: skip


def test_squares_in_logarithms() -> None:
    assert text(squares_in_logs(log(1 + 1 / c[i] * r[i] ** 2))) == "log1p_square(r_i/sqrt(c_i))"
    assert squares_in_logs(log(1 + y[i] * r[i] ** 2)) == log(1 + y[i] * r[i] ** 2), "y may be 0"


def test_large_factors_come_one_by_one_and_last() -> None:
    e = outer(r[i]) ** 2 * bell(r[i]) / c[i]
    assert text(spread(e)) == "(bell(r_i)/c_i) outer(r_i) outer(r_i)"


def test_boxes_are_two_steps() -> None:
    own = problem(box(r[i]))
    assert text(boxes_apart(box(1 - r[i]), own)) == "step(1 - r_i) step(c_i - z_i)"


def test_powers_of_sigmoids_are_exponentials() -> None:
    e = sigmoid(-z[i]) ** c[i]
    assert text(powers_written(e)) == "exp(-c_i softplus(z_i))"
    assert powers_written(sigmoid(z[i]) ** 2) == sigmoid(z[i]) ** 2


def test_factors_are_brought_into_forms_of_their_own() -> None:
    e = (sigmoid(z[i]) - c[i] * sigmoid(z[i]) * softplus(-z[i]) - 1) * sigmoid(-z[i]) ** c[i]
    own = problem(e)
    assert "sigmoid(-z_i)^c_i" in text(factorwise(e, z.tensor))
    assert not unequal(e, own, z.tensor)
    assert chosen(forms(e, own, z.tensor[i])).error.wrong == 0


def test_two_exponentials_share_a_factor_near_their_root() -> None:
    e = exp(2 * z[i] / c[i]) - y[i] * exp(z[i] / c[i] - z[i])
    made = common_exponential(e, z.tensor)
    assert made is None or isinstance(made, Cases)
    e = exp((2 - c[i]) * z[i]) - y[i] * exp((1 - c[i]) * z[i])
    own = problem(e)
    assert "expm1(z_i)" in text(common_exponential(e, z.tensor))
    assert not unequal(e, own, z.tensor)


def test_every_row_knows_whether_it_overflows() -> None:
    """By the row's own NumPy text where it has one of a single call."""
    import numpy as np  # noqa: PLC0415

    for row in FUNCTIONS:
        if row.overflows and row.numpy.startswith("np."):
            with np.errstate(all="ignore"):
                at = [eval(row.numpy.format(t="t"), {"np": np, "t": np.float64(t)})  # noqa: S307
                      for t in (0.0, 1e300)]  # fmt: skip
            assert not np.isfinite(at).all(), row.name
    assert isinstance(part_of("poisson", 0)[2], Entry)


def test_two_steps_are_one_choice() -> None:
    e = c[i] * step(-r[i]) + 2 * step(r[i])
    assert text(steps_joined(e)) == "{2 if r_i >= 0; c_i otherwise}"
    assert text(steps_joined(3 * e)) == "3 {2 if r_i >= 0; c_i otherwise}"
    assert steps_joined(step(r[i]) + step(z[i])) == step(r[i]) + step(z[i])


def test_scales_cancel_in_a_maximum() -> None:
    assert scales_cancelled(c[i] * relu(r[i] / c[i])) == relu(r[i])
    assert scales_cancelled(2 * c[i] * relu(-r[i] / c[i])) == 2 * relu(-r[i])
    assert scales_cancelled(y[i] * relu(r[i] / y[i])) == y[i] * relu(r[i] / y[i]), "y may be 0"


@pytest.mark.parametrize("bound", [Fraction("1.345"), Fraction("-1.345"), Fraction(1, 3)])
@pytest.mark.parametrize("relation", ["<", "<=", ">", ">="])
def test_comparisons_with_numbers_that_are_no_doubles(bound, relation) -> None:
    own = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
    near = float(bound)
    for x in (near, math.nextafter(near, -9), math.nextafter(near, 9)):
        assert own[on_doubles(relation, bound)](x, near) == own[relation](Fraction(x), bound)
    assert on_doubles(relation, Fraction(1, 2)) == relation
