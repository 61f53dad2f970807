"""What the rows of the table say of their functions, and that false words are refused."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest

from derive.errors import ProblemError
from derive.judge.rows import require_rows, row_verdict, used_functions
from derive.notation import Axis, Elementwise, Problem, Sum, data, exp, log, parameter, relu
from derive.notation.expression import Expr
from derive.notation.functions import (
    FUNCTIONS,
    SLOT,
    absolute,
    gumbel_hazard_slope,
    hazard,
    hazard_slope,
    log_gamma,
    sqrt,
    trigamma,
)
from derive.notation.interval import OPEN_UNIT, REAL, Interval

ROWS = (*FUNCTIONS, trigamma)
SMALL = Fraction(1, 1000)


@pytest.mark.parametrize("row", ROWS, ids=lambda f: f.name)
def test_all_that_the_rows_say_is_proved(row: Elementwise) -> None:
    facts = row_verdict(row).facts
    assert {f.outcome for f in facts} == {"proved"}, [f for f in facts if f.outcome != "proved"]


def corrupted(row: Elementwise) -> Iterator[tuple[str, Elementwise]]:
    """The row with one property changed, each change a false statement about the function."""
    low, high = row.range.low, row.range.high
    if low != REAL.low:
        yield "range low", replace(row, range=replace(row.range, low=Fraction(low) + SMALL))
        if not row.range.low_open:
            yield "range low open", replace(row, range=replace(row.range, low_open=True))
    if high != REAL.high:
        yield "range high", replace(row, range=replace(row.range, high=Fraction(high) - SMALL))
        if not row.range.high_open:
            yield "range high open", replace(row, range=replace(row.range, high_open=True))
    if row.range == REAL:
        yield "range", replace(row, range=OPEN_UNIT)
    other = "decreasing" if row.monotone != "decreasing" else "increasing"
    yield "monotone", replace(row, monotone=other)
    for kink in row.kinks:
        yield "kink", replace(row, kinks=tuple(k for k in row.kinks if k != kink))
    turned = {"convex": "concave", "concave": "convex"}
    for n, (bend, on) in enumerate(row.bends):
        flipped = [*row.bends]
        flipped[n] = (turned[bend], on)
        yield "bend", replace(row, bends=tuple(flipped))
        if on != REAL:
            wider = [*row.bends]
            wider[n] = (bend, Interval(on.low - SMALL, on.high + SMALL))
            yield "wider bend", replace(row, bends=tuple(wider))
    if not row.end:
        yield "derivative", replace(row, derivative=lambda t: row.derivative(t) + SMALL)
        yield "derivative", replace(row, derivative=lambda t: -row.derivative(t) - t)
        yield "derivative", replace(
            row, derivative=lambda t: row.derivative(t) * (1 + Fraction(1, 10**12)) + t / 10**30
        )
    if row.domain != REAL:
        yield "domain", replace(row, domain=Interval(row.domain.low - SMALL))


MUTANTS = [(f"{row.name}: {what}", mutant) for row in ROWS for what, mutant in corrupted(row)]


@pytest.mark.parametrize("mutant", [m for _, m in MUTANTS], ids=[name for name, _ in MUTANTS])
def test_a_corrupted_row_is_refused(mutant: Elementwise) -> None:
    assert "refuted" in {fact.outcome for fact in row_verdict(mutant).facts}
