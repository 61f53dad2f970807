"""Generated functions against the exact values of their proof's last line."""

import numpy as np
import pytest

from derive.judge import FloatArithmetic, best_arithmetic, judge_kernel
from derive.notation import Diff, Num, Sum, log
from derive.notation.expression import Element, expr
from derive.notation.matrix import Dot, MAdd, MatMul, MMul, Scalar, Sym, Transpose
from tests.judge.cases import SQUARES, J, X, h, i, k, l, m, rate, theta, w, y, z

residual = MAdd((Sym(z.tensor), MMul((Scalar(expr(-1)), Sym(y)))))
GRADIENT = Element(MMul((Scalar(1 / m), MatMul(Transpose(Sym(X)), residual))), (k,))
HESSIAN = 1 / m * Sum(X[i, k] * X[i, l], i)
ARGUMENTS = (theta, X, y)


@pytest.fixture(params=[best_arithmetic(), FloatArithmetic(200)], ids=lambda a: a.name)
def arithmetic(request):
    return request.param


def gradient(theta, X, y):
    return X.T @ (X @ theta - y) / len(y)


def test_right_kernels_pass(arithmetic) -> None:
    for last in (GRADIENT, Diff(J(), theta[k])):
        verdict = judge_kernel(
            "gradient", gradient, last, SQUARES, ARGUMENTS, arithmetic=arithmetic
        )
        assert verdict.passed, verdict
        assert verdict.points > 5
        assert verdict.gap < 1e-14
    cost = judge_kernel(
        "cost", lambda t, X, y: float(((X @ t - y) ** 2).sum() / 2 / len(y)), J(), SQUARES,
        ARGUMENTS, arithmetic=arithmetic,
    )  # fmt: skip
    assert cost.passed, cost
    hessian = judge_kernel(
        "hessian", lambda X: X.T @ X / len(X), HESSIAN, SQUARES, (X,), arithmetic=arithmetic
    )
    assert hessian.passed, hessian


def test_scalars_are_floats_and_the_order_of_axes_may_be_given() -> None:
    outer = rate() * X[i, k] * theta[l]

    def kernel(rate, X, theta):
        assert type(rate) is float
        return rate * np.einsum("ik,l->lki", X, theta)

    arguments = (rate, X, theta)
    assert judge_kernel("f", kernel, outer, SQUARES, arguments, indices=(l, k, i)).passed
    assert "shape" in judge_kernel("f", kernel, outer, SQUARES, arguments).message
    wrong = judge_kernel("f", kernel, outer, SQUARES, arguments, indices=(l, k))
    assert "indices" in wrong.message


def changed(theta, X, y):
    y -= 1
    return gradient(theta, X, y + 1)


def broken(*arguments):
    assert arguments
    raise IndexError("out of bounds")


WRONG = {
    "sign": (lambda t, X, y: -gradient(t, X, y), "instead of"),
    "no mean": (lambda t, X, y: gradient(t, X, y) * len(y), "instead of"),
    "mean over columns": (lambda t, X, y: gradient(t, X, y) * len(y) / len(t), "instead of"),
    "nearly right": (lambda t, X, y: gradient(t, X, y) * (1 + 1e-9), "instead of"),
    "one entry": (lambda t, X, y: gradient(t, X, y) + np.eye(len(t))[0] * 1e-6, "entry (1,)"),
    "single precision": (lambda t, X, y: gradient(t, X, y).astype(np.float32), "float64"),
    "a column": (lambda t, X, y: gradient(t, X, y)[:, None], "shape"),
    "a scalar": (lambda t, X, y: float(gradient(t, X, y)[0]), "float64 array"),
    "not finite": (lambda t, X, y: gradient(t, X, y) * np.nan, "not finite"),
    "nothing": (lambda t, X, y: None, "NoneType"),
    "a list": (lambda t, X, y: list(gradient(t, X, y)), "list"),
    "changed": (changed, "changed its argument y"),
    "broken": (broken, "IndexError: out of bounds"),
    "arguments": (lambda t, X: t, "TypeError"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_kernels_are_caught(name) -> None:
    function, message = WRONG[name]
    verdict = judge_kernel(name, function, GRADIENT, SQUARES, ARGUMENTS)
    assert not verdict.passed
    assert message in verdict.message


def test_a_scalar_cost_must_be_a_float() -> None:
    last = Element(Dot(residual, residual), ())
    wrong = judge_kernel("c", lambda t, X, y: np.array(1.0), last, SQUARES, ARGUMENTS)
    assert "no float" in wrong.message
    wrong = judge_kernel("c", lambda t, X, y: 1.0, last, SQUARES, ARGUMENTS)
    assert "instead of" in wrong.message


def test_a_value_that_is_zero_is_compared_absolutely() -> None:
    zero = Num(0) * theta[k]
    assert judge_kernel("zero", np.zeros_like, zero, SQUARES, (theta,)).passed
    assert not judge_kernel("ones", np.ones_like, zero, SQUARES, (theta,)).passed


def test_a_missing_argument_and_a_formula_without_meaning_are_named() -> None:
    verdict = judge_kernel("g", gradient, GRADIENT, SQUARES, (theta, X))
    assert "depends on y" in verdict.message
    assert not judge_kernel("g", gradient, X[k, i], SQUARES, ARGUMENTS).passed


def test_a_definition_that_is_an_argument_is_given() -> None:
    assert judge_kernel("h", lambda h: h, h[i], SQUARES, (h.tensor,)).passed
    assert not judge_kernel("h", lambda h: h + 1, h[i], SQUARES, (h.tensor,)).passed


def test_no_admissible_point_is_no_pass() -> None:
    verdict = judge_kernel("g", np.zeros_like, log(-w[i]), SQUARES, (w,))
    assert not verdict.passed
    assert "no admissible point" in verdict.message
    logs = judge_kernel("g", np.log, log(theta[k]), SQUARES, (theta,))
    assert logs.passed


def test_definitions_are_unfolded() -> None:
    def probabilities(theta, X):
        return 1 / (1 + np.exp(-X @ theta))

    assert judge_kernel("h", probabilities, h[i], SQUARES, (theta, X)).passed
