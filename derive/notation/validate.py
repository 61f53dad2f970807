"""Does the problem as stated make sense? Asked before any algebra.

`validate` raises a `ProblemError` for the first mistake in reading order: names and domains, then
every definition, then the cost; what is never used comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from derive.errors import ProblemError
from derive.notation.axis_faults import axis_faults, shape
from derive.notation.declarations import check_declarations, check_use
from derive.notation.domain_faults import Fault, domain_faults
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
from derive.notation.matrix import Inverse, LogDet, Sym
from derive.notation.number_faults import number_faults
from derive.notation.problem import Problem
from derive.notation.said import check_words
from derive.notation.text import caret
from derive.notation.tree import Path, Place, children, free_indices, subterms


@dataclass(frozen=True)
class _Body:
    """A formula of the problem with the letters and tensors that it may use."""

    title: str
    formula: Expr
    indices: tuple[Index, ...]
    known: tuple[Tensor, ...]
    later: tuple[Tensor, ...]
    own: Tensor | None = None


def validate(problem: Problem, *, coded: bool = True) -> None:
    """Raise a `ProblemError` unless the problem makes sense.

    `coded`: a module is made of it, which takes no unused arguments and keeps names for itself.
    A story makes none, and its claims may use what its cost does not.
    """
    check_declarations(problem, coded=coded)
    check_words(problem)
    bodies, letters = tuple(_bodies(problem)), dict[str, Axis]()
    axes = tuple(axis.root for t in (*problem.data, *problem.parameters) for axis in t.axes)
    for body in bodies:
        for fault in chain(
            _scope_faults(body.formula, (), body, body.indices),
            _letter_faults(body, letters),
            _size_faults(body, axes),
            _unused_indices(body),
            number_faults(body.formula),
        ):
            raise _error(problem, body, fault)
    for body in bodies:
        for path, node in subterms(body.formula):
            for fault in domain_faults(node, path, problem.definitions):
                raise _error(problem, body, fault)
    if coded:
        check_use(problem)


def _bodies(problem: Problem) -> Iterator[_Body]:
    given = (*problem.data, *problem.parameters)
    defined = tuple(d.tensor for d in problem.definitions)
    free = tuple(t for t in problem.data if t not in {tie.tensor for tie in problem.ties})
    for tie in problem.ties:
        title = f"what {tie.tensor.name} follows from"
        yield _Body(title, tie.body, tie.indices, free, given, own=tie.tensor)
    for k, definition in enumerate(problem.definitions):
        title = f"definition {definition.tensor.name}"
        known, later = (*given, *defined[:k]), defined[k + 1 :]
        yield _Body(title, definition.body, definition.indices, known, later, own=definition.tensor)
    yield _Body("cost", problem.cost, (), (*given, *defined), ())


def _error(problem: Problem, body: _Body, fault: Fault) -> ProblemError:
    prefix = f"{body.title}: "
    formula, carets = caret(body.formula, Place(fault.path)).split("\n")
    return ProblemError(
        asked=f"derive the problem {problem.name!r}",
        where=f"{prefix}{formula}\n{' ' * len(prefix)}{carets}",
        wrong=fault.wrong,
        todo=fault.todo,
    )


def _scope_faults(e: Expr, path: Path, body: _Body, bound: tuple[Index, ...]) -> Iterator[Fault]:
    """Tensors and letters that are not what they should be, a node before its children."""
    match e:
        case Entry(tensor, indices):
            yield from _tensor_faults(tensor, path, body)
            yield from axis_faults(tensor, indices, path)
            for k in indices:
                yield from _letter_fault(k, path, body, bound)
        case Delta(left, right):
            for k in (left, right):
                yield from _letter_fault(k, path, body, bound)
            if left.axis.root != right.axis.root:
                yield Fault(
                    path,
                    f"{left.label} runs over {left.axis.letter}, "
                    f"{right.label} over {right.axis.letter}: they are never comparable",
                    "compare two letters over one axis",
                )
        case Indicator(index, _):
            yield from _letter_fault(index, path, body, bound)
        case Element(Inverse(Sym(tensor)) | LogDet(Sym(tensor)), indices):
            yield from _matrix_faults(e, tensor, path, body)
            for k in indices:
                yield from _letter_fault(k, path, body, bound)
        case Diff() | Element():
            yield Fault(
                path,
                "derivatives and matrix formulas are what the tool finds; "
                "the problem states neither",
                "write the formula with sums and entries, with inverse(A)[i, j] and logdet(A)",
            )
        case Sum() | Product():
            yield from _sum_faults(e, path, bound)
            bound = (*bound, e.index)
        case Num() | Constant() | Axis() | Add() | Mul() | Pow() | Apply() | Cases():
            pass
        case _:
            yield Fault((), f"{type(e).__name__} is no formula", "build it with derive.notation")
    for number, child in enumerate(children(e)):
        yield from _scope_faults(child, (*path, number), body, bound)


def _tensor_faults(tensor: Tensor, path: Path, body: _Body) -> Iterator[Fault]:
    name = tensor.name
    if tensor in body.known:
        return
    if body.own is not None and name == body.own.name:
        yield Fault(path, f"{name} is defined by itself", "define it by earlier quantities")
    elif tensor in body.later:
        yield Fault(
            path,
            f"{name} is used before it is defined",
            f"move the definition of {name} before this one",
        )
    elif any(name == other.name for other in body.known):
        yield Fault(
            path,
            f"this {name} is another one than the {name} that was declared",
            f"declare {name} once and use that object everywhere",
        )
    else:
        yield Fault(
            path,
            f"{name} is neither data nor a parameter nor a definition of the problem",
            f"list {name} in data=, parameters= or definitions=",
        )


def _matrix_faults(e: Element, tensor: Tensor, path: Path, body: _Body) -> Iterator[Fault]:
    """An inverse or a determinant is that of a known square matrix."""
    yield from _tensor_faults(tensor, path, body)
    if len(tensor.axes) != 2 or tensor.axes[0] != tensor.axes[1]:
        wrong = f"{tensor.name} over {shape(tensor.axes)} is no square matrix"
        yield Fault(path, wrong, "take a matrix over one axis twice")
    elif isinstance(e.mat, Inverse):
        yield from axis_faults(tensor, e.indices, path)
    elif e.indices:
        yield Fault(path, f"logdet({tensor.name}) is a number without indices", "leave them out")


def _letter_fault(k: Index, path: Path, body: _Body, bound: tuple[Index, ...]) -> Iterator[Fault]:
    if k.literal or k in bound or any(k.letter == other.letter for other in bound):
        return  # a letter over two axes is reported as such
    if body.own is None:
        wrong = f"no sum binds {k.letter}: the cost would have a value for every {k.letter}"
        yield Fault(path, wrong, f"sum over it: Sum(..., {k.letter})")
    else:
        name = body.own.name
        wrong = f"{k.letter} is no index of {name}, and no sum binds it"
        own = ", ".join(letter.letter for letter in (*body.indices, k))
        todo = f"sum over it, or write define({name!r}, {own}, ...)"
        yield Fault(path, wrong, todo)


def _sum_faults(e: Sum | Product, path: Path, bound: tuple[Index, ...]) -> Iterator[Fault]:
    kind = "sum" if isinstance(e, Sum) else "product"
    letter, axis = e.index.letter, e.index.axis
    if e.index.shift or e.index.literal:
        yield Fault(
            path,
            f"{e.index.label} is no letter: a {kind} runs over a letter without a shift",
            "shift the letter where it is used, as in theta[j + 1]",
        )
        return
    if any(letter == other.letter for other in bound):
        yield Fault(
            path,
            f"{letter} already has a meaning here; this {kind} would hide it",
            f"take another letter for the inner {kind}",
        )
    if e.upper != axis:
        yield Fault(
            path,
            f"the {kind} runs to {getattr(e.upper, 'letter', e.upper)}, but {letter} is a letter "
            f"over {axis.letter}",
            f"write ({letter}, {e.lower}, {axis.letter}), or take a letter over the other axis",
        )
    if type(e.lower) is not int or e.lower < 1:
        yield Fault(
            path,
            f"the {kind} starts at {e.lower!r}; positions are whole numbers and count from 1",
            f"write {type(e).__name__}(..., {letter}) for the whole axis, "
            f"or ({letter}, 2, {axis.letter})",
        )
    if e.index not in free_indices(e.body) and letter not in _inner_letters(e.body):
        less = axis.cut + e.lower - 1
        size = f"({axis.root.letter} - {less})" if less else axis.letter
        yield Fault(
            path,
            f"what this {kind} runs over does not depend on {letter}",
            f"write {f'{size} * body' if kind == 'sum' else f'body ** {size}'}, if that is meant",
        )


def _inner_letters(e: Expr) -> frozenset[str]:
    """Free letters by name: a letter over another axis is another mistake, told elsewhere."""
    return frozenset(k.letter for k in free_indices(e))


def _letter_faults(body: _Body, letters: dict[str, Axis]) -> Iterator[Fault]:
    """One letter, one axis, in the whole problem; `letters` collects what was seen."""
    own: list[tuple[Path, Index]] = [((), k) for k in body.indices]
    for path, k in chain(own, _letters_of(body.formula)):
        if k.literal:
            continue
        axis = letters.setdefault(k.letter, k.axis)
        if axis != k.axis:
            yield Fault(
                path,
                f"the letter {k.letter} runs over {axis.letter} and over {k.axis.letter}",
                "take two letters, one for each axis",
            )


def _letters_of(e: Expr) -> Iterator[tuple[Path, Index]]:
    for path, node in subterms(e):
        match node:
            case Entry(_, indices) | Element(_, indices):
                yield from ((path, k) for k in indices)
            case Sum() | Product():
                yield path, node.index
            case Indicator(index, _):
                yield path, index
            case Delta(left, right):
                yield from ((path, left), (path, right))
            case _:
                pass


def _size_faults(body: _Body, axes: tuple[Axis, ...]) -> Iterator[Fault]:
    """A size that no array has cannot be known to the generated code."""
    for path, node in subterms(body.formula):
        axis = node.upper if isinstance(node, Sum | Product) else node
        if isinstance(axis, Axis) and axis.root not in axes:
            letter = axis.root.letter
            yield Fault(
                path,
                f"no data and no parameter has the axis {letter}, so its size is unknown",
                f"declare {letter} as an axis of an array, or as a scalar: "
                f'{letter} = data("{letter}")',
            )


def _unused_indices(body: _Body) -> Iterator[Fault]:
    for k in body.indices:
        if body.own is not None and k not in free_indices(body.formula):
            yield Fault(
                (),
                f"{body.own.name} is the same for every {k.letter}",
                f"leave {k.letter} out: define({body.own.name!r}, ...)",
            )
