"""LaTeX in words as plain text, for a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SIGNS = {
    "cdot": " * ", "times": " x ", "odot": " * ", "le": " <= ", "ge": " >= ", "ne": " != ",
    "in": " in ", "to": " -> ", "approx": " ~ ", "infty": "inf", "dots": "...", "ldots": "...",
    "top": "'", "prime": "'", "quad": " ", "left": "", "right": "", "textbackslash": "\\",
    "textasciitilde": "~", "textasciicircum": "^", "textless": "<", "textgreater": ">",
}  # fmt: skip
_INNERMOST = (
    (r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", lambda m: f"{_held(m[1])}/{_held(m[2])}"),
    (r"\\sqrt\s*(?:\{([^{}]*)\}|(\w))", lambda m: rf"\sqrt({m[1] or m[2]})"),
    (r"\\(?:(?:math|text)(?:rm|bf|sf|bb|cal|tt)?|operatorname|emph)\{([^{}]*)\}", lambda m: m[1]),
    (r"([\^_])\s*\{([^{}]*)\}(?=([A-Za-z\\])?)", lambda m: m[1] + _held(m[2]) + " " * bool(m[3])),
    (r"\{([^{}]*)\}", lambda m: m[1]),
)


def plain(latex: str, names: Mapping[str, str] | None = None) -> str:
    """Words with $formulas$, and with the escapes of LaTeX, as plain text."""
    words = re.sub(r"(?<=\d)\\,(?=\d)", ",", latex)  # a thin space separates thousands
    words = re.sub(r"\\partial\s*|\\mathrm\{d\}\s*", "d", words)
    # Inner braces go first, so that every group that is left holds none.
    for _ in range(words.count("{")):
        for pattern, becomes in _INNERMOST:
            words = re.sub(pattern, becomes, words)
    words = re.sub(r"\^\\(?:top|prime)(?![A-Za-z])", "'", words)
    # A command that reads as a word keeps its distance to letters: log sigmoid(t), but dtheta.
    words = re.sub(r"(?<=[A-Za-z0-9])(?<!\bd)(\\[A-Za-z]+)", r" \1", words)
    words = re.sub(r"\\([A-Za-z]+)", lambda m: _command(m, names or {}), words)
    words = re.sub(r"\\[,;: ]", " ", words.replace("$", "").replace("\\!", ""))
    return re.sub(r" +", " ", re.sub(r"\\(.)", r"\1", words)).strip()


def _command(found: re.Match[str], names: Mapping[str, str]) -> str:
    return names.get(found[0]) or _SIGNS.get(found[1], found[1])


def _held(inner: str) -> str:
    return inner if re.fullmatch(r"\s*\\?\w*'*\s*", inner) else f"({inner})"
