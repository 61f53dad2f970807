"""Textbook costs as they are typed, convex or not: what is proved, and numbers that agree."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from derive.certify.certificate import certified
from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.judge import judge_certificate
from derive.notation.interval import REAL
from derive.notation.validate import validate
from derive.readers.file import problem_from_lines
from tests.certify.neighbours import CONVEX, NOT_CONVEX
from tests.certify.test_convexity import smallest
from tests.fuzz.whole import drawn, reference

FILES = sorted((Path(__file__).parent / "convex").glob("*.txt"))
SHARED = {
    path.stem: (re.match("# right: (.*)", path.read_text())[1], path.read_text()) for path in FILES
}
CASES = {
    **SHARED,
    **{name: ("convex", lines) for name, lines in CONVEX.items()},
    **{name: ("not convex", lines) for name, lines in NOT_CONVEX.items()},
}


@cache
def read(name):
    text = CASES[name][1]
    made = problem_from_lines(text if "title:" in text else f"title: {name}\n{text}", "case")
    validate(made)
    return made


def value(made, sizes, arrays):
    with np.errstate(all="ignore"):
        try:
            return reference(made, sizes, arrays).v
        except (OverflowError, ZeroDivisionError, ValueError):
            return np.nan


def bulge(made, seed) -> float:
    """How far the cost in the middle of two points lies above the mean of the two."""
    sizes, here = drawn(made, seed)
    _, there = drawn(made, seed + 1000, sizes)
    for p in made.parameters:
        if p.domain == REAL and not p.facts:  # near and far
            here[p.name], there[p.name] = (a[p.name] * (1 + seed % 4) for a in (here, there))
    names = [p.name for p in made.parameters]
    other = here | {name: there[name] for name in names}
    middle = here | {name: (here[name] + there[name]) / 2 for name in names}
    a, b, c = (value(made, sizes, arrays) for arrays in (here, other, middle))
    scale = max(1.0, abs(a), abs(b))
    return (c - (a + b) / 2) / scale if np.isfinite([a, b, c]).all() else 0.0


def bends_down(made, certain) -> bool:
    """Whether random points show that the cost is not convex; `certain`: after a longer search."""
    seeds = range(60 if certain else 16)
    return any(bulge(made, seed) > 1e-9 for seed in seeds) or (
        smallest(made, made.parameters, range(12 if certain else 5)) < -1e-8
    )


@pytest.mark.parametrize("name", CASES)
def test_what_is_right_is_said(name) -> None:
    made, right = read(name), CASES[name][0]
    certificate, _ = certified(made, linear_predictor(made, sample_loss(made)))
    bent = right == "not convex"
    assert bends_down(made, certain=bent) == bent, "the answer in the table is wrong"
    assert certificate.convex == (right == "convex")
    assert [step.message for step in judge_certificate(certificate) if not step.passed] == []
