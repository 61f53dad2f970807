"""Products with matrices that are constant along diagonals, as slices, differences and padding.

Such a matrix is never written out to be multiplied with: A v takes entries of v, A'u puts u among
zeros. Where it stands alone, as a Hessian may, it has as many entries as the result.
"""

from __future__ import annotations

from fractions import Fraction

from derive.notation.bands import Band
from derive.notation.expression import Axis
from derive.notation.matrix import Mat, Transpose
from derive.programs.pieces import ATOM, PRODUCT, SUM, UNARY, Text


def band_in(mat: Mat) -> tuple[Band, bool] | None:
    """A matrix that slices or pads, and whether it is transposed; None for all others."""
    turned = isinstance(mat, Transpose)
    core = mat.arg if isinstance(mat, Transpose) else mat
    return (core, turned) if isinstance(core, Band) and core.inside else None


def size_code(axis: Axis, more: int = 0) -> str:
    """The size of an axis plus a number: n, n - 1, n + 1."""
    number = more - axis.cut
    sign = f" {'+' if number > 0 else '-'} {abs(number)}" if number else ""
    return axis.root.letter + sign


def place_code(number: int) -> str:
    """A position as Python counts: from 0, from the end from -1."""
    return str(number - 1 if number > 0 else number)


def applied(band: Band, turned: bool, operand: Text, rank: int, axis: int) -> Text:
    """A x along an axis of x (of rank 1 or 2), or A'x where it is turned."""
    return _padded(band, operand, rank, axis) if turned else _sliced(band, operand, rank, axis)


def written_out(band: Band) -> Text:
    """The matrix itself."""
    if band.order is not None:
        return _sliced(band, Text(f"np.eye({size_code(band.columns)})", ATOM), 2, 0)
    rows, columns = size_code(band.rows), size_code(band.columns)
    return _weighted([(v, f"np.eye({rows}, {columns}, {s})") for s, v in band.bands])


def _sliced(band: Band, operand: Text, rank: int, axis: int) -> Text:
    if band.order is not None:
        return Text(f"np.diff({operand.code}{_order(band.order)}{_axis(rank, axis)})", ATOM)
    spare = band.rows.cut - band.columns.cut
    if rank == 1 and len(band.bands) > 1:
        return _convolved(band, operand, spare, "valid")
    inner = operand.within(ATOM)
    terms = []
    for shift, value in band.bands:
        cut = f"{shift or ''}:{shift - spare if shift < spare else ''}"
        terms.append((value, f"{inner}[{':, ' * axis}{cut}]"))
    return _weighted(terms)


def _padded(band: Band, operand: Text, rank: int, axis: int) -> Text:
    order = band.order
    if order is not None:
        if order == 1:
            return Text(f"-np.diff({operand.code}{_axis(rank, axis)}, prepend=0, append=0)", UNARY)
        padded = _zeros(operand, order, order, rank, axis)
        code = f"np.diff({padded}{_order(order)}{_axis(rank, axis)})"
        return Text(f"-{code}", UNARY) if order % 2 else Text(code, ATOM)
    spare = band.rows.cut - band.columns.cut
    if rank == 1 and len(band.bands) > 1:
        return _convolved(band, operand, spare, "full")
    return _weighted([(v, _zeros(operand, s, spare - s, rank, axis)) for s, v in band.bands])


def _convolved(band: Band, operand: Text, spare: int, mode: str) -> Text:
    """Entries along the diagonals as weights; a product turns them round for entries taken."""
    entries = dict(band.bands)
    weights = [entries.get(s, Fraction(0)) for s in range(spare + 1)]
    listed = ", ".join(str(w) if w.denominator == 1 else f"{w.numerator} / {w.denominator}"
                       for w in (weights if mode == "full" else weights[::-1]))  # fmt: skip
    return Text(f'np.convolve({operand.code}, [{listed}], "{mode}")', ATOM)


def _zeros(operand: Text, before: int, after: int, rank: int, axis: int) -> str:
    pair = f"({before}, {after})"
    widths = pair if rank == 1 else f"({pair}, (0, 0))" if axis == 0 else f"((0, 0), {pair})"
    return f"np.pad({operand.code}, {widths})"


def _order(order: int) -> str:
    return f", n={order}" if order > 1 else ""


def _axis(rank: int, axis: int) -> str:
    return f", axis={axis}" if rank > 1 else ""


def _weighted(terms: list[tuple[Fraction, str]]) -> Text:
    """A sum of codes with numbers in front."""
    out = ""
    for value, code in terms:
        size = abs(value)
        below = f" / {size.denominator}" if size.denominator > 1 else ""
        term = code + below if size.numerator == 1 else f"{size.numerator} * {code}{below}"
        sign = "-" if value < 0 else "+"
        out += f" {sign} {term}" if out else ("-" if value < 0 else "") + term
    (value, _), *more = terms
    if more:
        return Text(out, SUM)
    return Text(out, ATOM if value == 1 else UNARY if value == -1 else PRODUCT)
