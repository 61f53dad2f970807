"""The laws of the primitive functions, compared with power series in ball arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any, cast

from derive.judge.arithmetic import Arithmetic, Value
from derive.judge.evaluation import Evaluation, evaluation
from derive.judge.exact.laws import ODD
from derive.judge.exact.primitives import SLOPES, Slope
from derive.judge.functions import within_definition
from derive.judge.points import Slot, point
from derive.notation.functions import SLOT

TERMS = 5
"""So many coefficients are compared."""

AT = (Fraction(3, 7), Fraction(11, 5))
"""The series are taken here: inside the domain of every primitive function."""


def law_faults(arithmetic: Arithmetic, slopes: Mapping[str, Slope] = SLOPES) -> tuple[str, ...]:
    """What is wrong with the laws: f' = the stated slope, f(-t) = -f(t), erf + erfc = 1."""
    return _faults(cast("Any", arithmetic), tuple(slopes.items()))  # arithmetics are hashable


@cache
def _faults(arithmetic: Any, slopes: tuple[tuple[str, Slope], ...]) -> tuple[str, ...]:
    with arithmetic.working():
        v = evaluation(arithmetic, point("laws", Slot(0, (), ends=False), 0))
        return tuple(_found(v, slopes))


def _found(v: Evaluation, slopes: tuple[tuple[str, Slope], ...]) -> Iterator[str]:
    for at in AT:
        here = v.arithmetic.number(at)
        for name, slope in slopes:
            own = v.arithmetic.series(name, here, TERMS)
            stated = _series(v, slope, here)
            for k, value in enumerate(stated):
                if not v.arithmetic.compare((k + 1) * own[k + 1], value).equal:
                    yield f"the stated derivative of {name} differs from its power series"
                    break
        for name in sorted(ODD):
            there = v.arithmetic.number(-at)
            pair = zip(*(v.arithmetic.series(name, x, TERMS) for x in (here, there)), strict=True)
            if not all(
                v.arithmetic.compare(a, b if k % 2 else -b).equal for k, (a, b) in enumerate(pair)
            ):
                yield f"{name} is not odd"
        both = (v.arithmetic.series(name, here, 0)[0] for name in ("erf", "erfc"))
        if not v.arithmetic.compare(sum(both, v.zero), v.one).equal:
            yield "erf + erfc is not 1"


def _series(v: Evaluation, slope: Slope, at: Value) -> list[Value]:
    """Coefficients of the slope at a point: the k epsilons stand k! times beside f^(k) / k!."""
    count = TERMS - 1
    found: Any = within_definition(slope(SLOT))(v, {0: at} | {1 << k: v.one for k in range(count)})
    coefficients: list[Value] = [found[0]]
    factorial = 1
    for k in range(1, count + 1):
        factorial *= k
        coefficients.append(v.zero + found.get((1 << k) - 1, v.zero) / factorial)
    return coefficients
