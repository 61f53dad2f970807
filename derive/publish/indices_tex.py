"""Index letters, sizes and the matrices of shifted letters as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from derive import publish as tx
from derive.notation.bands import Band, last_row
from derive.notation.expression import Axis, Index
from derive.notation.matrix import Einsum
from derive.publish.numbers_tex import number


def latex_index(index: Index) -> str:
    """An index letter, perhaps shifted (j+1), or a position (1, n)."""
    if index.literal and index.shift < 0:
        return latex_size(index.axis.less(-1 - index.shift))
    if index.literal:
        return str(index.shift)
    base = index.letter.rstrip("'")
    shift = f"{index.shift:+d}" if index.shift else ""
    return tx.word(base) + index.letter[len(base) :] + shift


def latex_delta(left: Index, right: Index) -> str:
    """Kronecker's delta."""
    return tx.subscript(r"\delta", [latex_index(left), latex_index(right)])


def latex_size(axis: Axis) -> str:
    """The size of an axis: n, or n-1 of a shorter one."""
    return tx.word(axis.root.letter) + (f"-{axis.cut}" if axis.cut else "")


def einsum_names(mat: Einsum, output: Sequence[str]) -> dict[str, str]:
    """How each letter is written: those of the result as given, the others apart from them."""
    names = dict(zip(mat.output, output, strict=True))
    for letter, _ in mat.letters:
        name = letter
        while letter not in names and name in names.values():
            name += "'"
        names.setdefault(letter, name)
    return names


def band_symbol(mat: Band) -> str:
    """D_n for differences, I_{2:n} for rows of the identity, else the entries by diagonals."""
    size = latex_size(mat.columns)
    if mat.order is not None:
        return f"D_{{{size}}}" + (f"^{{({mat.order})}}" if mat.order > 1 else "")
    if mat.taken is not None:
        return f"I_{{{mat.taken + 1}:{latex_size(last_row(mat))}}}"
    entries = r",\,".join(f"{shift}:{number(value, tx.Spot({}, script=True)).text}"
                          for shift, value in mat.bands)  # fmt: skip
    return rf"\operatorname{{band}}_{{{latex_size(mat.rows)},{size}}}({entries})"
