"""A line of generated arithmetic with its shape and its label."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.expression import Axis


@dataclass(frozen=True)
class CodeLine:
    """name = text, with the shape of the value and the label of the equality behind it.

    The last line of a kernel has the name "" and is what the function returns.
    """

    name: str
    text: str
    shape: str
    label: str


def shape_of(axes: tuple[Axis, ...]) -> str:
    """A shape as NumPy writes it: (), (m,), (m, n)."""
    letters = ", ".join(a.letter for a in axes)
    return f"({letters},)" if len(axes) == 1 else f"({letters})"
