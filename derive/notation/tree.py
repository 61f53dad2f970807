"""Walking, comparing and rebuilding formulas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from derive.notation import matrix as mx
from derive.notation.expression import (
    Add,
    Apply,
    Axis,
    Cases,
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
    When,
    add,
    mul,
)
from derive.notation.remembered import remembered

Path = tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """Where a subterm stands: the path of child numbers, perhaps a run of arguments there.

    `span` = (start, stop) means arguments start..stop-1 of the n-ary node at `path`; None means
    the whole node.
    """

    path: Path = ()
    span: tuple[int, int] | None = None


def children(e: Expr) -> tuple[Expr, ...]:
    """The formulas directly inside `e`, in order."""
    match e:
        case Add(args) | Mul(args):
            return args
        case Pow(base, exponent):
            return (base, exponent)
        case Apply(_, arg):
            return (arg,)
        case Sum() | Product():
            return (e.body,)
        case Diff(body, wrt):
            return (body, wrt)
        case Cases(branches, otherwise):
            return (*(part for t, v in branches for part in (t.left, t.right, v)), otherwise)
        case _:
            return ()


def rebuild(e: Expr, parts: tuple[Expr, ...]) -> Expr:
    """The node `e` with other children; nested sums and products are flattened."""
    match e:
        case Add():
            return add(*parts)
        case Mul():
            return mul(*parts)
        case Pow():
            return Pow(*parts)
        case Apply(function, _):
            return Apply(function, parts[0])
        case Sum() | Product():
            return type(e)(parts[0], (e.index, e.lower, e.upper))
        case Cases(branches, _):
            made = tuple(
                (When(parts[3 * k], t.relation, parts[3 * k + 1]), parts[3 * k + 2])
                for k, (t, _) in enumerate(branches)
            )
            return Cases(made, parts[-1], e.total)
        case Diff():
            wrt = parts[1]
            if not isinstance(wrt, Entry):
                raise TypeError("a derivative is taken by an entry of a tensor")
            return Diff(parts[0], wrt, e.held)
        case _:
            return e


def at(e: Expr, place: Place | Path) -> Expr:
    """The subterm at a place."""
    path, span = (place.path, place.span) if isinstance(place, Place) else (place, None)
    for k in path:
        e = children(e)[k]
    if span is not None:
        e = rebuild(e, children(e)[slice(*span)])
    return e


def put(e: Expr, path: Path, new: Expr) -> Expr:
    """`e` with the subterm at `path` replaced."""
    if not path:
        return new
    parts = list(children(e))
    parts[path[0]] = put(parts[path[0]], path[1:], new)
    return rebuild(e, tuple(parts))


def subterms(e: Expr, path: Path = ()) -> Iterator[tuple[Path, Expr]]:
    """All subterms with their paths, a node before its children."""
    yield path, e
    for k, child in enumerate(children(e)):
        yield from subterms(child, (*path, k))


@remembered
def kinds_in(e: Expr) -> frozenset[type[Expr]]:
    """The kinds of nodes that occur in `e`."""
    return frozenset((type(e),)).union(*(kinds_in(child) for child in children(e)))


@remembered
def size(e: Expr) -> int:
    """The number of nodes of the tree; a matrix formula's entry counts its nodes too."""
    if isinstance(e, Element):
        return 1 + mat_size(e.mat)
    return 1 + sum(size(child) for child in children(e))


@remembered
def length(e: Expr) -> int:
    """How long a formula reads, in tenths of a node; coefficients count little, signs nothing."""
    if isinstance(e, Element):
        return NODE * (1 + mat_size(e.mat))
    parts = children(e)
    if not isinstance(e, Mul):
        return NODE + sum(length(child) for child in parts)
    factors = [a for a in parts if not isinstance(a, Num)]
    coefficients = sum(not is_number(a, -1) for a in parts if isinstance(a, Num))
    own = 0 if len(factors) == 1 else NODE
    return own + coefficients + sum(length(child) for child in factors)


NODE = 10


@remembered
def mat_size(mat: mx.Mat) -> int:
    """The number of nodes of a matrix formula."""
    inner = size(mat.expr) if isinstance(mat, mx.Scalar) else 1
    return inner + sum(mat_size(operand) for operand in mx.operands(mat))


@remembered
def tensors_in(e: Expr) -> tuple[Tensor, ...]:
    """The tensors that occur in `e`, in order of first appearance."""
    found: dict[Tensor, None] = {}
    for _, node in subterms(e):
        if isinstance(node, Entry):
            found[node.tensor] = None
        elif isinstance(node, Element):
            found.update(dict.fromkeys(mat_tensors(node.mat)))
    return tuple(found)


@remembered
def mat_tensors(mat: mx.Mat) -> tuple[Tensor, ...]:
    """The tensors that occur in a matrix formula, in order of first appearance."""
    found: dict[Tensor, None] = {}
    match mat:
        case mx.Sym(tensor):
            found[tensor] = None
        case mx.Scalar(inner):
            found.update(dict.fromkeys(tensors_in(inner)))
        case mx.MPow(_, exponent):
            found.update(dict.fromkeys(tensors_in(exponent)))
        case _:
            pass
    for operand in mx.operands(mat):
        found.update(dict.fromkeys(mat_tensors(operand)))
    return tuple(found)


def axes_in(e: Expr) -> tuple[Axis, ...]:
    """The axes that occur in `e` (as sizes, of tensors, of indices), in order of appearance.

    A shorter axis n - 1 stands for the axis n whose size it needs.
    """
    found: dict[Axis, None] = {}
    for _, node in subterms(e):
        match node:
            case Axis():
                found[node.root] = None
            case Sum() | Product():
                found[node.index.axis.root] = None
            case Delta(left, _):
                found[left.axis.root] = None
            case Indicator(index, _):
                found[index.axis.root] = None
            case _:
                pass
    for tensor in tensors_in(e):
        found.update(dict.fromkeys(axis.root for axis in tensor.axes))
    return tuple(found)


@remembered
def free_indices(e: Expr) -> tuple[Index, ...]:
    """The indices of `e` that no sum binds, in order of first appearance."""
    found: dict[Index, None] = {}
    match e:
        case Entry(_, indices) | Element(_, indices):
            found.update(dict.fromkeys(k.plain for k in indices if k.letter))
        case Delta(left, right):
            found.update(dict.fromkeys(k.plain for k in (left, right) if k.letter))
        case Indicator(index, _) if index.letter:
            found[index.plain] = None
        case Sum() | Product():
            found.update(dict.fromkeys(k for k in free_indices(e.body) if k != e.index))
        case _:
            for child in children(e):
                found.update(dict.fromkeys(free_indices(child)))
    return tuple(found)


@remembered
def letters_in(e: Expr) -> frozenset[str]:
    """Every index letter that occurs in `e`, free or bound."""
    letters: set[str] = set()
    for _, node in subterms(e):
        match node:
            case Entry(_, indices) | Element(_, indices):
                letters.update(k.letter for k in indices)
            case Delta(left, right):
                letters.update((left.letter, right.letter))
            case Indicator(index, _):
                letters.add(index.letter)
            case Sum() | Product():
                letters.add(node.index.letter)
            case _:
                pass
    return frozenset(letters - {""})


def fresh(index: Index, taken: Iterable[str]) -> Index:
    """An index over the same axis whose letter is not in `taken`: i, i', i'', ..."""
    letters = set(taken)
    while index.letter in letters:
        index = replace(index, letter=index.letter + "'")
    return index


def reindex(e: Expr, table: Mapping[Index, Index]) -> Expr:
    """`e` with free indices replaced; bound letters that would capture one are renamed first."""
    table = {old: new for old, new in table.items() if old != new}
    if not any(k in table for k in free_indices(e)):
        return e
    match e:
        case Entry(tensor, indices):
            return Entry(tensor, tuple(_replaced(k, table) for k in indices))
        case Element(mat, indices):
            return Element(mat, tuple(_replaced(k, table) for k in indices))
        case Delta(left, right):
            return Delta(_replaced(left, table), _replaced(right, table))
        case Indicator(index, lower):
            return Indicator(_replaced(index, table), lower)
        case Sum() | Product():
            inner = {old: new for old, new in table.items() if old != e.index}
            incoming = {new.letter for old, new in inner.items() if old in free_indices(e.body)}
            index, body = e.index, e.body
            if index.letter in incoming:
                index = fresh(index, incoming | letters_in(body))
                body = reindex(body, {e.index: index})
            return type(e)(reindex(body, inner), (index, e.lower, e.upper))
        case _:
            return rebuild(e, tuple(reindex(child, table) for child in children(e)))


def _replaced(index: Index, table: Mapping[Index, Index]) -> Index:
    """What becomes of an index; a shift stays: with j = k + 1, j + 1 is k + 2."""
    new = table.get(index.plain)
    return index if new is None else new + index.shift if index.letter else index


def avoid(e: Expr, taken: Iterable[str]) -> Expr:
    """`e` with every bound letter that is in `taken` renamed."""
    letters = frozenset(taken)
    if isinstance(e, Sum | Product):
        body, index = avoid(e.body, letters), e.index
        if index.letter in letters:
            index = fresh(index, letters | letters_in(body))
            body = reindex(body, {e.index: index})
        return type(e)(body, (index, e.lower, e.upper))
    parts = children(e)
    return rebuild(e, tuple(avoid(child, letters) for child in parts)) if parts else e


def replace_tensor(e: Expr, substitute: Callable[[Entry], Expr | None]) -> Expr:
    """`e` with entries replaced where `substitute` gives a formula (None leaves the entry).

    The caller makes sure that no free index of a substitute is bound in `e`.
    """
    if isinstance(e, Entry):
        new = substitute(e)
        return e if new is None else new
    parts = children(e)
    return rebuild(e, tuple(replace_tensor(child, substitute) for child in parts)) if parts else e


@remembered
def canonical(e: Expr) -> Expr:
    """`e` with bound letters renamed by their depth, so that equal up to letters means equal."""
    return _renamed(e, 0)


@remembered
def _binds(e: Expr) -> bool:
    """Whether a letter is bound in `e`."""
    return isinstance(e, Sum | Product) or any(_binds(child) for child in children(e))


def _renamed(e: Expr, depth: int) -> Expr:
    if not _binds(e):
        return e
    if isinstance(e, Sum | Product):
        index = Index(f"#{depth}", e.index.axis)
        body = _renamed(reindex(e.body, {e.index: index}), depth + 1)
        return type(e)(body, (index, e.lower, e.upper))
    parts = children(e)
    own = tuple(_renamed(child, depth) if depth else canonical(child) for child in parts)
    return rebuild(e, own)


def same(a: Expr, b: Expr) -> bool:
    """Equality up to the names of bound letters."""
    return a == b or canonical(a) == canonical(b)


def is_number(e: Expr, value: int) -> bool:
    """Whether `e` is the number `value`."""
    return isinstance(e, Num) and e.value == value
