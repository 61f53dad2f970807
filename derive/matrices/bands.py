"""Shifted letters and positions in matrix form: rows of identities, differences, unit vectors."""

from __future__ import annotations

import math
from fractions import Fraction

from derive.matrices.build import banded, dot, einsum, hadamard, matmul, split_scalar, transpose
from derive.notation.bands import Band, Unit
from derive.notation.expression import MINUS_ONE, ONE, Axis, Expr, Index, Mul, Num
from derive.notation.matrix import Identity, Mat, MatMul, Scalar, Transpose
from derive.notation.tree import fresh

Order = tuple[Index, ...]


def delta(left: Index, right: Index) -> tuple[Mat, Order]:
    """Kronecker's delta of any two indices as a matrix formula, and the letters of its axes."""
    if left.literal and right.literal:
        return dot(_unit(left), _unit(right)), ()
    if left.literal:
        left, right = right, left
    if right.literal:
        return _delta_position(left, right), (left.plain,)
    shift = left.shift - right.shift
    if left.axis == right.axis and shift == 0:
        return Identity(left.axis), (left.plain, right.plain)
    if left.axis.cut < right.axis.cut:
        left, right, shift = right, left, -shift
    return _band(left.axis, right.axis, shift), (left.plain, right.plain)


def _delta_position(letter: Index, place: Index) -> Mat:
    """[j + s = p] as a vector over j."""
    axis = letter.axis
    if letter.shift == 0 and (axis == place.axis or place.shift == 1):
        return Unit(axis, place.shift)
    return matmul(_band(axis, place.axis, letter.shift), _unit(place))


def _unit(place: Index) -> Mat:
    return Unit(place.axis, place.shift)


def _band(rows: Axis, columns: Axis, shift: int) -> Mat:
    """The matrix that takes, in row r, position r + shift of the columns."""
    if rows == columns and shift == 0:
        return Identity(rows)
    return Band(rows, columns, ((shift, Fraction(1)),))


def settled(mat: Mat, indices: Order) -> tuple[Mat, Order]:
    """The entry of `mat` at `indices` as an entry at plain letters, each over its whole axis."""
    if all(
        k.letter and not k.shift and k.axis == a for k, a in zip(indices, mat.axes, strict=True)
    ):
        return mat, indices
    if len(indices) > 2:
        return _settled_wide(mat, indices)
    for number in range(len(indices) - 1, -1, -1):
        k, axis = indices[number], mat.axes[number]
        if k.literal:
            unit = Unit(axis, k.shift if k.shift > 0 else k.shift + axis.cut)
            if len(mat.axes) == 1:
                mat = dot(mat, unit)
            else:
                mat = matmul(mat if number else transpose(mat), unit)
        elif k.shift or k.axis != axis:
            band = _band(k.axis, axis, k.shift)
            mat = matmul(mat, transpose(band)) if number else matmul(band, mat)
    return mat, tuple(k.plain for k in indices if k.letter)


def _settled_wide(mat: Mat, indices: Order) -> tuple[Mat, Order]:
    """More than two axes: every shift and position is an operand of an einsum."""
    parts: list[tuple[Mat, Order]] = []
    own: list[Index] = []
    taken = {k.letter for k in indices}
    for k, axis in zip(indices, mat.axes, strict=True):
        inner = fresh(Index(k.letter or "p", axis), taken)
        taken.add(inner.letter)
        if k.literal:
            unit = Unit(axis, k.shift if k.shift > 0 else k.shift + axis.cut)
            parts.append((unit, (inner,)))
        elif k.shift or k.axis != axis:
            parts.append((_band(k.axis, axis, k.shift), (k.plain, inner)))
        else:
            inner = k
        own.append(inner)
    order = tuple(dict.fromkeys(k.plain for k in indices if k.letter))
    return einsum(((mat, tuple(own)), *parts), order), order


Key = tuple[str, Mat | None, bool, Axis, Axis]


def _parted(mat: Mat) -> tuple[Fraction, Key, Band] | None:
    """A term as number, what its band is multiplied by (on which side, transposed), and the band.

    Other scalars than numbers stay in front of their terms.
    """
    scalar, core = split_scalar(mat)
    factors = scalar.args if isinstance(scalar, Mul) else (scalar,)
    numbers = [a.value for a in factors if isinstance(a, Num)]
    if len(numbers) < len(factors):
        return None
    other: Mat | None = None
    side, factor = "", core
    if isinstance(core, MatMul):
        side, factor, other = (
            ("left", core.left, core.right)
            if banded(core.left)
            else ("right", core.right, core.left)
        )
    if not banded(factor):
        return None
    turned = isinstance(factor, Transpose)
    band = factor.arg if isinstance(factor, Transpose) else factor
    if not isinstance(band, Band):
        return None
    return (
        math.prod(numbers, start=Fraction(1)),
        (side, other, turned, band.rows, band.columns),
        band,
    )


def gathered(terms: list[Mat]) -> list[Mat]:
    """a A v + b B v = (a A + b B) v: what is taken from one vector is taken by one matrix."""
    found: dict[Key, dict[int, Fraction]] = {}
    count: dict[Key, int] = {}
    for term in terms:
        parted = _parted(term)
        if parted is not None:
            number, key, band = parted
            own = found.setdefault(key, {})
            count[key] = count.get(key, 0) + 1
            for shift, value in band.bands:
                own[shift] = own.get(shift, Fraction(0)) + number * value
    out: list[Mat] = []
    done: set[Key] = set()
    for term in terms:
        parted = _parted(term)
        if parted is None or count[parted[1]] == 1:
            out.append(term)
        elif parted[1] not in done:
            done.add(parted[1])
            out.append(_joined(parted[1], found[parted[1]]))
    return out


def _joined(key: Key, entries: dict[int, Fraction]) -> Mat:
    """The number that all entries share, the matrix, and what it is multiplied by."""
    side, other, turned, rows, columns = key
    kept = sorted((s, v) for s, v in entries.items() if v) or [(min(entries), Fraction(0))]
    values = [v for _, v in kept]
    share = Fraction(
        math.gcd(*(v.numerator for v in values)), math.lcm(*(v.denominator for v in values))
    )
    share = (share or Fraction(1)) * (-1 if values[-1] < 0 else 1)
    band: Mat = Band(rows, columns, tuple((s, v / share) for s, v in kept))
    band = Transpose(band) if turned else band
    if other is not None:
        band = matmul(band, other) if side == "left" else matmul(other, band)
    number: Expr = ONE if share == 1 else MINUS_ONE if share == -1 else Num(share)
    return hadamard((Scalar(number), band))
