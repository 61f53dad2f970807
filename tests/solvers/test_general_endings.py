"""Every run ends, says honestly how, and is the same each time."""

import warnings

import numpy as np
import pytest

from generated.solvers import GeneralModel, Solution, Variable, minimise
from tests.solvers.test_general_models import (
    FACTORISATION,
    NORMAL,
    QUADRATIC,
    RAYLEIGH,
    ROSENBROCK,
    SOFTMAX,
    WEIGHTED_LOGISTIC,
)

both = pytest.mark.parametrize("method", ["newton_cg", "lbfgs"])
A = np.random.default_rng(0).normal(size=(6, 5))


def scalar(name, cost, slope, bend, convex=False):
    """A cost of one number."""
    return GeneralModel(
        name,
        lambda x: float(cost(x)),
        lambda x: float(slope(x)),
        lambda x, v: float(bend(x) * v),
        (Variable("x"),),
        (),
        convex,
    )


QUARTIC = scalar("quartic", lambda x: x**4, lambda x: 4 * x**3, lambda x: 12 * x**2, convex=True)
DOWNHILL = scalar("downhill", lambda x: -x, lambda x: -1.0, lambda x: 0.0, convex=True)
DECAY = scalar("decay", lambda x: np.exp(-x), lambda x: -np.exp(-x), lambda x: np.exp(-x), True)
COSH = scalar("cosh", np.cosh, np.sinh, np.cosh, convex=True)
EDGE = scalar(
    "edge", lambda x: np.sqrt(x) + x, lambda x: 0.5 / np.sqrt(x) + 1, lambda x: -0.25 * x**-1.5
)


@both
def test_the_history_is_consistent(method) -> None:
    result = minimise(ROSENBROCK, start=[-1.2, 1.0], method=method)
    assert isinstance(result, Solution)
    assert [r.iteration for r in result.history] == list(range(result.iterations + 1))
    costs = [r.cost for r in result.history]
    assert costs == sorted(costs, reverse=True)
    assert (result.cost, result.gradient_norm) == (costs[-1], result.history[-1].gradient_norm)
    assert result.history[0].step == 0
    assert all(r.step > 0 for r in result.history[1:])
    assert result.gradient_norm == np.abs(ROSENBROCK.gradient(result["x"])).max()


@both
def test_runs_are_deterministic(method) -> None:
    one, other = (minimise(FACTORISATION, A, sizes={"d": 2}, method=method) for _ in range(2))
    assert one.history == other.history
    np.testing.assert_array_equal(one["U"], other["U"])


@both
def test_inputs_are_not_changed_and_results_are_copies(method) -> None:
    start = {"U": np.ones((6, 1)), "V": np.ones((5, 1))}
    before = A.copy()
    result = minimise(FACTORISATION, A, start=start, method=method)
    result["U"][:] = 0.0
    np.testing.assert_array_equal(A, before)
    np.testing.assert_array_equal(start["U"], 1.0)
    with pytest.raises(TypeError):
        result.parameters["U"] = start["U"]


@both
def test_a_solution_is_a_start(method) -> None:
    first = minimise(FACTORISATION, A, sizes={"d": 2}, method=method, max_iter=3)
    assert not first.converged
    assert "max_iter is used up" in first.status
    assert first.iterations == 3
    assert np.isnan(first.curvature)
    again = minimise(FACTORISATION, A, start=first, method=method)
    assert again.converged, again.status
    assert again.history[0].cost == first.cost


@both
def test_a_cost_not_known_to_be_convex_claims_no_global_minimum(method) -> None:
    for result in (
        minimise(RAYLEIGH, np.diag([1.0, 2.0, 3.0]), method=method),
        minimise(NORMAL, [1.0, 2.0], method=method),
    ):
        assert result.converged
        assert result.status.startswith("Converged to a stationary point")
        assert "global" not in result.status
        assert "smallest curvature" in result.status


@both
def test_a_convex_cost_claims_a_global_minimum_only_where_it_is_definite(method) -> None:
    result = minimise(COSH, start=3.0, method=method)
    assert result.status.startswith("Converged to a global minimiser"), result.status
    A = np.array([[1.0, 1.0], [1.0, 1.0]])
    result = minimise(QUADRATIC, A, [1.0, 1.0], method=method)
    assert result.converged
    assert "does not determine the minimiser" in result.status
    np.testing.assert_allclose(result["x"], 0.5)  # the shortest of the minimisers
    assert minimise(QUARTIC, start=1.0, method=method).converged is True


@both
def test_a_minimum_at_infinity_is_not_called_converged(method) -> None:
    X = np.array([[-2.0, 1.0], [-1.0, 1.0], [1.0, 1.0], [3.0, 1.0]])
    y = np.array([0.0, 0.0, 1.0, 1.0])
    separable = minimise(WEIGHTED_LOGISTIC, X, y, np.ones(4), method=method)
    classes = minimise(SOFTMAX, X, np.eye(2)[y.astype(int)], method=method)
    decay = minimise(DECAY, start=0.5, method=method)
    for result in (separable, classes, decay):
        assert not result.converged, result.status
        assert "global" not in result.status
        assert "use l2 > 0" in result.status
    assert minimise(WEIGHTED_LOGISTIC, X, y, np.ones(4), l2=0.1, method=method).converged


@both
def test_a_cost_that_falls_for_ever_ends(method) -> None:
    for result in (
        minimise(DOWNHILL, start=1.0, method=method),
        minimise(QUADRATIC, np.diag([1.0, -1.0]), [1.0, 1.0], method=method),
        minimise(NORMAL, [2.0], method=method, max_iter=50),
        minimise(EDGE, start=1.0, method=method),
    ):
        assert not result.converged
        assert result.status.startswith("Not converged"), result.status


@both
def test_far_starts_end_without_warnings(method) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for size in (1e3, 1e30, 1e70):
            result = minimise(ROSENBROCK, start=[size, -size], method=method, max_iter=100)
            assert np.isfinite(result.cost)
            assert result.cost < result.history[0].cost
        far = minimise(COSH, start=700.0, method=method)
        assert far["x"] == pytest.approx(0.0, abs=1e-8)
        wide = minimise(WEIGHTED_LOGISTIC, A * 1e150, np.arange(6) % 2, np.ones(6), l2=1.0,
                        method=method, max_iter=50)  # fmt: skip
        assert np.isfinite(wide.cost)


@both
def test_a_bad_start_of_a_convex_cost_is_replaced(method) -> None:
    X, y = A, np.arange(6) % 2
    far = {"w": np.full(5, 1e4), "b": 0.0}
    result = minimise(WEIGHTED_LOGISTIC, X, y, np.ones(6), l2=0.1, start=far, method=method)
    assert result.converged, result.status
    assert result.history[0].cost == pytest.approx(np.log(2))


@both
def test_what_float64_cannot_better_has_converged_to_working_precision(method) -> None:
    S = A.T @ A
    result = minimise(QUADRATIC, S, np.ones(5), method=method, tol=1e-300)
    assert result.converged
    assert "working precision" in result.status or result.gradient_norm == 0
    assert result.gradient_norm < 1e-12


@both
def test_a_singular_matrix_inside_of_the_cost_ends_a_step_not_the_run(method) -> None:
    def cost(x):
        if x > 2.0:
            raise np.linalg.LinAlgError("singular")
        return (x - 1.0) ** 2

    model = scalar("matrix", cost, lambda x: 2.0 * (x - 1.0), lambda x: 0.01)
    assert minimise(model, start=0.0, method=method)["x"] == pytest.approx(1.0)


def test_texts_of_a_solution() -> None:
    result = minimise(FACTORISATION, A, sizes={"d": 2})
    assert repr(result).startswith("Solution(converged=True, cost=")
    assert repr(result).endswith("U (6, 2), V (5, 2))")
    text = str(result)
    assert text.startswith(result.status)
    assert "(12 in all)]" in text


def test_rounding_along_a_flat_direction_is_no_way_to_infinity() -> None:
    """Only the difference of two parameters counts, as of a softmax's biases.

    A gradient of 2e-12 and a curvature of 1e-16 along their sum, which are rounding, promise a
    fall; but the cost stays the same.
    """
    H = np.array([[1.0, -1.0], [-1.0, 1.0]])
    flat = GeneralModel(
        "flat",
        lambda w: 0.5 * (w[0] - w[1] - 1.0) ** 2 + 1.0,
        lambda w: (w[0] - w[1] - 1.0) * np.array([1.0, -1.0]) - 2e-12,
        lambda w, v: H @ v + 1e-16 * v,
        (Variable("w", ("n",)),),
        (),
        convex=False,
    )
    for method in ("auto", "newton_cg", "lbfgs"):
        result = minimise(flat, start=[1.0, 1.0], method=method)
        assert result.converged, result.status
        assert result.status.startswith("Converged to a stationary point")
