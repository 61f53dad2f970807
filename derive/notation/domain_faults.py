"""Arguments outside of where a function is defined, found by ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.domain import range_of
from derive.notation.expression import Apply, Expr, Pow
from derive.notation.forms import range_with_forms
from derive.notation.interval import Interval
from derive.notation.problem import Definition
from derive.notation.tree import Path, tensors_in


@dataclass(frozen=True)
class Fault:
    """What is wrong with the subterm at `path`, and what to do."""

    path: Path
    wrong: str
    todo: str


def domain_faults(e: Expr, path: Path, definitions: tuple[Definition, ...]) -> Iterator[Fault]:
    """Arguments outside of where a function is defined. Its boundary is allowed."""
    match e:
        case Apply(function, arg):
            values = range_with_forms(arg, definitions)
            outside = values.low == values.high and values.low not in function.domain
            if outside or not values.within(function.domain.closure()):
                yield Fault(
                    (*path, 0),
                    f"{function.name} is defined for {_described(function.domain, 't')}, "
                    f"but this {_may_be(values)}",
                    f"{_declare(arg)}rewrite the argument",
                )
        case Pow(base, exponent):
            values, power = range_with_forms(base, definitions), range_of(exponent, definitions)
            whole = power.integer or (power.low == power.high and power.low % 1 == 0)
            if values.low == values.high == 0 and power.low < 0:
                yield Fault(
                    (*path, 0), "this is always 0: division by 0", "correct the denominator"
                )
            elif not whole and not values.nonnegative:
                yield Fault(
                    (*path, 0),
                    f"the exponent is no whole number, but this {_may_be(values)}",
                    f"{_declare(base)}take a whole exponent",
                )
        case _:
            pass


def _declare(e: Expr) -> str:
    # what a definition may be follows from its body, whatever is declared for it
    names = " and ".join(tensor.name for tensor in tensors_in(e) if tensor.role != "defined")
    return f"declare the domain of {names} with domain=, or " if names else ""


def _may_be(values: Interval) -> str:
    if values.low == values.high:
        return f"is always {values.low}"
    return f"may be any number in {_interval(values)}"


def _interval(values: Interval) -> str:
    low = "(" if values.low_open else "["
    high = ")" if values.high_open else "]"
    return f"{low}{values.low}, {values.high}{high}"


def _described(values: Interval, letter: str) -> str:
    return f"{letter} in {_interval(values)}"
