"""Relations as LaTeX: signs between lines, domains, cases, and functions with a shape."""

from __future__ import annotations

from collections.abc import Sequence

from derive.notation.interval import REAL, End, Interval
from derive.publish import ATOM, NARROW, POWER, Box, bracket, finish, width
from derive.record import Sign

SIGNS: dict[Sign, str] = {"=": "=", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}


def step_relation(sign: Sign, number: int) -> str:
    """The numbered sign of a line; an equals sign by its own command, which may be restyled."""
    if sign == "=":
        return rf"{{}}\derivestep{{{number}}}"
    return rf"{{}}\overset{{\text{{\tiny\textsf{{({number})}}}}}}{{{SIGNS[sign]}}}"


def latex_member(entry: str, domain: Interval) -> str:
    """`entry` lies in the domain, as a formula."""
    low, high = _end(domain.low), _end(domain.high)
    if domain.low == domain.high:
        return f"{entry} = {low}"
    if domain.integer and domain.low == 0 and domain.high in (1, REAL.high):
        more = "" if domain.high == 1 else r", 2, \dots"
        return rf"{entry} \in \{{0, 1{more}\}}"
    if domain.members:
        return rf"{entry} \in \{{{', '.join(map(_end, domain.members))}\}}"
    if domain.high == REAL.high:
        return f"{entry} > {low}" if domain.low_open else rf"{entry} \ge {low}"
    left, right = "(" if domain.low_open else "[", ")" if domain.high_open else "]"
    whole = r" \cap \mathbb{Z}" if domain.integer else ""
    return rf"{entry} \in {left}{low}, {high}{right}{whole}"


def _end(end: End) -> str:
    sign = "-" if end < 0 else ""
    if isinstance(end, float):
        return rf"{sign}\infty"
    size = abs(end)
    if size.denominator == 1:
        return f"{sign}{size}"
    return rf"{sign}\tfrac{{{size.numerator}}}{{{size.denominator}}}"


def cases(tests: Sequence[Sign], parts: Sequence[Box]) -> Box:
    """A brace with one row for each case; `parts` are left, right and value of each, then the rest.

    Nothing within is broken over lines.
    """
    texts = [finish(part.text) for part in parts]
    rows = [
        rf"{texts[3 * k + 2]} & \text{{if }} {texts[3 * k]} {SIGNS[sign]} {texts[3 * k + 1]}"
        for k, sign in enumerate(tests)
    ]
    inside = r" \\ ".join([*rows, rf"{texts[-1]} & \text{{otherwise}}"])
    return Box(rf"\begin{{cases}}{inside}\end{{cases}}", POWER, 3, open=True)


def shaped(name: str, arg: Box) -> Box | None:
    """A function that is not written as a name and its argument: max(0, t), |t|, a root."""
    if name == r"\sqrt":
        return Box(rf"\sqrt{{{finish(arg.text)}}}", ATOM, max(arg.height, 1))
    if name == r"\operatorname{relu}":
        inside = bracket(Box("0, " + arg.text, height=arg.height))
        return Box(r"\max" + inside.text, ATOM, inside.height)
    if name == r"\operatorname{abs}":
        text = finish(arg.text) if width(arg.text) < NARROW else arg.text
        return bracket(Box(text, height=arg.height), 0, (r"\lvert ", r"\rvert"))
    return None
