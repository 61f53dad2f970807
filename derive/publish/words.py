"""Words of a problem as they stand in docstrings: plain, wrapped and safe."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from derive.notation.words import words

WIDTH = 96


def listed(parts: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def plain_words(text: str) -> str:
    """Words for a docstring, before they are wrapped and `escaped`."""
    return words(text).plain


def wrapped(text: str) -> list[str]:
    """Words in lines that fit a docstring."""
    return textwrap.wrap(text, WIDTH)


def escaped(line: str) -> str:
    """Safe inside of a docstring."""
    return line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').rstrip()
