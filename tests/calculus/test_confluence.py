"""Names of bound letters, the order of terms and factors: they change no result."""

import importlib
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest

from derive.calculus.differentiate import differentiate
from derive.calculus.lemmas import settle
from derive.judge import judge
from derive.matrices.prove import prove
from derive.notation import Axis, Problem, Sum, data, define, exp, parameter, sigmoid
from derive.notation.expression import Add, Expr, Mul
from derive.notation.expression import Sum as SumNode
from derive.notation.text import mat_text
from derive.notation.tree import children, free_indices, fresh, letters_in, rebuild, reindex
from derive.notation.validate import validate
from derive.record import Derivation, Proof, Scope, Step
from tests.fuzz.costs import random_problem
from tests.fuzz.dual_numbers import seeded
from tests.fuzz.literal import Literal
from tests.fuzz.whole import drawn, made, mistakes

NAMES = ("least_squares", "logistic", "poisson", "sigmoid_squares")


def problem_of(name) -> Problem:
    if name.isdigit():
        return random_problem(int(name))
    return importlib.import_module(f"derive.problems.{name}").PROBLEM


SEEDS = [str(s) for s in range(300, 340) if random_problem(s) is not None][:16]


def renamed(e: Expr, names: dict[str, str]) -> Expr:
    """Bound letters under other names."""
    if isinstance(e, SumNode):
        body, index = renamed(e.body, names), e.index
        other = replace(index, letter=names.get(index.letter, index.letter))
        if other.letter in letters_in(body):
            other = fresh(other, letters_in(body))
        return SumNode(reindex(body, {index: other}), (other, e.lower, e.upper))
    parts = children(e)
    return rebuild(e, tuple(renamed(p, names) for p in parts)) if parts else e


def shuffled(e: Expr, rng: Random) -> Expr:
    """Terms and factors in another order."""
    parts = [shuffled(p, rng) for p in children(e)]
    if isinstance(e, Add | Mul):
        rng.shuffle(parts)
    return rebuild(e, tuple(parts)) if parts else e


def changed(problem: Problem, change) -> Problem:
    definitions = tuple(replace(d, body=change(d.body)) for d in problem.definitions)
    prediction = problem.prediction
    if prediction is not None:
        prediction = definitions[problem.definitions.index(prediction)]
    new = replace(
        problem, definitions=definitions, cost=change(problem.cost), prediction=prediction
    )
    validate(new)
    return new


@cache
def proof(name) -> Proof:
    problem = problem_of(name)
    return prove(differentiate(problem))


OTHER = {"i": "f", "j": "row", **{letter: 2 * letter for letter in "rsaklqcdpe"}}


def forms(p: Proof):
    return [mat_text(part.matrix) for part in p.parts if part.matrix is not None]


@pytest.mark.parametrize("name", NAMES)
def test_renamed_letters_give_the_same_text(name) -> None:
    other = changed(problem_of(name), lambda e: renamed(e, OTHER))
    assert other != problem_of(name)
    assert forms(prove(differentiate(other))) == forms(proof(name))


@pytest.mark.parametrize("name", SEEDS)
def test_renamed_letters_of_random_costs_give_the_same_values(name) -> None:
    problem = problem_of(name)
    other = changed(problem, lambda e: renamed(e, OTHER))
    assert mistakes(other, int(name), made(other)) in ([], ["skipped"])


@pytest.mark.parametrize("round_", range(3))
@pytest.mark.parametrize("name", NAMES)
def test_permuted_terms_and_factors_are_judged_equal(name, round_) -> None:
    rng = seeded(f"{name} {round_}")
    other = changed(problem_of(name), lambda e: shuffled(e, rng))
    permuted = prove(differentiate(other))
    assert judge(permuted).passed
    pairs = list(zip(proof(name).parts, permuted.parts, strict=True))
    steps = tuple(
        Derivation(f"T{n}", "theorem", a.title, a.last, (Step(a.last, b.last, "same", "same"),))
        for n, (a, b) in enumerate(pairs)
        if a.kind == "theorem"
    )
    assert len(steps) == 4
    verdict = judge(Proof(problem_of(name), steps))
    assert verdict.passed, [s for s in verdict.steps if not s.passed]


@pytest.mark.parametrize("name", SEEDS)
def test_permuted_random_costs_give_the_same_values(name) -> None:
    problem, rng = problem_of(name), seeded(name)
    other = changed(problem, lambda e: shuffled(e, rng))
    assert mistakes(other, int(name), made(other)) in ([], ["skipped"])


m, n = Axis("m"), Axis("n")
i, j = m.index("i"), n.index("j")
X, y, theta = data("X", m, n), data("y", m), parameter("theta", n)
z = define("z", i, Sum(X[i, j] * theta[j], j))
g = define("g", i, exp(-y[i] * y[i]))
h = define("h", i, sigmoid(z[i]))


def test_the_order_of_independent_definitions_is_free() -> None:
    orders = ((z, g, h), (g, z, h), (z, h, g))
    cost = 1 / m * Sum(g[i] * (h[i] - y[i]) ** 2, i)
    found = []
    for definitions in orders:
        problem = Problem("orders", "Orders", (X, y), (theta,), cost, definitions)
        validate(problem)
        p = prove(differentiate(problem))
        assert judge(p).passed
        assert mistakes(problem, 1, made(problem)) == []
        found.append([mat_text(part.matrix) for part in p.parts if part.kind == "theorem"])
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("name", [*NAMES, *SEEDS])
def test_algebra_has_settled(name) -> None:
    """The last index formula of every derivation changes no more, however often it is settled."""
    problem = problem_of(name)
    calculus = differentiate(problem)
    scope = Scope(problem.definitions)
    sizes, arrays = drawn(problem, 3)
    point = Literal(sizes, arrays, problem.all_definitions)
    for part in (*calculus.lemmas, *calculus.gradients, *calculus.hessians):
        again = settle(part.last, (), scope)
        if not again:
            continue
        assert name not in NAMES, (part.label, [s.rule for s in again])
        # What still moves after six rounds must stop and keep its value.
        assert settle(again[-1].after, (), scope) == (), (part.label, [s.rule for s in again])
        letters = free_indices(part.last)
        for cell in np.ndindex(*(sizes[k.axis] for k in letters)):
            at = {k: p + 1 for k, p in zip(letters, cell, strict=True)}
            try:
                a, b = point.value(part.last, at), point.value(again[-1].after, at)
            except (OverflowError, ZeroDivisionError):
                continue
            assert abs(a - b) <= 1e-9 * max(1, abs(a))
