"""How large the numbers and positions of a problem are, from its formulas and without computing.

10^1000000000 is a short formula; what it stands for is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from derive.budget import Budget
from derive.errors import BudgetError
from derive.notation.expression import Add, Entry, Expr, Mul, Num, Pow
from derive.notation.problem import Problem
from derive.notation.text import text
from derive.notation.tree import children, subterms


def require_extent(problem: Problem, budget: Budget) -> None:
    """Refuse numbers and positions past the budget.

    Raises:
        BudgetError: A number has too many digits, or a position lies too far out.
    """
    for definition in problem.all_definitions:
        for e in _nodes(definition.body):
            if isinstance(e, Pow | Num) and (digits := _digits(e)) > budget.digits:
                raise _error(
                    problem,
                    text(e) if isinstance(e, Pow) else f"a number of {digits:.0f} digits",
                    f"this number would have more than {budget.digits} digits",
                    "make it a letter, as in `data c > 0`, or scale the cost",
                )
            if isinstance(e, Entry):
                far = [k.shift for k in e.indices if abs(k.shift) > budget.position]
                if far:
                    raise _error(
                        problem,
                        text(e),
                        f"the position or shift {far[0]} lies further out than {budget.position}: "
                        "the judge would need arrays of that length",
                        "sum over an index, or shorten the shift",
                    )


def _nodes(e: Expr) -> Iterator[Expr]:
    return (node for _, node in subterms(e))


def _digits(e: Expr) -> float:
    """About how many digits the number has, of a formula of numbers alone; 0 for others."""
    found = _log10(e)
    return 0.0 if found is None else abs(found)


def _log10(e: Expr) -> float | None:
    """About log10 |e| of a formula of numbers alone, infinite where that is too large to say."""
    match e:
        case Num(value):
            if value == 0:
                return 0.0
            # Of the longer of both parts: 1/3 and 2/3 are short, 1/10^400 is not.
            above, below = _whole(abs(value.numerator)), _whole(value.denominator)
            return above - below if max(above, below) < 1 else max(above, below, key=abs)
        case Pow(base, exponent):
            inner, outer = _log10(base), _log10(exponent)
            if inner is None or outer is None:
                return None
            return inner * 10**outer if outer < 300 else math.inf
        case Add(args) | Mul(args):
            parts = [_log10(part) for part in children(e)]
            known = [part for part in parts if part is not None]
            if len(known) < len(args):
                return None
            return max(known) if isinstance(e, Add) else sum(known)
    return None


def _whole(value: int) -> float:
    return value.bit_length() * math.log10(2)


def _error(problem: Problem, where: str, wrong: str, todo: str) -> BudgetError:
    return BudgetError(
        asked=f"derive the problem {problem.name!r}", where=where[:200], wrong=wrong, todo=todo
    )
