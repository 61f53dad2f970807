"""What the functions return at NaN, at the infinities and at the two zeros."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.accuracy.cases import Case, loaded
from tests.accuracy.reference import FUNCTIONS
from tests.accuracy.table import line

SCORES = (math.nan, -math.inf, math.inf, -0.0, 0.0)


def special_values(cases: Sequence[Case], folder: Path) -> list[str]:
    """A table of the values over all settings of the data."""
    head = ("cost", "function", "NaN gives NaN", "-0 and 0 agree", "at -inf", "at inf")
    lines = [line(head), "|---|---|---|---|---|---|"]
    for case in cases:
        module = loaded(folder, case.name)
        data = np.unique(np.column_stack(case.arguments[1:]), axis=0)
        for function in FUNCTIONS:
            at = values(getattr(module, function), data)
            lines.append(line((
                case.name, function,
                "yes" if np.isnan(at[0]).all() else f"no: {kinds(at[0])}",
                "yes" if np.array_equal(at[3], at[4]) else "no",
                kinds(at[1]), kinds(at[2]),
            )))  # fmt: skip
    return lines


def values(function: object, data: np.ndarray) -> list[np.ndarray]:
    """The values at the special scores, for all settings of the data."""
    with np.errstate(all="ignore"):
        return [np.asarray(function(np.full(len(data), z), *data.T)) for z in SCORES]


def kinds(found: np.ndarray) -> str:
    """The different values, in few words."""
    kinds = {"NaN" if math.isnan(v) else f"{v + 0.0:.4g}" for v in found.tolist()}
    return ", ".join(sorted(kinds)) if len(kinds) <= 4 else f"{len(kinds)} values"
