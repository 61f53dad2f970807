"""Inequalities, products, cases and narrowed letters: true claims pass, near ones are refuted."""

from dataclasses import replace
from fractions import Fraction

import pytest

from derive.errors import RefutedError
from derive.judge import FloatArithmetic, best_arithmetic, judge, require
from derive.notation import Cases, Diff, Interval, Num, Product, Sum, When, exp, log, softplus
from derive.notation.expression import ONE, ZERO, Delta, Expr
from derive.notation.functions import Phi, absolute, relu, sign
from derive.notation.functions import step as heaviside
from derive.notation.interval import point
from derive.record import Condition, Derivation, Proof
from tests.judge.cases import (
    SQUARES,
    J,
    X,
    h,
    i,
    i2,
    j,
    k,
    m,
    n,
    proof,
    rate,
    refuted,
    step,
    theta,
    w,
    y,
    z,
)

ARITHMETICS = [best_arithmetic(), FloatArithmetic(200)]


@pytest.fixture(params=ARITHMETICS, ids=lambda a: a.name)
def arithmetic(request):
    return request.param


def verdict(left: Expr, right: Expr, sign: str, *conditions: Condition, arithmetic=None):
    return judge(proof(step(left, right, *conditions, sign=sign)), arithmetic=arithmetic)


# ---------------------------------------------------------------- inequalities

ORDERED = {
    "squares": (ZERO, theta[k] ** 2, "<="),
    "a sigmoid": (h[i], ONE, "<"),
    "softplus": (softplus(z[i]), relu(z[i]), ">"),
    "tangent": (exp(theta[k]), 1 + theta[k], ">="),
    "Jensen": (log(Sum(w[i], i) / m), Sum(log(w[i]), i) / m, ">="),
    "equal sides": (theta[k] * 2, theta[k] + theta[k], "<="),
    "equal beyond digits": (log(exp(theta[k])), theta[k], ">="),
    "curvature": (h[i] * (1 - h[i]), Num(Fraction(1, 4)), "<="),
}
OPPOSITE = {"<": (">", ">="), "<=": (">",), ">": ("<", "<="), ">=": ("<",)}


@pytest.mark.parametrize("name", ORDERED)
def test_true_inequalities_pass_and_the_other_direction_is_refuted(name, arithmetic) -> None:
    left, right, relation = ORDERED[name]
    found = verdict(left, right, relation, arithmetic=arithmetic)
    assert found.passed, found
    for wrong in OPPOSITE[relation]:
        assert refuted(verdict(left, right, wrong, arithmetic=arithmetic))
        assert refuted(verdict(right, left, relation.replace("=", ""), arithmetic=arithmetic))


def test_equal_sides_are_not_strictly_ordered(arithmetic) -> None:
    for relation in ("<", ">"):
        message = refuted(verdict(2 * theta[k], theta[k] + theta[k], relation,
                                  arithmetic=arithmetic))  # fmt: skip
        assert f"not {relation}" in message


def test_a_strict_relation_that_is_never_decided_does_not_pass() -> None:
    pytest.importorskip("flint")
    message = refuted(verdict(log(exp(theta[k])), theta[k], "<", arithmetic=best_arithmetic()))
    assert "< is not decided with 1600 bits" in message


def test_a_relation_may_fail_at_one_end_of_a_domain() -> None:
    assert verdict(y[i], ONE, "<=").passed
    assert "not <" in refuted(verdict(y[i], ONE, "<"))


def test_a_condition_restricts_an_inequality() -> None:
    assert refuted(verdict(theta[k] ** 3, ZERO, ">"))
    assert verdict(theta[k] ** 3, ZERO, ">", Condition(theta[k], "> 0")).passed


def test_signs_are_composed_and_must_point_one_way() -> None:
    up = (
        step(theta[k] - 1, theta[k], sign="<"),
        step(theta[k], theta[k] + 0),
        step(theta[k] + 0, theta[k] + theta[k] ** 2, sign="<="),
    )
    made = proof(*up)
    assert made.parts[0].sign == "<"
    assert judge(made).passed
    bent = proof(*up, step(up[-1].after, theta[k], sign=">="))
    assert "up and down" in refuted(judge(bent))
    with pytest.raises(RefutedError, match="up and down"):
        require(judge(bent), bent)


def test_the_error_names_the_relation() -> None:
    wrong = proof(step(h[i], ONE, sign=">"))
    with pytest.raises(RefutedError, match="it is not > 1: not >") as raised:
        require(judge(wrong), wrong)
    assert "goal = last line" in raised.value.asked


def test_finer_steps_are_equalities() -> None:
    inner = step(h[i], ONE, sign="<")
    wrong = proof(step(h[i], ONE, sign="<", substeps=(inner,)))
    assert "finer step" in refuted(judge(wrong))


# ---------------------------------------------------------------- products

LIKELIHOOD = Product(w[i], i)
PRODUCTS = {
    "logarithm": (log(LIKELIHOOD), Sum(log(w[i]), i)),
    "derivative": (
        Diff(Product(1 + theta[j] ** 2, j), theta[k]),
        2 * theta[k] / (1 + theta[k] ** 2) * Product(1 + theta[j] ** 2, j),
    ),
    "exponential": (Product(exp(z[i]), i), exp(Sum(z[i], i))),
    "constant": (Product(rate() * w[i], i), rate() ** m * LIKELIHOOD),
}
PRODUCTS_FALSE = {
    "one factor missing": ("logarithm", Sum(log(w[i]), (i, 2, m))),
    "sum for product": ("logarithm", log(Sum(w[i], i))),
    "from 2": ("derivative",
               2 * theta[k] / (1 + theta[k] ** 2) * Product(1 + theta[j] ** 2, (j, 2, j.axis))),
    "factor kept": ("derivative", 2 * theta[k] * Product(1 + theta[j] ** 2, j)),
    "constant once": ("constant", rate() * LIKELIHOOD),
    "sum in the exponent": ("exponential", exp(Product(z[i], i))),
}  # fmt: skip


@pytest.mark.parametrize("name", PRODUCTS)
def test_products(name, arithmetic) -> None:
    left, right = PRODUCTS[name]
    assert verdict(left, right, "=", arithmetic=arithmetic).passed


@pytest.mark.parametrize("name", PRODUCTS_FALSE)
def test_wrong_products_are_refuted(name, arithmetic) -> None:
    true, wrong = PRODUCTS_FALSE[name]
    assert refuted(verdict(PRODUCTS[true][0], wrong, "=", arithmetic=arithmetic))


# ---------------------------------------------------------------- cases


def positive(u: Expr, yes: Expr, no: Expr, relation: str = ">") -> Cases:
    return Cases(((When(u, relation, ZERO), yes),), no)


CASES = {
    "relu": (relu(theta[k]), positive(theta[k], theta[k], ZERO)),
    "size": (absolute(theta[k]), relu(theta[k]) + relu(-theta[k])),
    "sign": (sign(theta[k]), 2 * heaviside(theta[k]) - 1),
    "slope": (Diff(relu(theta[j]), theta[k]), heaviside(theta[j]) * Delta(j, k)),
    "bend": (Diff(Diff(absolute(theta[j]), theta[k]), theta[j]), ZERO * theta[j] * theta[k]),
    "huber": (
        Diff(positive(1 - z[i] ** 2, z[i] ** 2 / 2, absolute(z[i]) - Fraction(1, 2)), z[i2]),
        Delta(i, i2) * positive(1 - z[i] ** 2, z[i], sign(z[i])),
    ),
    "sizes": (positive(m - n, y[i], ZERO), y[i] - positive(n - m, y[i], ZERO, ">=")),
    "normal": (Diff(Phi(theta[k]), theta[k]), Phi.derivative(theta[k])),
    "symmetry": (1 - Phi(theta[k]), Phi(-theta[k])),
}
CASES_FALSE = {
    "swapped": ("relu", positive(theta[k], ZERO, theta[k])),
    "other sign": ("relu", positive(theta[k], theta[k], ZERO, "<")),
    "minus": ("size", relu(theta[k]) - relu(-theta[k])),
    "no delta": ("slope", heaviside(theta[j]) + 0 * theta[k]),
    "wrong side": ("slope", heaviside(-theta[j]) * Delta(j, k)),
    "no inner factor": ("huber", Delta(i, i2) * positive(1 - z[i] ** 2, z[i] ** 2, sign(z[i]))),
    "other density": ("normal", exp(-(theta[k] ** 2))),
}


@pytest.mark.parametrize("name", CASES)
def test_cases(name, arithmetic) -> None:
    left, right = CASES[name]
    assert verdict(left, right, "=", arithmetic=arithmetic).passed


@pytest.mark.parametrize("name", CASES_FALSE)
def test_wrong_cases_are_refuted(name, arithmetic) -> None:
    true, wrong = CASES_FALSE[name]
    assert refuted(verdict(CASES[true][0], wrong, "=", arithmetic=arithmetic))


def test_an_edge_that_no_precision_decides_is_outside_of_the_claim() -> None:
    pytest.importorskip("flint")
    undecided = positive(h[i] * (1 / h[i]) - 1, y[i], -y[i])
    assert "no admissible point" in refuted(verdict(undecided, undecided, "="))


def test_nothing_is_differentiated_on_an_edge(arithmetic) -> None:
    still = replace(theta, name="still", domain=point(0))
    kink = Diff(relu(still[k]), still[k])
    assert "edge" in refuted(verdict(kink, kink, "=", arithmetic=arithmetic))
    # The value there is not in doubt, nor is the derivative of what is 0 wherever one goes.
    zero = theta[j] - theta[j]
    assert verdict(relu(zero), zero, "=", arithmetic=arithmetic).passed
    constant = Diff(relu(zero + 0 * theta[k]), theta[k])
    assert verdict(constant, zero, "=", arithmetic=arithmetic).passed


def test_an_equality_as_a_test() -> None:
    flag = replace(y, domain=Interval(0, 1, integer=True), name="flag")
    loss = Cases(((When(flag[i], "=", ONE), -log(h[i])),), -log(1 - h[i]))
    sums = -flag[i] * log(h[i]) - (1 - flag[i]) * log(1 - h[i])
    assert verdict(loss, sums, "=").passed
    swapped = Cases(((When(flag[i], "=", ZERO), -log(h[i])),), -log(1 - h[i]))
    assert refuted(verdict(swapped, sums, "="))


# ---------------------------------------------------------------- narrowed letters

one = replace(y, domain=point(1))
FOR_ONE = Derivation(
    "R1", "theorem", "for y = 1", J(),
    (step(J(), 1 / (2 * m) * Sum((z[i] - 1) ** 2, i)),), given=(one,),
)  # fmt: skip


def of(*parts: Derivation) -> Proof:
    return Proof(SQUARES, parts)


def test_definitions_are_unfolded_with_the_narrowed_letter(arithmetic) -> None:
    found = judge(of(FOR_ONE), arithmetic=arithmetic)
    assert found.passed, found
    assert "y = 1 in R1" in found.assumptions
    assert refuted(judge(of(replace(FOR_ONE, given=())), arithmetic=arithmetic))


def test_each_derivation_has_its_own_domains() -> None:
    zero = replace(y, domain=point(0))
    other = replace(
        FOR_ONE, label="R2", steps=(step(J(), 1 / (2 * m) * Sum(z[i] ** 2, i)),), given=(zero,)
    )
    (wide,) = proof(step(y[i], ONE, sign="<=")).parts
    assert judge(of(FOR_ONE, other, wide)).passed
    assert refuted(judge(of(FOR_ONE, replace(other, given=(one,)), wide)))


def test_a_narrowed_letter_and_the_wide_one_do_not_mix() -> None:
    for mixed in (
        replace(FOR_ONE, goal=y[i] * one[i], steps=(step(y[i] * one[i], y[i]),)),
        replace(FOR_ONE, goal=y[i] * 1, steps=(step(y[i] * 1, y[i]),)),
    ):
        assert "two different things" in refuted(judge(of(mixed)))


def test_narrowing_must_be_said() -> None:
    silent = replace(FOR_ONE, goal=one[i], steps=(step(one[i], ONE),), given=())
    assert "does not say" in refuted(judge(of(silent)))
    assert judge(of(replace(silent, given=(one,)))).passed


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (replace(y, domain=point(2)), "not narrowed"),
        (replace(y, name="lost"), "no letter of the problem"),
        (replace(y, axes=()), "no letter of the problem"),
    ],
)
def test_what_is_given_must_be_a_narrower_letter_of_the_problem(given, fault) -> None:
    assert fault in refuted(judge(of(replace(FOR_ONE, given=(given,)))))


def test_a_narrowed_definition_is_drawn_from_its_domain() -> None:
    high = replace(h.tensor, domain=Interval(Fraction(2, 3), 1, True, True))
    odds = high[i] / (1 - high[i])
    claim = Derivation(
        "R1", "theorem", "odds", odds, (step(odds, Num(2), sign=">"),), given=(high,)
    )
    assert judge(of(claim)).passed
    assert refuted(judge(of(replace(claim, steps=(step(odds, Num(3), sign=">"),)))))
    slope = Diff(high[i], theta[k])
    still = replace(claim, goal=slope, steps=(step(slope, 0 * X[i, k] * theta[k]),))
    assert "depends on theta" in refuted(judge(of(still)))
    by_itself = Diff(log(high[i]), high[i])
    assert judge(of(replace(claim, goal=by_itself, steps=(step(by_itself, 1 / high[i]),)))).passed
