"""Costs of any form on data that break solvers: every run ends, and what it claims is true.

They are the convex costs of the catalogue that are means over the rows of X; those with a matrix
of parameters, as softmax, meet all data, the others a few.
"""

from functools import cache

import numpy as np
import pytest

from generated.solvers import GeneralModel, minimise
from tests.solvers.exact_linear import catalogue
from tests.solvers.test_fit_robust import CASES, ids, normal

MODELS = [
    m for m in catalogue(GeneralModel) if m.convex and m.rows == "m" and m.data[0].name == "X"
]
SEVERAL = [m for m in MODELS if any(len(p.axes) == 2 for p in m.parameters)]
METHODS = {"auto": 60, "lbfgs": 40}
TOL = 1e-8
LOWEST = 1e-5
STEEP = 1e-6
SIZES = {"K": 3, "q": 2}
UNUSED = {"no column", "all 1e307", "weights zero", "weights 1e-300", "weights 1e300",
          "weights 1e-300 and 1e300", "weights subnormal"}  # fmt: skip
FEW = ["one row", "duplicate columns", "sizes 1e-150 to 1e150", "all 1e-160", "subnormal column"]


def drawn(model, X, z, rng):
    """The data of a model: X, and others within their domains, which follow the scores z."""
    m, n = X.shape
    sizes = {"m": m, "n": n, **SIZES}
    found = [X]
    for variable in model.data[1:]:
        shape = tuple(sizes[axis] for axis in variable.axes)
        low, high = variable.target.low, variable.target.high
        if not shape:
            value = low + 0.3 * (high - low) if np.isfinite(high) else max(low, 0.0) + 0.1
        elif np.isfinite(high) and variable.axes == ("m", "K"):
            scores = np.column_stack([z, -z, 0 * z]) + rng.gumbel(size=shape)
            value = np.eye(SIZES["K"])[scores.argmax(axis=1)]
        elif np.isfinite(high):
            value = (1 / (1 + np.exp(-z)) > rng.random(shape).T).T.astype(float)
        elif np.isfinite(low):
            value = rng.poisson(1.0, shape) + 0.5
        else:
            value = (z + rng.normal(size=shape).T).T
        found.append(value)
    return found


def checked(model, data, method, limit, l2=0.0):
    """A solution whose cost and gradient are those of the model's own functions."""
    found = minimise(model, *data, l2=l2, method=method, max_iter=limit, tol=TOL)
    parts = [found[p.name][()] for p in model.parameters]
    for part in (*parts, found.cost, found.gradient_norm):
        assert np.isfinite(part).all(), found.status
    with np.errstate(all="ignore"):
        gradients = model.gradient(*parts, *data)
        cost = (
            model.cost(*parts, *data) + sum(np.sum(np.square(np.sqrt(l2) * p)) for p in parts) / 2
        )
    several = gradients if isinstance(gradients, tuple) else (gradients,)
    each = [np.abs(g + l2 * p).max(initial=0.0) for g, p in zip(several, parts, strict=True)]
    rounding = 1e-13 * (1.0 + np.abs(np.asarray(data[0], dtype=float)).max(initial=0.0))
    assert found.gradient_norm == pytest.approx(max(each), rel=1e-6, abs=rounding)
    assert found.cost == pytest.approx(cost, rel=1e-12)
    if found.converged:
        pairs = zip(model.parameters, several, parts, strict=True)
        steep = [_by_columns(v, g + l2 * p, data[0], l2) for v, g, p in pairs]
        assert max(steep) <= STEEP * np.sqrt(1 + abs(found.cost)), found.status
        assert found.status.startswith("Converged")
    else:
        assert found.status.startswith("Not converged"), found.status
    return found


def _by_columns(variable, gradient, X, l2) -> float:
    """The largest entry of a gradient, for columns of X of size one and a curvature of about one.

    It has no units: what is small does not depend on those of X.
    """
    sizes = np.ones(np.shape(gradient))
    if "n" in variable.axes:
        columns = np.abs(np.asarray(X, dtype=float)).max(axis=0)
        columns = np.maximum(columns, 1.0)  # smaller ones may be left to a penalty
        axis = variable.axes.index("n")
        sizes = sizes * np.moveaxis(np.ones((*sizes.shape[1:], columns.size)) * columns, -1, axis)
    return float(np.max(np.abs(gradient) / np.maximum(sizes, np.sqrt(l2))))


@cache
def plain_cost(name, method):
    """The lowest cost where all columns are of size one."""
    model = next(m for m in MODELS if m.name == name)
    X, z, rng = normal()
    return checked(model, drawn(model, X, z, rng), method, None).cost


@pytest.mark.parametrize(
    ("model", "case"),
    [(m, case) for m in MODELS for case in CASES if case not in UNUSED and m in SEVERAL]
    + [(m, case) for m in MODELS for case in FEW if m not in SEVERAL],
    **ids,
)
def test_claims_are_true(model, case) -> None:
    made = CASES[case]()
    data = drawn(model, made.X, made.scores, np.random.default_rng(1))
    found = [checked(model, data, method, limit) for method, limit in METHODS.items()]
    lowest = min(result.cost for result in found)
    for result in found:
        if result.converged:
            assert result.cost <= lowest + LOWEST * (1 + abs(lowest)), result.status


@pytest.mark.parametrize("size", [1e-160, 1e-100, 1e-20, 1e20, 1e100, 1e160])
@pytest.mark.parametrize("name", ["softmax", "expectile"])
def test_the_lowest_cost_is_reached_in_any_unit(name, size) -> None:
    """Even where the gradient is below tol at the start, because all columns are small."""
    model = next(m for m in MODELS if m.name == name)
    X, z, rng = normal()
    data = drawn(model, X, z, rng)
    for method in METHODS:
        found = checked(model, [X * size, *data[1:]], method, None)
        lowest = plain_cost(name, method)
        assert found.cost <= lowest + LOWEST * (1 + abs(lowest)), found.status
        assert found.converged or "rounding" in found.status


@pytest.mark.parametrize("l2", [5e-324, 1e-300, 1e30, 1e300])
@pytest.mark.parametrize("model", SEVERAL, ids=lambda model: model.name)
def test_penalties_of_any_size(model, l2) -> None:
    X, z, rng = normal()
    data = drawn(model, X, z, rng)
    for method, limit in METHODS.items():
        found = checked(model, data, method, limit, l2=l2)
        if l2 > 1:
            assert max(np.abs(p).max() for p in found.parameters.values()) <= 100 / l2


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("model", SEVERAL, ids=lambda model: model.name)
def test_one_class_and_separable_classes(model, method) -> None:
    """Without a penalty there is no minimiser, and none is claimed; with one there is."""
    X, z, rng = normal()
    data = drawn(model, X, z, rng)
    for labels in (np.eye(3)[np.zeros(len(z), int)], np.eye(3)[np.where(z > 0, 0, 1)]):
        given = [labels if v.name == "Y" else d for v, d in zip(model.data, data, strict=True)]
        free = all(v.name != "lambda_" for v in model.data)
        if free and labels[:, 1].any():
            found = checked(model, given, method, 200)
            assert not found.converged or "does not determine" in found.status
        assert checked(model, given, method, 200, l2=0.1).converged


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_an_entry_that_is_no_number_is_named(model, bad) -> None:
    X, z, rng = normal()
    data = drawn(model, X, z, rng)
    X = X.copy()
    X[4, 2] = bad
    with pytest.raises(ValueError, match=r"X, rows 4 \(1 of 30\)") as caught:
        minimise(model, X, *data[1:])
    assert "column 2" in str(caught.value)
