"""What a form costs: nanoseconds per element of the operations that it does, each part once.

The figures are those of NumPy with buffers in the cache, without AVX-512; they only rank forms.
"""

from __future__ import annotations

import re

from derive.notation.expression import Add, Apply, Cases, Entry, Expr, Mul, Num, Pow
from derive.notation.problem import Problem, definition_of
from derive.notation.tree import children, free_indices, subterms

SIMPLE = 0.5
"""An addition, a multiplication, a maximum."""
DIVISION = 0.8
CHOICE = 3.0
POWER = 10.0
CALLS = {"exp": 3.2, "log": 5.0, "log1p": 5.8, "expm1": 6.0, "tanh": 6.0, "sqrt": 1.0,
         "sin": 6.0, "cos": 6.0, "arctan": 8.0, "sinh": 8.0, "cosh": 8.0}  # fmt: skip
SPECIAL = 20.0


def cost(e: Expr, problem: Problem) -> float:
    """The sum over all different parts; those without samples are computed once for all."""
    seen: dict[Expr, None] = {}
    _note(e, problem, seen)
    return sum(_own(part) for part in seen if free_indices(part))


def _note(e: Expr, problem: Problem, seen: dict[Expr, None]) -> None:
    for _, node in subterms(e):
        if isinstance(node, Entry):
            definition = definition_of(node.tensor, problem.definitions)
            if definition is not None and definition.indices:
                body = definition.at(node)
                if all(isinstance(p, Expr) for p in children(body)) and body not in seen:
                    _note(body, problem, seen)
        else:
            seen[node] = None


def _own(e: Expr) -> float:
    match e:
        case Add(args) | Mul(args):
            return SIMPLE * (len(args) - 1)
        case Pow(_, Num(value)) if value == -1:
            return DIVISION
        case Pow(_, Num(value)) if value == 2:
            return SIMPLE
        case Pow():
            return POWER
        case Apply(function, _):
            text = function.numpy
            if "special." in text:
                return SPECIAL
            calls = re.findall(r"np\.(\w+)", text)
            return sum(CALLS.get(name, SIMPLE) for name in calls)
        case Cases(branches, _):
            return CHOICE * len(branches)
    return 0.0
