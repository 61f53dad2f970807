"""Rows with kinks and rows without NumPy text: what calculus and the code printer make of them."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from derive.calculus.derivatives import chain_rule
from derive.calculus.differentiate import differentiate
from derive.errors import NoRuleError, ProblemError, RefutedError
from derive.notation import (
    Axis,
    Diff,
    Elementwise,
    Problem,
    Sum,
    data,
    define,
    exp,
    log_cosh,
    parameter,
    relu,
)
from derive.notation.domain import range_of
from derive.notation.expression import PI, Product
from derive.notation.functions import FUNCTIONS, Phi, absolute, sigmoid, sign, step
from derive.notation.interval import POSITIVE
from derive.notation.matrix import MApply, Scalar, Sym
from derive.pipeline import build
from derive.programs.numpy_text import numpy_text
from derive.publish.module import Source
from derive.record import Condition, Scope

m = Axis("m")
i = m.index("i")
X, theta = data("X", m), parameter("theta")
KINKED = (relu, step, absolute, sign)


@pytest.mark.parametrize("function", KINKED, ids=lambda f: f.name)
def test_the_chain_rule_stays_away_from_kinks(function: Elementwise) -> None:
    u = X[i] * theta()
    rule = chain_rule(function)
    assert rule.conditions(Diff(function(u), theta()), Scope()) == (Condition(u, "!= 0"),)


def test_a_kink_elsewhere_and_a_domain() -> None:
    row = Elementwise("bent", "", lambda t: t, "", domain=POSITIVE, kinks=(Fraction(2),))
    u = X[i] * theta()
    found = chain_rule(row).conditions(Diff(row(u), theta()), Scope())
    assert found == (Condition(u, "> 0"), Condition(u - 2, "!= 0"))
    assert chain_rule(exp).conditions(Diff(exp(u), theta()), Scope()) == ()


def test_rows_with_kinks_have_no_lemma() -> None:
    proved = {"sigmoid", "softplus", "tanh", "log_normal_cdf", "hazard", "hazard_slope"}
    proved |= {"log_cauchy_cdf", "cauchy_hazard", "sinh", "cosh"}
    proved |= {"log_gumbel_cdf", "gumbel_hazard", "gumbel_hazard_slope"}
    assert {f.name for f in FUNCTIONS if f.lemma} == proved
    cost = Sum(relu(X[i] * theta()) + Phi(theta()) + sigmoid(theta()), i)
    made = differentiate(Problem("bent", "Bent", (X,), (theta,), cost))
    assert [d.title for d in made.lemmas] == [r"derivative of $\sigma$"]


@pytest.mark.parametrize("function", KINKED, ids=lambda f: f.name)
def test_the_numpy_text_of_rows_with_kinks(function: Elementwise) -> None:
    t = np.array([-1.5, -0.0, 0.0, 2.0])
    right = {"relu": [0, 0, 0, 2], "step": [0, 0, 0, 1], "absolute": [1.5, 0, 0, 2],
             "sign": [-1, 0, 0, 1]}  # fmt: skip
    found = eval(function.numpy.format(t="t"), {"np": np, "t": t})  # noqa: S307  # our own row
    np.testing.assert_array_equal(found, right[function.name])


def test_a_row_without_numpy_text_is_refused_in_code() -> None:
    with pytest.raises(NoRuleError, match="has no NumPy text yet"):
        numpy_text(MApply(replace(Phi, numpy=""), Sym(X)), {})
    assert numpy_text(MApply(Phi, Sym(X)), {}) == "special.normal_cdf(X)"
    assert numpy_text(Scalar(2 * PI), {}) == "2 * np.pi"


def test_ranges_of_constants_and_products() -> None:
    assert range_of(PI - 3).positive
    assert range_of(Product(sigmoid(X[i]), i)).positive


SOFTSIGN = Elementwise(
    "softsign", r"\operatorname{ss}", lambda t: 1 / (1 + absolute(t)) ** 2,
    "{t} / (1 + np.abs({t}))", definition=lambda t: t / (1 + absolute(t)), primitive=True,
)  # fmt: skip


def softsign_problem(row: Elementwise) -> Problem:
    return Problem("own", "Own", (X,), (theta,), Sum((row(X[i] * theta()) - 1) ** 2, i))


def test_a_row_of_a_user_s_own() -> None:
    built = build(softsign_problem(SOFTSIGN), Source("mine.py", "derive build mine.py"))
    assert built.verdict.passed
    assert "def softsign(t: Array) -> Array:" in built.texts["own.py"]


def test_a_wrong_numpy_text_is_refuted() -> None:
    wrong = replace(SOFTSIGN, numpy="{t} / (2 + np.abs({t}))")
    with pytest.raises(RefutedError, match="the function cost"):
        build(softsign_problem(wrong), Source("mine.py", "derive build mine.py"))


def test_a_wrong_derivative_is_refuted() -> None:
    wrong = replace(SOFTSIGN, derivative=lambda t: 1 / (1 + absolute(t)))
    with pytest.raises(ProblemError, match="correct `derivative`"):
        build(softsign_problem(wrong), Source("mine.py", "derive build mine.py"))


def test_names_that_only_the_stabiliser_writes_are_free_for_letters() -> None:
    """Targets called `rest` and weights called `near`, where rests are put back."""
    n = Axis("n")
    j = n.index("j")
    A, target, weights = data("A", m, n), data("rest", m), parameter("near", n)
    z = define("z", i, Sum(A[i, j] * weights[j], j))
    r = define("r", i, target[i] - z[i])
    cost = 1 / m * Sum(log_cosh(r[i]), i)
    made = build(
        Problem("near_rest", "Rests", (A, target), (weights,), cost, (z, r), prediction=z),
        Source("near_rest.py", ""),
    )
    assert "special.sum_rest(rest, -z)" in made.texts["near_rest.py"]
    assert all(kernel.passed for kernel in made.verdict.kernels)
