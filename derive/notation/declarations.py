"""Do the names, axes and domains that a problem declares make sense, and is each of them used?"""

from __future__ import annotations

import difflib
import keyword
import math
from collections.abc import Iterator
from fractions import Fraction

from derive.errors import ProblemError
from derive.notation.algebra import Array
from derive.notation.expression import (
    Apply,
    Axis,
    Element,
    Entry,
    Expr,
    Index,
    Product,
    Sum,
    Tensor,
)
from derive.notation.facts import (
    DEFINITE,
    DIAGONAL,
    KNOWN,
    ONE_HOT,
    ROWS,
    SEMIDEFINITE,
    SPARSE,
    SUM_TO_ONE,
    SYMMETRIC,
)
from derive.notation.functions import USABLE
from derive.notation.interval import BINARY, Interval
from derive.notation.problem import Definition, Problem, definition_of
from derive.notation.tree import subterms, tensors_in

GENERATED_NAMES = frozenset(
    {
        "np",
        "fit",
        "cost",
        "gradient",
        "hessian",
        "hvp",
        "predict",
        "cost_and_gradient",
        "loss",
        "slope",
        "curvature",
    }
    | {"MODEL", "sum", "special", "float", "tuple", "Array"}
)
"""Names with a meaning in generated code, or in the text of a formula."""

LONGEST_NAME = 60
"""Letters of a name, which becomes a file and stands in every line of code."""

KEPT = (SYMMETRIC, DEFINITE)
"""The facts that a parameter may have: the solvers keep its iterates so."""


def check_declarations(problem: Problem, *, coded: bool) -> None:
    """Raise a `ProblemError` for the first declaration that makes no sense."""
    _check_types(problem)
    _check_name(problem, f"name={problem.name!r}", problem.name, coded)
    _check_name(problem, f"letter={problem.letter!r}", problem.letter, coded=False)
    seen = {problem.letter: f"the cost, {problem.letter} (letter= changes it)"}
    symbols: dict[str, str] = {}
    axes = tuple(_axes(problem))
    for tensor, kind in _declared(problem):
        where = f"{kind} {tensor.name}"
        _check_name(problem, where, tensor.name, coded)
        if tensor.name in seen:
            wrong = f"{tensor.name} is already the name of {seen[tensor.name]}"
            raise _error(problem, where, wrong, "rename one of them")
        seen[tensor.name] = f"the {kind} {tensor.name}"
        if any(tensor.name == axis.letter for axis in axes):
            wrong = f"{tensor.name} is already the name of an axis, hence of its size"
            raise _error(problem, where, wrong, f"rename the {kind} or the axis")
        _check_symbol(problem, where, tensor, symbols)
        _check_domain(problem, where, tensor.domain)
        _check_facts(problem, where, tensor)
    _check_letters(problem, axes, seen, coded)
    _check_definitions(problem)
    _check_ties(problem)


def check_use(problem: Problem) -> None:
    """Raise a `ProblemError` for what is declared and never used."""
    used = _used_by(problem.cost, problem.definitions)
    for tensor in problem.parameters:
        if tensor not in used:
            wrong = f"the cost does not depend on {tensor.name}, so every value minimises it"
            raise _error(problem, f"parameter {tensor.name}", wrong, "use it or remove it")
    for tensor in problem.data:
        if tensor not in used:
            wrong = f"the cost does not use {tensor.name}"
            todo = f"remove {tensor.name} from data=, or use it in the cost"
            raise _error(problem, f"data {tensor.name}", wrong, todo)
    if problem.prediction is not None:
        used |= {problem.prediction.tensor}
        used |= _used_by(problem.prediction.body, problem.definitions)
    for definition in problem.definitions:
        name = definition.tensor.name
        if definition.tensor not in used:
            wrong = f"neither the cost nor the prediction uses {name}"
            raise _error(problem, f"definition {name}", wrong, "remove the definition or use it")


def _error(problem: Problem, where: str, wrong: str, todo: str) -> ProblemError:
    return ProblemError(
        asked=f"derive the problem {problem.name!r}", where=where, wrong=wrong, todo=todo
    )


def _declared(problem: Problem) -> Iterator[tuple[Tensor, str]]:
    yield from ((tensor, "data") for tensor in problem.data)
    yield from ((tensor, "parameter") for tensor in problem.parameters)
    yield from ((definition.tensor, "definition") for definition in problem.definitions)


def _axes(problem: Problem) -> Iterator[Axis]:
    for tensor, _ in _declared(problem):
        yield from (axis.root for axis in tensor.axes)


def _check_types(problem: Problem) -> None:
    """Mistakes that a type checker would see; many problem files are never shown to one."""
    for field, kind in (("data", Tensor), ("parameters", Tensor), ("definitions", Definition)):
        members = getattr(problem, field)
        where = f"{field}={_shown(members)}"
        if not isinstance(members, tuple):
            wrong = f"{field} is of type {type(members).__name__}, not a tuple"
            shown = _shown(members)
            todo = f"write {field}=({shown},) with a comma"
            if isinstance(members, list):
                todo = f"write {field}=({shown[1:-1]},) in round brackets"
            raise _error(problem, where, wrong, todo)
        for member in members:
            if not isinstance(member, kind):
                wrong = f"{_shown(member)} is of type {type(member).__name__}, not {kind.__name__}"
                raise _error(problem, where, wrong, _maker(field))
            role = {"data": "data", "parameters": "parameter", "definitions": "defined"}[field]
            tensor = member.tensor if isinstance(member, Definition) else member
            if tensor.role != role:
                wrong = f"{tensor.name} was declared as {tensor.role}"
                raise _error(problem, where, wrong, _maker(field))
    if not problem.parameters:
        wrong = "there is no parameter, so nothing to differentiate by"
        todo = "declare what is to be found, as in theta = parameter('theta', n)"
        raise _error(problem, "parameters=()", wrong, todo)
    for definition in problem.definitions:
        if not isinstance(definition.body, Expr):
            wrong = f"its body is of type {type(definition.body).__name__}, not a formula"
            todo = "build it with derive.notation"
            raise _error(problem, f"definition {definition.tensor.name}", wrong, todo)
    if not isinstance(problem.cost, Expr):
        wrong = f"the cost is of type {type(problem.cost).__name__}, not a formula"
        todo = "write a scalar formula, as in Sum(z[i] ** 2, i)"
        if isinstance(problem.cost, Array):
            axes = ", ".join(axis.letter for axis in problem.cost.axes)
            wrong = f"the cost is an array over ({axes}), and only a number has a minimum"
            todo = "sum over its entries, as in total(...), or take a norm, as in norm2(...)"
        raise _error(problem, f"cost={_shown(problem.cost)}", wrong, todo)
    if problem.prediction is not None and problem.prediction not in problem.definitions:
        name = _shown(problem.prediction)
        wrong = f"{name} is not among the definitions"
        todo = "predict by a definition of the problem, or leave prediction= out"
        raise _error(problem, f"prediction={name}", wrong, todo)


def _maker(field: str) -> str:
    maker = {"data": "data", "parameters": "parameter", "definitions": "define"}[field]
    return f"make the members of {field}= with {maker}(...)"


def _shown(value: object) -> str:
    """A declaration by its name: the whole tree would hide it."""
    if isinstance(value, tuple):
        comma = "," if len(value) == 1 else ""
        return f"({', '.join(_shown(member) for member in value)}{comma})"
    tensor = getattr(value, "tensor", value)
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return tensor.name if isinstance(tensor, Tensor) else repr(value)


def _check_name(problem: Problem, where: str, name: str, coded: bool) -> None:
    if not (str(name).isidentifier() and str(name).isascii()):
        wrong = f"{name!r} is no name of Python in plain letters; it becomes one in generated code"
        raise _error(problem, where, wrong, 'use letters, digits and "_", a letter first')
    if len(name) > LONGEST_NAME:
        wrong = f"this name has {len(name)} letters, and at most {LONGEST_NAME} are printed"
        raise _error(problem, where[:40] + "...", wrong, "choose a shorter one")
    if keyword.iskeyword(name):
        wrong = f"{name} is a keyword of Python"
        raise _error(problem, where, wrong, f'write "{name}_": it is shown as {name}')
    if coded and name in GENERATED_NAMES:
        wrong = f"generated code needs the name {name} for itself"
        raise _error(problem, where, wrong, "choose another name")
    if any(name == function.name for function in USABLE):
        wrong = f"{name} is the name of a function"
        raise _error(problem, where, wrong, "choose another name")
    if name.startswith("_") or "__" in name:
        wrong = f"{name!r} begins with an underscore or has two in a row"
        raise _error(problem, where, wrong, "choose another name")


def _check_symbol(problem: Problem, where: str, tensor: Tensor, symbols: dict[str, str]) -> None:
    """Two things that look the same in the proof cannot be told apart by its reader."""
    for name in _functions_in(problem):
        symbols.setdefault(name[1], f"the function {name[0]}")
    symbol = tensor.latex
    if symbol and symbol in symbols:
        wrong = f"in the proof {tensor.name} would look like {symbols[symbol]}: {symbol}"
        raise _error(problem, where, wrong, 'give it another symbol with latex="..."')
    symbols[symbol] = tensor.name


def _functions_in(problem: Problem) -> Iterator[tuple[str, str]]:
    for definition in problem.all_definitions:
        for _, node in subterms(definition.body):
            if isinstance(node, Apply):
                yield node.function.name, node.function.latex


def _check_domain(problem: Problem, where: str, domain: Interval) -> None:
    low, high = domain.low, domain.high
    empty = low > high or (low == high and (domain.low_open or domain.high_open))
    if domain.integer and not empty and math.inf not in (abs(low), abs(high)):
        first = math.floor(low) + 1 if domain.low_open else math.ceil(low)
        last = math.ceil(high) - 1 if domain.high_open else math.floor(high)
        empty = first > last
    if empty:
        kind = "whole number" if domain.integer else "number"
        between = f"between {domain.low} and {domain.high}"
        wrong = f"its domain is empty: there is no such {kind} {between}"
        raise _error(problem, where, wrong, "give the lower end first, then the higher one")


def _check_facts(problem: Problem, where: str, tensor: Tensor) -> None:
    """Facts are known ones, of square matrices; a parameter keeps only those that a step keeps."""
    for fact in sorted(tensor.facts):
        if fact == SPARSE and tensor.role == "data" and len(tensor.axes) == 2:
            continue
        if fact == SPARSE:
            wrong = f"{tensor.name} is no matrix of data, so it is not said to be sparse"
            raise _error(problem, where, wrong, "leave the fact out")
        if fact in ROWS:
            _check_rows(problem, where, tensor, fact)
            continue
        if fact not in KNOWN:
            facts = (*KNOWN, *ROWS, SPARSE)
            close = difflib.get_close_matches(fact, facts, n=1)
            hint = f"did you mean {close[0]!r}? The facts are" if close else "the facts are"
            todo = f"{hint} {', '.join(facts)}"
            raise _error(problem, where, f"there is no fact {fact!r}", todo)
        if len(tensor.axes) != 2 or tensor.axes[0] != tensor.axes[1]:
            letters = ", ".join(axis.letter for axis in tensor.axes)
            wrong = f"{tensor.name} over ({letters}) is no square matrix, so it is not {fact}"
            raise _error(problem, where, wrong, "leave the fact out, or take one axis twice")
        if tensor.role == "parameter" and fact not in KEPT:
            wrong = f"the steps of a solver do not keep a parameter {fact}"
            todo = {
                DIAGONAL: "take the vector of its diagonal as the parameter",
                SEMIDEFINITE: f"declare it {DEFINITE}, or write it as a product L L'",
            }.get(fact, "write it as a function of free parameters")
            raise _error(problem, where, wrong, todo)


def _check_rows(problem: Problem, where: str, tensor: Tensor, fact: str) -> None:
    """Data with rows, whose entries may be what the fact makes them."""
    if tensor.role != "data" or not tensor.axes:
        wrong = f"{tensor.name} is no array of data, so nothing is said of its rows"
        raise _error(problem, where, wrong, "leave the fact out")
    needed = (0, 1) if fact == ONE_HOT else (Fraction(1, 2), 1)
    binary = fact == SUM_TO_ONE and tensor.domain == BINARY
    if not binary and not all(x in tensor.domain for x in needed):
        wrong = f"{fact}: entries between 0 and 1 are outside of what is declared for {tensor.name}"
        raise _error(problem, where, wrong, "declare it in [0, 1], or in {0, 1}")


def _check_letters(
    problem: Problem, axes: tuple[Axis, ...], seen: dict[str, str], coded: bool
) -> None:
    """Axes and index letters are names of generated code and of the text as well."""
    for axis in axes:
        _check_name(problem, f"axis {axis.letter}", axis.letter, coded)
    for index in _letters(problem):
        where = f"index letter {index.letter}"
        _check_name(problem, where, index.letter, coded)
        taken = seen.get(index.letter)
        if taken is None and any(index.letter == axis.letter for axis in axes):
            taken = f"an axis, {index.letter}"
        if taken is not None:
            wrong = f"{index.letter} is already the name of {taken}"
            raise _error(problem, where, wrong, "take another letter for the index")


def _letters(problem: Problem) -> Iterator[Index]:
    for definition in problem.all_definitions:
        yield from definition.indices
        for _, node in subterms(definition.body):
            if isinstance(node, Sum | Product):
                yield node.index
            elif isinstance(node, Entry | Element):
                yield from (k.plain for k in node.indices if k.letter)


def _check_definitions(problem: Problem) -> None:
    for definition in problem.definitions:
        name, letters = definition.tensor.name, [k.letter for k in definition.indices]
        if len(set(letters)) < len(letters):
            wrong = f"an index occurs twice: {', '.join(letters)}"
            todo = "define it for all pairs of two different letters"
            raise _error(problem, f"definition {name}", wrong, todo)
        if tuple(k.axis for k in definition.indices) != definition.tensor.axes:
            wrong = "its indices do not run over the axes of its tensor"
            todo = "make definitions with define(name, indices ..., body)"
            raise _error(problem, f"definition {name}", wrong, todo)


def _check_ties(problem: Problem) -> None:
    """Data follow from other data only, each by one formula for all of their entries."""
    for tie in problem.ties:
        where, tensor = f"what {tie.tensor.name} follows from", tie.tensor
        if tensor not in problem.data or sum(t.tensor == tensor for t in problem.ties) > 1:
            wrong = f"{tensor.name} is no data, or follows from two formulas"
            raise _error(problem, where, wrong, "give one formula for each of such data")
        letters = [k.letter for k in tie.indices]
        if len(set(letters)) < len(letters) or tuple(k.axis for k in tie.indices) != tensor.axes:
            wrong = "its indices are no different letters over the axes of the data"
            raise _error(problem, where, wrong, "state it for every value of the letters")


def _used_by(e: Expr, definitions: tuple[Definition, ...]) -> frozenset[Tensor]:
    """The tensors in `e` and in the definitions that it uses."""
    found: set[Tensor] = set()
    pending = list(tensors_in(e))
    while pending:
        tensor = pending.pop()
        definition = definition_of(tensor, definitions)
        if tensor not in found and definition is not None:
            pending.extend(tensors_in(definition.body))
        found.add(tensor)
    return frozenset(found)
