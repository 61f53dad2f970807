"""The publishing room; here is what its printers share: boxes of LaTeX, brackets, widths.

A `Box` is a printed formula with what its surroundings must know. `BREAK` marks the places where
a wide formula may go on in the next line; `finish` and `lines` take the marks out again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from derive.notation.expression import Tensor
from derive.notation.problem import GREEK
from derive.notation.tree import Path, Place
from derive.publish.scripts import below_of, outside

Colour = Literal["before", "after"]
Colours = Mapping[Place, Colour]

SUM, ENTRYWISE, PRODUCT, POWER, ATOM = range(5)
BREAK = "\x1f"
COEFFICIENT = 3.0  # em; a factor of this width does not stand alone in a line
NARROW, WIDE = 10.0, 34.0  # em; a narrower bracket is not broken, a wider product is
_BARE = {
    r"\log", r"\log\det", r"\det", r"\ln", r"\sin", r"\cos", r"\tan", r"\tanh", r"\sinh", r"\cosh",
    r"\arctan",
}  # fmt: skip
_SIZES = ("", r"\big", r"\Big", r"\bigg", r"\Bigg")


@dataclass(frozen=True)
class Box:
    """A printed formula.

    `level` says how strongly it binds, `height` which size of bracket fits round it, `open`
    whether whatever follows would seem to belong to it (a sum, a logarithm without brackets).
    """

    text: str
    level: int = ATOM
    height: int = 0
    open: bool = False

    @property
    def minus(self) -> bool:
        """Whether it begins with a minus sign."""
        return re.match(r"(\\mathcolor\{\w+\}\{)*-", self.text) is not None


@dataclass(frozen=True)
class Spot:
    """Where the printer stands: the path, the colours, and whether type is small (an exponent)."""

    colours: Colours
    path: Path = ()
    script: bool = False

    def down(self, *path: int, script: bool = False) -> Spot:
        return Spot(self.colours, (*self.path, *path), self.script or script)

    def tints(self, count: int) -> list[Colour | None]:
        """The colour of each argument of an n-ary node; the shortest run wins."""
        runs = [
            (place.span or (place.path[-1], place.path[-1] + 1), colour)
            for place, colour in self.colours.items()
            if (place.path == self.path and place.span)
            or (place.path[:-1] == self.path and place.path and not place.span)
        ]
        out: list[Colour | None] = [None] * count
        for (start, stop), colour in sorted(runs, key=lambda run: run[0][0] - run[0][1]):
            out[start:stop] = [colour] * (stop - start)
        return out


PLAIN = Spot({})


def finish(text: str) -> str:
    """LaTeX in one line."""
    return text.replace(BREAK, "")


def lines(text: str, limit: float) -> tuple[str, ...]:
    """LaTeX in lines of at most `limit` em where that is possible."""
    out: list[str] = []
    rest = _parts(text)
    while rest:
        count = _first_line(rest, limit)
        # An empty group in front makes a leading + or - a sign between two terms.
        out.append(("{}" if out else "") + "".join(rest[:count]))
        rest = rest[count:]
    return tuple(out)


def _parts(text: str) -> list[str]:
    """Text split at the breaks; a colour that goes over a break is ended and begun again."""
    parts: list[str] = []
    groups: list[str] = []
    for part in text.split(BREAK):
        again = "".join(groups)
        for opening in re.findall(r"\\mathcolor\{\w+\}\{|\\[{}]|[{}]", part):
            if opening == "}":
                groups.pop()
            elif opening[-1] == "{" and opening != r"\{":
                groups.append(opening)
        parts.append(again + part + "}" * len(groups))
    return parts


def width(text: str) -> float:
    """About how wide LaTeX is in display style, in em; tests compare it with pdflatex."""
    tokens = re.findall(r"\\[A-Za-z]+|\\.|.", text)[::-1]
    total = 0.0
    while tokens:
        total += _token_width(tokens)
    return total


def bracket(box: Box, least: int = 0, pair: Sequence[str] = "()") -> Box:
    """Brackets of the size that fits, at least of size `least` (0 plain to 4)."""
    size = min(max(box.height, least), 4)
    left, right = (f"{_SIZES[size]}{side}" if size else "" for side in "lr")
    text = finish(box.text) if width(box.text) < NARROW else box.text
    return Box(f"{left}{pair[0]}{text}{right}{pair[1]}", ATOM, size + (size < 2))


def at_least(box: Box, level: int) -> Box:
    """The box, in brackets where it binds too weakly or begins with a minus sign."""
    tight = box.level >= level and not box.minus and not (box.open and level > PRODUCT)
    return box if tight else bracket(box)


def paint(text: str, colour: Colour | None) -> str:
    """Coloured text."""
    return text if colour is None else rf"\mathcolor{{{colour}}}{{{text}}}"


def fraction(top: Box, bottom: Box) -> Box:
    """A built-up fraction, inside which no line is broken."""
    tall = max(top.height, bottom.height) > 1
    return Box(rf"\frac{{{finish(top.text)}}}{{{finish(bottom.text)}}}", PRODUCT, 3 if tall else 2)


def _glue(left: str, right: str) -> str:
    """What stands between two neighbouring factors."""
    fractions = left.startswith(r"\frac"), right.startswith(r"\frac")
    if right[0].isdigit() or (left.isdigit() and fractions[1]):
        return r"\cdot "
    if all(fractions):
        return r"\," if re.search(r"\\partial|\\mathrm d", left + right) else r"\cdot "
    tight = ("(", r"\big", r"\Big", r"\frac", r"\log", r"\sum", r"\operatorname")
    if right[0] == "[" or (left[-1] in ")]" and not right.startswith(tight)):
        return r"\,"
    return " " if re.search(r"\\[A-Za-z]+$", left) and right[0].isalpha() else ""


def product(
    boxes: Sequence[Box],
    tints: Sequence[Colour | None] = (),
    minus: tuple[str, Colour | None] = ("", None),
) -> Box:
    """Factors side by side after a sign; neighbours of one colour are painted together."""
    tints = tints or [None] * len(boxes)
    if len(boxes) == 1 and not minus[0]:
        return replace(boxes[0], text=paint(boxes[0].text, tints[0]))
    pieces = [minus] if minus[0] else []
    for k, box in enumerate(boxes):
        pieces.append((_glue(boxes[k - 1].text, box.text) + box.text if k else box.text, tints[k]))
    # A product that fits in no line may be broken between its factors.
    if width("".join(part for part, _ in pieces)) > WIDE:
        pieces = [_breakable(pieces, k) for k in range(len(pieces))]
    runs = groupby(pieces, key=lambda piece: piece[1])
    text = "".join(paint("".join(part for part, _ in run), tint) for tint, run in runs)
    return Box(text, PRODUCT, max(box.height for box in boxes), boxes[-1].open)


def _breakable(pieces: Sequence[tuple[str, Colour | None]], k: int) -> tuple[str, Colour | None]:
    """A factor that may begin a line, unless only a coefficient would be left in front of it."""
    before = width("".join(part for part, _ in pieces[:k]))
    return (BREAK + pieces[k][0] if before > COEFFICIENT else pieces[k][0], pieces[k][1])


def total_of(boxes: Sequence[Box], tints: Sequence[Colour | None]) -> Box:
    """Terms with plus and minus signs between them; a sign has its term's colour inside a run."""
    text = ""
    for tint, run in groupby(zip(boxes, tints, strict=True), key=lambda pair: pair[1]):
        part = ""
        for box, _ in run:
            joint = "" if box.minus or not (text or part) else "+"
            if part:
                part += BREAK + joint + box.text
            else:
                text += (BREAK if text else "") + joint
                part = box.text
        text += paint(part, tint)
    return Box(text, SUM, max(box.height for box in boxes))


def _first_line(parts: Sequence[str], limit: float) -> int:
    """How many parts stand in the first line: broken as late and as far outside as possible."""
    total, depth, best = width(parts[0]), _depth(parts[0]), 1
    best_depth = depth
    for k, part in enumerate(parts[1:], start=1):
        if (k == 1 or depth <= best_depth) or total < limit / 2:
            best, best_depth = k, depth
        total += width(part)
        if total > limit:
            return best
        depth += _depth(part)
    return len(parts)


def _depth(text: str) -> int:
    return sum((mark in "([") - (mark in ")]") for mark in text)


_WIDTHS = {
    "m": 0.84, "w": 0.78, "i": 0.3, "j": 0.3, "l": 0.3, "t": 0.34, "(": 0.33, ")": 0.33,
    "[": 0.33, "]": 0.33, "+": 1.25, "-": 1.25, "=": 1.3, " ": 0.0, "'": 0.3, ",": 0.35,
    r"\,": 0.17, r"\;": 0.28, r"\cdot": 0.7, r"\odot": 1.25, r"\log": 1.65, r"\ge": 1.3,
    r"\exp": 1.75, r"\tanh": 2.2, r"\mathsf": 0.0, r"\boldsymbol": 0.06, r"\mathit": 0.0,
    r"\mathrm": 0.0, r"\mathbf": 0.0, r"\big": 0.0, r"\bigl": 0.1, r"\bigr": 0.1, r"\Bigl": 0.2,
    r"\Bigr": 0.2, r"\biggl": 0.3, r"\biggr": 0.3, r"\Biggl": 0.4, r"\Biggr": 0.4,
    r"\otimes": 1.25, r"\mathcal": 0.0, r"\lvert": 0.3, r"\rvert": 0.3, "&": 1.0, r"\max": 1.9,
    r"\lVert": 0.5, r"\rVert": 0.5, r"\operatorname": 0.2, r"\partial": 0.6, r"\sqrt": 0.85,
    "{": 0.0, "}": 0.0,
}  # fmt: skip


def _token_width(tokens: list[str]) -> float:
    """The width of the next token with its arguments; `tokens` is reversed and consumed."""
    match tokens.pop():
        case "{":
            total = 0.0
            while tokens and tokens[-1] != "}":
                total += _token_width(tokens)
            del tokens[-1:]
            return total
        case "_" | "^":
            return 0.72 * _token_width(tokens)
        case r"\frac":
            return max(_token_width(tokens), _token_width(tokens)) + 0.3
        case r"\mathcolor":
            _token_width(tokens)
            return _token_width(tokens)
        case r"\begin":
            return _rows_width(tokens)
        case r"\sum" | r"\prod":
            limits = [1.45]
            while tokens and tokens[-1] in "_^":
                limits.append(_token_width(tokens))
            return max(limits) + 0.2
        case token:
            letter = 0.75 if token[0].isupper() else 0.6 if token[0] == "\\" else 0.52
            return _WIDTHS.get(token, letter)


def _rows_width(tokens: list[str]) -> float:
    """The width of an environment with rows, the brace of cases taken in."""
    _token_width(tokens)  # its name
    rows = [0.0]
    while tokens and tokens[-1] != r"\end":
        if tokens[-1] == r"\\":
            tokens.pop()
            rows.append(0.0)
        else:
            rows[-1] += _token_width(tokens)
    del tokens[-1:]
    if tokens:
        _token_width(tokens)
    return max(rows) + 1.0


def word(name: str) -> str:
    """A name as a symbol: theta, w1, y_hat and whole words included; LaTeX passes through."""
    if re.fullmatch(r"[A-Za-z]\w+", name) is None:
        return name
    head, _, tail = name.rstrip("_").partition("_")
    if not tail and (parts := re.fullmatch(r"([A-Za-z]|[A-Za-z]*[a-z])(\d+)", head)):
        head, tail = parts[1], parts[2]
    symbol = head if len(head) == 1 else f"\\{head}" if head in GREEK else rf"\mathit{{{head}}}"
    return symbol + (rf"_{{{_script_word(tail)}}}" if tail else "")


def _script_word(tail: str) -> str:
    return tail if tail.isdigit() or len(tail) == 1 else rf"\mathrm{{{tail.replace('_', ',')}}}"


def subscript(symbol: str, letters: Sequence[str]) -> str:
    """A symbol with index letters, after a subscript of its own if it has one."""
    if not letters:
        return symbol
    inside = side_by_side(letters)
    head, below = below_of(symbol)
    if below:
        return f"{head}_{{{below},{inside}}}"
    return f"{symbol}_{inside}" if len(inside) == 1 else f"{symbol}_{{{inside}}}"


def side_by_side(letters: Sequence[str]) -> str:
    """Index letters as they stand below a symbol: ik, but j+1, k."""
    long = any(len(letter.rstrip("'")) > 1 for letter in letters)
    return (",\\," if long else "").join(letters)


def symbol(tensor: Tensor) -> str:
    """The italic letter of a tensor and of its entries; in braces where it has a power's place."""
    letter = word(tensor.latex or tensor.name)
    return f"{{{letter}}}" if outside(letter, "^'") < len(letter) else letter


def latex_tensor(tensor: Tensor) -> str:
    """A tensor as a whole: a vector bold, everything else italic."""
    letter = symbol(tensor)
    if len(tensor.axes) != 1:
        return letter
    head, below = below_of(letter)
    return rf"\boldsymbol{{{head}}}" + letter[len(head) :] * bool(below)


def script(box: Box) -> str:
    """A box as an exponent."""
    text = finish(box.text)
    return text if len(text) == 1 else f"{{{text}}}"


def slash(top: Box, bottom: Box) -> Box:
    """A quotient inside an exponent; a factor behind it would seem to stand below the slash."""
    text = f"{at_least(top, PRODUCT).text}/{at_least(bottom, POWER).text}"
    return Box(text, PRODUCT, open=True)


def call(name: str, arg: Box, *, bare: bool) -> Box:
    """A function applied; the bare argument of a logarithm and its like needs no brackets."""
    if bare and name in _BARE:
        return Box(f"{name} {arg.text}", PRODUCT, arg.height, open=True)
    inside = bracket(arg)
    return Box(name + inside.text, POWER, inside.height)


def differential(d: str, letter: str) -> str:
    """A d and the letter after it."""
    return d + (" " if letter[0].isalpha() and d[-1].isalpha() else "") + letter
