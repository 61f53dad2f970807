"""What the form of a formula shows before it is evaluated: letters, sizes, rigid axes, cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derive.notation import matrix as mx
from derive.notation.bands import Band, Unit
from derive.notation.expression import (
    Add,
    Apply,
    Axis,
    Cases,
    Constant,
    Delta,
    Diff,
    Element,
    Entry,
    Expr,
    Index,
    Indicator,
    Mul,
    Num,
    Pow,
    Product,
    Sum,
    Tensor,
)
from derive.notation.facts import ORTHOGONAL
from derive.notation.functions import SLOT, Elementwise
from derive.notation.tree import children

MOST = 12
"""Letters are counted no further than this."""


@dataclass(frozen=True)
class Cell(Expr):
    """The entry of a matrix formula at the position under way: entrywise nodes become formulas."""

    mat: mx.Mat


Counts = tuple[tuple[Axis, int], ...]


def most(counts: Iterable[Counts]) -> Counts:
    """Axis by axis the largest number."""
    out: dict[Axis, int] = {}
    for count in counts:
        for axis, k in count:
            out[axis] = max(out.get(axis, 0), k)
    return tuple(out.items())


def together(counts: Iterable[Counts], extra: Iterable[Axis] = ()) -> Counts:
    """Axis by axis the sum, and one more for every axis in `extra`."""
    out: dict[Axis, int] = {}
    for count in counts:
        for axis, k in count:
            out[axis] = min(MOST, out.get(axis, 0) + k)
    for axis in extra:
        out[axis] = min(MOST, out.get(axis, 0) + 1)
    return tuple(out.items())


def scaled(counts: Counts, factor: int) -> Counts:
    """Every number times a factor."""
    return tuple((axis, min(MOST, factor * k)) for axis, k in counts)


def entries(mat: mx.Mat) -> bool:
    """Whether a matrix formula is a product of entries of data and parameters: 0 where they are."""
    match mat:
        case mx.Sym(tensor):
            return tensor.role != "defined"
        case (
            mx.Transpose() | mx.MatMul() | mx.Outer() | mx.MMul() | mx.ScaleRows() | mx.ScaleCols()
        ):
            return all(map(entries, mx.operands(mat)))
    return False


def turned(tensor: Tensor) -> bool:
    """Whether a matrix has two kinds of draws: rotations, and those with a reflection."""
    return ORTHOGONAL in tensor.facts


def finite(tensor: Tensor) -> bool:
    """Whether entries are whole numbers out of a finite set, as labels are."""
    domain = tensor.domain
    bounded = abs(float(domain.low)) < MOST and abs(float(domain.high)) < MOST
    return bool(domain.integer and bounded and domain.low < domain.high)


def shortened(axis: Axis) -> frozenset[Axis]:
    """The axis of which a shorter one is a part; nothing for a whole one."""
    return frozenset((axis.root,)) if axis.cut else frozenset()


def rigid(mat: mx.Mat) -> frozenset[Axis]:
    """The axes along which a node tells positions apart, or takes powers of sizes."""
    every = [*mat.axes, *(axis for operand in mx.operands(mat) for axis in operand.axes)]
    rigid = frozenset(axis.root for axis in every if axis.cut)
    match mat:
        case mx.RowProduct(arg):
            return rigid | {arg.axes[-1].root}
        case (
            mx.Identity()
            | mx.Mask()
            | mx.Diag()
            | mx.DiagPart()
            | mx.Inverse()
            | mx.LogDet()
            | mx.Det()
            | Unit()
            | Band()
        ):
            return frozenset(axis.root for axis in every)
    return rigid


def by_cases(function: Elementwise) -> bool:
    """Whether a row of the table is defined by cases, or by a row that is."""
    return function.definition is not None and _by_cases(function.definition(SLOT))


def _by_cases(e: Expr) -> bool:
    inner = e.function if isinstance(e, Apply) else None
    return (
        isinstance(e, Cases)
        or (inner is not None and by_cases(inner))
        or any(_by_cases(child) for child in children(e))
    )


def vanishes(body: Expr, index: Index) -> bool:
    """Whether a summand is seen to be 0 where the entries at the position are 0.

    It is a product of entries, positive powers of them and factors without the letter.
    """
    factors = body.args if isinstance(body, Mul) else (body,)
    own = [f for f in factors if _has(f, index)]
    telling = [f for f in own if not isinstance(f, Delta)]
    return bool(telling) and all(_polynomial(f, index) for f in own)


def _polynomial(e: Expr, index: Index) -> bool:
    match e:
        case Entry(tensor, _):
            return tensor.role != "defined"
        case Delta():
            return True
        case Pow(base, Num(value)):
            return value > 0 and value.denominator == 1 and _polynomial(base, index)
        case Sum():
            return vanishes(e.body, index)
    return False


def _has(e: Expr, index: Index) -> bool:
    match e:
        case Entry(_, indices) | Element(_, indices):
            return any(k.plain == index for k in indices)
        case Delta(left, right):
            return index in (left.plain, right.plain)
        case Num() | Constant() | Axis():
            return False
        case Indicator(k, _):
            return k.plain == index
        case Cell():
            return True
        case Sum() | Product():
            return e.index != index and _has(e.body, index)
        case Diff(body, wrt):
            return _has(body, index) or _has(wrt, index)
        case Add(args) | Mul(args):
            return any(_has(a, index) for a in args)
        case Pow(base, exponent):
            return _has(base, index) or _has(exponent, index)
        case Apply(_, arg):
            return _has(arg, index)
    return True
