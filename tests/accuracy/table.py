"""The measurements as Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from tests.accuracy.errors import Errors

Key = tuple[str, str]

COLUMNS = (
    "cost", "function", "points", "max ulp", "conditioned", "whole data", "other data",
    "everywhere", "99.9 %", "mean", "wrong", "warnings",
)  # fmt: skip

EXPLANATION = """\
Errors in ulp of the true value. "Conditioned": over 1 + |z f'(z)/f(z)| where the true value is 0
for some z while the data stay, plain elsewhere; its 99.9th percentile and mean follow. "Whole
data" and "other data": the largest conditioned error where all data are whole numbers, and where
not. "Everywhere": over 1 + |z f'(z)/f(z)| at all points. "Wrong": infinite or NaN, of another sign,
zero where the truth is not or the reverse, and more than 4 ulp off. "Warnings": scores at which
NumPy reports an invalid operation, a division by zero or an overflow though the true value is
finite; "+ k": k more where the true value is beyond the largest number."""


def figure(value: float) -> str:
    """An error with two or three digits."""
    if math.isnan(value):
        return "-"
    if value < 100:
        return f"{value:.2f}"
    return f"{value:.0f}" if value < 1e5 else f"{value:.1e}"


def line(cells: Iterable[str]) -> str:
    """A row of a table."""
    return "| " + " | ".join(cells) + " |"


def row(cost: str, function: str, e: Errors) -> str:
    """What was measured of one function."""
    noise = f"{e.warnings}" + (f" + {e.overflows}" if e.overflows else "")
    return line((
        cost, function, str(e.points), figure(e.plain[0]), figure(e.conditioned[0]),
        figure(e.hard), figure(e.soft), figure(e.everywhere), figure(e.conditioned[1]),
        figure(e.conditioned[2]), str(e.wrong), noise,
    ))  # fmt: skip


def table(rows: Mapping[Key, Errors]) -> list[str]:
    """All costs and functions."""
    head = [line(COLUMNS), "|---|---|" + "--:|" * (len(COLUMNS) - 2)]
    return [*head, *(row(cost, function, e) for (cost, function), e in rows.items())]


def short(e: Errors) -> str:
    """The largest conditioned error and the wrong values, in one cell."""
    return figure(e.conditioned[0]) + (f", {e.wrong} wrong" if e.wrong else "")


def beside(columns: Mapping[str, Mapping[Key, Errors]]) -> list[str]:
    """Several measurements of the same functions, side by side."""
    keys = dict.fromkeys(key for column in columns.values() for key in column)
    lines = [line(("cost", "function", *columns)), "|---|---|" + "--:|" * len(columns)]
    for key in keys:
        cells = (short(c[key]) if key in c else "" for c in columns.values())
        lines.append(line((*key, *cells)))
    return lines


def points_text(cost: str, function: str, e: Errors, letters: Sequence[str]) -> list[str]:
    """The worst points and some wrong ones."""
    names = ("z", *letters)
    kinds = [("worst,", f"{figure(u)} ulp,", p, got, true) for u, p, got, true in e.worst if u > 4]
    kinds += [("wrong", "", p, got, true) for p, got, true in e.wrong_at]
    lines = []
    for kind, size, point, got, true in kinds:
        at = ", ".join(f"{n} = {v!r}" for n, v in zip(names, point, strict=False))
        lines.append(f"- {cost} {function}: {kind} {size} at {at}: {got!r} for {true!r}")
    return lines
