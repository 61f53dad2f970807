"""Costs that add up a loss of their scores: which ones they are, and what their modules compute."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from derive.certify.sample_loss import sample_loss
from derive.judge import judge
from derive.notation import UNIT, Axis, Problem, Sum, data, define, exp, log, parameter, sigmoid
from derive.notation.expression import ONE
from derive.notation.text import text
from derive.notation.tree import same
from derive.readers.file import catalogue
from derive.record import Proof

GENERATED = Path(__file__).parents[2] / "generated"
WITH_LOSS = [
    problem
    for problem in catalogue()
    if isinstance(problem, Problem)
    and "\ndef loss(" in (GENERATED / f"{problem.name}.py").read_text(encoding="utf-8")
]

m, n, K = Axis("m"), Axis("n"), Axis("K")
i, j, k, d = m.index("i"), n.index("j"), K.index("k"), K.index("d")
X, y, Y = data("X", m, n), data("y", m, domain=UNIT), data("Y", m, K, domain=UNIT)
w, b, c, Theta = parameter("w", n), parameter("b"), parameter("c", K), parameter("Theta", n, K)
z = define("z", i, Sum(X[i, j] * w[j], j) + b())
S = define("S", i, k, z[i] - c[k])
Z = define("Z", i, k, Sum(X[i, j] * Theta[j, k], j))
R = define("R", i, k, Z[i, k] * (Y[i, k] - b()))


def cost(formula, parameters, *definitions) -> Problem:
    return Problem("own", "own", (X, y, Y), parameters, formula, definitions)


LOSSES = {
    "a mean with an intercept": (
        cost(1 / m * Sum(log(1 + exp(z[i])) - y[i] * z[i], i), (w, b), z),
        "log(1 + exp(z_i)) - y_i z_i",
    ),
    "a sum": (cost(Sum((z[i] - y[i]) ** 2, i) / 2, (w, b), z), "(1/2) (z_i - y_i)^2"),
    "beside a penalty": (
        cost(Sum((z[i] - y[i]) ** 2, i) / m + Sum(w[j] ** 2, j), (w, b), z), "(z_i - y_i)^2",
    ),
    "the size inside": (cost(Sum((z[i] - y[i]) ** 2 / m, i), (w, b), z), "(z_i - y_i)^2"),
    "thresholds": (
        cost(1 / (m * K) * Sum(Sum((S[i, k] - Y[i, k]) ** 2, k), i), (w, b, c), z, S),
        "(S_ik - Y_ik)^2",
    ),
    "a row of scores": (
        cost(1 / m * Sum(log(Sum(exp(Z[i, k]), k)) - Sum(Y[i, k] * Z[i, k], k), i), (Theta,), Z),
        "log(sum_k exp(Z_ik)) - sum_k Y_ik Z_ik",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_read_off(name) -> None:
    problem, expected = LOSSES[name]
    found = sample_loss(problem)
    assert found is not None
    assert text(found.loss.last) == expected
    assert judge(Proof(problem, found.claims)).passed


@pytest.mark.parametrize(
    "problem",
    [
        cost(Sum((z[i] - y[i] * b()) ** 2, i), (w, b), z),
        cost(log(Sum(exp(z[i]), i)), (w, b), z),
        cost(Sum(sigmoid(z[i]), i) * Sum(z[i] ** 2, i), (w, b), z),
        cost(Sum(exp(z[i]), i) + Sum(z[i] ** 2, i), (w, b), z),
        cost(Sum(Sum((z[i] - z[m.index("r")]) ** 2, m.index("r")), i), (w, b), z),
        cost(Sum(z[i] ** 2 / m, i) ** 2, (w, b), z),
    ],
    ids=["a parameter beside the score", "a sum inside", "two sums", "two terms",
         "pairs of samples", "a square of a sum"],
)  # fmt: skip
def test_what_is_no_sum_of_losses_of_scores_is_none(problem) -> None:
    assert sample_loss(problem) is None


@pytest.mark.parametrize("problem", WITH_LOSS, ids=lambda p: p.name)
def test_slopes_and_curvatures_of_the_catalogue_are_derivatives(problem) -> None:
    """Central differences of the generated loss and slope, at scores where both are smooth."""
    module = importlib.import_module(f"generated.{problem.name}")
    found = sample_loss(problem)
    rng = np.random.default_rng(7)
    sizes = {axis: 3 + number for number, axis in enumerate(found.score.tensor.axes)}
    score = rng.uniform(-1.5, 1.5, tuple(sizes.values()))
    given = [_entries(t, tuple(sizes[axis] for axis in t.axes), rng) for t in found.others]
    step = 1e-5
    row = np.ndim(module.loss(score, *given)) < score.ndim
    slope = np.broadcast_to(module.slope(score, *given), score.shape)
    curvature = np.broadcast_to(module.curvature(score, *given), score.shape)
    for place in np.ndindex(score.shape):
        up, down = score.copy(), score.copy()
        up[place] += step
        down[place] -= step
        at = place[:1] if row else place
        first = (module.loss(up, *given)[at] - module.loss(down, *given)[at]) / (2 * step)
        changed = [np.broadcast_to(module.slope(s, *given), score.shape) for s in (up, down)]
        second = (changed[0][place] - changed[1][place]) / (2 * step)
        assert abs(first - slope[place]) <= 1e-6 * (1 + abs(first)), place
        assert abs(second - curvature[place]) <= 1e-5 * (1 + abs(second)), place


def _entries(tensor, shape, rng):
    low, high = max(float(tensor.domain.low), -2.0), min(float(tensor.domain.high), 2.0)
    values = rng.uniform(low + (high - low) / 8, high - (high - low) / 8, shape)
    if tensor.domain.integer:
        values = np.ceil(values)
    if tensor.domain == UNIT and len(shape) == 2:
        values = values / values.sum(axis=1, keepdims=True)
    return values if shape else float(values)


def test_the_loss_of_ordered_classes_is_the_logistic_one_of_its_scores() -> None:
    """So the errors that are measured for the one hold for the other, and for several labels."""
    from generated import logistic, multilabel_logistic, ordinal_all_threshold  # noqa: PLC0415

    rng = np.random.default_rng(3)
    z = np.concatenate([rng.normal(0, 10, 200), rng.uniform(-800, 800, 200)])
    for y in (rng.integers(0, 2, len(z)).astype(float), rng.uniform(0, 1, len(z))):
        for name in ("loss", "slope", "curvature"):
            expected = getattr(logistic, name)(z, y)
            for module in (ordinal_all_threshold, multilabel_logistic):
                assert np.array_equal(getattr(module, name)(z[:, None], y[:, None])[:, 0], expected)


def test_softmax_keeps_its_digits_beside_a_sure_label() -> None:
    from generated import softmax  # noqa: PLC0415

    Z = np.array([[40.0, 0.0, -1.0], [800.0, -800.0, 0.0]])
    Y = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    rest = np.exp(-40) + np.exp(-41)  # log1p(rest) = rest to the last digit
    assert np.allclose(softmax.loss(Z, Y), [rest, 0.0], rtol=1e-15, atol=0)
    assert np.allclose(softmax.slope(Z, Y)[0], [-rest, np.exp(-40), np.exp(-41)], rtol=1e-15)
    assert np.allclose(softmax.curvature(Z, Y)[0], [rest, np.exp(-40), np.exp(-41)], rtol=1e-15)


def test_a_single_class_and_a_single_row_have_losses() -> None:
    from generated import softmax  # noqa: PLC0415

    assert softmax.loss(np.array([[3.0]]), np.array([[1.0]])) == 0
    assert softmax.slope(np.array([[3.0]]), np.array([[1.0]])) == 0
    assert softmax.curvature(np.array([[3.0]]), np.array([[1.0]])) == 0


def test_what_stands_before_the_sums_is_read_off_too() -> None:
    assert sample_loss(LOSSES["a sum"][0]).scale == ONE
    assert same(sample_loss(LOSSES["thresholds"][0]).scale, 1 / m * (1 / K))
    assert sample_loss(LOSSES["thresholds"][0]).penalty is None
    assert text(sample_loss(LOSSES["beside a penalty"][0]).penalty) == "sum_j w_j^2"
