"""A generated function as ordered lines of arithmetic, each with its shape and its label."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from derive.notation.expression import Apply, Axis, Element, Expr, Tensor
from derive.notation.functions import Elementwise
from derive.notation.matrix import Inverse, MApply, Mat, MPow, Scalar, Sym, operands
from derive.notation.text import mat_text
from derive.notation.tree import mat_tensors, subterms
from derive.programs.association import associated
from derive.programs.columns import all_by_columns, by_columns
from derive.programs.exponentials_text import carefully
from derive.programs.factors import Factor, factors_in, inverses_in
from derive.programs.lines import CodeLine, shape_of
from derive.programs.numpy_text import inlined, numpy_text
from derive.programs.parts import ONE_LINE, named_parts
from derive.programs.saturation import settles
from derive.programs.sizes import axes_named, size_lines, sizes_in
from derive.record import Derivation
from derive.stabilise.shifts import Shift


@dataclass(frozen=True)
class Result:
    """One of the values that a function returns.

    Attributes:
        name: The parameter that it belongs to, where there are several results.
        mat: The matrix formula that it computes.
        label: Of the theorem, and of the stable rewrite where there is one.
        symmetric: Whether it is symmetric as a second derivative, and rounding might break that.
    """

    name: str
    mat: Mat
    label: str
    symmetric: bool = False

    @property
    def shape(self) -> str:
        """The shape of the value."""
        return shape_of(self.mat.axes)


@dataclass(frozen=True)
class Kernel:
    """One generated function.

    Attributes:
        name: Its name in the module.
        args: Its arguments, in order.
        lines: Its arithmetic; the last lines, one for each result, are what it returns.
        formula: What it computes, as plain text: the matrix formula where there is one result.
        title: What it is, for the docstring.
        results: What it returns.
        functions: The functions that the module must define for it.
        settled: Whether a part may be beyond all numbers where a function of it has settled.
    """

    name: str
    args: tuple[Tensor, ...]
    lines: tuple[CodeLine, ...]
    formula: str
    title: str
    results: tuple[Result, ...]
    functions: tuple[Elementwise, ...]
    settled: bool = False

    @property
    def label(self) -> str:
        """The labels of all results."""
        return ", ".join(result.label for result in self.results if result.label)

    @property
    def chooses(self) -> bool:
        """Whether values are computed of which only some are taken."""
        calls = ("np.where(", "special.refined(")
        return any(call in line.text for line in self.lines for call in calls)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes of the only result, or of the first one."""
        return self.results[0].mat.axes


def kernel(
    name: str,
    title: str,
    mat: Mat,
    label: str,
    args: tuple[Tensor, ...],
    definitions: dict[Tensor, Derivation],
    choices: tuple[Shift, ...] = (),
    *,
    careful: bool = False,
) -> Kernel:
    """The function that computes `mat` from the arguments, by way of the definitions it names."""
    result = Result("", mat, label)
    return kernel_of(name, title, (result,), args, definitions, choices, careful=careful)


def kernel_of(
    name: str,
    title: str,
    results: tuple[Result, ...],
    args: tuple[Tensor, ...],
    definitions: dict[Tensor, Derivation],
    choices: tuple[Shift, ...] = (),
    rows: Axis | None = None,
    *,
    once: bool = False,
    careful: bool = False,
) -> Kernel:
    """The function that computes all results from the arguments, what they share only once.

    A tensor that is an argument is taken as given, even where a definition exists for it.
    `rows` is an axis of many entries: matrices with such rows are stored column by column, also
    those without a name where the largest entry of each row is taken.
    `once` names every part that two of its lines need; `careful` puts back what rounding takes
    from the exponents of lowered sums.
    `choices` are numbers that the formula leaves open: the code takes the largest exponents.
    """
    given = {t.name for t in args}
    results = tuple(replace(result, mat=associated(result.mat)) for result in results)
    mats = tuple(result.mat for result in results)
    forms = {t: associated(_form(d)) for t, d in definitions.items() if t.name not in given}
    if rows is not None:
        forms = {t: by_columns(form, rows) for t, form in forms.items()}
    stated = mats
    if careful:
        mats, forms = tuple(map(carefully, mats)), {t: carefully(f) for t, f in forms.items()}
        results = tuple(replace(r, mat=mat) for r, mat in zip(results, mats, strict=True))
    if rows is not None and choices:
        results = tuple(replace(result, mat=all_by_columns(result.mat, rows)) for result in results)
        mats = tuple(result.mat for result in results)
    chosen = {choice.tensor: choice.scores for choice in choices}
    needed = _needed(mats, forms, chosen)
    lines: list[CodeLine] = []
    used: list[Mat] = []
    taken = given | {t.name for t in definitions} | {t.name for t in chosen}
    everything = (*(forms[t] for t in needed if t in forms), *mats)
    factors = {t: _named_apart(f"{t.name}_factor", taken) for t in factors_in(everything)}
    inverses = {t: _named_apart(f"{t.name}_inverse", taken) for t in inverses_in(everything)}
    own: dict[Mat | Factor, str] = {Factor(t): name for t, name in factors.items()}
    own |= {Inverse(Sym(t)): name for t, name in inverses.items()}
    taken |= {*factors.values(), *inverses.values()}
    prepared = [line for t in args for line in _prepared(t, factors, inverses)]
    for place, tensor in enumerate(needed):
        if tensor in chosen:
            used.append(chosen[tensor])
            lines.append(_largest_entries(tensor, chosen[tensor]))
            continue
        form = forms[tensor]
        used.append(form)
        later = (*(forms[t] for t in needed[place + 1 :] if t in forms), *mats)
        parts, named = named_parts((form,), taken, own, later if once else None)
        own |= named if once else {}
        taken |= {line.name for line in parts}
        code, shape = numpy_text(form, named), shape_of(form.axes)
        lines += [*parts, CodeLine(tensor.name, code, shape, definitions[tensor].label)]
        lines += _prepared(tensor, factors, inverses)
    used += mats
    axes = tuple(dict.fromkeys(axis for form in used for axis in axes_named(form)))
    taken |= {axis.letter for axis in axes}
    more, names = named_parts(mats, taken, own, () if once else None)
    ends = [_end(result, names) for result in results]
    only = mats[0] if len(mats) == 1 else None
    if lines and isinstance(only, Sym) and lines[-1].name == only.tensor.name:
        ends = [replace(ends[0], text=lines.pop().text)]
    lines = _read([*prepared, *lines, *more, *ends])
    lines = [*size_lines(sizes_in(axes, [line.text for line in lines]), args), *lines]
    functions = tuple(dict.fromkeys(f for form in used for f in _functions(form) if not inlined(f)))
    formula = "all from one pass" if only is None else mat_text(stated[0])
    if only is not None and len(f"{title}: {formula} ({results[0].label})") > ONE_LINE:
        formula = "as stated at the head of the module"
    settled = careful and any(settles(form) for form in used)
    return Kernel(name, args, tuple(lines), formula, title, results, functions, settled)


def _end(result: Result, names: dict[Mat | Factor, str]) -> CodeLine:
    """What is returned: a number as a float."""
    code = numpy_text(result.mat, names)
    if result.symmetric:
        code = f"special.symmetric({code})"
    return CodeLine("", code if result.mat.axes else f"float({code})", result.shape, result.label)


def _named_apart(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _prepared(
    tensor: Tensor, factors: dict[Tensor, str], inverses: dict[Tensor, str]
) -> list[CodeLine]:
    """The factor or the inverse of a matrix, once for the whole function."""
    shape = shape_of(tensor.axes)
    if tensor in factors:
        code = f"special.cholesky({tensor.name})"
        return [CodeLine(factors[tensor], code, shape, "")]
    if tensor in inverses:
        return [CodeLine(inverses[tensor], f"special.inverse({tensor.name})", shape, "")]
    return []


def _read(lines: list[CodeLine]) -> list[CodeLine]:
    """The lines without names that none of the others reads: a fraction may take a part apart."""
    while True:
        words = [set(re.findall(r"[A-Za-z_]\w*", line.text)) for line in lines]
        kept = [
            line
            for n, line in enumerate(lines)
            if not line.name or any(line.name in read for read in words[n + 1 :])
        ]
        if len(kept) == len(lines):
            return kept
        lines = kept


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


def _needed(
    mats: tuple[Mat, ...], forms: dict[Tensor, Mat], chosen: dict[Tensor, Mat]
) -> tuple[Tensor, ...]:
    """The tensors that the formulas name, directly or not, each after those it needs.

    Definitions stand in their own order, a choice after the last definition that it needs.
    """
    known = forms | chosen
    found: dict[Tensor, None] = {}

    def visit(part: Mat) -> None:
        for tensor in mat_tensors(part):
            if tensor in known and tensor not in found:
                visit(known[tensor])
                found[tensor] = None

    for mat in mats:
        visit(mat)
    order = list(forms)

    def place(tensor: Tensor) -> tuple[int, int]:
        if tensor in forms:
            return order.index(tensor), 0
        inside = [order.index(t) for t in mat_tensors(chosen[tensor]) if t in forms]
        return max(inside, default=-1), 1

    return tuple(sorted(found, key=place))


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
