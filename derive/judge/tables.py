"""Matrix formulas entry by entry: what every node means, in the plainest loops."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from derive.judge import jets
from derive.judge.arithmetic import MalformedError
from derive.judge.elimination import Rows, determinant, inverse, log_determinant
from derive.judge.evaluation import Active, Evaluation, Formula, Position, Table, touching
from derive.judge.functions import SIGNS, apply, holds
from derive.judge.indices import root
from derive.judge.jets import Jet
from derive.notation import matrix as mx
from derive.notation.bands import Band, Unit

EntryOf = Callable[[Evaluation, Position, Active], Jet]


def require(holds: bool, mat: mx.Mat, wish: str) -> None:
    """Axes that do not fit have no meaning, so the formula is refused before any point."""
    if not holds:
        raise MalformedError(f"{type(mat).__name__}: {wish}")


def table_entry(
    mat: mx.Mat, parts: tuple[Table, ...], scalar: Formula | None
) -> tuple[mx.Axes, EntryOf]:
    """The axes and the entries of a node over compiled operands.

    `scalar` is the formula of a Scalar, the exponent of a power.
    """
    match mat:
        case mx.Scalar() if scalar:
            number = scalar
            return (), lambda v, position, active: v.value(number, {}, active)
        case mx.MAdd() | mx.MMul() | mx.MPow() | mx.MPower() | mx.MApply():
            return entrywise(mat, parts, scalar)
        case mx.RowProduct():
            (a,) = parts
            require(len(a.axes) > 0, mat, "takes a vector or a matrix")
            return a.axes[:-1], lambda v, p, active: jets.product(
                (v.entry(a, (*p, k), active) for k in range(1, v.size(a.axes[-1]) + 1)), v.one
            )
        case mx.Choice(relations, _):
            return choice(mat, relations, parts)
        case mx.Transpose():
            (a,) = parts
            require(len(a.axes) == 2, mat, "takes a matrix")
            return a.axes[::-1], lambda v, p, active: v.entry(a, p[::-1], active)
        case mx.MatMul() | mx.Dot() | mx.Outer() | mx.Trace():
            return products(mat, parts)
        case mx.Kron() | mx.KronRows():
            return kronecker(mat, parts)
        case mx.Zero(over):
            return over, lambda v, p, active: v.zero
        case mx.Diag() | mx.DiagPart() | mx.ScaleRows() | mx.ScaleCols():
            return diagonals(mat, parts)
        case mx.Inverse() | mx.LogDet() | mx.Det():
            return squares(mat, parts[0])
        case mx.Identity(axis):
            return (axis, axis), lambda v, p, active: v.one if p[0] == p[1] else v.zero
        case mx.Ones(axis):
            return (axis,), lambda v, p, active: v.one
        case mx.Mask(axis, lower):
            return (axis,), lambda v, p, active: v.one if p[0] >= lower else v.zero
        case Unit(axis, position):
            require(position != 0, mat, "positions count from 1, from the end from -1")
            return (axis,), lambda v, p, active: v.one if p[0] == _from_front(v, mat) else v.zero
        case Band(rows, columns, bands):
            same = root(rows) == root(columns)
            require(same, mat, "rows and columns are positions along one axis")
            require(bool(bands), mat, "a matrix without entries")
            return (rows, columns), lambda v, p, active: sum(
                (v.arithmetic.number(x) for s, x in bands if p[0] + s == p[1]), v.zero
            )
        case mx.Einsum():
            return einsum(mat, parts)
        case _:
            raise MalformedError(f"the judge knows no matrix formula of kind {type(mat).__name__}")


def _from_front(v: Evaluation, unit: Unit) -> int:
    """The position of a unit vector's 1, counted from 1."""
    return unit.position if unit.position > 0 else v.size(unit.axis) + 1 + unit.position


def entrywise(
    mat: mx.Mat, parts: tuple[Table, ...], exponent: Formula | None
) -> tuple[mx.Axes, EntryOf]:
    """Sums, products, powers and functions entry by entry; scalars broadcast."""
    axes = max((part.axes for part in parts), key=len)
    require(all(part.axes in ((), axes) for part in parts), mat, "operands over different axes")

    def entries(v: Evaluation, p: Position, active: Active) -> list[Jet]:
        return [v.entry(part, p if part.axes else (), active) for part in parts]

    match mat:
        case mx.MAdd():
            return axes, lambda v, p, active: jets.total(entries(v, p, active), v.zero)
        case mx.MMul():
            return axes, lambda v, p, active: jets.product(entries(v, p, active), v.one)
        case mx.MPow() if exponent:
            power = exponent
            return axes, lambda v, p, active: jets.power(
                v.arithmetic, entries(v, p, active)[0], v.value(power, {}, active)
            )
        case mx.MPower():
            return axes, lambda v, p, active: jets.power(v.arithmetic, *entries(v, p, active))
        case mx.MApply(function, _):
            number = parts[0].number
            return axes, lambda v, p, active: apply(
                v, function, entries(v, p, active)[0], number, p
            )
        case _:
            raise MalformedError(f"{type(mat).__name__} is not entrywise")


def choice(
    mat: mx.Mat, relations: tuple[str, ...], parts: tuple[Table, ...]
) -> tuple[mx.Axes, EntryOf]:
    """Entry by entry the value of the first test that holds; the others need not have one."""
    axes = max((part.axes for part in parts), key=len)
    require(all(part.axes in ((), axes) for part in parts), mat, "operands over different axes")
    require(len(parts) == 3 * len(relations) + 1, mat, "a test takes two sides and a value")
    require(set(relations) <= SIGNS.keys(), mat, "an unknown relation")

    def entry(v: Evaluation, p: Position, active: Active) -> Jet:
        def at(part: Table) -> Jet:
            return v.entry(part, p if part.axes else (), active)

        for k, relation in enumerate(relations):
            left, right, value = parts[3 * k : 3 * k + 3]
            if holds(v, relation, at(left), at(right)):
                return at(value)
        return at(parts[-1])

    return axes, entry


def products(mat: mx.Mat, parts: tuple[Table, ...]) -> tuple[mx.Axes, EntryOf]:
    """Products that sum over axes, and the outer product."""
    a, b = parts[0], parts[-1]
    match mat:
        case mx.MatMul():
            require(len(a.axes) == 2 and len(b.axes) in (1, 2), mat, "takes a matrix on the left")
            require(a.axes[1] == b.axes[0], mat, "the inner axes differ")
            return a.axes[:1] + b.axes[1:], lambda v, p, active: jets.total(
                (
                    jets.multiply(
                        v.entry(a, (p[0], k), active), v.entry(b, (k, *p[1:]), active)
                    )
                    for k in range(1, v.size(b.axes[0]) + 1)
                ),
                v.zero,
            )  # fmt: skip
        case mx.Dot():
            require(a.axes == b.axes, mat, "operands over different axes")
            return (), lambda v, p, active: jets.total(
                (
                    jets.multiply(v.entry(a, q, active), v.entry(b, q, active))
                    for q in positions(v, a.axes)
                ),
                v.zero,
            )
        case mx.Outer():
            rank = len(a.axes)
            require(rank == len(b.axes) and rank in (1, 2), mat, "takes two vectors or matrices")
            return a.axes + b.axes, lambda v, p, active: jets.multiply(
                v.entry(a, p[:rank], active), v.entry(b, p[rank:], active)
            )
        case _:
            require(len(a.axes) == 2 and a.axes[0] == a.axes[1], mat, "takes a square matrix")
            return (), lambda v, p, active: jets.total(
                (v.entry(a, (k, k), active) for k in range(1, v.size(a.axes[0]) + 1)), v.zero
            )


def squares(mat: mx.Mat, a: Table) -> tuple[mx.Axes, EntryOf]:
    """What is a function of a whole square matrix: its inverse, its determinant and the log."""
    require(len(a.axes) == 2 and a.axes[0] == a.axes[1], mat, "takes a square matrix")

    def rows(v: Evaluation, active: Active) -> Rows:
        places = range(1, v.size(a.axes[0]) + 1)
        return [[v.entry(a, (p, q), active) for q in places] for p in places]

    def inverse_entry(v: Evaluation, p: Position, active: Active) -> Jet:
        active = touching(active, a.depends)
        key = (a.number, active)
        if key not in v.whole:
            found = inverse(v.arithmetic, rows(v, active), v.zero, v.one)
            v.whole[key] = tuple(map(tuple, found))
        return v.whole[key][p[0] - 1][p[1] - 1]

    match mat:
        case mx.Inverse():
            return a.axes, inverse_entry
        case mx.Det():
            return (), lambda v, p, active: determinant(rows(v, active), v.zero)
        case _:
            return (), lambda v, p, active: log_determinant(v.arithmetic, rows(v, active), v.zero)


def kronecker(mat: mx.Mat, parts: tuple[Table, ...]) -> tuple[mx.Axes, EntryOf]:
    """A_kp B_lq at (k, l, p, q), crossed A_kq B_lp; summed over the first axis of both for rows."""
    a, b = parts
    if isinstance(mat, mx.KronRows):
        require(len(a.axes) == len(b.axes) == 3, mat, "takes two formulas over three axes")
        require(a.axes[0] == b.axes[0], mat, "the summed axes differ")
        return (a.axes[1], b.axes[1], a.axes[2], b.axes[2]), lambda v, p, active: jets.total(
            (
                jets.multiply(
                    v.entry(a, (i, p[0], p[2]), active), v.entry(b, (i, p[1], p[3]), active)
                )
                for i in range(1, v.size(a.axes[0]) + 1)
            ),
            v.zero,
        )
    require(len(a.axes) == len(b.axes) == 2, mat, "takes two matrices")
    crossed = isinstance(mat, mx.Kron) and mat.crossed
    last = (b.axes[1], a.axes[1]) if crossed else (a.axes[1], b.axes[1])
    at, bt = (3, 2) if crossed else (2, 3)
    return (a.axes[0], b.axes[0], *last), lambda v, p, active: jets.multiply(
        v.entry(a, (p[0], p[at]), active), v.entry(b, (p[1], p[bt]), active)
    )


def diagonals(mat: mx.Mat, parts: tuple[Table, ...]) -> tuple[mx.Axes, EntryOf]:
    """Diagonal matrices, diagonals, and products with diagonal matrices."""
    a, b = parts[0], parts[-1]
    match mat:
        case mx.Diag():
            rank = len(a.axes)
            require(rank in (1, 2), mat, "takes a vector or a matrix")
            return (
                a.axes * 2,
                lambda v, p, active: (
                    v.entry(a, p[:rank], active) if p[:rank] == p[rank:] else v.zero
                ),
            )
        case mx.DiagPart():
            require(len(a.axes) == 2 and a.axes[0] == a.axes[1], mat, "takes a square matrix")
            return a.axes[:1], lambda v, p, active: v.entry(a, p * 2, active)
        case mx.ScaleRows():
            require(len(b.axes) == 2 and a.axes == b.axes[:1], mat, "weights are one per row")
            return b.axes, lambda v, p, active: jets.multiply(
                v.entry(a, p[:1], active), v.entry(b, p, active)
            )
        case _:
            require(len(a.axes) == 2 and b.axes == a.axes[1:], mat, "weights are one per column")
            return a.axes, lambda v, p, active: jets.multiply(
                v.entry(a, p, active), v.entry(b, p[1:], active)
            )


def einsum(mat: mx.Einsum, parts: tuple[Table, ...]) -> tuple[mx.Axes, EntryOf]:
    """Over all values of the letters that are not in the output, the sum of the products."""
    axis_of = dict(mat.letters)
    carried = {letter for _, letters in mat.operands for letter in letters}
    require(len(axis_of) == len(mat.letters), mat, "a letter has two axes")
    require(carried == set(axis_of), mat, "a letter has no axis or no operand")
    require(len(set(mat.output)) == len(mat.output), mat, "a letter is twice in the output")
    require(set(mat.output) <= carried, mat, "an output letter has no operand")
    for part, (_, letters) in zip(parts, mat.operands, strict=True):
        axes = tuple(axis_of[letter] for letter in letters)
        require(part.axes == axes, mat, "an operand's letters do not follow its axes")
    summed = tuple(letter for letter, _ in mat.letters if letter not in mat.output)
    over = tuple(axis_of[letter] for letter in summed)
    place = {letter: number for number, letter in enumerate((*mat.output, *summed))}
    factors = [
        (part, tuple(place[letter] for letter in letters))
        for part, (_, letters) in zip(parts, mat.operands, strict=True)
    ]

    def entry(v: Evaluation, position: Position, active: Active) -> Jet:
        terms = []
        for values in positions(v, over):
            at = position + values
            entries = [v.entry(part, tuple([at[k] for k in own]), active) for part, own in factors]
            terms.append(jets.product(entries, v.one))
        return jets.total(terms, v.zero)

    return tuple(axis_of[letter] for letter in mat.output), entry


def positions(v: Evaluation, axes: mx.Axes) -> itertools.product[Position]:
    """All positions over the axes."""
    return itertools.product(*(range(1, v.size(axis) + 1) for axis in axes))
