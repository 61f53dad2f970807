"""What a row of the table of functions says of its function, judged over the whole line.

Range, direction, bends, kinks and derivative are what certificates and side conditions rest on.
Each is proved (see `signs`), refuted at a point, or left open; what is open is an assumption of
every proof that uses the row. The function is what the row's definition or exact name says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from derive.errors import ProblemError
from derive.judge.balls import BallArithmetic
from derive.judge.best import best_arithmetic
from derive.judge.row import Row
from derive.judge.signs import Prover
from derive.judge.wording import member_text
from derive.notation.expression import Apply, Expr
from derive.notation.functions import SLOT, Elementwise
from derive.notation.interval import REAL, Interval
from derive.notation.problem import Problem
from derive.notation.remembered import remembered
from derive.notation.text import text
from derive.notation.tree import subterms
from derive.verdicts import RowFact, RowVerdict

BITS = 128


def used_functions(formulas: Iterable[Expr]) -> tuple[Elementwise, ...]:
    """The functions in formulas and in their definitions and derivatives, in order."""
    found: dict[str, Elementwise] = {}
    queue = [e for formula in formulas for e in _applied(formula)]
    while queue:
        function = queue.pop(0)
        if function.name in found:
            continue
        found[function.name] = function
        for made in _own_formulas(function):
            queue += _applied(made)
    return tuple(found.values())


def _applied(e: Expr) -> list[Elementwise]:
    return [node.function for _, node in subterms(e) if isinstance(node, Apply)]


def _own_formulas(function: Elementwise) -> Iterator[Expr]:
    if function.definition is not None:
        yield function.definition(SLOT)
    if not function.end:
        yield function.derivative(SLOT)


def judged_rows(problem: Problem) -> tuple[RowVerdict, ...]:
    """The reports on all functions of a problem, with those of their derivatives."""
    functions = used_functions(d.body for d in problem.all_definitions)
    return tuple(row_verdict(function) for function in functions)


def require_rows(problem: Problem) -> None:
    """Raise a `ProblemError` for the first property of a row that is false."""
    for function in judged_rows(problem):
        for fact in function.facts:
            if fact.outcome == "refuted":
                raise ProblemError(
                    asked=f"use the function {function.name} in {problem.title}",
                    where=f"the row {function.name}: {fact.words}",
                    wrong=fact.message,
                    todo=f"correct `{fact.property}` (or the definition) in the row of "
                    f"{function.name}",
                )


@remembered
def row_verdict(function: Elementwise) -> RowVerdict:
    """The report on a row, made once per process."""
    arithmetic = best_arithmetic(BITS)
    claims = tuple(_claims(function))
    if not isinstance(arithmetic, BallArithmetic):
        return RowVerdict(function.name, tuple(RowFact(p, w, "open") for p, w in claims))
    row = Row(function, _prover(arithmetic))
    facts = tuple(RowFact(p, words, *row.judged(p)) for p, words in claims)
    if function.hypothesis:
        facts = tuple(fact for fact in facts if fact.outcome == "refuted")
    return RowVerdict(function.name, facts)


@cache
def _prover(balls: BallArithmetic) -> Prover:
    """One for all rows: what is proved of one function serves others."""
    return Prover(balls)


def _claims(function: Elementwise) -> Iterator[tuple[str, str]]:
    """The properties that a row claims, and how they are said."""
    own = text(function(SLOT))
    domain = function.domain
    where = "" if domain == REAL else f" for t {member_text(domain)}"
    inner = Interval(domain.low, domain.high, low_open=True, high_open=True)
    within = "" if domain == REAL else f" for t {member_text(inner)}"
    yield "domain", f"{own} is defined{where}" if where else f"{own} is defined for every t"
    if not function.end:
        yield "derivative", f"the derivative of {own} is as stated{within}"
    except_at = f" but at {', '.join(map(str, function.kinks))}" if function.kinks else ""
    yield "kinks", f"{own} is smooth{within}{except_at}"
    if function.range != REAL:
        yield "range", f"{own} lies {member_text(function.range)}{where}"
    if function.monotone is not None:
        yield "monotone", f"{own} is {function.monotone}{where}"
    if function.bends:
        said = " and ".join(
            bend + ("" if on == REAL else f" for t {member_text(on)}")
            for bend, on in function.bends
        )
        yield "bends", f"{own} is {said}"
