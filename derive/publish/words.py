"""Words of a problem as they stand in docstrings: plain, wrapped and safe."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

WIDTH = 96


def listed(words: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def plain_words(words: str) -> str:
    """Words for a terminal or a docstring: LaTeX's dollar signs and backslashes taken away."""
    return re.sub(r"[$\\{}]", "", words)


def wrapped(words: str) -> list[str]:
    """Words in lines that fit a docstring."""
    return textwrap.wrap(words, WIDTH)


def escaped(line: str) -> str:
    """Safe inside of a docstring."""
    return line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').rstrip()
