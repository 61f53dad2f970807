"""Index formulas without sums as matrix formulas: what stands at the position of given indices."""

from __future__ import annotations

from derive.matrices.bands import delta, gathered, settled
from derive.matrices.build import (
    broadcast,
    einsum,
    hadamard,
    matrix_power,
    scale_columns,
    scale_rows,
    total,
    transpose,
)
from derive.notation.expression import (
    Add,
    Apply,
    Cases,
    Delta,
    Element,
    Entry,
    Expr,
    Index,
    Indicator,
    Mul,
    Pow,
    Product,
    Sum,
    Tensor,
)
from derive.notation.facts import ORTHOGONAL, has
from derive.notation.matrix import (
    Choice,
    Diag,
    DiagPart,
    Einsum,
    Identity,
    Inverse,
    MApply,
    Mask,
    Mat,
    MPower,
    Ones,
    Outer,
    RowProduct,
    Scalar,
    Sym,
    Transpose,
)
from derive.notation.tree import children, free_indices, fresh, reindex, subterms

Order = tuple[Index, ...]


def as_mat(e: Expr, order: Order) -> Mat | None:
    """The matrix formula whose entry at `order` is `e`, or None where there is none.

    `e` has no open sum; its free indices are among `order`. A formula without free indices
    is a scalar, whatever the order; otherwise the axes are those of `order`.
    """
    free = free_indices(e)
    if any(isinstance(node, Sum) for _, node in subterms(e)) or not set(free) <= set(order):
        return None
    if not free:
        return _scalar(e)
    match e:
        case Entry(tensor, indices):
            return placed(Sym(tensor), indices, order)
        case Element(Inverse(Sym(tensor)), indices) if has(tensor, ORTHOGONAL):
            return placed(Transpose(Sym(tensor)), indices, order)
        case Element(mat, indices):
            return placed(mat, indices, order)
        case Delta(left, right):
            mat, own = delta(left, right)
            return placed(mat, own, order)
        case Indicator(index, lower):
            # j + 1 >= 3 is j >= 2: a shift of the mask itself would lose its ends.
            first = lower - index.shift
            mask = Ones(index.axis) if first <= 1 else Mask(index.axis, first)
            return placed(mask, (index.plain,), order)
        case Add(args):
            parts = [as_mat(a, order) for a in args]
            known = [p for p in parts if p is not None]
            return None if None in parts else total(tuple(gathered(known)))
        case Mul(args):
            return product(args, order)
        case Pow(base, exponent) if not free_indices(exponent):
            inner = _inside(base, order)
            return None if inner is None else matrix_power(inner, exponent)
        case Pow(base, exponent):
            inner, power = _inside(base, order), _inside(exponent, order)
            return None if inner is None or power is None else MPower(inner, power)
        case Apply(function, arg):
            inner = _inside(arg, order)
            return None if inner is None else MApply(function, inner)
        case Cases(branches, _):
            parts = [as_mat(part, order) for part in children(e)]
            found = tuple(p for p in parts if p is not None)
            signs = tuple(test.relation for test, _ in branches)
            return None if len(found) < len(parts) else Choice(signs, found, e.total)
        case Product():
            own = tuple(k for k in order if k in free)
            alone = _row_product(e, own) if len(own) < len(order) else None
            spread = None if alone is None else placed(alone, own, order)
            return spread or _row_product(e, order)
    return None


def _row_product(e: Product, order: Order) -> Mat | None:
    """A product over a letter as that of the entries along an axis of its own."""
    cut = e.lower - 1
    index = fresh(Index(e.index.letter, e.index.axis.less(cut)), {k.letter for k in order})
    body = as_mat(reindex(e.body, {e.index: index + cut}), (*order, index))
    if body is None:
        return None
    if not body.axes:
        return matrix_power(body, index.axis)
    return RowProduct(body)


def _inside(e: Expr, order: Order) -> Mat | None:
    """What stands under a function or a power: over more than two axes it cannot be split."""
    mat = as_mat(e, order)
    return _wide(e, order) if mat is None and len(order) > 2 else mat


def _wide(e: Expr, order: Order) -> Mat | None:
    """A formula over more than two axes, every part of it spread over all of them."""
    own = free_indices(e)
    if isinstance(e, Add | Mul) and own:
        parts = [_wide(a, order) for a in e.args]
        found = tuple(p for p in parts if p is not None)
        if len(found) < len(parts):
            return None
        return total(found) if isinstance(e, Add) else hadamard(found)
    mat = as_mat(e, own)
    return mat if mat is None or own in ((), order) else einsum(((mat, own),), order)


def _scalar(e: Expr) -> Mat:
    """A formula without free indices; an entry of a scalar matrix formula is that formula."""
    match e:
        case Element(mat, ()):
            return mat
        case Add(args) if _has_element(e):
            return total(tuple(_scalar(a) for a in args))
        case Mul(args) if _has_element(e):
            return hadamard(tuple(_scalar(a) for a in args))
        case Pow(base, exponent) if _has_element(e):
            return matrix_power(_scalar(base), exponent)
        case Apply(function, arg) if _has_element(e):
            return MApply(function, _scalar(arg))
        case Cases(branches, _) if _has_element(e):
            signs = tuple(test.relation for test, _ in branches)
            return Choice(signs, tuple(_scalar(part) for part in children(e)), e.total)
        case Entry(Tensor() as tensor, ()):
            return Sym(tensor)
        case Element(mat, indices):
            return settled(mat, indices)[0]
        case Delta(left, right):
            return delta(left, right)[0]
        case Product():
            return _row_product(e, ()) or Scalar(e)
    return Scalar(e)


def _has_element(e: Expr) -> bool:
    return any(isinstance(node, Element | Delta | Product) for _, node in subterms(e))


def placed(mat: Mat, indices: Order, order: Order) -> Mat | None:
    """`mat` with its axes at `indices`, as a formula over `order`: transposed, repeated, spread."""
    mat, indices = settled(mat, indices)
    if indices == order:
        return mat
    if len(indices) == 2 and indices[0] == indices[1]:
        return placed(DiagPart(mat), indices[:1], order)
    if len(indices) == 2 and indices[::-1] == order:
        return transpose(mat)
    if len(indices) == 1 and len(order) == 2 and indices[0] in order:
        return broadcast(mat, order.index(indices[0]), order)
    if len(set(order)) != len(order):
        return None
    letters = tuple(dict.fromkeys((*indices, *order)))
    if set(indices) == set(order):
        return Einsum(
            ((mat, tuple(k.letter for k in indices)),),
            tuple((k.letter, k.axis) for k in letters),
            tuple(k.letter for k in order),
        )
    return None


def product(args: tuple[Expr, ...], order: Order) -> Mat | None:
    """A product of entries: scalars scale, vectors scale rows or columns, matrices multiply."""
    if len(order) > 2:
        return None
    scalars: list[Mat] = []
    rows: list[Mat] = []
    columns: list[Mat] = []
    full: list[Mat] = []
    for a in args:
        free = set(free_indices(a))
        if not free:
            scalars.append(_scalar(a))
            continue
        if len(order) == 1 or free == set(order):
            part, kind = as_mat(a, order), full
        else:
            at = order.index(next(iter(free)))
            part, kind = as_mat(a, order[at : at + 1]), (columns if at else rows)
        if part is None:
            return None
        kind.append(part)
    return hadamard((*scalars, scaled(rows, columns, full, order)))


def scaled(rows: list[Mat], columns: list[Mat], full: list[Mat], order: Order) -> Mat:
    """diag(rows) full diag(columns), or the outer product where there is no matrix."""
    eyes = [a for a in full if isinstance(a, Identity)]
    rest = [a for a in full if not isinstance(a, Identity)]
    if eyes and (rows or columns) and not rest:
        return Diag(hadamard((*rows, *columns)))
    if not full:
        left, right = (
            hadamard(tuple(parts)) if parts else Ones(index.axis)
            for parts, index in zip((rows, columns), order, strict=True)
        )  # fmt: skip
        return Outer(left, right)
    core = hadamard(tuple(full))
    core = scale_rows(hadamard(tuple(rows)), core) if rows else core
    return scale_columns(core, hadamard(tuple(columns))) if columns else core
