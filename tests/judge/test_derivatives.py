"""Derivatives without rules: nilpotent epsilons against known derivatives."""

from fractions import Fraction

import numpy as np
import pytest

from derive.judge import FloatArithmetic, best_arithmetic
from derive.notation import (
    FUNCTIONS,
    Diff,
    Elementwise,
    Interval,
    Num,
    Sum,
    Tensor,
    cos,
    exp,
    log,
    sigmoid,
    sin,
)
from derive.notation.expression import Delta, Element, Expr
from derive.notation.matrix import Dot, MAdd, MApply, MatMul, MMul, MPow, Outer, Scalar, Sym
from derive.notation.problem import Definition
from tests.judge.cases import J, S, X, drawn, h, i, i2, j, k, l, rate, theta, w, y, z

ARITHMETICS = [best_arithmetic(), FloatArithmetic(200)]
TIGHT = {"rtol": 1e-13, "atol": 1e-14}


@pytest.fixture(params=ARITHMETICS, ids=lambda a: a.name)
def arithmetic(request):
    return request.param


def same(a: Expr, b: Expr, *order, arithmetic, slots=range(6), **options) -> None:
    for slot in slots:
        left = drawn(a, *order, slot=slot, arithmetic=arithmetic, **options).values
        right = drawn(b, *order, slot=slot, arithmetic=arithmetic, **options).values
        np.testing.assert_allclose(left, right, **TIGHT)


def inner(function: Elementwise) -> Expr:
    """A variable in the inside of the domain: the root has no derivative at 0."""
    inside = Interval(function.domain.low, function.domain.high, True, True)
    return Tensor("t", (), "constant", domain=inside)()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_the_table_is_right(function, arithmetic) -> None:
    t = inner(function)
    same(Diff(function(t), t), function.derivative(t), arithmetic=arithmetic)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_second_and_third_derivatives_of_the_table(function, arithmetic) -> None:
    t = inner(function)
    second = Diff(Diff(function(t), t), t)
    same(second, Diff(function.derivative(t), t), arithmetic=arithmetic, slots=(0, 3))
    third = Diff(Diff(function.derivative(t), t), t)
    same(Diff(second, t), third, arithmetic=arithmetic, slots=(0, 3))


def test_powers(arithmetic) -> None:
    t, p = rate(), Tensor("p", (), "constant")()
    same(Diff(t**5, t), 5 * t**4, arithmetic=arithmetic)
    same(Diff(Diff(t**5, t), t), 20 * t**3, arithmetic=arithmetic)
    same(Diff(Diff(1 / t, t), t), 2 * t**-3, arithmetic=arithmetic)
    same(Diff(t ** Fraction(-3, 2), t), Fraction(-3, 2) * t ** Fraction(-5, 2),
         arithmetic=arithmetic)  # fmt: skip
    same(Diff(t**p, p), log(t) * t**p, arithmetic=arithmetic)
    same(Diff(t**t, t), t**t * (log(t) + 1), arithmetic=arithmetic)
    same(Diff(t**0, t), Num(Fraction(0)), arithmetic=arithmetic)


def test_powers_at_zero(arithmetic) -> None:
    zero = rate() - rate()
    assert (
        drawn(Diff((theta[j] * zero) ** 2, theta[k]), j, k, arithmetic=arithmetic).values.max() == 0
    )
    t = theta[j]
    # (t - t)**2 + t differentiates to 1 although the base is a zero that still carries epsilons.
    same(Diff((2 * t - t - t) ** 2 + t, theta[k]), Delta(j, k), j, k, arithmetic=arithmetic)


def test_gradient_and_hessian_of_a_cost(arithmetic) -> None:
    m = X.axes[0]
    gradient = 1 / m * Sum((z[i] - y[i]) * X[i, k], i)
    same(Diff(J(), theta[k]), gradient, k, arithmetic=arithmetic)
    hessian = Diff(Diff(J(), theta[k]), theta[l])
    same(hessian, 1 / m * Sum(X[i, k] * X[i, l], i), k, l, arithmetic=arithmetic)


def test_data_and_definitions_can_be_differentiated_by_anything(arithmetic) -> None:
    same(Diff(z[i], X[i2, k]), Delta(i, i2) * theta[k], i, i2, k, arithmetic=arithmetic)
    same(Diff(h[i], theta[k]), h[i] * (1 - h[i]) * X[i, k], i, k, arithmetic=arithmetic)
    same(Diff(S[j, k], S[j, k]), Num(Fraction(1)) + 0 * theta[j] * theta[k], j, k,
         arithmetic=arithmetic)  # fmt: skip
    mixed = Diff(Diff(Sum(w[i] * exp(rate() * z[i]), i), rate()), theta[k])
    closed = Sum(w[i] * exp(rate() * z[i]) * X[i, k] * (1 + rate() * z[i]), i)
    same(mixed, closed, k, arithmetic=arithmetic)


def test_the_letter_of_a_sum_does_not_capture_that_of_the_derivative(arithmetic) -> None:
    same(Diff(Sum(theta[k] ** 2, k), theta[k]), 2 * theta[k], k, arithmetic=arithmetic)
    twice = Sum(Diff(theta[j] ** 3, theta[j]), j)
    same(twice, 3 * Sum(theta[j] ** 2, j), arithmetic=arithmetic)


def test_derivatives_within_formulas(arithmetic) -> None:
    e = rate() * Diff(sin(rate()) * Diff(exp(2 * rate()), rate()), rate()) + 1
    t = rate()
    from_hand = t * (2 * exp(2 * t) * cos(t) + 4 * exp(2 * t) * sin(t)) + 1
    same(e, from_hand, arithmetic=arithmetic)


def test_a_defined_letter_is_a_variable_of_its_own(arithmetic) -> None:
    loss = Sum(y[i] * log(h[i]) + z[i] * h[i], i)
    # z does not depend on h, and h within the derivative is not unfolded.
    same(Diff(loss, h[i2]), y[i2] / h[i2] + z[i2], i2, arithmetic=arithmetic)
    same(Diff(h[i] ** 2, h[i2]), 2 * h[i] * Delta(i, i2), i, i2, arithmetic=arithmetic)


def test_the_chain_rule_with_partial_derivatives(arithmetic) -> None:
    # J = f(h(theta)), f without theta: dJ/dtheta_k = sum_i df/dh_i dh_i/dtheta_k.
    f = Sum(w[i] * h[i] ** 3, i)
    chain = Sum(Diff(f, h[i2]) * Diff(h[i2], theta[k]), i2)
    same(Diff(f, theta[k]), chain, k, arithmetic=arithmetic)


def test_orders_of_partial_and_total_derivatives(arithmetic) -> None:
    f = h[i] ** 2 * theta[k]
    partial_then_total = Diff(Diff(f, h[i]), theta[k])
    # d/dtheta of (2 h theta_k) with h a function of theta.
    same(partial_then_total, 2 * h[i] + 2 * theta[k] * Diff(h[i], theta[k]), i, k,
         arithmetic=arithmetic)  # fmt: skip
    total_then_partial = Diff(Diff(f, theta[k]), h[i])
    # h is fixed in d/dtheta, since it is a variable of the outer derivative.
    same(total_then_partial, 2 * h[i] + 0 * theta[k], i, k, arithmetic=arithmetic)
    same(Diff(Diff(f, h[i]), h[i]), 2 * theta[k] + 0 * y[i], i, k, arithmetic=arithmetic)


def test_matrix_formulas_inside_of_derivatives(arithmetic) -> None:
    x, t, residual = Sym(X), Sym(theta), MAdd((MatMul(Sym(X), Sym(theta)), Sym(y)))
    square = Element(Dot(residual, residual), ())
    gradient = 2 * Sum(X[i, k] * (z[i] + y[i]), i)
    same(Diff(square, theta[k]), gradient, k, arithmetic=arithmetic)
    hessian = 2 * Sum(X[i, k] * X[i, l], i)
    same(Diff(Diff(square, theta[k]), theta[l]), hessian, k, l, arithmetic=arithmetic)
    outer = Element(Outer(t, MApply(exp, t)), (j, k))
    by_hand = Delta(j, l) * exp(theta[k]) + theta[j] * exp(theta[k]) * Delta(k, l)
    same(Diff(outer, theta[l]), by_hand, j, k, l, arithmetic=arithmetic)
    scaled = Element(MMul((Scalar(rate() ** 2), MPow(t, Num(Fraction(3))))), (j,))
    same(Diff(Diff(scaled, rate()), theta[k]), 6 * rate() * theta[j] ** 2 * Delta(j, k), j, k,
         arithmetic=arithmetic)  # fmt: skip
    same(Diff(Element(MatMul(x, t), (i,)), theta[k]), X[i, k], i, k, arithmetic=arithmetic)
    same(Diff(Element(Sym(h.tensor), (i,)), h[i2]), Delta(i, i2), i, i2, arithmetic=arithmetic)


def test_a_definition_may_hold_a_derivative(arithmetic) -> None:
    slope = Definition(Tensor("g", (i.axis,), "defined"), (i,), Diff(sigmoid(z[i]), z[i]))
    same(slope.tensor[i], h[i] * (1 - h[i]), i, arithmetic=arithmetic,
         definitions=(z, h, slope))  # fmt: skip
    second = Diff(slope.tensor[i], theta[k])
    same(second, h[i] * (1 - h[i]) * (1 - 2 * h[i]) * X[i, k], i, k, arithmetic=arithmetic,
         definitions=(z, h, slope))  # fmt: skip


def test_many_nested_derivatives(arithmetic) -> None:
    t = rate()
    e: Expr = exp(2 * t)
    for _ in range(12):
        e = Diff(e, t)
    same(e, 2**12 * exp(2 * t), arithmetic=arithmetic, slots=(0,))
