"""Formulas in plain text, for the judge's messages alone."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from derive.notation import matrix as mx
from derive.notation.expression import (
    Add,
    Apply,
    Axis,
    Delta,
    Diff,
    Element,
    Entry,
    Expr,
    Index,
    Indicator,
    Mul,
    Num,
    Pow,
    Sum,
    Tensor,
)
from derive.notation.interval import REAL, Interval
from derive.record import Condition


def plain(e: Expr) -> str:
    """A formula on one line, with more brackets than a reader needs."""
    match e:
        case Num(value):
            return str(value)
        case Axis(letter):
            return letter
        case Entry(tensor, indices):
            return tensor.name + _at(indices)
        case Add(args):
            return " + ".join(plain(arg) for arg in args)
        case Mul(args):
            return "*".join(_bracketed(arg) for arg in args)
        case Pow(base, exponent):
            return f"{_bracketed(base)}**{_bracketed(exponent)}"
        case Apply(function, arg):
            return f"{function.name}({plain(arg)})"
        case Sum():
            start = "" if e.lower == 1 else f" from {e.lower}"
            return f"sum[{e.index.letter}{start}]({plain(e.body)})"
        case Delta(left, right):
            return f"delta[{left.letter}, {right.letter}]"
        case Indicator(index, lower):
            return f"[{index.letter} >= {lower}]"
        case Diff(body, wrt):
            return f"d/d{plain(wrt)}({plain(body)})"
        case Element(mat, indices):
            return plain_matrix(mat) + _at(indices)
        case _:
            return repr(e)


def plain_matrix(mat: mx.Mat) -> str:
    """A matrix formula as its nodes are called: MatMul(Transpose(X), y)."""
    match mat:
        case mx.Sym(tensor):
            return tensor.name
        case mx.Scalar(e):
            return _bracketed(e)
        case _:
            names = [part.name for part in fields(mat)] if is_dataclass(mat) else []
            inside = (_plain_part(getattr(mat, name)) for name in names)
            return f"{type(mat).__name__}({', '.join(inside)})"


def _plain_part(part: object) -> str:
    match part:
        case mx.Mat():
            return plain_matrix(part)
        case Expr():
            return plain(part)
        case tuple():
            return ", ".join(_plain_part(each) for each in part)
        case Tensor() | Index():
            return part.name if isinstance(part, Tensor) else part.letter
        case _:
            return str(getattr(part, "name", part)) if is_dataclass(part) else str(part)


def _at(indices: tuple[Index, ...]) -> str:
    return f"[{', '.join(k.letter for k in indices)}]" if indices else ""


def _bracketed(e: Expr) -> str:
    simple = isinstance(e, Axis | Entry | Apply | Sum | Delta | Indicator | Element)
    whole = isinstance(e, Num) and e.value >= 0 and e.value.denominator == 1
    return plain(e) if simple or whole else f"({plain(e)})"


def plain_condition(condition: Condition) -> str:
    """A side condition: h[i] > 0."""
    return f"{plain(condition.expr)} {condition.relation}"


def plain_domain(tensor: Tensor) -> str:
    """What is assumed of a tensor's entries; empty where it is nothing."""
    facts = ", ".join(sorted(tensor.facts))
    inside = "" if tensor.domain == REAL else f"in {_plain_interval(tensor.domain)}"
    text = ", ".join(part for part in (inside, facts) if part)
    return f"{tensor.name} {text}" if text else ""


def _plain_interval(interval: Interval) -> str:
    left, right = "(" if interval.low_open else "[", ")" if interval.high_open else "]"
    whole = ", whole numbers" if interval.integer else ""
    return f"{left}{interval.low}, {interval.high}{right}{whole}"
