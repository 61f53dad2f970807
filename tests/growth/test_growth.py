"""Work and results grow at most quadratically, counted in nodes and rule applications."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from sympy import QQ, ring

from derive.calculus.differentiate import differentiate
from derive.calculus.factors import irreducible_factors
from derive.calculus.plans import evaluated, terms_over_one
from derive.calculus.polynomial import Atoms, collect, shortest
from derive.judge.best import best_arithmetic
from derive.judge.evaluation import evaluation
from derive.judge.existence import require_value
from derive.judge.points import point, slots
from derive.judge.verdict import prepared
from derive.notation.domain import range_of
from derive.notation.expression import Add, Num, Tensor, add, mul
from derive.notation.functions import exp
from derive.notation.tree import length
from derive.readers.file import problem_from_lines


def summed(count: int) -> str:
    """The issue's sum: log(1 + exp(k z - y))/k for k = 1, 2, ..."""
    return "data y\nparameter z\nJ = " + " + ".join(
        f"log(1 + exp({k} z - y))/{k}" for k in range(1, count + 1)
    )


def quotients(count: int) -> str:
    return "parameter t > 0\nJ = " + " + ".join(f"1/(t + {k})" for k in range(1, count + 1))


def chained(count: int) -> str:
    steps = [f"a{k} = sin(a{k - 1}) + t" for k in range(2, count + 1)]
    return "\n".join(["parameter t", "a1 = t", *steps, f"J = a{count}^2"])


def chained_entries(count: int) -> str:
    steps = [f"a{k}_i = sin(a{k - 1}_i) + t_i" for k in range(2, count + 1)]
    return "\n".join(["parameter t (n)", "a1_i = t_i", *steps, f"J = sum_i a{count}_i^2"])


def layered(count: int) -> str:
    sizes = ["n", *(f"h{k}" for k in range(1, count)), "K"]
    weights = [
        f"parameter W{k} ({a}, {b})" for k, (a, b) in enumerate(itertools.pairwise(sizes), 1)
    ]
    layers = [f"Z{k} = tanh({f'Z{k - 1}' if k > 1 else 'X'} W{k})" for k in range(1, count)]
    cost = f"J = |Z{count - 1} W{count} - Y|_F^2"
    return "\n".join(["data X (m, n)", "data Y (m, K)", *weights, *layers, cost])


def work(text: str) -> tuple[int, int]:
    """Rule applications, and the length of all results, of a differentiation."""
    made = differentiate(problem_from_lines(text, "grows"))
    every = (*made.lemmas, *made.gradients, *made.hessians, *made.products)
    applied = sum(len(step.substeps) + 1 for d in every for step in d.steps)
    return applied, sum(length(d.last) for d in every)


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (summed, (10, 20, 40)),
        (quotients, (10, 20, 40)),
        (chained, (25, 50, 100)),
        (chained_entries, (25, 50, 100)),
        (layered, (3, 6, 12)),
    ],
)
def test_terms_definitions_and_layers_grow_at_most_quadratically(text, sizes) -> None:
    """A quadratic a n^2 + b n + c grows at most four times as much from 2n to 4n."""
    few, some, many = (work(text(size)) for size in sizes)
    for one, two, three in zip(few, some, many, strict=True):
        assert three - two <= 4.2 * (two - one)


@pytest.mark.parametrize(("text", "count"), [(chained, 250), (chained_entries, 100)])
def test_hundreds_of_definitions_have_a_value_and_a_range(text, count) -> None:
    problem = problem_from_lines(text(count), "long")
    require_value(problem)
    assert range_of(problem.cost, problem.definitions).nonnegative


def test_a_long_chain_has_the_value_of_a_loop() -> None:
    problem = problem_from_lines(chained(250), "long")
    compiler = prepared(problem)
    arithmetic = best_arithmetic()
    slot = slots(compiler.indices.axes, least=compiler.indices.least)[0]
    with arithmetic.working():
        v = evaluation(arithmetic, point("long", slot, 0))
        found = arithmetic.approximate(v.value(compiler.formula(problem.cost), {}))
        t = float(v.point.value(problem.parameters[0], ()))
    expected = t
    for _ in range(249):
        expected = math.sin(expected) + t
    assert found == pytest.approx(expected**2, rel=1e-9)
    assert not v.under_way


# ---------------------------------------------------------------- sums of fractions

LETTERS = [Tensor(f"x{k}", (), "parameter")() for k in range(40)]


@pytest.mark.parametrize("count", [3, 5, 8, 12])
def test_the_terms_over_one_denominator_are_bounded_before_they_are_made(count) -> None:
    for parts in (
        [1 / (1 + exp(x)) for x in LETTERS],
        [x / (LETTERS[0] + k) for k, x in enumerate(LETTERS, 1)],
        [x * (LETTERS[1] + 1) ** -2 * (LETTERS[2] - 3) for x in LETTERS],
    ):
        atoms = Atoms()
        plan = collect(add(*parts[:count]), atoms)
        if (most := terms_over_one(plan)) <= 2000:
            value = evaluated(plan, atoms.field())
            assert len(value.numer) + len(value.denom) <= most


def test_a_sum_of_many_fractions_keeps_its_denominators_apart() -> None:
    def form(count: int) -> int:
        terms = [x / (1 + exp(x)) ** 2 for x in LETTERS[:count]]
        doubled = add(*terms, *terms)
        made = shortest(doubled)
        assert made == add(*(mul(Num(Fraction(2)), *term.args) for term in terms))
        return length(made)

    assert form(40) - form(20) == 2 * (form(20) - form(10))


def test_common_factors_of_many_fractions_stand_outside_and_equal_ones_cancel() -> None:
    first, *others = LETTERS[:12]
    brackets = [1 + exp(x) for x in others]
    terms = [first * x / b for x, b in zip(others, brackets, strict=True)]
    made = shortest(add(*terms, first * brackets[0] / brackets[0]))
    assert isinstance(made.args[-1], Add) or isinstance(made.args[0], Add)
    assert first in made.args
    assert shortest(add(*terms, *(mul(Num(Fraction(-1)), t) for t in terms))) == Num(Fraction(0))


def test_factors_are_not_searched_for_in_large_tables() -> None:
    domain, *letters = ring([f"a{k}" for k in range(19)], QQ)
    product = domain.one
    for k, a in enumerate(letters):
        product = product + a**2 * letters[k - 1] ** 2
    content, found = irreducible_factors(product * letters[3])
    value = domain(content)
    for factor, power in found:
        value = value * factor**power
    assert value == product * letters[3]
    assert (letters[3], 1) in found
