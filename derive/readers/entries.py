"""Entries of arrays: X[i, j], a row X[i, :], and what an index means."""

from __future__ import annotations

from derive.notation.algebra import Array
from derive.notation.expression import Axis, Delta, Expr, Index
from derive.notation.indices import position
from derive.readers import values as v
from derive.readers.calls import Meaning, called
from derive.readers.complaint import joined
from derive.readers.surface import Binary, Call, Indexed, Name, Number, Surface
from derive.readers.values import Value
from derive.readers.world import World, undeclared

WHOLE = ":"
"""The index that keeps an axis: X[i, :] is a row of X."""


def indexed(tree: Indexed, world: World, meaning: Meaning) -> Value:
    """An entry, or the part of an array that is left where some indices are given."""
    given = (*tree.rows, *tree.indices)
    base = tree.base
    if isinstance(base, Name) and base.name not in (*world.tensors, *world.locals):
        if base.name == "delta" and len(given) == 2:
            return Value(Delta(*compared(given[0], given[1], world)), tree.span)
        if base.name == "I" and len(given) == 1 and isinstance(given[0], Name):
            return called(Call("eye", given, tree.span), world, meaning)
        raise undeclared(base, given, world)
    value = meaning(base, world)
    if value.scalar:
        raise world.error(tree.span, f"{v.told(value, world.text)} and has no index",
                          "leave the index out")  # fmt: skip
    what, axes = value.what, value.axes
    if len(given) > len(axes) or (len(given) < len(axes) and not tree.rows):
        raise world.error(tree.span, *_count(tree, value, world))
    kept: list[int] = []
    letters: list[Index | None] = []
    for number, axis in enumerate(axes):
        index = given[number] if number < len(given) else None
        if index is None or (isinstance(index, Name) and index.name == WHOLE):
            kept.append(number)
            letters.append(None)
            continue
        place = _along(index, axis, world)
        if not place.fits(axis):
            raise world.error(index.span, *_misfit(place, number, value, world))
        letters.append(place)
    if not isinstance(what, Array):
        raise TypeError("an array has axes")

    def entry(open_: tuple[Index, ...]) -> Expr:
        rest = iter(open_)
        return what.at(tuple(next(rest) if k is None else k for k in letters))

    if not kept:
        return Value(entry(()), tree.span)
    return Value(Array(tuple(axes[k] for k in kept), entry), tree.span)


def _count(tree: Indexed, value: Value, world: World) -> tuple[str, str]:
    name, count = world.text.at(tree.base.span), len(tree.indices) + len(tree.rows)
    wrong = (
        f"{v.told(value, world.text)}, but it has {count} {'index' if count == 1 else 'indices'}"
    )
    first = world.text.at(tree.indices[0].span) if tree.indices else "i"
    if len(value.axes) == 2 and count == 1:
        return wrong, f"write {name}[{first},:] for a row or {name}[:,{first}] for a column"
    return wrong, f"give {name} {len(value.axes)} of them"


def _misfit(place: Index, number: int, value: Value, world: World) -> tuple[str, str]:
    """Why an index does not fit an axis."""
    axis = value.axes[number]
    if place.axis.root != axis.root:
        wrong = f"{place.label} runs over {place.axis.letter}, but axis {number + 1} is "
        told = f"{wrong}{axis.letter}: {v.told(value, world.text)}"
        return told, f"put a letter over {axis.letter} there"
    wrong = f"{place.label} is no position along {axis.letter}"
    if place.literal:
        return wrong, "positions count from 1"
    wrong += f" for every {place.letter} = 1, ..., {place.axis.letter}"
    if place.shift < 0:
        return wrong, f"start the sum later: sum_{{{place.letter}={1 - place.shift}}}^{axis.letter}"
    end = axis.less(place.shift).letter
    return wrong, f"let {place.letter} run to {end}: sum_{{{place.letter}=1}}^{{{end}}}"


def _along(tree: Surface, axis: Axis, world: World) -> Index:
    """An index along an axis: a letter, a shifted one, or a number; n and n-1 are the last ones."""
    root = axis.root.letter
    match tree:
        case Number(value) if value.denominator == 1 and value >= 1:
            return position(int(value), axis)
        case Name(name) if name == root and name not in world.letters:
            return position(-1, axis.root)
        case Binary("-", Name(name), Number(value)) if name == root and name not in world.letters:
            return position(-1 - int(value), axis.root)
        case _:
            return _shifted(tree, world)


def _shifted(tree: Surface, world: World) -> Index:
    """A letter, perhaps with a number added: j, j+1, j-1."""
    match tree:
        case Binary("+" | "-" as sign, Name() as name, Number(value)):
            return letter(name, world) + (int(value) if sign == "+" else -int(value))
        case _:
            return letter(tree, world)


def compared(left: Surface, right: Surface, world: World) -> tuple[Index, Index]:
    """The two indices of a Kronecker delta; one of them may be a position."""
    if isinstance(left, Number):
        second = _shifted(right, world)
        return _along(left, second.axis, world), second
    first = _shifted(left, world)
    if isinstance(right, Number):
        return first, _along(right, first.axis, world)
    second = _shifted(right, world)
    if first.axis.root != second.axis.root:
        wrong = f"{first.letter} runs over {first.axis.letter}, {second.letter} over another axis"
        raise world.error(joined(left.span, right.span), wrong, "compare letters over one axis")
    return first, second


def letter(tree: Surface, world: World) -> Index:
    """An index letter in scope."""
    if not isinstance(tree, Name):
        todo = "write a letter, j+1, or a position: 1, 2, ..., n"
        raise world.error(tree.span, "this is no index", todo)
    if tree.name in world.letters:
        return world.letters[tree.name]
    if tree.name in world.closed:
        body = world.text.at(world.closed[tree.name])
        raise world.error(
            tree.span,
            f"{tree.name} belongs to the sum before, which has two readings: does it end here?",
            f"write sum_{tree.name} [... + ...] if this term is summed as well, or "
            f"({body}) and another letter with its own sum here",
        )
    wrong = f"no sum binds {tree.name}, and it is no index of what is defined"
    raise world.error(tree.span, wrong, f"sum over it: sum_{tree.name} ...")
