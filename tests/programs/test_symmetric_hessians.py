"""Second derivatives by one vector are symmetric to the last digit, as they are computed."""

import importlib

import numpy as np
import pytest

from derive.notation import Problem
from derive.readers.file import catalogue
from tests.fuzz.whole import axes_of, drawn

VECTORS = [
    (problem, p)
    for problem in catalogue()
    if isinstance(problem, Problem)
    for p in problem.parameters
    if len(p.axes) == 1
]


@pytest.mark.parametrize(("problem", "vector"), VECTORS, ids=lambda x: x.name)
def test_a_hessian_block_is_exactly_symmetric(problem, vector) -> None:
    module = importlib.import_module(f"generated.{problem.name}")
    one = len(problem.parameters) == 1
    name = "hessian" if one else f"hessian_{vector.name}_{vector.name}"
    if not hasattr(module, name):
        assert problem.name in WITHOUT
        return
    sizes = {axis: 9 + number for number, axis in enumerate(axes_of(problem))}
    sizes, arrays = drawn(problem, 0, sizes)
    given = [arrays[t.name] for t in (*problem.parameters, *problem.data)]
    with np.errstate(all="ignore"):
        found = getattr(module, name)(*given)
    assert found.shape == (sizes[vector.axes[0].root] - vector.axes[0].cut,) * 2
    assert np.array_equal(found, found.T, equal_nan=True)


WITHOUT = {"autoencoder", "deep_network", "gaussian_process_evidence", "two_layer_network"}
"""Costs whose second derivatives are not written out."""
