"""Kronecker's deltas inside of cases come out of them, so that sums can pick their terms."""

from __future__ import annotations

from itertools import product

from derive.calculus.deltas import picked
from derive.calculus.examples import SCOPE, j, k, l, v
from derive.calculus.rewrite import everywhere
from derive.notation.expression import (
    ONE,
    ZERO,
    Add,
    Cases,
    Delta,
    Expr,
    Mul,
    Sum,
    When,
    add,
    mul,
)
from derive.notation.tree import subterms
from derive.record import Rule

Spread = list[tuple[tuple[Delta, ...], Expr]]
"""Terms, each with the deltas before it."""

MOST_TERMS = 8
"""Formulas that would fall apart into more terms stay as they are."""


def spread_cases(e: Expr) -> Expr | None:
    """sum_j {a delta_jk; b} = sum_j (delta_jk {a; 0} + {0; b}): what a sum over j can pick."""
    if not isinstance(e, Sum):
        return None
    factors = e.body.args if isinstance(e.body, Mul) else (e.body,)
    for number, factor in enumerate(factors):
        for place, term in enumerate(factor.args if isinstance(factor, Add) else (factor,)):
            new = _apart(term, e)
            if new is None:
                continue
            if isinstance(factor, Add):
                new = add(*factor.args[:place], new, *factor.args[place + 1 :])
            body = mul(*factors[:number], new, *factors[number + 1 :])
            return Sum(body, (e.index, e.lower, e.upper))
    return None


def _apart(e: Expr, total: Sum) -> Expr | None:
    """Cases in terms with their deltas before them, if the sum picks by one of those."""
    factors = e.args if isinstance(e, Mul) else (e,)
    for number, factor in enumerate(factors):
        terms = spread(factor) if isinstance(factor, Cases) else []
        found = any(picked(d, total) is not None for deltas, _ in terms for d in deltas)
        if found and 2 <= len(terms) <= MOST_TERMS:
            rest = factors[:number], factors[number + 1 :]
            return add(*(mul(*rest[0], *deltas, one, *rest[1]) for deltas, one in terms))
    return None


def spread(e: Expr) -> Spread:
    """The terms of a formula with the deltas of each before it; cases become one for each."""
    match e:
        case Delta():
            return [((e,), ONE)]
        case Add(args) if _any_delta(e):
            return [term for a in args for term in spread(a)]
        case Mul(args) if _any_delta(e):
            choices = product(*(spread(a) for a in args))
            return [
                (tuple(d for deltas, _ in choice for d in deltas), mul(*(_factors(choice))))
                for choice in choices
            ]
        case Cases(branches, otherwise) if _any_delta(e):
            return _spread_cases(e, [value for _, value in branches] + [otherwise])
    return [((), e)]


def _spread_cases(e: Cases, values: list[Expr]) -> Spread:
    """One case distinction for each product of deltas, 0 where a case does not have it."""
    found: dict[tuple[Delta, ...], list[list[Expr]]] = {}
    for number, value in enumerate(values):
        for deltas, rest in spread(value):
            if rest != ZERO:
                found.setdefault(deltas, [[] for _ in values])[number].append(rest)
    out: Spread = []
    for deltas, parts in found.items():
        *pieces, last = (add(*terms) for terms in parts)
        tests = (test for test, _ in e.branches)
        out.append((deltas, Cases(tuple(zip(tests, pieces, strict=True)), last)))
    return out


def _factors(choice: tuple[tuple[tuple[Delta, ...], Expr], ...]) -> list[Expr]:
    return [rest for _, rest in choice if rest != ONE]


def _any_delta(e: Expr) -> bool:
    return any(isinstance(node, Delta) for _, node in subterms(e))


CASE_DELTAS = Rule(
    "case-deltas",
    r"\sum_j (f_j\,\delta_{jk} \text{ if } u > 0;\ g_j)"
    r" = \sum_j \delta_{jk}\,(f_j \text{ if } u > 0;\ 0) + \sum_j (0 \text{ if } u > 0;\ g_j)",
    "case by case", everywhere(spread_cases),
    Sum(Cases(((When(v[j], ">", v[l]), v[j] * Delta(j, k)),), v[j]), j), SCOPE,
)  # fmt: skip
