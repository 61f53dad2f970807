"""Nonlinear regression of the NIST StRD: certified values, from both starts and from none.

Sources of data and values: NIST/ITL, Statistical Reference Datasets, nonlinear regression.
"""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

from derive.__main__ import main

CASES = Path(__file__).parent / "nist"
NAMES = sorted(path.stem for path in CASES.glob("*.json"))
DIGITS = 8.0
EXCHANGED = ("Gauss1", "Lanczos3")  # without a start, two terms of one form change places


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nist") / "curves"
    files = [str(CASES / f"{name}.txt") for name in NAMES]
    assert main(["build", *files, "-o", str(folder)]) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder.parent))
        yield {name: importlib.import_module(f"curves.{name.lower()}") for name in NAMES}


def case(name, module):
    """The arguments of a fit in the module's order, starts by name, and what is certified."""
    read = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    columns = dict(zip(read["columns"], np.array(read["rows"], dtype=float).T, strict=True))
    given = {"x": columns["x1"], "y": columns["y"]}
    if name == "Nelson":  # the model is one of log y, over two columns
        given = {"x": columns["x1"], "w": columns["x2"], "y": np.log(columns["y"])}
    names = [p.name for p in module.MODEL.parameters]
    starts = [dict(zip(names, read[key], strict=True)) for key in ("start1", "start2")]
    data = [given[v.name] for v in module.MODEL.data]
    return data, starts, np.array(read["certified"]), read["residual_sum_of_squares"]


def digits(result, module, certified) -> float:
    found = np.array([float(result[p.name]) for p in module.MODEL.parameters])
    return float(-np.log10(np.max(np.abs(found - certified) / np.abs(certified)) + 1e-16))


@pytest.mark.parametrize("name", NAMES)
def test_both_starts_lead_to_the_certified_values(name, modules) -> None:
    module = modules[name]
    data, starts, certified, _ = case(name, module)
    for start in starts:
        assert digits(module.fit(*data, start=start), module, certified) >= DIGITS


@pytest.mark.parametrize("name", NAMES)
def test_no_start_is_needed(name, modules) -> None:
    module = modules[name]
    data, _, certified, least = case(name, module)
    result = module.fit(*data)
    squares = 2 * len(data[0]) * result.cost
    assert squares <= least * (1 + 1e-9) or least < 1e-20
    if name not in EXCHANGED:
        assert digits(result, module, certified) >= DIGITS
