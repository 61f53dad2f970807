"""What the readers of text and LaTeX agree on: formulas as they were written, not understood yet.

A reader's grammar turns its text into these trees; `elaborate` gives them shapes and meaning.
Every node knows where it stands in the text, for the caret of an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Operator = Literal["+", "-", "*", "/", "^", "@", ".*", "./", ".^", " "]
"""As written; " " is juxtaposition, whose meaning (scalar or matrix product) shapes decide."""

LONGEST_NUMBER = 100
"""Digits that a number may have."""


@dataclass(frozen=True)
class Span:
    """Characters start..stop-1 of the source text."""

    start: int
    stop: int


@dataclass(frozen=True)
class Number:
    """An exact number: 2, 0.5."""

    value: Fraction
    span: Span


@dataclass(frozen=True)
class Name:
    """A letter or word: X, theta, m; a name with a superscript (i) is Indexed."""

    name: str
    span: Span


@dataclass(frozen=True)
class Indexed:
    """base[i, j], base_ij, x^{(i)}_j: `rows` are the indices written as superscripts (i)."""

    base: Surface
    indices: tuple[Surface, ...]
    span: Span
    rows: tuple[Surface, ...] = ()


@dataclass(frozen=True)
class Minus:
    """-arg."""

    arg: Surface
    span: Span


@dataclass(frozen=True)
class Binary:
    """left operator right."""

    operator: Operator
    left: Surface
    right: Surface
    span: Span


@dataclass(frozen=True)
class Transposed:
    """arg'."""

    arg: Surface
    span: Span


@dataclass(frozen=True)
class Call:
    """A function of the table or of matrices: log(u), tr(A), inv(A), norm(v), h_theta(x)."""

    name: str
    args: tuple[Surface, ...]
    span: Span
    indices: tuple[Surface, ...] = ()


@dataclass(frozen=True)
class Limits:
    """letter = lower..upper under a sum; None where it is not written (the whole axis)."""

    letter: Name
    lower: Surface | None
    upper: Surface | None


@dataclass(frozen=True)
class Big:
    """sum or prod over some letters; the body ends where the grammar says."""

    kind: Literal["sum", "prod"]
    limits: tuple[Limits, ...]
    body: Surface
    span: Span


@dataclass(frozen=True)
class Test:
    """left relation right, in a case."""

    left: Surface
    relation: Literal["=", "<", "<=", ">", ">="]
    right: Surface


@dataclass(frozen=True)
class Branches:
    """value if test, ..., else otherwise."""

    branches: tuple[tuple[Test, Surface], ...]
    otherwise: Surface
    span: Span


Surface = (
    Number | Name | Indexed | Minus | Binary | Transposed | Call | Big | Branches
)  # fmt: skip


@dataclass(frozen=True)
class Equation:
    """left = right: a definition, or the cost where left is the cost's letter."""

    left: Surface
    right: Surface
    span: Span


@dataclass(frozen=True)
class Declared:
    """A declaration: what a letter is.

    Attributes:
        role: "data", "parameter" or "axis".
        name: The letter.
        axes: The letters of its axes, as written: (m, n).
        words: What follows: domains ("> 0", "in [0, 1]", "integer") and facts ("symmetric").
        meaning: Free text for people.
    """

    role: Literal["data", "parameter", "axis"]
    name: str
    axes: tuple[str, ...]
    words: tuple[str, ...]
    meaning: str
    span: Span


@dataclass(frozen=True)
class Sheet:
    """A whole text: its declarations and equations, in order, with its settings (name, title)."""

    source: str
    declared: tuple[Declared, ...]
    equations: tuple[Equation, ...]
    settings: tuple[tuple[str, str], ...] = ()
