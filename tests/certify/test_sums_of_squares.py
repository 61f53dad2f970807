"""Costs that are sums of squares: their residuals, the Jacobian, and what enters linearly."""

import importlib
import sys

import numpy as np
import pytest

from derive.__main__ import main
from derive.certify.sum_of_squares import sum_of_squares
from derive.readers.asked import asked_about

CURVE = ("data x (m)", "data y (m)", "parameter a", "parameter b", "parameter c")
REGRESSION = ("data X (m, n)", "data y (m)", "data s (m) >= 0", "data lambda >= 0",
              "parameter w (n)", "parameter b")  # fmt: skip

SQUARES = {
    "a curve by its mean": ((*CURVE, "J = 1/(2m) sum_i (y_i - a exp(-b x_i) - c)^2"), ("a", "c")),
    "a sum": ((*CURVE, "J = sum_i (a sin(b x_i) + c - y_i)^2"), ("a", "c")),
    "all linear": ((*CURVE, "J = sum_i (a + b x_i + c x_i^2 - y_i)^2"), ("a", "b", "c")),
    "a product of parameters": ((*CURVE, "J = sum_i (a b x_i + c - y_i)^2"), ("a", "c")),
    "named residuals, twice": (
        (*CURVE, "r_i = y_i - a x_i/(b + x_i) - c", "J = sum_i r_i r_i"), ("a", "c"),
    ),
    "weights and a penalty": (
        (*REGRESSION, "z_i = sum_j X_ij w_j + b",
         "J = 1/2 sum_i s_i (z_i - y_i)^2 + lambda/2 sum_j w_j^2"),
        ("w", "b"),
    ),
    "none linear": ((*CURVE, "J = sum_i (exp(-a x_i)/(b + c x_i) - y_i)^2"), ()),
}  # fmt: skip

OTHERS = {
    "a weight of any sign": (*CURVE, "J = sum_i x_i (y_i - a exp(-b x_i) - c)^2"),
    "a negative term": (*CURVE, "J = sum_i (y_i - a exp(-b x_i))^2 - c^2"),
    "a term that is no square": (*CURVE, "J = sum_i (y_i - a exp(-b x_i))^2 + exp(c)"),
    "a weight that moves": (*CURVE, "J = sum_i exp(c) (y_i - a exp(-b x_i))^2"),
    "a square of a sum": (*CURVE, "J = (sum_i (y_i - a exp(-b x_i) - c))^2"),
    "a sum from 2": (*CURVE, "J = sum_{i=2}^m (y_i - a exp(-b x_i) - c)^2"),
    "a matrix": ("data Y (m, n)", "parameter U (m, K)", "parameter V (n, K)",
                 "J = sum_i sum_j (Y_ij - sum_k U_ik V_jk)^2"),
}  # fmt: skip


def problem_of(lines):
    (target,) = asked_about([], list(lines))
    return target.subject


@pytest.mark.parametrize("name", SQUARES)
def test_what_enters_linearly(name) -> None:
    lines, linear = SQUARES[name]
    found = sum_of_squares(problem_of(lines))
    assert found is not None
    assert tuple(p.name for p in found.linear) == linear


@pytest.mark.parametrize("name", OTHERS)
def test_other_costs_have_no_residuals(name) -> None:
    assert sum_of_squares(problem_of(OTHERS[name])) is None


@pytest.mark.parametrize("name", [n for n in SQUARES if n != "weights and a penalty"])
def test_half_the_squares_are_the_cost_and_the_jacobian_is_their_derivative(
    name, tmp_path, monkeypatch
) -> None:
    stem = name.replace(" ", "_").replace(",", "")
    (tmp_path / f"{stem}.txt").write_text("\n".join(SQUARES[name][0]) + "\n", encoding="utf-8")
    folder = tmp_path / f"made_{stem}"
    assert main(["build", str(tmp_path / f"{stem}.txt"), "-o", str(folder)]) == 0
    monkeypatch.syspath_prepend(str(tmp_path))
    made = importlib.import_module(f"{folder.name}.{stem}")
    sys.modules.pop(f"{folder.name}.{stem}")
    random = np.random.default_rng(0)
    x, y, at = random.uniform(0.5, 2, 7), random.normal(size=7), random.uniform(0.5, 1.5, 3)
    r = made.residuals(*at, x, y)
    assert r @ r / 2 == pytest.approx(made.cost(*at, x, y), rel=1e-13)
    step = 1e-6
    for k, column in enumerate(made.jacobian(*at, x, y)):
        aside = step * np.eye(3)[k]
        slope = (made.residuals(*(at + aside), x, y) - made.residuals(*(at - aside), x, y)) / (
            2 * step
        )
        np.testing.assert_allclose(column, slope, rtol=1e-7, atol=1e-8)


def test_weights_and_a_penalty_give_two_blocks() -> None:
    found = sum_of_squares(problem_of(SQUARES["weights and a penalty"][0]))
    assert [len(block.indices) for block in found.blocks] == [1, 1]
    assert [len(block.jacobian) for block in found.blocks] == [2, 2]
