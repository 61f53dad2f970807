"""A generated function as ordered lines of arithmetic, each with its shape and its label."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.expression import Apply, Axis, Element, Expr, Tensor
from derive.notation.functions import Elementwise
from derive.notation.matrix import (
    Dot,
    Identity,
    MAdd,
    MApply,
    Mask,
    Mat,
    MatMul,
    MMul,
    MPow,
    Ones,
    Outer,
    Scalar,
    Sym,
    Transpose,
    operands,
)
from derive.notation.text import mat_text
from derive.notation.tree import axes_in, mat_size, mat_tensors, subterms
from derive.programs.numpy_text import filled, inlined, numpy_text
from derive.record import Derivation
from derive.stabilise.shifts import Shift

LONG = 66
"""Columns of an expression beyond which a part of it gets a line of its own."""

ONE_LINE = 88
"""Columns of the first line of a docstring: a longer formula is not repeated there."""

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
    choices: tuple[Shift, ...] = (),
) -> Kernel:
    """The function that computes `mat` from the arguments, by way of the definitions it names.

    A tensor that is an argument is taken as given, even where a definition exists for it.
    `choices` are numbers that the formula leaves open: the code takes the largest exponents.
    """
    given = {t.name for t in args}
    forms = {t: _form(d) for t, d in definitions.items() if t.name not in given}
    chosen = {choice.tensor: choice.scores for choice in choices}
    needed = _needed(mat, forms, chosen)
    lines: list[CodeLine] = []
    used: list[Mat] = []
    taken = given | {t.name for t in definitions} | {t.name for t in chosen}
    for tensor in needed:
        if tensor in chosen:
            used.append(chosen[tensor])
            lines.append(_largest_entries(tensor, chosen[tensor]))
            continue
        form = forms[tensor]
        used.append(form)
        parts, named = _parts(form, taken)
        taken |= {line.name for line in parts}
        code, shape = numpy_text(form, named), shape_of(form.axes)
        lines += [*parts, CodeLine(tensor.name, code, shape, definitions[tensor].label)]
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
    formula = mat_text(mat)
    if len(f"{title}: {formula} ({label})") > ONE_LINE:
        formula = "as stated at the head of the module"
    return Kernel(name, args, tuple(lines), formula, title, label, mat.axes, functions)


def _form(definition: Derivation) -> Mat:
    if definition.matrix is None:
        raise TypeError(f"the definition {definition.label} has no matrix form")
    return definition.matrix


def _largest_entries(tensor: Tensor, scores: Mat) -> CodeLine:
    """a = the largest exponent of every sum: along the last axis of the scores."""
    axis = f", axis={len(tensor.axes)}" if tensor.axes else ""
    return CodeLine(
        tensor.name, f"np.max({numpy_text(scores, {})}{axis})", shape_of(tensor.axes), ""
    )


def _needed(mat: Mat, forms: dict[Tensor, Mat], chosen: dict[Tensor, Mat]) -> tuple[Tensor, ...]:
    """The tensors that `mat` names, directly or not, each after those it needs.

    Definitions stand in their own order, a choice after the last definition that it needs.
    """
    known = forms | chosen
    found: dict[Tensor, None] = {}

    def visit(part: Mat) -> None:
        for tensor in mat_tensors(part):
            if tensor in known and tensor not in found:
                visit(known[tensor])
                found[tensor] = None

    visit(mat)
    order = list(forms)

    def place(tensor: Tensor) -> tuple[int, int]:
        if tensor in forms:
            return order.index(tensor), 0
        inside = [order.index(t) for t in mat_tensors(chosen[tensor]) if t in forms]
        return max(inside, default=-1), 1

    return tuple(sorted(found, key=place))


def _size_lines(used: list[Mat], args: tuple[Tensor, ...]) -> list[CodeLine]:
    """The sizes that the formulas name, read off the arguments."""
    wanted = list(dict.fromkeys(a for mat in used for a in _sizes(mat)))
    lines: list[CodeLine] = []
    for axis in wanted:
        if any(axis.letter in line.name.split(", ") for line in lines):
            continue
        # Data before parameters: their axes are the ones that a user thinks of as given.
        known = {letter for line in lines for letter in line.name.split(", ")}
        owners = sorted(
            (t for t in args if axis in t.axes),
            key=lambda t: (t.role != "data", not _all_new(t, wanted, known)),
        )
        owner = owners[0]
        whole = [a.letter for a in owner.axes]
        if _all_new(owner, wanted, known):
            lines.append(CodeLine(", ".join(whole), f"{owner.name}.shape", "", ""))
        else:
            at = owner.axes.index(axis)
            lines.append(CodeLine(axis.letter, f"{owner.name}.shape[{at}]", "", ""))
    return lines


def _all_new(tensor: Tensor, wanted: list[Axis], known: set[str]) -> bool:
    """Whether all sizes of a tensor are read off at once: m, n = X.shape."""
    whole = [a.letter for a in tensor.axes]
    new = len(set(whole)) == len(whole) > 1 and not known & set(whole)
    return new and set(tensor.axes) <= set(wanted)


def _sizes(mat: Mat, loose: bool = False) -> tuple[Axis, ...]:
    """The axes whose size the NumPy text of `mat` names; `loose` as for that text."""
    found: dict[Axis, None] = {}
    match mat:
        case Scalar(e) | MPow(_, e):
            found.update(dict.fromkeys(axes_in(e)))
        case Identity(axis) | Mask(axis, _) | Ones(axis):
            found[axis] = None
        case _:
            pass
    loose = loose or (isinstance(mat, MAdd | MMul) and filled(mat.args))
    for operand in operands(mat):
        # A product with ones is written as a sum; a repeated vector is broadcast.
        summed = isinstance(mat, Dot | MatMul) or (isinstance(mat, Outer) and loose)
        if not (summed and isinstance(operand, Ones)):
            inner = loose and isinstance(mat, MAdd | MMul)
            found.update(dict.fromkeys(_sizes(operand, inner)))
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
        if p != mat and _compound(p) and 12 < len(numpy_text(p, names)) <= limit
    ]
    return max(parts, key=lambda p: len(numpy_text(p, names)), default=None)


def _walk(mat: Mat, names: dict[Mat, str]) -> tuple[Mat, ...]:
    """All parts of a formula that are still written out."""
    if mat in names:
        return ()
    inner = tuple(p for operand in operands(mat) for p in _walk(operand, names))
    return (mat, *inner)
