"""A function of the table, cut into pieces on which one smooth formula gives its values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from derive.judge.arithmetic import MalformedError, OutsideError
from derive.judge.derived import PRIMITIVES
from derive.judge.functions import SIGNS
from derive.judge.quotients import (
    PI,
    ROOT_PI,
    Quotient,
    T,
    UnknownError,
    function,
    number,
    power,
    single,
    whole_power,
)
from derive.judge.signs import Prover
from derive.notation.expression import Add, Apply, Cases, Constant, Entry, Expr, Mul, Num, Pow
from derive.notation.functions import SLOT, Elementwise
from derive.notation.interval import Interval


@dataclass(frozen=True)
class Piece:
    """The formula on an open interval."""

    where: Interval
    formula: Quotient


def pieces(prover: Prover, own: Elementwise, e: Expr, domain: Interval) -> tuple[Piece, ...]:
    """The pieces of a formula in t between the edges of its cases, from left to right.

    Raises:
        UnknownError: A test of a case is not linear in t, or a function has no meaning.
    """
    edges = sorted(x for x in edges_of(prover, own, e) if domain.low < x < domain.high)
    ends = [domain.low, *edges, domain.high]
    made = []
    for low, high in pairwise(ends):
        where = Interval(low, high, low_open=True, high_open=True)
        made.append(Piece(where, formula_at(prover, e, inside(where))))
    return tuple(made)


def inside(where: Interval) -> Fraction:
    """A place inside of an interval."""
    low, high = where.low, where.high
    if low == -math.inf and high == math.inf:
        return Fraction(1, 3)
    if low == -math.inf:
        return Fraction(high) - 1
    return Fraction(low) + 1 if high == math.inf else (Fraction(low) + Fraction(high)) / 2


def edges_of(prover: Prover, own: Elementwise, e: Expr) -> set[Fraction]:
    """Where a test of a case in a formula changes its answer, and the kinks of the row itself."""
    found = set(own.kinks)
    queue = [e]
    while queue:
        node = queue.pop()
        match node:
            case Add(args) | Mul(args):
                queue += args
            case Pow(base, exponent):
                queue += (base, exponent)
            case Apply(function, arg):
                queue.append(arg if function.definition is None else function.definition(arg))
                if function.definition is None:
                    for kink in function.kinks:
                        found |= _zero(prover, arg - kink)
            case Cases(branches, otherwise):
                queue += (otherwise, *(branch for _, branch in branches))
                for test, _ in branches:
                    found |= _zero(prover, test.left - test.right)
                    queue += (test.left, test.right)
    return found


def _zero(prover: Prover, e: Expr) -> set[Fraction]:
    """Where a linear formula is 0."""
    q = formula_at(prover, e, None)
    terms = dict(q.top.terms)
    slope, start = terms.pop(((T, 1),), Fraction(0)), terms.pop((), Fraction(0))
    if q.below or terms:
        raise UnknownError("the edge of a case is not linear")
    return {-start / slope} if slope else set()


def formula_at(prover: Prover, e: Expr, at: Fraction | None) -> Quotient:
    """The formula that holds near a place, every function unfolded to primitives.

    Raises:
        UnknownError: It is no formula in t alone, or a case is met and no place is given.
    """
    known: dict[Expr, Quotient] = {}

    def made(node: Expr) -> Quotient:
        if node not in known:
            known[node] = once(node)
        return known[node]

    def once(node: Expr) -> Quotient:
        match node:
            case Num(value):
                return number(value)
            case Constant("pi"):
                return PI
            case Entry() if node == SLOT:
                return single(T)
            case Add(args):
                total = number(0)
                for arg in args:
                    total = total + made(arg)
                return total
            case Mul(args):
                total = number(1)
                for arg in args:
                    total = total * made(arg)
                return total
            case Pow(base, Num(value)):
                whole = value.denominator == 1
                return whole_power(made(base), int(value)) if whole else power(made(base), value)
            case Pow(base, exponent):
                return function("exp", made(exponent) * function("log", made(base)))
            case Apply(row, arg):
                if row.definition is not None:
                    return made(row.definition(arg))
                if row.exact:
                    return function(row.exact, made(arg))
            case Cases(branches, otherwise) if at is not None:
                for test, branch in branches:
                    difference = made(test.left) - made(test.right)
                    if _sign(prover, difference, at) in SIGNS[test.relation]:
                        return made(branch)
                return made(otherwise)
        raise UnknownError(type(node).__name__)

    try:
        return made(e)
    except (ZeroDivisionError, MalformedError) as error:
        raise UnknownError(str(error)) from error


def _sign(prover: Prover, q: Quotient, at: Fraction) -> int | None:
    try:
        return prover.balls.sign(prover.value(q, prover.balls.number(at)))
    except (OutsideError, ZeroDivisionError) as error:
        raise UnknownError(str(error)) from error


def defined(prover: Prover, q: Quotient, where: Interval) -> bool:
    """Whether a formula is shown to have a value and all derivatives on an open interval."""
    for part, _ in q.below:
        whole = Quotient(part)
        if not _smooth(prover, whole, where) or (
            prover.sign(whole, where) != "positive" and prover.sign(-whole, where) != "positive"
        ):
            return False
    return _smooth(prover, Quotient(q.top), where)


def _smooth(prover: Prover, q: Quotient, where: Interval) -> bool:
    """The same for the letters of a polynomial."""
    for letter in q.top.letters:
        if letter in (T, ROOT_PI) or letter.arg is None or letter.constant:
            continue
        if not defined(prover, letter.arg, where):
            return False
        known = PRIMITIVES.get(letter.name)
        domain = Interval(0, low_open=True) if letter.name == "power" else None
        domain = known.domain if known is not None else domain
        if domain is None:
            return False
        for end, turned in ((domain.low, False), (domain.high, True)):
            if not math.isinf(end):
                room = letter.arg - number(Fraction(end))
                if prover.sign(-room if turned else room, where) != "positive":
                    return False
    return True
