"""What the names in a text mean at a place of it, and over which axis an index letter runs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from derive.errors import ProblemError
from derive.notation.algebra import shape
from derive.notation.expression import Axis, Index, Tensor
from derive.notation.functions import USABLE, Elementwise, trigamma
from derive.notation.problem import Definition
from derive.readers.complaint import Text
from derive.readers.surface import Binary, Indexed, Limits, Name, Number, Span, Surface
from derive.readers.values import Value
from derive.readers.walk import letters_of, pieces

FUNCTION_NAMES: Mapping[str, Elementwise] = {f.name: f for f in (*USABLE, trigamma)}
OTHER_NAMES = {
    "loggamma": "log_gamma", "lgamma": "log_gamma", "gammaln": "log_gamma",
    "abs": "absolute", "ln": "log", "sigma": "sigmoid", "logistic": "sigmoid", "arctan": "atan",
    "Phi": "normal_cdf", "psi": "digamma", "psi_1": "trigamma", "sgn": "sign", "expit": "sigmoid",
}  # fmt: skip
"""What papers call the functions of the table, unless a letter of that name is declared."""


@dataclass(frozen=True)
class Macro:
    """A function that the text defines: h(x) = sigmoid(theta' x)."""

    params: tuple[str, ...]
    body: Surface


@dataclass(frozen=True)
class World:
    """The names at one place of the text.

    Attributes:
        text: The source.
        tensors: Declared and defined arrays by their names in the text.
        axes: The axes by their letters.
        letters: The index letters in scope.
        locals: The arguments of a function that is being expanded.
        macros: The functions that the text defines.
        closed: Letters of sums that ended just before, and where: for the error about a letter.
        habits: Over which axes letters run elsewhere in the text, for those that do not say it.
        made: The definitions so far; an inverse of a longer formula adds one.
    """

    text: Text
    tensors: Mapping[str, Tensor]
    axes: Mapping[str, Axis]
    letters: Mapping[str, Index] = field(default_factory=dict)
    locals: Mapping[str, Value] = field(default_factory=dict)
    macros: Mapping[str, Macro] = field(default_factory=dict)
    closed: Mapping[str, Span] = field(default_factory=dict)
    habits: Mapping[str, Axis] = field(default_factory=dict)
    made: list[Definition] = field(default_factory=list)

    def error(self, span: Span, wrong: str, todo: str) -> ProblemError:
        return self.text.error(span, wrong, todo)

    def function(self, name: str) -> Elementwise | None:
        """The row of the table of this name."""
        if name in self.tensors:
            return None
        return FUNCTION_NAMES.get(OTHER_NAMES.get(name, name))

    def bind(self, letters: Iterable[Index]) -> World:
        """The world below a sum."""
        new = {k.letter: k for k in letters}
        closed = {name: span for name, span in self.closed.items() if name not in new}
        return replace(self, letters={**self.letters, **new}, closed=closed)


def index_axis(letter: Name, trees: Iterable[Surface], world: World) -> Axis | None:
    """The axis over which the uses of a letter say that it runs; None where nothing says it."""
    for tree in trees:
        for piece in pieces(tree):
            if not isinstance(piece, Indexed) or not isinstance(piece.base, Name):
                continue
            tensor = world.tensors.get(piece.base.name)
            value = world.locals.get(piece.base.name)
            axes = value.axes if value is not None else tensor.axes if tensor is not None else ()
            for axis, index in zip(axes, (*piece.rows, *piece.indices), strict=False):
                if letter.name in letters_of(index):
                    return axis
    return world.habits.get(letter.name)


def habits(trees: Iterable[Surface], tensors: Mapping[str, Tensor]) -> Mapping[str, Axis]:
    """The axes over which the letters of a text run, where it indexes something declared."""
    found: dict[str, Axis] = {}
    for tree in trees:
        for piece in pieces(tree):
            if isinstance(piece, Indexed) and isinstance(piece.base, Name):
                tensor = tensors.get(piece.base.name)
                axes = tensor.axes if tensor is not None else ()
                for axis, index in zip(axes, (*piece.rows, *piece.indices), strict=False):
                    for letter in letters_of(index):
                        found.setdefault(letter, axis)
    return found


def summed(limit: Limits, body: Surface, world: World) -> tuple[Index, int, Axis]:
    """The letter of a sum with its range."""
    letter, upper = limit.letter, limit.upper
    if letter.name in world.tensors:
        wrong = f"{letter.name} is an array or a number of this problem, and no letter to sum over"
        raise world.error(letter.span, wrong, "take another letter for the sum")
    axis = index_axis(letter, (body,), world if upper is None else replace(world, habits={}))
    if upper is not None:
        size = end_axis(upper, world)
        if axis is not None and axis.root != size.root:
            raise world.error(
                upper.span,
                f"the sum runs to {size.letter}, but {letter.name} is used over {axis.letter}",
                f"write {letter.name} = 1 to {axis.letter}, or use it as an index over "
                f"{size.root.letter}",
            )
        axis = size
    if axis is None:
        _blame_an_array(letter, body, world)
        wrong = f"nothing says over which axis {letter.name} runs: no array has it as an index"
        todo = f"use {letter.name} as an index, or write the sum from {letter.name}=1 to an axis"
        raise world.error(letter.span, wrong, todo)
    lower, back = _lower(limit, world), max(0, -min(_shifts(letter.name, body)))
    if 0 < back < lower:
        # theta_j - theta_{j-1} for j = 2, ..., n is theta_{j+1} - theta_j for j = 1, ..., n - 1.
        shorter = axis.less(back)
        return Index(letter.name, shorter) + back, lower - back, shorter
    return Index(letter.name, axis), lower, axis


def end_axis(upper: Surface, world: World) -> Axis:
    """The axis that ends at n, or at n - 1."""
    match upper:
        case Name(name) if name in world.axes:
            return world.axes[name]
        case Binary("-", Name(name), Number(cut)) if name in world.axes and cut.denominator == 1:
            return world.axes[name].less(int(cut))
        case Name(name) | Binary(_, Name(name), _, _):
            known = ", ".join(sorted(world.axes))
            raise world.error(
                upper.span, f"{name} is no axis of an array", f"let the sum run to one of: {known}"
            )
        case _:
            raise world.error(
                upper.span,
                "a sum here ends at the size of an axis, or before it",
                "let it run over the whole axis, or to its size less a number: n-1",
            )


def longest_shift(letter: str, tree: Surface) -> int:
    """The largest number that is added to an index letter: 1 for theta[j+1] - theta[j]."""
    return max(_shifts(letter, tree))


def _shifts(letter: str, tree: Surface) -> Iterator[int]:
    """What is added to an index letter, and 0."""
    yield 0
    for piece in pieces(tree):
        if isinstance(piece, Indexed):
            for index in (*piece.rows, *piece.indices):
                match index:
                    case Binary("+" | "-" as sign, Name(name), Number(shift)) if name == letter:
                        yield int(shift) if sign == "+" else -int(shift)
                    case _:
                        pass


def _blame_an_array(letter: Name, body: Surface, world: World) -> None:
    """A letter without an axis mostly stands at an array that is not declared so."""
    for piece in pieces(body):
        if not (isinstance(piece, Indexed) and isinstance(piece.base, Name)):
            continue
        given, base = (*piece.rows, *piece.indices), piece.base
        if any(letter.name in letters_of(k) for k in given):
            if not known_name(base.name, world):
                raise undeclared(base, given, world)
            if base.name in world.tensors:
                axes = world.tensors[base.name].axes
                have = f"{base.name} is {shape(axes)}" if axes else f"{base.name} is a scalar"
                wrong = f"{have}, but it has {len(given)} ind{'ex' if len(given) == 1 else 'ices'}"
                raise world.error(piece.span, wrong, f"give {base.name} {len(axes)} of them")


def _lower(limit: Limits, world: World) -> int:
    match limit.lower:
        case None:
            return 1
        case Number(value) if value.denominator == 1 and value >= 1:
            return int(value)
        case lower:
            raise world.error(
                _span(lower), "positions count from 1, and a sum starts at a fixed one",
                f"write {limit.letter.name}=1 for the whole axis",
            )  # fmt: skip


def _span(tree: Surface) -> Span:
    return tree.span


def known_name(name: str, world: World) -> bool:
    """Whether a name in front of indices has a meaning."""
    return name in world.tensors or name in world.locals or name in ("delta", "I")


AXIS_FOR = {"i": "m", "j": "n", "k": "K", "c": "K"}


def undeclared(name: Name, indices: tuple[Surface, ...], world: World) -> ProblemError:
    """An array that was not declared, with the declaration that its indices propose."""
    if world.function(name.name) is not None or name.name in world.macros:
        return unknown(name, world)
    axes: list[str] = []
    for index in indices:
        letter = next(letters_of(index), "")
        known = world.letters.get(letter)
        axes.append(known.axis.letter if known else AXIS_FOR.get(letter, letter.upper()))
    over = ", ".join(axes)
    close = difflib.get_close_matches(name.name, world.tensors, n=1)
    hint = f"did you mean {close[0]}? Otherwise declare it" if close else "declare it"
    array = f"{name.name} ({over})"
    todo = f"{hint}: data {array}, or parameter {array} if it is to be found"
    return world.error(name.span, f"{name.name} is not declared", todo)


def unknown(name: Name, world: World) -> ProblemError:
    """A name that means nothing here, with the declarations that would give it a meaning."""
    letter = name.name
    if letter in world.letters:
        return world.error(
            name.span, f"{letter} is an index letter, not a number",
            f"use it as an index, as in x[{letter}]",
        )  # fmt: skip
    if world.function(letter) is not None or letter in world.macros:
        return world.error(name.span, f"{letter} is a function without its argument",
                           f"write {letter}(...)")  # fmt: skip
    names = (*world.tensors, *world.axes)
    parts = _split(letter, names)
    if parts:
        return world.error(name.span, f"{letter} is no name that was declared",
                           f"write {' '.join(parts)} with spaces for a product")  # fmt: skip
    close = difflib.get_close_matches(letter, names, n=1)
    todo = f"did you mean {close[0]}? Otherwise declare it: " if close else "declare it: "
    return world.error(
        name.span, f"{letter} is not declared",
        f"{todo}data {letter} (m) for a vector over an axis m, data {letter} for a number, or "
        f"parameter {letter} if it is to be found",
    )  # fmt: skip


def _split(word: str, names: Iterable[str]) -> tuple[str, ...]:
    """Declared names whose letters, run together, are this word."""
    for name in sorted(names, key=len, reverse=True):
        if word == name:
            return (name,)
        if word.startswith(name):
            rest = _split(word[len(name) :], names)
            if rest:
                return (name, *rest)
    return ()
