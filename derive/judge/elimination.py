"""Inverses and determinants of small matrices of jets, as a first course computes them."""

from __future__ import annotations

import itertools

from derive.judge import jets
from derive.judge.arithmetic import Arithmetic, OutsideError, Value
from derive.judge.jets import Jet

Rows = list[list[Jet]]


def inverse(arithmetic: Arithmetic, rows: Rows, zero: Value, one: Value) -> Rows:
    """Gauss and Jordan: the rows are combined until the matrix is I, beside it I becomes A^-1."""
    count = len(rows)
    wide = [
        [*row, *(one if k == at else zero for k in range(count))] for at, row in enumerate(rows)
    ]
    for column in range(count):
        pivot = _pivot(arithmetic, wide, column)
        wide[column], wide[pivot] = wide[pivot], wide[column]
        scale = jets.reciprocal(arithmetic, wide[column][column])
        wide[column] = [jets.multiply(scale, entry) for entry in wide[column]]
        for at in range(count):
            if at != column:
                share = jets.minus(wide[at][column])
                pairs = zip(wide[at], wide[column], strict=True)
                wide[at] = [jets.total((x, jets.multiply(share, y)), zero) for x, y in pairs]
    return [row[count:] for row in wide]


def _pivot(arithmetic: Arithmetic, rows: Rows, column: int) -> int:
    """The row of the largest entry from the diagonal down, among those that are surely not 0."""
    below = range(column, len(rows))
    signs = {at: arithmetic.sign(jets.plain(rows[at][column])) for at in below}
    sure = [at for at in below if signs[at]]
    if not sure:
        definite = all(sign == 0 for sign in signs.values())
        raise OutsideError("a singular matrix", definite=definite)
    return max(sure, key=lambda at: abs(arithmetic.approximate(jets.plain(rows[at][column]))))


def determinant(rows: Rows, zero: Value) -> Jet:
    """Leibniz's sum over all permutations, with their signs."""
    terms = []
    for order in itertools.permutations(range(len(rows))):
        term = rows[0][order[0]]
        for at in range(1, len(rows)):
            term = jets.multiply(term, rows[at][order[at]])
        swaps = sum(order[b] < order[a] for b in range(len(rows)) for a in range(b))
        terms.append(jets.minus(term) if swaps % 2 else term)
    return jets.total(terms, zero)


def log_determinant(arithmetic: Arithmetic, rows: Rows, zero: Value) -> Jet:
    """log det A, where det A > 0: the product of Gauss's pivots, with the sign of the exchanges."""
    rows = [list(row) for row in rows]
    found: Jet = None
    for column in range(len(rows)):
        pivot = _pivot(arithmetic, rows, column)
        if pivot != column:
            rows[column], rows[pivot] = rows[pivot], [jets.minus(entry) for entry in rows[column]]
        top = rows[column]
        found = top[column] if found is None else jets.multiply(found, top[column])
        scale = jets.reciprocal(arithmetic, top[column])
        for at in range(column + 1, len(rows)):
            share = jets.minus(jets.multiply(scale, rows[at][column]))
            pairs = zip(rows[at], top, strict=True)
            rows[at] = [jets.total((x, jets.multiply(share, y)), zero) for x, y in pairs]
    sign = arithmetic.sign(jets.plain(found))
    if sign != 1:
        reason = f"the logarithm of the determinant {arithmetic.text(jets.plain(found))}"
        raise OutsideError(reason, definite=sign is not None)
    return jets.function(arithmetic, "log", found)
