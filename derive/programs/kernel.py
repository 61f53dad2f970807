"""A generated function as ordered lines of arithmetic, each with its shape and its label."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.expression import Apply, Axis, Element, Expr, Tensor
from derive.notation.functions import Elementwise
from derive.notation.matrix import (
    Dot,
    Identity,
    MApply,
    Mask,
    Mat,
    MatMul,
    MPow,
    Ones,
    Scalar,
    Sym,
    Transpose,
    operands,
)
from derive.notation.text import mat_text
from derive.notation.tree import axes_in, mat_size, mat_tensors, subterms
from derive.programs.numpy_text import inlined, numpy_text
from derive.record import Derivation

LONG = 66
"""Columns of an expression beyond which a part of it gets a line of its own."""

SPARE = ("r", "w", "u", "q", "s", "p")
"""Names for parts of a formula: a residual, weights, ..."""


@dataclass(frozen=True)
class CodeLine:
    """name = text, with the shape of the value and the label of the equality behind it.

    The last line of a kernel has the name "" and is what the function returns.
    """

    name: str
    text: str
    shape: str
    label: str


@dataclass(frozen=True)
class Kernel:
    """One generated function.

    Attributes:
        name: Its name in the module.
        args: Its arguments, in order.
        lines: Its arithmetic; the last line is the result.
        formula: The matrix formula that it computes, as plain text.
        title: What it is, for the docstring.
        label: Of the theorem, and of the stable rewrite where there is one.
        axes: The axes of the result.
        functions: The functions that the module must define for it.
    """

    name: str
    args: tuple[Tensor, ...]
    lines: tuple[CodeLine, ...]
    formula: str
    title: str
    label: str
    axes: tuple[Axis, ...]
    functions: tuple[Elementwise, ...]


def shape_of(axes: tuple[Axis, ...]) -> str:
    """A shape as NumPy writes it: (), (m,), (m, n)."""
    letters = ", ".join(a.letter for a in axes)
    return f"({letters},)" if len(axes) == 1 else f"({letters})"


def kernel(
    name: str,
    title: str,
    mat: Mat,
    label: str,
    args: tuple[Tensor, ...],
    definitions: dict[Tensor, Derivation],
) -> Kernel:
    """The function that computes `mat` from the arguments, by way of the definitions it names.

    A tensor that is an argument is taken as given, even where a definition exists for it.
    """
    given = {t.name for t in args}
    needed = _needed(mat, {t: d for t, d in definitions.items() if t.name not in given})
    lines: list[CodeLine] = []
    used: list[Mat] = []
    taken = given | {t.name for t in definitions}
    for tensor in needed:
        form = definitions[tensor].matrix
        if form is None:
            raise TypeError(f"the definition of {tensor.name} has no matrix form")
        used.append(form)
        lines.append(
            CodeLine(
                tensor.name, numpy_text(form, {}), shape_of(form.axes), definitions[tensor].label
            )
        )
    used.append(mat)
    sizes = _size_lines(used, args)
    taken |= {letter for line in sizes for letter in line.name.split(", ")}
    more, names = _parts(mat, taken)
    code = numpy_text(mat, names)
    if not mat.axes:
        code = f"float({code})"
    if lines and isinstance(mat, Sym) and lines[-1].name == mat.tensor.name:
        code = lines.pop().text
    lines = [*sizes, *lines, *more, CodeLine("", code, shape_of(mat.axes), label)]
    functions = tuple(dict.fromkeys(f for form in used for f in _functions(form) if not inlined(f)))
    return Kernel(name, args, tuple(lines), mat_text(mat), title, label, mat.axes, functions)


def _needed(mat: Mat, definitions: dict[Tensor, Derivation]) -> tuple[Tensor, ...]:
    """The defined tensors that `mat` names, directly or not, each after those it needs."""
    found: dict[Tensor, None] = {}
    for tensor in mat_tensors(mat):
        if tensor in definitions:
            form = definitions[tensor].matrix
            if form is not None:
                found.update(dict.fromkeys(_needed(form, definitions)))
            found[tensor] = None
    order = list(definitions)
    return tuple(sorted(found, key=order.index))


def _size_lines(used: list[Mat], args: tuple[Tensor, ...]) -> list[CodeLine]:
    """The sizes that the formulas name, read off the arguments."""
    wanted = list(dict.fromkeys(a for mat in used for a in _sizes(mat)))
    lines: list[CodeLine] = []
    for axis in wanted:
        if any(axis.letter in line.name.split(", ") for line in lines):
            continue
        # Data before parameters: their axes are the ones that a user thinks of as given.
        owners = sorted((t for t in args if axis in t.axes), key=lambda t: t.role != "data")
        owner = owners[0]
        whole = [a.letter for a in owner.axes]
        if len(whole) > 1 and len(set(whole)) == len(whole) and set(owner.axes) <= set(wanted):
            lines.append(CodeLine(", ".join(whole), f"{owner.name}.shape", "", ""))
        else:
            at = owner.axes.index(axis)
            lines.append(CodeLine(axis.letter, f"{owner.name}.shape[{at}]", "", ""))
    return lines


def _sizes(mat: Mat) -> tuple[Axis, ...]:
    """The axes whose size the NumPy text of `mat` names."""
    found: dict[Axis, None] = {}
    match mat:
        case Scalar(e) | MPow(_, e):
            found.update(dict.fromkeys(axes_in(e)))
        case Identity(axis) | Mask(axis, _) | Ones(axis):
            found[axis] = None
        case _:
            pass
    for operand in operands(mat):
        # A product with ones is written as a sum.
        if not (isinstance(mat, Dot | MatMul) and isinstance(operand, Ones)):
            found.update(dict.fromkeys(_sizes(operand)))
    return tuple(found)


def _functions(mat: Mat) -> tuple[Elementwise, ...]:
    own: tuple[Elementwise, ...] = ()
    match mat:
        case MApply(function, _):
            own = (function,)
        case Scalar(e) | MPow(_, e):
            own = _scalar_functions(e)
        case _:
            pass
    return own + tuple(f for operand in operands(mat) for f in _functions(operand))


def _scalar_functions(e: Expr) -> tuple[Elementwise, ...]:
    found: tuple[Elementwise, ...] = ()
    for _, node in subterms(e):
        if isinstance(node, Apply):
            found += (node.function,)
        elif isinstance(node, Element):
            found += _functions(node.mat)
    return found


def _parts(mat: Mat, taken: set[str]) -> tuple[list[CodeLine], dict[Mat, str]]:
    """Lines for parts that occur twice, and for the largest parts of an expression too long."""
    names: dict[Mat, str] = {}
    lines: list[CodeLine] = []
    spare = [name for name in SPARE if name not in taken]
    while spare:
        part = _repeated(mat, names)
        if part is None and len(numpy_text(mat, names)) > LONG:
            part = _largest(mat, names)
        if part is None:
            break
        name = spare.pop(0)
        lines.append(CodeLine(name, numpy_text(part, names), shape_of(part.axes), ""))
        names[part] = name
    return lines, names


def _compound(mat: Mat) -> bool:
    """Whether a name for the formula saves work: it is more than a letter or its transpose."""
    match mat:
        case Sym() | Scalar() | Ones() | Mask() | Identity() | Transpose(Sym()):
            return False
    return True


def _repeated(mat: Mat, names: dict[Mat, str]) -> Mat | None:
    """The largest part that occurs more than once."""
    seen: dict[Mat, int] = {}
    for part in _walk(mat, names):
        if _compound(part):
            seen[part] = seen.get(part, 0) + 1
    repeated = [part for part, count in seen.items() if count > 1]
    return max(repeated, key=mat_size) if repeated else None


def _largest(mat: Mat, names: dict[Mat, str]) -> Mat | None:
    """The largest proper part that is at most two thirds of the text; the innermost if tied."""
    limit = len(numpy_text(mat, names)) * 2 // 3
    parts = [
        p
        for p in _walk(mat, names)
        if p != mat and _compound(p) and p.axes and 12 < len(numpy_text(p, names)) <= limit
    ]
    return max(parts, key=lambda p: len(numpy_text(p, names)), default=None)


def _walk(mat: Mat, names: dict[Mat, str]) -> tuple[Mat, ...]:
    """All parts of a formula that are still written out."""
    if mat in names:
        return ()
    inner = tuple(p for operand in operands(mat) for p in _walk(operand, names))
    return (mat, *inner)
