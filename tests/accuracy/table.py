"""The measurements as Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tests.accuracy.errors import Errors

HEAD = (
    "| cost | function | points | max ulp | conditioned | 99.9 % | mean | wrong | warnings |",
    "|---|---|--:|--:|--:|--:|--:|--:|--:|",
)


def figure(value: float) -> str:
    """An error with two or three digits."""
    if math.isnan(value):
        return "-"
    if value < 100:
        return f"{value:.2f}"
    return f"{value:.0f}" if value < 1e5 else f"{value:.1e}"


def row(cost: str, function: str, e: Errors) -> str:
    """One line: conditioned figures, and the plain maximum before them."""
    cells = (
        cost, function, str(e.points), figure(e.plain[0]),
        figure(e.conditioned[0]) + ("" if e.crossing else " ="),
        figure(e.conditioned[1]), figure(e.conditioned[2]), str(e.wrong),
        f"{e.warnings}" + (f" + {e.overflows}" if e.overflows else ""),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def points_text(cost: str, function: str, e: Errors, letters: Sequence[str]) -> list[str]:
    """The worst points and some wrong ones."""
    names = ("z", *letters)
    lines = []
    kinds = [("worst", f"{figure(u)} ulp", p, got, true) for u, p, got, true in e.worst if u > 4]
    kinds += [("wrong", "", p, got, true) for p, got, true in e.wrong_at]
    for kind, size, point, got, true in kinds:
        at = ", ".join(f"{n}={float(v)!r}" for n, v in zip(names, point, strict=False))
        lines.append(f"- {cost} {function}, {kind} {size} at {at}: {got!r}, truth {true!r}")
    return lines


def table(rows: Mapping[tuple[str, str], Errors]) -> list[str]:
    """All costs and functions."""
    return [*HEAD, *(row(cost, function, e) for (cost, function), e in rows.items())]


EXPLANATION = """\
Errors in ulp of the true value. `conditioned`: over 1 + |z f'(z)/f(z)| where the true value changes
its sign in z (`=`: it does not, so that this is the plain figure of the settings that do not).
`wrong`: infinite or NaN, of another sign, zero where the truth is not or the reverse, beyond 4 ulp.
`warnings`: scores at which NumPy reports invalid, divide or overflow though the true value is
finite; `+ k`: k more where the true value itself is beyond the largest number."""
