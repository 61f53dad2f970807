"""Formulas built with SymPy, as formulas of ours.

    i, j, m, n = sympy.symbols("i j m n", integer=True, positive=True)
    X, y, theta = map(sympy.IndexedBase, ("X", "y", "theta"))
    sigmoid = sympy.Function("sigmoid")
    z = sympy.Sum(X[i, j] * theta[j], (j, 1, n))

A sum runs over the axis whose letter is the name of its upper limit, and counts from 1 to m, or
from 0 to m - 1 as an `Idx` does. Names stand for the tensors of the same name, undefined
functions for the rows of the table of the same name. SymPy sorts what it is given, so the order
of a textbook is restored: positive terms first, numbers before letters; in products numbers,
sizes, scalars, vectors, matrices, arrays of parameters, brackets, functions, sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import sympy

from derive.errors import ProblemError
from derive.notation.expression import (
    ONE,
    Add,
    Apply,
    Axis,
    Delta,
    Entry,
    Expr,
    Index,
    Mul,
    Num,
    Pow,
    Sum,
    Tensor,
    add,
    divide,
    mul,
    negative,
)
from derive.notation.functions import USABLE, Elementwise, sqrt
from derive.notation.piece import spelled, underlined
from derive.notation.problem import Definition
from derive.notation.tree import size, tensors_in

Named = Tensor | Definition


@dataclass(frozen=True)
class _Reader:
    """What the names in a SymPy formula stand for; `letters` are the indices in scope."""

    whole: Any
    axes: Mapping[str, Axis]
    tensors: Mapping[str, Tensor]
    functions: Mapping[str, Elementwise]
    letters: Mapping[str, Index]

    def error(self, node: object, wrong: str, todo: str) -> ProblemError:
        line = str(self.whole)
        found = re.search(rf"(?<!\w){re.escape(str(node))}(?!\w)", line)
        where = underlined(line, *found.span()) if found else line
        return ProblemError(asked="read a SymPy formula", where=where, wrong=wrong, todo=todo)


def from_sympy(
    expression: Any,
    *,
    axes: Iterable[Axis],
    tensors: Iterable[Named] | Mapping[str, Named],
    functions: Iterable[Elementwise] = USABLE,
) -> Expr:
    """The SymPy formula as a formula of ours.

    `tensors` are found by their names; a mapping gives the names that they have in SymPy.
    """
    table = _by_name(tensors)
    if not isinstance(expression, sympy.Basic | int):
        raise ProblemError(
            asked="read a SymPy formula",
            where=repr(expression),
            wrong=f"this is a {type(expression).__name__}, not a formula of SymPy",
            todo="build it with sympy.Sum, sympy.IndexedBase, ...",
        )
    expression = sympy.S(expression)
    reader = _Reader(
        expression,
        {axis.letter: axis for axis in axes},
        table,
        {function.name: function for function in functions},
        {},
    )
    return _read(replace(reader, letters=_free_letters(expression, reader)), expression)


def _by_name(tensors: Iterable[Named] | Mapping[str, Named]) -> Mapping[str, Tensor]:
    """Every tensor by its name, and lambda_ also as lambda."""
    if isinstance(tensors, Mapping):
        return {str(name): _tensor(named) for name, named in tensors.items()}
    found = [_tensor(named) for named in tensors]
    return {spelled(t.name): t for t in found} | {t.name: t for t in found}


def _tensor(named: Named) -> Tensor:
    return named.tensor if isinstance(named, Definition) else named


def _free_letters(expression: Any, reader: _Reader) -> Mapping[str, Index]:
    """Letters that no sum binds run over the axes of the tensors on which they stand."""
    free = {str(s) for s in expression.free_symbols}
    found: dict[str, Index] = {}
    for node in sympy.preorder_traversal(expression):
        if isinstance(node, sympy.Indexed) and str(node.base) in reader.tensors:
            axes = reader.tensors[str(node.base)].axes
            for letter, axis in zip(node.indices, axes, strict=False):
                if str(letter) in free and str(letter).isidentifier():
                    found.setdefault(str(letter), Index(str(letter), axis))
    return found


def _read(reader: _Reader, e: Any) -> Expr:
    """One case for each kind of node; everything else is an error that names it."""
    if isinstance(e, sympy.Rational) and e.is_finite:
        return Num(Fraction(int(e.p), int(e.q)))
    if isinstance(e, sympy.Float):
        number = f"{float(e):g}"
        wrong = f"{number} is a rounded number"
        raise reader.error(number, wrong, "write sympy.Rational(1, 2) for one half")
    if isinstance(e, sympy.Idx | sympy.Symbol):
        return _symbol(reader, e)
    if isinstance(e, sympy.Indexed):
        return _entry(reader, e)
    if isinstance(e, sympy.Add):
        return _terms(reader, e)
    if isinstance(e, sympy.Mul):
        return _product(reader, e)
    if isinstance(e, sympy.Pow):
        return _power(reader, e)
    if isinstance(e, sympy.Sum):
        return _sum(reader, e)
    if isinstance(e, sympy.KroneckerDelta):
        return Delta(_index(reader, e, e.args[0]), _index(reader, e, e.args[1]))
    if e is sympy.E:
        return _function(reader, e, "exp", (sympy.S.One,))
    if isinstance(e, sympy.Function):
        return _function(reader, e, type(e).__name__, e.args)
    kind = type(e).__name__
    raise reader.error(
        e, f"{kind} has no counterpart here", "use sums, entries, +, *, powers and functions"
    )


def _symbol(reader: _Reader, e: Any) -> Expr:
    name = str(e)
    tensor = reader.tensors.get(name)
    if tensor is not None and tensor.axes:
        axes = ", ".join(axis.letter for axis in tensor.axes)
        wrong = f"{name} is an array over ({axes}), but has no index here"
        raise reader.error(e, wrong, f"write sympy.IndexedBase({name!r})[...]")
    if tensor is not None:
        return tensor()
    if name in reader.axes:
        return reader.axes[name]
    if name in reader.letters:
        wrong = f"{name} is an index letter, used as a number"
        raise reader.error(e, wrong, "indices only stand in brackets")
    wrong = f"{name} is neither a tensor nor an axis"
    raise reader.error(e, wrong, f"hand it in with axes= or tensors=; known: {_known(reader)}")


def _known(reader: _Reader) -> str:
    names = [*reader.axes, *(tensor.name for tensor in reader.tensors.values())]
    return ", ".join(dict.fromkeys(names))


def _entry(reader: _Reader, e: Any) -> Entry:
    name = str(e.base)
    tensor = reader.tensors.get(name)
    if tensor is None:
        wrong = f"{name} is not among the tensors"
        raise reader.error(e, wrong, f"hand it in with tensors=; known: {_known(reader)}")
    if len(e.indices) != len(tensor.axes):
        wrong = f"{name} has {len(tensor.axes)} axes, but is used with {len(e.indices)} indices"
        raise reader.error(e, wrong, "write one letter for each axis")
    return Entry(tensor, tuple(_index(reader, e, letter) for letter in e.indices))


def _index(reader: _Reader, e: Any, letter: Any) -> Index:
    if str(letter) in reader.letters:
        return reader.letters[str(letter)]
    wrong = f"{letter} is no index letter that a sum binds or an axis explains"
    raise reader.error(e, wrong, "index by letters alone: no numbers, no i + 1")


def _terms(reader: _Reader, e: Any) -> Expr:
    """Positive terms first, numbers before letters, a penalty last, short before long."""
    terms = [(_read(reader, term), term) for term in e.as_ordered_terms()]
    ordered = sorted(
        terms,
        key=lambda term: (
            bool(term[1].could_extract_minus_sign() and term[1].as_coeff_Mul()[0] < 0),
            not isinstance(term[0], Num),
            all(t.role == "parameter" for t in tensors_in(term[0])),  # the penalty comes last
            size(term[0]),
        ),
    )
    return add(*(term for term, _ in ordered))


def _product(reader: _Reader, e: Any) -> Expr:
    """(numbers, sizes, scalars as one quotient) times the rest, itself a quotient."""
    coefficient, rest = e.as_coeff_mul()
    over: list[Expr] = []
    under: list[Expr] = []
    for factor in rest:
        base, exponent = factor.as_base_exp()
        if exponent.is_Rational and exponent < 0 and not isinstance(factor, sympy.exp):
            under.append(_read(reader, base**-exponent))
        else:
            over.append(_read(reader, factor))
    over.sort(key=_rank)
    under.sort(key=_rank)
    if not isinstance(coefficient, sympy.Rational):
        _read(reader, coefficient)  # a rounded number is an error
    top, bottom = Num(Fraction(abs(int(coefficient.p)))), Num(Fraction(int(coefficient.q)))
    head = [top] * (top != ONE) + [factor for factor in over if _rank(factor)[0] <= SCALAR]
    tail = [factor for factor in over if _rank(factor)[0] > SCALAR]
    head_under = [bottom] * (bottom != ONE) + [f for f in under if _rank(f)[0] <= SCALAR]
    tail_under = [factor for factor in under if _rank(factor)[0] > SCALAR]
    if not head and tail and not isinstance(tail[-1], Sum):
        tail_under, head_under = head_under + tail_under, []
    minus = coefficient < 0
    first = _over(head, head_under)
    if minus and first is not None and not head:
        first, minus = divide(Num(Fraction(-1)), mul(*head_under)), False
    factors = [part for part in (first, _over(tail, tail_under)) if part is not None]
    return negative(mul(*factors)) if minus else mul(*factors)


def _over(above: list[Expr], under: list[Expr]) -> Expr | None:
    if not above and not under:
        return None
    return divide(mul(*above), mul(*under)) if under else mul(*above)


NUMBER, SIZE, SCALAR, ARRAY, PARAMETER, BRACKET, FUNCTION, LAST = range(8)


def _rank(e: Expr) -> tuple[int, int]:
    """Where a factor stands in a product of a textbook."""
    match e:
        case Num():
            return NUMBER, 0
        case Axis():
            return SIZE, 0
        case Entry(tensor, ()):
            return SCALAR, 0
        case Entry(tensor, indices):
            return PARAMETER if tensor.role == "parameter" else ARRAY, len(indices)
        case Pow(base, _):
            return _rank(base)
        case Add() | Mul():
            return BRACKET, 0
        case Apply():
            return FUNCTION, 0
        case _:
            return LAST, 0


def _power(reader: _Reader, e: Any) -> Expr:
    base, exponent = e.args
    if exponent.is_Rational and exponent < 0:
        return divide(ONE, _read(reader, base**-exponent))
    if exponent == sympy.S.Half and sqrt.name in reader.functions:
        return Apply(reader.functions[sqrt.name], _read(reader, base))
    return Pow(_read(reader, base), _read(reader, exponent))


def _sum(reader: _Reader, e: Any) -> Expr:
    """SymPy's limits nest, the first innermost; its Tuple is no Python sequence."""
    *inner, limit = tuple(e.limits)
    parts = tuple(limit)
    if len(parts) != 3:
        wrong = f"the sum over {parts[0]} has no limits"
        raise reader.error(e, wrong, f"write ({parts[0]}, 1, m) with the letter of an axis")
    letter, lower, upper = parts
    axis, start = _range(reader, e, letter, lower, upper)
    index = Index(str(letter), axis)
    inside = replace(reader, letters={**reader.letters, str(letter): index})
    body = sympy.Sum(e.function, *inner) if inner else e.function
    return Sum(_read(inside, body), (index, start, axis))


def _range(reader: _Reader, e: Any, letter: Any, lower: Any, upper: Any) -> tuple[Axis, int]:
    """The axis of a sum and its first position, counted from 1."""
    axis = reader.axes.get(str(upper))
    shift = 0
    if axis is None:
        axis, shift = reader.axes.get(str(upper + 1)), 1
    # A plain letter from 1 to m - 1 may leave out the first entry or the last one.
    counted = shift == 0 or lower == 0 or isinstance(letter, sympy.Idx)
    if axis is None or not counted:
        wrong = f"the sum over {letter} runs to {upper}, which is no axis"
        known = ", ".join(reader.axes)
        raise reader.error(e, wrong, f"sum from 1 to the size of an axis: {known}")
    if not lower.is_Integer or lower + shift < 1:
        wrong = f"the sum over {letter} starts at {lower}"
        todo = f"count from 1: ({letter}, 1, {axis.letter})"
        raise reader.error(e, wrong, todo)
    return axis, int(lower) + shift


def _function(reader: _Reader, e: Any, name: str, args: tuple[Any, ...]) -> Expr:
    row = reader.functions.get(name)
    if row is None or len(args) != 1:
        known = ", ".join(reader.functions)
        wrong = f"there is no function {name} of {len(args)} argument{'s' * (len(args) != 1)}"
        raise reader.error(e, wrong, f"use {known}, or hand a row of your own in with functions=")
    return Apply(row, _read(reader, args[0]))
