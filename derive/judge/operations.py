"""What sums, products, powers and functions of compiled formulas compute."""

from __future__ import annotations

from derive.judge import jets
from derive.judge.evaluation import Active, Bound, Evaluation, Formula, Run
from derive.judge.functions import apply
from derive.judge.jets import Jet
from derive.notation.expression import Axis
from derive.notation.functions import Elementwise


def sum_of(parts: tuple[Formula, ...]) -> Run:
    """The sum of some formulas."""

    def run(v: Evaluation, bound: Bound, active: Active) -> Jet:
        return jets.total(v.values(parts, bound, active), v.zero)

    return run


def product_of(parts: tuple[Formula, ...]) -> Run:
    """The product of some formulas."""

    def run(v: Evaluation, bound: Bound, active: Active) -> Jet:
        return jets.product(v.values(parts, bound, active), v.one)

    return run


def sum_over(body: Formula, letter: int, lower: int, axis: Axis) -> Run:
    """The sum of a formula over the positions of a letter from `lower` to the end of its axis."""

    def run(v: Evaluation, bound: Bound, active: Active) -> Jet:
        return jets.total(
            v.along(body, letter, range(lower, v.size(axis) + 1), bound, active), v.zero
        )

    return run


def product_over(body: Formula, letter: int, lower: int, axis: Axis) -> Run:
    """The product of a formula over the positions of a letter, as in `sum_over`."""

    def run(v: Evaluation, bound: Bound, active: Active) -> Jet:
        return jets.product(
            v.along(body, letter, range(lower, v.size(axis) + 1), bound, active), v.one
        )

    return run


def power_of(base: Formula, exponent: Formula) -> Run:
    """A power of formulas."""

    def run(v: Evaluation, bound: Bound, active: Active) -> Jet:
        return jets.power(v.arithmetic, *v.values((base, exponent), bound, active))

    return run


def function_of(function: Elementwise, inner: Formula) -> Run:
    """A scalar function of a formula."""

    def run(v: Evaluation, bound: Bound, active: Active) -> Jet:
        arg = v.value(inner, bound, active)
        return apply(v, function, arg, inner.number, inner.where(bound))

    return run
