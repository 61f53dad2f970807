"""Matrix formulas entry by entry: what every node means, in the plainest loops."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from derive.judge import jets
from derive.judge.arithmetic import MalformedError
from derive.judge.evaluation import Active, Evaluation, Formula, Position, Table
from derive.judge.functions import apply
from derive.judge.jets import Jet
from derive.notation import matrix as mx

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
        case mx.MAdd() | mx.MMul() | mx.MPow() | mx.MApply():
            return entrywise(mat, parts, scalar)
        case mx.Transpose():
            (a,) = parts
            require(len(a.axes) == 2, mat, "takes a matrix")
            return a.axes[::-1], lambda v, p, active: v.entry(a, p[::-1], active)
        case mx.MatMul() | mx.Dot() | mx.Outer() | mx.Trace():
            return products(mat, parts)
        case mx.Diag() | mx.DiagPart() | mx.ScaleRows() | mx.ScaleCols():
            return diagonals(mat, parts)
        case mx.Identity(axis):
            return (axis, axis), lambda v, p, active: {0: v.one if p[0] == p[1] else v.zero}
        case mx.Ones(axis):
            return (axis,), lambda v, p, active: {0: v.one}
        case mx.Mask(axis, lower):
            return (axis,), lambda v, p, active: {0: v.one if p[0] >= lower else v.zero}
        case mx.Einsum():
            return einsum(mat, parts)
        case _:
            raise MalformedError(f"the judge knows no matrix formula of kind {type(mat).__name__}")


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
        case mx.MApply(function, _):
            return axes, lambda v, p, active: apply(v, function, entries(v, p, active)[0])
        case _:
            raise MalformedError(f"{type(mat).__name__} is not entrywise")


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
            require(len(a.axes) == len(b.axes) == 1, mat, "takes two vectors")
            return a.axes + b.axes, lambda v, p, active: jets.multiply(
                v.entry(a, p[:1], active), v.entry(b, p[1:], active)
            )
        case _:
            require(len(a.axes) == 2 and a.axes[0] == a.axes[1], mat, "takes a square matrix")
            return (), lambda v, p, active: jets.total(
                (v.entry(a, (k, k), active) for k in range(1, v.size(a.axes[0]) + 1)), v.zero
            )


def diagonals(mat: mx.Mat, parts: tuple[Table, ...]) -> tuple[mx.Axes, EntryOf]:
    """Diagonal matrices, diagonals, and products with diagonal matrices."""
    a, b = parts[0], parts[-1]
    match mat:
        case mx.Diag():
            require(len(a.axes) == 1, mat, "takes a vector")
            return (
                a.axes * 2,
                lambda v, p, active: v.entry(a, p[:1], active) if p[0] == p[1] else {0: v.zero},
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

    def entry(v: Evaluation, position: Position, active: Active) -> Jet:
        terms = []
        for values in positions(v, tuple(axis_of[letter] for letter in summed)):
            at = dict(zip((*mat.output, *summed), (*position, *values), strict=True))
            factors = (
                v.entry(part, tuple(at[letter] for letter in letters), active)
                for part, (_, letters) in zip(parts, mat.operands, strict=True)
            )
            terms.append(jets.product(factors, v.one))
        return jets.total(terms, v.zero)

    return tuple(axis_of[letter] for letter in mat.output), entry


def positions(v: Evaluation, axes: mx.Axes) -> itertools.product[Position]:
    """All positions over the axes."""
    return itertools.product(*(range(1, v.size(axis) + 1) for axis in axes))
