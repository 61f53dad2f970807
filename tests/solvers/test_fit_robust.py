"""Every linear model of the catalogue on data that break solvers, with every method.

Each run ends without a warning (they are errors in tests) and without an exception, but for a
refusal in our four lines.
What it claims is checked from outside, in extended precision: the cost and the gradient at the
point that it returns; `converged` only where that gradient is at most tol, relative to the sizes of
columns and slopes, up to what float64 can tell of it; of a convex cost, only at the lowest cost
that is known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from generated.solvers import fit
from tests.solvers.exact_linear import LINEAR, drawn, exact, fitting

SETTINGS = [  # with an intercept; l2; the methods and how many steps they may take
    (True, 0.0, {"auto": None, "gradient_descent": 4}),
    (False, 0.1, {"newton": None, "gradient_descent": 4}),
]
TOL = 1e-8
LOWEST = 1e-6  # a cost so near the lowest one, relatively, is it
STEPS = 25
M, N = 30, 3
THETA = np.array([1.0, -0.7, 0.4])


@dataclass(frozen=True)
class Case:
    """Features X (m, n), scores (m,) that the targets follow, and weights.

    steps: the most of Newton's method, where it would take hundreds.
    same: the cost at the minimum does not depend on the units and offsets that were put into X,
    so that it is known from `scores` as long as there is no penalty.
    """

    X: np.ndarray
    scores: np.ndarray
    s: np.ndarray | None = None
    same: bool = False
    steps: int | None = None


def normal(m=M, n=N, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, n))
    return X, X[:, :N] @ THETA[:n], rng


def units(*exponents: float) -> Callable[[], Case]:
    """Columns in units of these powers of ten."""

    def make() -> Case:
        X, z, _ = normal()
        return Case(X * 10.0 ** np.array(exponents), z, same=True)

    return make


def weights(*exponents: float) -> Callable[[], Case]:
    """Weights that are these powers of ten, in turn; 0 stands for weight zero."""

    def make() -> Case:
        X, z, _ = normal()
        powers = [10.0**e if e else 0.0 for e in exponents]
        return Case(X, z, np.resize(powers, M), same=True)

    return make


def changed(change) -> Callable[[], Case]:
    """X changed by a function of X and random numbers, which leaves the scores within reach."""

    def make() -> Case:
        X, z, rng = normal()
        return Case(change(X, rng), z, same=True)

    return make


def sized(m, n) -> Callable[[], Case]:
    def make() -> Case:
        X, z, _ = normal(m, n)
        return Case(X, z, same=True)

    return make


def first_row_huge() -> Case:
    X, z, _ = normal()
    X[0] *= 1e150
    return Case(X, z, steps=STEPS)


def rows_of_all_sizes() -> Case:
    X, z, rng = normal()
    return Case(X * 10.0 ** rng.integers(-150, 151, size=(M, 1)), z, steps=STEPS)


def integers() -> Case:
    _, _, rng = normal()
    X = rng.integers(-3, 4, size=(M, N))
    return Case(X, X @ THETA / 4, same=True)


CASES = {
    "plain": units(0, 0, 0),
    "one column": sized(M, 1),
    "no column": lambda: Case(np.empty((M, 0)), np.full(M, 0.25), same=False),
    "one row": sized(1, N),
    "one number": sized(1, 1),
    "more columns than rows": sized(6, 20),
    "many more columns than rows": sized(9, 90),
    "duplicate columns": changed(lambda X, rng: np.column_stack([X, X[:, 0], X[:, 1]])),
    "nearly dependent": changed(lambda X, rng: np.column_stack([X, X[:, 0] * (1 + 1e-15)])),
    "zero column": changed(lambda X, rng: np.column_stack([X, np.zeros(M)])),
    "constant columns": changed(lambda X, rng: np.column_stack([X, np.full((M, 2), 7.0)])),
    "inexact constant": changed(lambda X, rng: np.column_stack([X, np.full(M, 1e3) / 3])),
    "all zero": lambda: Case(np.zeros((M, N)), np.zeros(M)),
    "sizes 1e-150 to 1e150": units(-150, 0, 150),
    "sizes 1e-160 to 1e160": units(-160, 0, 160),
    "sizes 1e-300 to 1e300": units(-300, 0, 300),
    "all 1e160": units(160, 160, 160),
    "all 1e307": units(307, 307, 307),
    "all 1e-160": units(-160, -160, -160),
    "subnormal column": changed(lambda X, rng: np.column_stack([X, 1e-310 * rng.normal(size=M)])),
    "all subnormal": lambda: Case(1e-310 * normal()[0], np.zeros(M)),
    "offset 1e8": lambda: Case(normal()[0] + 1e8, normal()[1]),
    "offsets 1e12": lambda: Case(normal()[0] + 1e12 * np.array([1, 0, -1]), normal()[1]),
    "one row huge": first_row_huge,
    "rows of all sizes": rows_of_all_sizes,
    "weights zero": weights(0, 1, 1),
    "weights 1e-300": weights(-300),
    "weights 1e300": weights(300),
    "weights 1e-300 and 1e300": weights(-300, 300),
    "weights subnormal": weights(-323),
    "integers": integers,
}
ids = {"ids": lambda value: value if isinstance(value, str) else value.name}


def checked(model, X, y, s=None, *, l2=0.0, intercept=True, method="auto", tol=TOL, max_iter=None):
    """A fit whose claims are true."""
    found = fit(
        model, X, y, l2=l2, fit_intercept=intercept, sample_weight=s, method=method, tol=tol,
        max_iter=max_iter,
    )  # fmt: skip
    w = np.append(found.theta, found.intercept) if intercept else found.theta
    assert np.isfinite([*w, found.cost, found.gradient_norm]).all(), found.status
    assert len(found.history) == found.iterations + 1
    true = exact(model, X, y, w, l2, s, intercept)
    assert abs(found.cost - true.cost) <= true.cost_error, found.status
    error = float(true.error.max(initial=0.0))
    assert abs(found.gradient_norm - true.norm) <= error, found.status
    if found.converged:
        assert true.steep <= 2 * tol + true.steep_error, found.status
        assert found.status.startswith("Converged")
    else:
        assert found.status.startswith(("Not converged", "No minimiser")), found.status
    return found


def agree(model, found) -> None:
    """Of a convex cost: what has converged has the lowest cost."""
    if not model.convex:
        return
    lowest = min(result.cost for result in found)
    for result in found:
        if result.converged:
            assert result.cost <= lowest + LOWEST * (1 + abs(lowest)), result.status


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("model", LINEAR, **ids)
def test_claims_are_true(model, case) -> None:
    data = CASES[case]()
    y = drawn(model, data.scores, np.random.default_rng(1))
    # Every case meets each setting with half of the models.
    turn = (LINEAR.index(model) + list(CASES).index(case)) % len(SETTINGS)
    intercept, l2, methods = SETTINGS[turn]
    agree(
        model,
        [
            checked(model, data.X, y, data.s, l2=l2, intercept=intercept, method=method,
                    max_iter=limit or data.steps)
            for method, limit in methods.items()
        ],
    )  # fmt: skip


@cache
def targets(model, scores):
    """Those that are fitted exactly by scores; most cases have the same."""
    return fitting(model, np.frombuffer(scores))


def fits(model) -> bool:
    """Whether some targets are fitted exactly by scores."""
    return targets(model, normal()[1].tobytes()) is not None


@pytest.mark.parametrize("case", [name for name, make in CASES.items() if make().same])
@pytest.mark.parametrize("model", [m for m in LINEAR if m.convex and fits(m)], **ids)
def test_the_lowest_cost_is_reached_whatever_the_units(model, case) -> None:
    """The targets are made so that each sample's loss is least at its score."""
    data = CASES[case]()
    y = targets(model, data.scores.tobytes())
    s = np.ones(len(y)) if data.s is None else data.s / data.s.max()
    lowest = float(s @ model.loss(data.scores, y) / s.sum())
    found = fit(model, data.X, y, sample_weight=data.s)
    assert found.cost <= lowest + LOWEST * (1 + abs(lowest)), found.status
    assert found.converged or "rounding" in found.status


def edge(model) -> float:
    """An admissible target at an end of those there are, or zero."""
    ends = [end for end in (model.target.high, model.target.low) if np.isfinite(end)]
    value = ends[0] if ends else 0.0
    return value + (0.5 if model.target.low_open and value == model.target.low else 0.0)


@pytest.mark.parametrize("kind", ["separable", "one class"])
@pytest.mark.parametrize("model", [m for m in LINEAR if m.convex], **ids)
def test_without_a_minimiser_none_is_claimed(model, kind) -> None:
    """Where the cost falls for ever it is said; where it ends on a plateau, it is as low as that.

    So it must be for labels, and for the least count, zero.
    """
    X, _, _ = normal(m=60)
    above = X[:, 0] > 0
    X[:, 0] += np.where(above, 0.5, -0.5)
    bounded = np.isfinite(model.target.high)
    low = model.target.low if bounded else edge(model)
    high = model.target.high if bounded else low + 3.0
    y = np.where(above, high, low) if kind == "separable" else np.full(60, edge(model))
    for method, limit in {"auto": None, "newton": None, "gradient_descent": 200}.items():
        found = checked(model, X, y, method=method, max_iter=limit)
        none = found.status.startswith("No minimiser")
        if limit is None:
            assert found.converged or none, found.status
        if found.converged and bounded:
            far = 1e3 * (2.0 * (y == high) - 1.0)
            assert found.cost <= float(model.loss(far, y).mean()) + 1e-12, found.status
        held = checked(model, X, y, l2=0.1, intercept=False, method=method, max_iter=limit)
        assert held.converged or limit is not None, held.status


@pytest.mark.parametrize("l2", [5e-324, 1e-300, 1e-30, 1e30, 1e300])
@pytest.mark.parametrize("model", LINEAR, **ids)
def test_penalties_of_any_size(model, l2) -> None:
    X, z, rng = normal()
    y = drawn(model, z, rng)
    found = [
        checked(model, X, y, l2=l2, intercept=intercept, method=method, max_iter=limit)
        for intercept in (True, False)
        for method, limit in {"auto": None, "gradient_descent": 4}.items()
    ]
    if l2 > 1 and model.convex:
        assert found[2].converged
        assert np.abs(found[2].theta).max() <= 100 / l2


@pytest.mark.parametrize("model", LINEAR, **ids)
def test_tolerances_that_cannot_be_reached_and_few_steps(model) -> None:
    X, z, rng = normal()
    y = drawn(model, z, rng)
    for method, limit in {"auto": None, "newton": None, "gradient_descent": 60}.items():
        checked(model, X, y, l2=0.01, method=method, tol=1e-30, max_iter=limit)
        checked(model, X, y, l2=0.01, method=method, tol=1e300, max_iter=limit)
        assert checked(model, X, y, l2=0.01, method=method, max_iter=1).iterations <= 1
        with pytest.raises(ValueError, match="max_iter = 0"):
            fit(model, X, y, method=method, max_iter=0)


@pytest.mark.parametrize("model", LINEAR, **ids)
def test_arrays_of_every_kind(model) -> None:
    _, z, rng = normal()
    X = rng.integers(-8, 9, size=(M, N)) / 4.0  # the same numbers in every type
    y = drawn(model, z, rng)
    s = 1.0 + np.arange(M) % 3
    plain = checked(model, X, y, s, l2=0.1)
    wide = np.zeros((2 * M, 2 * N))
    wide[::2, ::2] = X
    locked = X.copy()
    locked.flags.writeable = False
    kinds = [
        np.asfortranarray(X), wide[::2, ::2], X[::-1, ::-1].copy()[::-1, ::-1], locked,
        X.astype(np.float32), X.astype(np.float16), X.astype(np.longdouble), X.astype(object),
        X.astype(X.dtype.newbyteorder()), X.tolist(),
    ]  # fmt: skip
    for kind in kinds:
        other = fit(model, kind, y, l2=0.1, sample_weight=s)
        np.testing.assert_allclose(other.theta, plain.theta, rtol=1e-9, atol=1e-12)
    whole = (4 * X).astype(int)
    exact_integers = fit(model, whole, y, l2=0.1, sample_weight=s.astype(np.int8))
    as_numbers = fit(model, whole.astype(float), y, l2=0.1, sample_weight=s)
    np.testing.assert_allclose(exact_integers.theta, as_numbers.theta, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("model", LINEAR, **ids)
def test_what_cannot_be_fitted_is_refused(model) -> None:
    X, z, rng = normal(m=6)
    y = drawn(model, z, rng)
    s = np.ones(6)

    def refused(*words, X=X, y=y, s=s):
        for method in ("auto", "newton", "gradient_descent"):
            with pytest.raises(ValueError, match=f"asked: +fit {model.name} ") as caught:
                fit(model, X, y, sample_weight=s, method=method)
            lines = str(caught.value).split("\n")
            heads = [line.partition(":")[0] for line in lines]
            assert heads == ["asked", "where", "wrong", "what to do"]
            for word in words:
                assert word in str(caught.value)

    def with_entry(array, index, value):
        array = np.array(array, dtype=float)
        array[index] = value
        return array

    for bad in (np.nan, np.inf, -np.inf):
        refused("X, rows 4 (1 of 6)", "column 2", X=with_entry(X, (4, 2), bad))
        refused("X, rows 4 (1 of 6)", "column 2", X=np.float32(with_entry(X, (4, 2), bad)))
        refused("X, rows 4 (1 of 6)", "column 2", X=with_entry(X, (4, 2), bad).astype(object))
        refused("y, rows 3 (1 of 6)", y=with_entry(y, 3, bad))
        refused("sample_weight, rows 1 (1 of 6)", s=with_entry(s, 1, bad))
    refused("negative weights", s=with_entry(s, 1, -1e-300))
    refused("no samples", X=X[:0], y=y[:0], s=s[:0])
    target = model.target
    for end, outward in ((target.low, -np.inf), (target.high, np.inf)):
        if np.isfinite(end):
            refused("outside the target", y=with_entry(y, 2, np.nextafter(end, outward)))
    if target.low_open:
        refused("outside the target", y=with_entry(y, 2, target.low))
