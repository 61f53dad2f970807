"""Checks of what `minimise` is given, and what it takes where nothing is given."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..model import Array, GeneralModel, Mask, Target, Variable
from ..objective.parameters import Layout
from ..solution import Solution
from .checks import Asked, check_count, columns_text, numbers, refuse_rows

SPREAD = 0.1  # of the default start of a cost that is not known to be convex
ORTHOGONAL = 1e-8  # how far Q'Q may be from I
SAME = 1e-12  # how far a symmetric matrix may be from its transpose, relatively

Sizes = dict[str, tuple[int, str]]
"""The size of each axis by its letter, and in which array it was found."""


def check_arrays(asked: Asked, model: GeneralModel, data: Sequence[Any]) -> tuple[Array, ...]:
    """The data as float64 arrays with the right number of axes and admissible entries."""
    if len(data) != len(model.data):
        names = ", ".join(v.name for v in model.data) or "none"
        wrong = f"{model.name} takes {len(model.data)} arrays: {names}"
        asked.refuse(f"{len(data)} arrays of data", wrong, "pass them in this order")
    return tuple(_array(asked, v, value) for v, value in zip(model.data, data, strict=True))


def check_sizes(
    asked: Asked, model: GeneralModel, data: Sequence[Array], start: Any, sizes: Any
) -> dict[str, int]:
    """The size of every axis: from the data, then from start, then from sizes."""
    found: Sizes = {}
    for variable, array in zip(model.data, data, strict=True):
        _agree(asked, found, variable, array)
    given = _given(asked, model, start)
    for variable in model.parameters:
        if variable.name in given:
            _agree(asked, found, variable, given[variable.name])
    axes = {a: v.name for v in (*model.data, *model.parameters) for a in v.axes}
    letters = {part_of(a)[0]: name for a, name in axes.items()}
    for letter, size in _named(asked, "sizes", sizes, letters).items():
        size = check_count(asked, f"sizes[{letter!r}]", size)
        if found.setdefault(letter, (size, "sizes"))[0] != size:
            other, where = found[letter]
            wrong = f"the axis {letter} has {size} entries in sizes, but {other} in {where}"
            asked.refuse("sizes", wrong, f"leave {letter} out of sizes")
    for letter, name in letters.items():
        if letter not in found:
            wrong = f"no data and no start tell how long the axis {letter} of {name} is"
            asked.refuse(name, wrong, f'pass sizes={{"{letter}": ...}}, or start')
    wholes = {letter: size for letter, (size, _) in found.items()}
    return wholes | {a: wholes[part_of(a)[0]] - part_of(a)[1] for a in axes}


def part_of(axis: str) -> tuple[str, int]:
    """n and 1 for the axis n-1, which has one entry less than n; n and 0 for n itself."""
    whole, _, less = axis.rpartition("-")
    return (whole, int(less)) if whole else (axis, 0)


def check_penalise(asked: Asked, model: GeneralModel, penalise: Any) -> tuple[bool, ...]:
    """Which parameters are penalised; None means all."""
    names = [p.name for p in model.parameters]
    if penalise is None:
        return (True,) * len(names)
    if not isinstance(penalise, str | Sequence):
        asked.refuse(f"penalise = {penalise!r}", "these are no names", f"name: {', '.join(names)}")
    chosen = (penalise,) if isinstance(penalise, str) else tuple(penalise)
    for name in chosen:
        if name not in names:
            wrong = f"there is no parameter {name!r}"
            asked.refuse(f"penalise = {penalise!r}", wrong, f"choose from {', '.join(names)}")
    return tuple(name in chosen for name in names)


def check_point(
    asked: Asked, model: GeneralModel, layout: Layout, start: Any, *, convex: bool
) -> Array:
    """The starting point (k,): start, and the default for parameters that it leaves out.

    The default is zero for a convex cost.  Otherwise zero may be a saddle point, and equal
    values may be kept equal for ever by the symmetries of a cost, so it is a tenth of normal
    random numbers; they are the same in every run.  A parameter with a bounded domain starts
    inside of it, a symmetric one at a symmetric matrix, a positive definite one at the identity.
    """
    random = np.random.Generator(np.random.PCG64(0))
    given = _given(asked, model, start)
    parts: list[Array] = []
    for variable, shape in zip(model.parameters, layout.shapes, strict=True):
        z = SPREAD * random.standard_normal(shape)
        part = _inside(variable.target, np.zeros(shape) if convex else z)
        if "positive definite" in variable.facts:
            part = np.eye(shape[0])
        elif "symmetric" in variable.facts:
            part = (part + part.T) / 2
        parts.append(given.get(variable.name, part))
    return layout.pack(parts)


def _given(asked: Asked, model: GeneralModel, start: Any) -> dict[str, Array]:
    """What start says of each parameter that it names."""
    if start is None:
        return {}
    if isinstance(start, Solution):
        start = start.parameters
    if not isinstance(start, Mapping):
        if len(model.parameters) > 1:
            wrong = f"{model.name} has {len(model.parameters)} parameters"
            named = ", ".join(f'"{p.name}": ...' for p in model.parameters)
            asked.refuse("start", wrong, f"pass a dictionary {{{named}}}")
        start = {model.parameters[0].name: start}
    known = {p.name: p for p in model.parameters}
    start = _named(asked, "start", start, known)
    return {name: _array(asked, known[name], value, "start ") for name, value in start.items()}


def _named(asked: Asked, name: str, value: Any, known: Mapping[str, object]) -> dict[str, Any]:
    """A dictionary with known keys; None is an empty one."""
    if value is None:
        return {}
    listed = ", ".join(known)
    if not isinstance(value, Mapping):
        asked.refuse(name, f"it is no dictionary ({type(value).__name__})", f"name: {listed}")
    for key in value:
        if key not in known:
            asked.refuse(f"{name}[{key!r}]", f"there is no {key!r}", f"choose from {listed}")
    return dict(value)


def _array(asked: Asked, variable: Variable, value: Any, prefix: str = "") -> Array:
    """One array with the right axes, finite entries inside of the domain, and its facts."""
    name = f"{prefix}{variable.name}"
    if "sparse" in variable.facts and hasattr(value, "tocsr"):
        return _sparse(asked, variable, name, value)
    array = numbers(asked, name, value)
    letters = f"({', '.join(variable.axes)}{',' * (len(variable.axes) == 1)})"
    if array.ndim != len(variable.axes):
        wrong = f"{variable.name} must have the axes {letters}"
        asked.refuse(f"{name} of shape {array.shape}", wrong, "reshape it")
    if 0 in array.shape:
        wrong = f"an axis of {letters} is empty"
        asked.refuse(f"{name} of shape {array.shape}", wrong, "pass at least one entry")
    # The sum is NaN or infinite if an entry is, and seldom otherwise.
    with np.errstate(all="ignore"):
        sound = not variable.target.bounded and bool(np.isfinite(array.sum()))
    if not sound:
        ends = np.array([array.min(), array.max()])  # NaN if there is one among the entries
        sound = bool(np.isfinite(ends).all() and variable.target.contains(ends).all())
    if not sound:
        _refuse_entries(asked, name, array, ~np.isfinite(array), "NaN or infinite entries")
        outside = ~np.asarray(variable.target.contains(array))
        _refuse_entries(asked, name, array, outside, f"entries outside of {variable.target}")
    for fact in variable.facts:
        wrong = _violation(array, fact)
        if wrong:
            asked.refuse(name, wrong, f"pass a {fact} matrix")
    return np.ascontiguousarray(array) if array.ndim else array


def _sparse(asked: Asked, variable: Variable, name: str, value: Any) -> Any:
    """A sparse matrix of SciPy, by rows: it is asked for products and rows alone."""
    rows = value.tocsr()
    if rows.ndim != 2 or 0 in rows.shape:
        wrong = f"{variable.name} must have the axes ({', '.join(variable.axes)}), none empty"
        asked.refuse(f"{name} of shape {rows.shape}", wrong, "pass a matrix")
    entries = numbers(asked, name, rows.data)
    outside = ~np.asarray(variable.target.contains(np.append(entries, 0.0)))
    if not np.isfinite(entries).all():
        asked.refuse(name, "NaN or infinite entries", f"correct these entries of {name}")
    if outside.any():
        wrong = f"entries outside of {variable.target} (what is not stored is 0)"
        asked.refuse(name, wrong, f"correct these entries of {name}")
    return rows.astype(np.float64)


def _refuse_entries(asked: Asked, name: str, array: Array, bad: Any, wrong: str) -> None:
    """Refuse if any entry is bad; rows are those of the first axis."""
    to_do = f"correct these entries of {name}"
    if array.ndim == 0:
        if bad:
            asked.refuse(f"{name} = {array:g}", wrong, f"pass another {name}")
        return
    rows: Mask = np.any(np.reshape(bad, (len(array), -1)), axis=1)
    if array.ndim == 2 and rows.any():
        wrong += f", in {columns_text(bad)}"
    refuse_rows(asked, name, rows, wrong, array if array.ndim == 1 else None, to_do)


def _violation(array: Array, fact: str) -> str:
    """How a matrix violates a fact that it must have; empty if it does not."""
    if fact == "sparse":
        return ""  # a dense matrix may stand for a sparse one
    if array.shape[0] != array.shape[1]:
        return "the matrix is not square"
    largest = np.abs(array).max()
    if fact == "orthogonal":
        gap = np.abs(array.T @ array - np.eye(len(array))).max()
        return "" if gap <= ORTHOGONAL else "its columns are not orthogonal and of length one"
    if fact == "diagonal":
        return "an entry off the diagonal is not zero" if _off_diagonal(array) > 0 else ""
    if np.abs(array - array.T).max() > SAME * largest:
        return "the matrix is not symmetric"
    if fact == "symmetric":
        return ""
    smallest = np.linalg.eigvalsh(array)[0]
    if fact == "positive definite" and smallest <= 0:
        return "the matrix has an eigenvalue that is not positive"
    if fact == "positive semidefinite" and smallest < -SAME * len(array) * largest:
        return "the matrix has a negative eigenvalue"
    return ""


def _off_diagonal(array: Array) -> float:
    return float(np.abs(array - np.diag(np.diagonal(array))).max())


def _agree(asked: Asked, found: Sizes, variable: Variable, array: Array) -> None:
    """Note the sizes of an array's axes; refuse one that another array contradicts."""
    for axis, length in zip(variable.axes, array.shape, strict=True):
        letter, less = part_of(axis)
        size = length + less
        other, name = found.setdefault(letter, (size, variable.name))
        if other != size:
            wrong = f"the axis {letter} has {other} entries in {name}, {size} in {variable.name}"
            if less:
                wrong += f", which has {less} less"
            where = variable.name if name == variable.name else f"{name} and {variable.name}"
            asked.refuse(where, wrong, f"pass arrays that agree in {letter}")


def _inside(target: Target, z: Array) -> Array:
    """z moved into the interior of a domain."""
    low, high = target.low, target.high
    if np.isfinite(low) and np.isfinite(high):
        return np.asarray(low + (high - low) * (0.5 + 0.5 * np.tanh(z)))
    if np.isfinite(low):
        return np.asarray(low + np.exp(z))
    return np.asarray(high - np.exp(z)) if np.isfinite(high) else z


def described(variables: Sequence[Variable], shapes: Sequence[str]) -> Iterator[str]:
    """X (150, 4), y (150,): for the first line of a refusal."""
    for variable, shape in zip(variables, shapes, strict=False):
        yield f"{variable.name} {shape}"
