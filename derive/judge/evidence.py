"""What a claim rests on: the exact court for equalities, intervals for inequalities."""

from __future__ import annotations

from derive.judge.arithmetic import Arithmetic
from derive.judge.claims import Claim
from derive.judge.exact.court import Court as ExactCourt
from derive.judge.exact.court import Finding
from derive.judge.exact.law_check import law_faults
from derive.notation.domain import range_of
from derive.notation.expression import Axis, add, negative
from derive.notation.problem import Definition
from derive.verdicts import Evidence


def opened(
    name: str, axes: tuple[Axis, ...], definitions: tuple[Definition, ...], arithmetic: Arithmetic
) -> ExactCourt | str:
    """An exact court for some definitions, or why there is none."""
    faults = law_faults(arithmetic)
    return faults[0] if faults else ExactCourt(name, axes, definitions)


def evidence(court: ExactCourt | str, claim: Claim) -> tuple[Evidence, bool]:
    """What a claim rests on, and whether the field says that its sides differ."""
    if claim.sign != "=":
        return _of_order(claim), False
    if isinstance(court, str):
        return Evidence(why=court), False
    found = court.examine(claim.before, claim.after)
    return _of_equality(found), found.equal is False


def _of_equality(found: Finding) -> Evidence:
    if found.equal:
        return Evidence("exact", found.bits, found.sizes, found.patterns)
    return Evidence(why=found.message)


def _of_order(claim: Claim) -> Evidence:
    difference = add(claim.before, negative(claim.after))
    values = range_of(difference)
    shown = {
        ">": values.positive,
        ">=": values.nonnegative,
        "<": values.high < 0 or (values.high == 0 and values.high_open),
        "<=": values.high <= 0,
    }
    if shown[claim.sign]:
        return Evidence("enclosed")
    return Evidence(why="an inequality whose sides no interval of their difference tells apart")
