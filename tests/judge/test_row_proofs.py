"""What the rows of the table say of their functions, and that false words are refused."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from derive.errors import ProblemError
from derive.judge.rows import require_rows, row_verdict, used_functions
from derive.notation import Axis, Elementwise, Problem, Sum, data, exp, log, parameter, relu
from derive.notation.expression import Cases, Expr, When, expr
from derive.notation.functions import (
    CONVEX,
    FUNCTIONS,
    S_SHAPED,
    SLOT,
    absolute,
    gumbel_hazard_slope,
    hazard,
    hazard_slope,
    log_gamma,
    sigmoid,
    softplus,
    sqrt,
    step,
    tanh,
    trigamma,
)
from derive.notation.interval import NONNEGATIVE, OPEN_UNIT, POSITIVE, REAL, Interval
from derive.pipeline import build
from derive.publish.module import Source

Formula = Callable[[Expr], Expr]

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
        yield (
            "derivative",
            replace(
                row, derivative=lambda t: row.derivative(t) * (1 + Fraction(1, 10**12)) + t / 10**30
            ),
        )
    if row.domain != REAL:
        yield "domain", replace(row, domain=Interval(row.domain.low - SMALL))


MUTANTS = [(f"{row.name}: {what}", mutant) for row in ROWS for what, mutant in corrupted(row)]
STILL_TRUE = {
    # Narrower ranges that the functions keep: |arctan| < 1.58, chaz <= 0.73, excess >= -0.4, ...
    "atan: range low", "atan: range low open", "atan: range high", "atan: range high open",
    "cauchy_hazard: range high", "gumbel_hazard_slope: range high",
    "excess: range low", "excess: range low open",
    # 0 does not rise and does not fall.
    "rest: monotone",
}  # fmt: skip


@pytest.mark.parametrize(("name", "mutant"), MUTANTS, ids=[name for name, _ in MUTANTS])
def test_a_corrupted_row_is_refused(name: str, mutant: Elementwise) -> None:
    found = {fact.outcome for fact in row_verdict(mutant).facts}
    assert found == {"proved"} if name in STILL_TRUE else "refuted" in found


def test_what_is_still_true_is_true_on_a_grid() -> None:
    t = np.linspace(-60, 60, 240_001)
    assert np.abs(np.arctan(t)).max() < 2 - float(SMALL)
    cauchy = 1 / (np.pi * (1 + t**2) * (np.arctan2(1.0, -t) / np.pi))
    assert 0.7 < cauchy.max() < 1 - float(SMALL)
    assert (np.exp(t[t <= -0.5])).min() > 0
    assert np.expm1(t[t > -0.5]).min() > -1 + float(SMALL)
    u = np.exp(t[np.abs(t) < 5])
    g = u / np.expm1(u)
    assert 0 < (g * (u + g - 1)).max() < 1 - float(SMALL)


# ---------------------------------------------------------------- rows of a user's own


def own(name: str, derivative: Formula, definition: Formula, **more: Any) -> Elementwise:
    return Elementwise(name, "f", derivative, "", definition=definition, primitive=True, **more)


def two_pieces(t: Expr, right: Expr, left: Expr) -> Expr:
    return Cases(((When(t, ">", expr(0)), right),), left)


SOFTSIGN = own(
    "softsign", lambda t: 1 / (1 + absolute(t)) ** 2, lambda t: t / (1 + absolute(t)),
    range=Interval(-1, 1, True, True), monotone="increasing", bends=S_SHAPED,
)  # fmt: skip
SWISH = own(
    "swish", lambda t: sigmoid(t) + t * sigmoid(t) * (1 - sigmoid(t)), lambda t: t * sigmoid(t)
)
ROOT = own(
    "pseudo", lambda t: t / sqrt(1 + t**2), lambda t: sqrt(1 + t**2) - 1,
    range=NONNEGATIVE, bends=CONVEX,
)  # fmt: skip
MILLS = own(
    "mills", lambda t: 1 + t / hazard(t), lambda t: 1 / hazard(t),
    range=POSITIVE, monotone="increasing", bends=CONVEX,
)  # fmt: skip
ELU = own(
    "elu", lambda t: two_pieces(t, expr(1), exp(t)), lambda t: two_pieces(t, t, exp(t) - 1),
    range=Interval(-1, low_open=True), monotone="increasing",
)  # fmt: skip
LOGIT = own(
    "logit", lambda t: 1 / (t * (1 - t)), lambda t: log(t / (1 - t)),
    domain=OPEN_UNIT, monotone="increasing",
)  # fmt: skip
HINGE = own(
    "hinge", lambda t: -step(1 - t), lambda t: relu(1 - t),
    range=NONNEGATIVE, monotone="decreasing", bends=CONVEX, kinks=(Fraction(1),),
)  # fmt: skip


@pytest.mark.parametrize(
    "row", [SOFTSIGN, SWISH, ROOT, MILLS, ELU, LOGIT, HINGE], ids=lambda f: f.name
)
def test_true_rows_of_a_user_s_own_are_proved(row: Elementwise) -> None:
    assert {fact.outcome for fact in row_verdict(row).facts} == {"proved"}


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (replace(SOFTSIGN, range=Interval(0, 1)), "range"),
        (replace(SOFTSIGN, bends=CONVEX), "bends"),
        (replace(ROOT, monotone="increasing"), "monotone"),
        (replace(HINGE, kinks=()), "kinks"),
        (replace(LOGIT, domain=REAL), "domain"),
        (replace(ELU, derivative=lambda t: exp(t)), "derivative"),
        (replace(MILLS, bends=(("concave", POSITIVE),)), "bends"),
    ],
)
def test_false_rows_of_a_user_s_own_are_refused(row: Elementwise, wrong: str) -> None:
    assert wrong in [f.property for f in row_verdict(row).facts if f.outcome == "refuted"]


@pytest.mark.parametrize("row", [SWISH, MILLS, hazard, SOFTSIGN], ids=lambda f: f.name)
def test_no_bound_beyond_the_least_value_is_proved(row: Elementwise) -> None:
    """Against the least and greatest values that mpmath finds on a grid."""
    values = {
        "swish": lambda t: t / (1 + mpmath.exp(-t)),
        "mills": lambda t: mpmath.ncdf(t) / mpmath.npdf(t),
        "hazard": lambda t: mpmath.npdf(t) / mpmath.ncdf(t),
        "softsign": lambda t: t / (1 + abs(t)),
    }[row.name]
    least = min(values(mpmath.mpf(k) / 8) for k in range(-240, 241))
    for gap in (Fraction(1, 10), Fraction(1, 1000)):
        low = Fraction(int(least * 10**6), 10**6) + gap
        claim = replace(row, range=Interval(low), monotone=None, bends=())
        (fact,) = [f for f in row_verdict(claim).facts if f.property == "range"]
        assert fact.outcome != "proved"


def problem(row: Elementwise) -> Problem:
    m = Axis("m")
    i = m.index("i")
    x, theta = data("x", m), parameter("theta")
    return Problem("own", "Own", (x,), (theta,), Sum(row(x[i] * theta()), i))


def test_a_false_row_is_answered_in_four_lines() -> None:
    require_rows(problem(SOFTSIGN))
    with pytest.raises(ProblemError) as caught:
        require_rows(problem(replace(SOFTSIGN, range=Interval(-1, Fraction(1, 2)))))
    assert str(caught.value) == (
        "asked:      use the function softsign in Own\n"
        "where:      the row softsign: softsign(t) lies in [-1, 1/2]\n"
        "wrong:      at t = 2 it is 0.666666666666667\n"
        "what to do: correct `range` (or the definition) in the row of softsign"
    )


def test_what_cannot_be_proved_is_an_assumption_of_the_proof() -> None:
    row = own(
        "mish", lambda t: tanh(softplus(t)) + t * sigmoid(t) * (1 - tanh(softplus(t)) ** 2),
        lambda t: t * tanh(softplus(t)), range=Interval(Fraction(-31, 100)),
    )  # fmt: skip
    row = replace(row, numpy="{t} * np.tanh(np.logaddexp({t}, 0))")
    built = build(problem(row), Source("own.py", ""))
    assumed = "mish(t) lies in [-31/100, inf)"
    assert built.verdict.assumptions == (assumed,)
    record = json.loads(built.texts["proofs/own.json"])
    assert record["verdict"]["functions"]["mish"]["open"] == [assumed]
    page = built.texts["proofs/own-body.tex"]
    assert f"Assumed: {assumed}." in page


def test_the_rows_of_a_problem_are_those_of_its_derivatives_too() -> None:
    names = [f.name for f in used_functions([log_gamma(SLOT)])]
    assert names == ["log_gamma", "digamma", "trigamma"]


def test_hazard_slopes_are_positive_to_their_last_digits() -> None:
    """The inequalities on which convexity of probit and complementary log-log rests, far out."""
    for row in (hazard_slope, gumbel_hazard_slope):
        assert "range" in [f.property for f in row_verdict(row).facts if f.outcome == "proved"]
    with mpmath.workdps(120):
        for t in (-200, -40, -8, 0, 3, 12):
            h = mpmath.npdf(t) / mpmath.ncdf(t)
            assert 0 < h * (h + t) < 1
