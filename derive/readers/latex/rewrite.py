"""Trees rebuilt with some of their parts replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from derive.readers.surface import (
    Big,
    Binary,
    Branches,
    Call,
    Indexed,
    Limits,
    Minus,
    Name,
    Number,
    Surface,
    Test,
    Transposed,
)


def mapped(tree: Surface, change: Callable[[Surface], Surface]) -> Surface:
    """The tree with `change` applied to every part, what is inside before what is around it."""

    def inner(part: Surface) -> Surface:
        return mapped(part, change)

    match tree:
        case Number() | Name():
            return change(tree)
        case Indexed(base, indices, _, rows):
            return change(
                replace(tree, base=inner(base), indices=tuple(map(inner, indices)),
                        rows=tuple(map(inner, rows)))
            )  # fmt: skip
        case Minus(arg, _) | Transposed(arg, _):
            return change(replace(tree, arg=inner(arg)))
        case Binary(_, left, right, _):
            return change(replace(tree, left=inner(left), right=inner(right)))
        case Call(_, args, _, indices):
            return change(
                replace(tree, args=tuple(map(inner, args)), indices=tuple(map(inner, indices)))
            )
        case Big(_, limits, body, _):
            ends = tuple(
                Limits(k.letter, k.lower and inner(k.lower), k.upper and inner(k.upper))
                for k in limits
            )
            return change(replace(tree, limits=ends, body=inner(body)))
        case Branches(branches, otherwise, _):
            made = tuple(
                (Test(inner(test.left), test.relation, inner(test.right)), inner(value))
                for test, value in branches
            )
            return change(replace(tree, branches=made, otherwise=inner(otherwise)))
        case _:
            assert_never(tree)
