"""Parts of a formula that get a line of their own: what occurs twice, and what is too long."""

from __future__ import annotations

from derive.notation.bands import Band, Unit
from derive.notation.expression import Num
from derive.notation.matrix import (
    Choice,
    Dot,
    Identity,
    Inverse,
    Mask,
    Mat,
    MatMul,
    MMul,
    Ones,
    Scalar,
    Sym,
    Transpose,
    Zero,
    operands,
)
from derive.notation.tree import mat_size
from derive.programs.bands_text import band_in
from derive.programs.broadcasting import spread
from derive.programs.cases_text import deferred
from derive.programs.factors import Factor
from derive.programs.lines import CodeLine, shape_of
from derive.programs.numpy_text import numpy_text
from derive.programs.overflow import weighted

LONG = 66
"""Columns of an expression beyond which a part of it gets a line of its own."""

LONGEST = 78
"""Columns that such a part may have itself."""

ONE_LINE = 88
"""Columns of the first line of a docstring: a longer formula is not repeated there."""

SPARE = (
    *"rwuqspgfedcb",
    *(f"{letter}{number}" for number in range(1, 6) for letter in "rwuqpgfed"),
)
"""Names for parts of a formula: a residual, weights, ..."""


def named_parts(
    mats: tuple[Mat, ...],
    taken: set[str],
    own: dict[Mat | Factor, str],
    later: tuple[Mat, ...] | None = None,
) -> tuple[list[CodeLine], dict[Mat | Factor, str]]:
    """Lines for parts that occur twice, and for the largest parts of an expression too long.

    `own` names what the function has computed already.  `later` is what it computes afterwards:
    given that, every part that occurs in two places of the function gets a name.
    """
    names = dict(own)
    lines: list[CodeLine] = []
    spare = [name for name in SPARE if name not in taken]
    while spare:
        part = _repeated(mats, names) if later is None else _shared(mats, names, later)
        long = (mat for mat in mats if len(numpy_text(mat, names)) > LONG)
        if part is None:
            part = next(filter(None, (_largest(mat, names) for mat in long)), None)
        if part is None:
            break
        while len(numpy_text(part, names)) > LONGEST:
            inner = _largest(part, names)
            if inner is None:
                break
            part = inner
        name = spare.pop(0)
        lines.append(CodeLine(name, numpy_text(part, names), shape_of(part.axes), ""))
        names[part] = name
    return lines, names


def _indexed(mat: Mat) -> Mat | None:
    """The factor of a product that is written as an index or a slice of the other one."""
    match mat:
        case MatMul(_, Unit() as right) | Dot(_, Unit() as right):
            return right
        case MatMul(left, right):
            return left if band_in(left) else right if band_in(right) else None
    return None


def _compound(mat: Mat) -> bool:
    """Whether a name for the formula saves work: it is more than a letter or its transpose."""
    match mat:
        case Sym() | Scalar() | Ones() | Mask() | Identity() | Zero() | Transpose(Sym()):
            return False
        case Unit() | Transpose(Band()):
            return False
        case MMul((Scalar(Num()), Sym(tensor))) if len(tensor.axes) < 2:
            return False  # -z is as short as a name
    # A repeated vector is left to broadcasting where it is used.
    return not spread(mat)


def _shared(
    mats: tuple[Mat, ...], names: dict[Mat | Factor, str], later: tuple[Mat, ...]
) -> Mat | None:
    """The smallest part that stands in two places, where a repeated formula is one place."""
    count: dict[Mat, int] = {}

    def visit(mat: Mat) -> None:
        if mat not in names:
            count[mat] = count.get(mat, 0) + 1
            if count[mat] == 1:
                for part in _inside(mat, names):
                    visit(part)

    for mat in mats:
        visit(mat)
    here = list(count)
    for mat in later:
        visit(mat)
    return min((p for p in here if count[p] > 1 and _compound(p)), key=mat_size, default=None)


def _repeated(mats: tuple[Mat, ...], names: dict[Mat | Factor, str]) -> Mat | None:
    """The largest part that occurs more than once."""
    seen: dict[Mat, int] = {}
    for part in (part for mat in mats for part in _walk(mat, names)):
        if _compound(part):
            seen[part] = seen.get(part, 0) + 1
    repeated = [part for part, count in seen.items() if count > 1]
    return max(repeated, key=mat_size) if repeated else None


def _largest(mat: Mat, names: dict[Mat | Factor, str]) -> Mat | None:
    """The largest proper part that is at most two thirds of the text; the innermost if tied."""
    limit = len(numpy_text(mat, names)) * 2 // 3
    lengths = {
        p: len(numpy_text(p, names))
        for p in dict.fromkeys(_walk(mat, names))
        if p != mat and (_compound(p) or isinstance(p, Scalar))
    }
    parts = [
        p
        for p, length in lengths.items()
        if 12 < length <= (ONE_LINE if isinstance(p, Choice) else limit)
    ]
    return max(parts, key=lengths.__getitem__, default=None)


def _walk(mat: Mat, names: dict[Mat | Factor, str]) -> tuple[Mat, ...]:
    """All parts of a formula that are still written out."""
    if mat in names:
        return ()
    return (mat, *(p for part in _inside(mat, names) for p in _walk(part, names)))


def _inside(mat: Mat, names: dict[Mat | Factor, str]) -> tuple[Mat, ...]:
    """The operands of a formula that are still written out, and always computed."""
    # An inverse that multiplies is a system to be solved: no name of its own saves work.
    parts = tuple(
        operands(o)[0] if isinstance(mat, MatMul) and isinstance(o, Inverse) else o
        for o in operands(mat)
        if o not in names and o != _indexed(mat)
    )
    pair = weighted(mat.args, names) if isinstance(mat, MMul) else None
    if pair is not None:
        # With its weight it is computed otherwise: by itself it may be infinite.
        parts = tuple(pair[1].arg if part == pair[1] else part for part in parts)
    if isinstance(mat, Choice) and deferred(mat):
        parts = tuple(part for n, part in enumerate(parts[:-1]) if n % 3 < 2)
    return parts
