"""What stands outside of the braces of a symbol in LaTeX."""

from __future__ import annotations

import re
from itertools import accumulate


def below_of(symbol: str) -> tuple[str, str]:
    """A symbol without the subscript at its end, and what stands in that."""
    place = outside(symbol, "_")
    tail = symbol[place + 1 :]
    inner = tail[1:-1] if re.fullmatch(r"\{.*\}", tail) else ""
    levels = accumulate((sign == "{") - (sign == "}") for sign in inner)
    return symbol[:place], inner if inner and min(levels) >= 0 else tail


def outside(symbol: str, signs: str) -> int:
    """Where one of the signs stands outside of braces; the length where none does."""
    depth = 0
    for k, sign in enumerate(symbol):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and sign in signs:
            return k
    return len(symbol)
