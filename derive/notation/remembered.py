"""What is computed once per node of a formula: nodes are frozen, so it cannot change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from itertools import count
from typing import Any, TypeVar

Node = TypeVar("Node")
Found = TypeVar("Found")


_NUMBERS = count()


def remembered(function: Callable[[Node], Found]) -> Callable[[Node], Found]:
    """The function, its value kept beside the fields of the node, where equality does not look."""
    name = f"_{function.__name__}_{next(_NUMBERS)}"

    @wraps(function)
    def once(node: Node) -> Found:
        kept = node.__dict__
        if name not in kept:
            kept[name] = function(node)
        found: Found = kept[name]
        return found

    return once


_COMPARED: dict[type, tuple[str, ...]] = {}


def _hash(node: Any) -> int:
    kind = type(node)
    if kind not in _COMPARED:
        _COMPARED[kind] = tuple(field.name for field in fields(kind) if field.compare)
    return hash((kind.__name__, *[getattr(node, name) for name in _COMPARED[kind]]))


class HashedOnce:
    """A dataclass below it hashes, once, all fields that its equality compares."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.__hash__ = HashedOnce.__hash__  # type: ignore[method-assign]  # not a dataclass's own

    def __hash__(self) -> int:
        kept: dict[str, Any] = self.__dict__
        found: int | None = kept.get("_hash")
        if found is None:
            found = kept["_hash"] = _hash(self)
        return found
