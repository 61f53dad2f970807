"""Elementwise NumPy texts, such as those of the function rows, read as trees of calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["argument", "constant", "ufunc", "call", "compare"]

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
}
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Eq: "equal",
}


@dataclass(frozen=True)
class Node:
    """A value: an argument or constant by its text, else a function of other nodes."""

    kind: Kind
    name: str
    parts: tuple[Node, ...] = ()


class UnreadableError(ValueError):
    """A text that is not made of elementwise operations."""


def ufunc(name: str, *parts: Node) -> Node:
    """A ufunc of some values, as it is written."""
    return Node("ufunc", name, parts)


def tree(
    text: str,
    known: Mapping[str, Node],
    rows: Mapping[str, str],
    make: Callable[..., Node] = ufunc,
) -> Node:
    """The tree of a text in the `known` names and the rows' own names.

    Of a refined form it is the usual one. `make` makes the node of a ufunc.

    Raises:
        UnreadableError: A part is no elementwise operation.
    """
    return _read(ast.parse(text, mode="eval").body, known, rows, make)


def _read(
    e: ast.expr, known: Mapping[str, Node], rows: Mapping[str, str], make: Callable[..., Node]
) -> Node:
    def read(part: ast.expr) -> Node:
        return _read(part, known, rows, make)

    match e:
        case ast.Name(name) if name in known:
            return known[name]
        case ast.Constant(value) if isinstance(value, int | float):
            return Node("constant", repr(value))
        case ast.Attribute(ast.Name("np"), "pi"):
            return Node("constant", "np.pi")
        case ast.UnaryOp(ast.USub(), operand):
            return make("negative", read(operand))
        case ast.BinOp(left, operator, right) if type(operator) in BINARY:
            return make(BINARY[type(operator)], read(left), read(right))
        case ast.Compare(left, [operator], [right]) if type(operator) in COMPARE:
            return Node("compare", COMPARE[type(operator)], (read(left), read(right)))
        case ast.Call(ast.Name(name), [argument]) if name in rows:
            return tree(rows[name].format(t="t"), {"t": read(argument)}, rows, make)
        case ast.Call(ast.Attribute(ast.Name("np"), "ones"), _, []):
            return Node("constant", "1")
        case ast.Call(ast.Attribute(ast.Name("np"), name), arguments, []):
            parts = tuple(read(a) for a in arguments)
            known_ufunc = isinstance(getattr(np, name, None), np.ufunc)
            return make(name, *parts) if known_ufunc else Node("call", f"np.{name}", parts)
        case ast.Call(ast.Attribute(ast.Name("special"), name), arguments, []):
            return _special(name, arguments, read, make)
    raise UnreadableError(ast.unparse(e))


def _special(
    name: str,
    arguments: Sequence[ast.expr],
    read: Callable[[ast.expr], Node],
    make: Callable[..., Node],
) -> Node:
    """One of our own functions; what it does for far or close values alone is left out."""
    match name, arguments:
        case "refined", [_, _, usual]:
            return read(usual)
        case "weighted", [weight, value]:
            return make("multiply", read(weight), read(value))
        case "log1p_square", [t]:
            return make("log1p", make("power", read(t), Node("constant", "2")))
        case "log1p_square_ratio", [t, scale]:
            ratio = make("divide", read(t), read(scale))
            return make("log1p", make("power", ratio, Node("constant", "2")))
    return Node("call", f"special.{name}", tuple(read(a) for a in arguments))
