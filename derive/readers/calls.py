"""Functions in a text: the table of scalar functions, matrix functions, those that it defines."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import replace

from derive.notation import algebra
from derive.notation.algebra import Array
from derive.notation.expression import ZERO, Axis, Cases, Expr, Index, Tensor, When
from derive.notation.functions import absolute, relu
from derive.notation.operand import OPEN
from derive.notation.primitives import inverse, logdet
from derive.notation.problem import Definition, define
from derive.notation.tree import free_indices, reindex, same, tensors_in
from derive.readers import values as v
from derive.readers.surface import Call, Indexed, Name, Surface
from derive.readers.values import Value
from derive.readers.world import FUNCTION_NAMES, OTHER_NAMES, Macro, World

Meaning = Callable[[Surface, World], Value]

MATRIX_FUNCTIONS = {"exp", "log", "sqrt", "sin", "cos", "tanh"}
"""Of a square matrix these may mean the function of the matrix or of every entry."""

NAMES_FOR_MATRICES = ("A", "B", "C", "M", "G", "H", "P", "Q", "S", "W")


def called(tree: Call, world: World, meaning: Meaning) -> Value:
    """The value of a function where it is called."""
    if tree.indices:
        return meaning(Indexed(replace(tree, indices=()), tree.indices, tree.span), world)
    if tree.name in world.macros:
        return _expanded(tree, world.macros[tree.name], world, meaning)
    if tree.name in ("ones", "eye"):
        return _of_sizes(tree, world)
    if tree.name in ("log", "ln") and len(tree.args) == 1:
        inner = tree.args[0]
        if isinstance(inner, Call) and inner.name == "Gamma":
            return called(Call("log_gamma", inner.args, tree.span), world, meaning)
        if isinstance(inner, Call) and inner.name in ("det", "bars") and len(inner.args) == 1:
            matrix = meaning(inner.args[0], world)
            if matrix.axes or matrix.unit:
                return called(Call("logdet", inner.args, tree.span), world, meaning)
    args = tuple(meaning(arg, world) for arg in tree.args)
    function = world.function(tree.name)
    if tree.name in HERE:
        count, make = HERE[tree.name]
        if len(args) != count:
            takes = f"{tree.name} takes {count} argument{'s' * (count != 1)}, not {len(args)}"
            raise world.error(tree.span, takes, "separate arguments by commas")
        return make(tree, args, world)
    if function is None:
        raise world.error(tree.span, *_no_function(tree, world))
    if len(args) != 1:
        raise world.error(tree.span, f"{tree.name} takes one argument, not {len(args)}",
                          "give it one")  # fmt: skip
    (arg,) = args
    if arg.unit or (arg.kind == "matrix" and tree.name in MATRIX_FUNCTIONS
                    and arg.axes[0] == arg.axes[1]):  # fmt: skip
        wrong = f"{tree.name} of a square matrix has two readings: {v.told(arg, world.text)}"
        todo = (
            f"write it with indices if entry by entry is meant; {tree.name} of a matrix is unknown"
        )
        raise world.error(tree.span, wrong, todo)
    what = arg.what
    if isinstance(what, Array):
        row = function
        return Value(Array(what.axes, lambda k: row(what.at(k))), tree.span, arg.row)
    return Value(function(what), tree.span)


def _no_function(tree: Call, world: World) -> tuple[str, str]:
    if tree.name in world.tensors:
        shown = world.text.at(tree.span)
        return (
            f"{tree.name} is no function",
            f"write {tree.name} (...) with a space for a product" if shown else "",
        )
    known = (*FUNCTION_NAMES, *OTHER_NAMES, *HERE)
    close = difflib.get_close_matches(tree.name, known, n=1, cutoff=0.7)
    known_ones = "exp, log, sqrt, sigmoid, softplus, tanh, ..., tr, inv, logdet"
    return (
        f"there is no function {tree.name}",
        f"did you mean {close[0]}?" if close else f"write it by the known ones: {known_ones}",
    )


def _of_sizes(tree: Call, world: World) -> Value:
    axes: list[Axis] = []
    for arg in tree.args:
        if not isinstance(arg, Name) or arg.name not in world.axes:
            raise world.error(arg.span, f"{tree.name} takes the letter of an axis", "give one of "
                              + ", ".join(sorted(world.axes)))  # fmt: skip
        axes.append(world.axes[arg.name])
    if tree.name == "eye" and len(axes) == 1:
        return Value(algebra.eye(axes[0]), tree.span)
    return Value(algebra.ones(*axes), tree.span)


def _norm(tree: Call, args: tuple[Value, ...], world: World) -> Value:
    (arg,) = args
    if isinstance(arg.what, Expr) and not arg.unit:
        return Value(absolute(arg.what), tree.span)
    if arg.kind not in ("column", "row") and tree.name != "normF":
        inner = world.text.at(arg.span)
        readings = f"write ||{inner}||_F for the root of the sum of squares"
        wrong = f"the bars of a matrix have more than one reading: {v.told(arg, world.text)}"
        raise world.error(tree.span, wrong, f"{readings}, or logdet({inner}) for log det")
    return Value(algebra.norm(arg.what), tree.span)


def _norm1(tree: Call, args: tuple[Value, ...], world: World) -> Value:  # noqa: ARG001
    return Value(algebra.total(absolute(args[0].what)), tree.span)  # type: ignore[arg-type]


def _array(make: Callable[..., Array | Expr]) -> Callable[..., Value]:
    """A function of arrays from algebra.py."""

    def value(tree: Call, args: tuple[Value, ...], world: World) -> Value:
        for arg in args:
            if arg.unit:
                raise world.error(arg.span, "the identity matrix has no size here", "write eye(n)")
        return Value(make(*(arg.what for arg in args)), tree.span)

    return value


def _diag(tree: Call, args: tuple[Value, ...], world: World) -> Value:  # noqa: ARG001
    return Value(algebra.diag(args[0].what), tree.span)


def _mean(what: Array | Expr) -> Expr:
    out = algebra.total(what)
    for axis in reversed(algebra.axes_of(what)):
        out = 1 / axis * out
    return out


def _extreme(tree: Call, args: tuple[Value, ...], world: World) -> Value:
    """max(0, u) and max(a, b), entry by entry."""
    a, b = args
    for arg in args:
        if arg.unit or (arg.axes and a.axes and b.axes and a.axes != b.axes):
            raise world.error(tree.span, f"{v.told(a, world.text)}, {v.told(b, world.text)}",
                              "compare arrays of one shape")  # fmt: skip

    def entry(left: Expr, right: Expr) -> Expr:
        if tree.name == "max" and ZERO in (left, right):
            return relu(right if left == ZERO else left)
        return Cases(((When(left, ">=" if tree.name == "max" else "<=", right), left),), right)

    return Value(algebra.entrywise(entry, a.what, b.what, tree.name), tree.span, a.row or b.row)


def _inv(tree: Call, args: tuple[Value, ...], world: World) -> Value:
    if args[0].scalar and isinstance(args[0].what, Expr):
        return Value(1 / args[0].what, tree.span)
    named = inverse(_named(tree, args[0], world))
    return Value(Array(named.tensor.axes, lambda k: named[k[0], k[1]]), tree.span)


def _logdet(tree: Call, args: tuple[Value, ...], world: World) -> Value:
    return Value(logdet(_named(tree, args[0], world)), tree.span)


def _det(tree: Call, args: tuple[Value, ...], world: World) -> Value:
    shown = world.text.at(args[0].span)
    todo = f"write logdet({shown}), or exp(logdet({shown})) where it is positive"
    wrong = "a determinant alone is not known here, only its logarithm"
    raise world.error(tree.span, wrong, todo)


def _named(tree: Call, value: Value, world: World) -> Tensor:
    """The letter of a square matrix; a longer formula becomes a definition with a letter."""
    if value.unit or value.kind != "matrix" or value.axes[0] != value.axes[1]:
        wrong = f"{tree.name} needs a square matrix: {v.told(value, world.text)}"
        raise world.error(tree.span, wrong, "give a matrix over one axis twice")
    arg = tree.args[0]
    if isinstance(arg, Name) and arg.name in world.tensors and arg.name not in world.locals:
        return world.tensors[arg.name]
    letters = tuple(axis.index(f"{OPEN}{k}") for k, axis in enumerate(value.axes))
    body = algebra.at(value.what, letters)
    outside = [k for k in free_indices(body) if k not in letters]
    if outside:
        wrong = f"this matrix is another one for every {outside[0].letter}"
        raise world.error(
            tree.span, wrong, f"{tree.name} takes a matrix that is the same for all of them"
        )
    for definition in world.made:
        if definition.tensor.axes == value.axes and same(_over(definition, letters), body):
            return definition.tensor
    used = {*world.tensors, *world.axes, *(d.tensor.name for d in world.made), "J"}
    name = next(
        name
        for name in (*NAMES_FOR_MATRICES, *(f"A{k}" for k in range(1, len(used) + 2)))
        if name not in used
    )
    made = define(name, *letters, body)
    world.made.append(made)
    return made.tensor


def _over(definition: Definition, letters: tuple[Index, ...]) -> Expr:
    return reindex(definition.body, dict(zip(definition.indices, letters, strict=True)))


def _expanded(tree: Call, macro: Macro, world: World, meaning: Meaning) -> Value:
    """A function of the text: its body with the arguments put in.

    What depends on index letters, as h(x[i,:]) does, is named, so that the proof can refer to it.
    """
    if len(tree.args) != len(macro.params):
        wrong = f"{tree.name} takes {len(macro.params)} arguments, not {len(tree.args)}"
        raise world.error(tree.span, wrong, f"as in {tree.name}({', '.join(macro.params)})")
    args = {p: meaning(arg, world) for p, arg in zip(macro.params, tree.args, strict=True)}
    others = {name: m for name, m in world.macros.items() if m is not macro}
    inner = replace(world, locals=args, macros=others, letters=world.letters)
    value = replace(meaning(macro.body, inner), span=tree.span)
    what = value.what
    if not isinstance(what, Expr) or value.unit:
        return value
    letters = free_indices(what)
    if not letters or not any(t.role in ("parameter", "defined") for t in tensors_in(what)):
        return value
    used = {*world.tensors, *world.axes}
    name = next((p for p in (tree.name.split("_")[0], tree.name) if p not in used), tree.name)
    for made in world.made:
        if made.tensor.name != name:
            continue
        if made.tensor.axes == tuple(k.axis for k in letters) and same(_over(made, letters), what):
            return Value(made.tensor[letters], tree.span)
        return value
    world.made.append(define(name, *letters, what))
    return Value(world.made[-1].tensor[letters], tree.span)


Maker = Callable[[Call, tuple[Value, ...], World], Value]

HERE: dict[str, tuple[int, Maker]] = {
    "bars": (1, _norm),
    "norm": (1, _norm),
    "normF": (1, _norm),
    "norm1": (1, _norm1),
    "norm2": (1, _array(algebra.norm2)),
    "tr": (1, _array(algebra.tr)),
    "trace": (1, _array(algebra.tr)),
    "sum": (1, _array(algebra.total)),
    "mean": (1, _array(_mean)),
    "dot": (2, _array(algebra.dot)),
    "diag": (1, _diag),
    "max": (2, _extreme),
    "min": (2, _extreme),
    "inv": (1, _inv),
    "logdet": (1, _logdet),
    "det": (1, _det),
}
"""Functions of arrays: the number of their arguments, and their meaning."""
