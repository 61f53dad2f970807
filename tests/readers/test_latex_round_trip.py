"""What our LaTeX printer writes is read back to a formula of the same value.

The reader shares nothing with the printer: this is the independent check of what is printed.
"""

import itertools
import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from derive.calculus.differentiate import differentiate
from derive.notation import Axis, Problem, Product, Sum, Tensor, data, exp
from derive.notation.expression import Diff, Element, Entry, Expr
from derive.notation.tree import free_indices, subterms, tensors_in
from derive.publish.latex import latex
from derive.readers.file import catalogue
from derive.readers.latex import read_latex
from derive.readers.latex.declared import name_of
from tests.fuzz.costs import random_problem
from tests.fuzz.literal import Literal
from tests.fuzz.whole import axes_of, drawn

PROBLEMS = [subject for subject in catalogue() if isinstance(subject, Problem)]


def symbol(t: Tensor) -> str:
    """The letter as it is printed."""
    return latex(Entry(replace(t, axes=()), ()))


def declarations(tensors) -> list[str]:
    """Every tensor as data; a number xi is the parameter."""
    over = [f" ({', '.join(a.letter for a in t.axes)})" if t.axes else "" for t in tensors]
    return [f"data {symbol(t)}{axes}" for t, axes in zip(tensors, over, strict=True)]


def read_back(e: Expr) -> tuple[Problem, tuple[Tensor, ...], Expr]:
    """The problem that is read from the LaTeX of a formula, and the formula that it should be.

    The letters that are free are summed over with weights, so that no two can be exchanged.
    """
    free = free_indices(e)
    weights = data("Xi", *(k.axis for k in free))
    rate = Tensor("xi", (), "parameter", r"\xi")
    total = weights[free] * e if free else e
    for k in reversed(free):
        total = Sum(total, k)
    tensors = (*tensors_in(e), *([weights] if free else []))
    lines = [*declarations(tensors), *(f"axis {a.letter}" for a in axes_in_text(e))]
    source = rf"J(\xi) = {latex(total)} + \xi^2"
    problem = read_latex(source, declarations="\n".join((*lines, r"parameter \xi")))
    return problem, (*tensors, rate), total + rate() ** 2


def axes_in_text(e: Expr) -> tuple[Axis, ...]:
    """Axes whose sizes or letters occur although no tensor runs over them."""
    found = {a for t in tensors_in(e) for a in t.axes} | {k.axis for k in free_indices(e)}
    all_ = {n for _, n in subterms(e) if isinstance(n, Axis)}
    return tuple(sorted(all_ - found, key=lambda a: a.letter))


def readable(e: Expr) -> bool:
    """Whether no derivative is left, and no matrix formula, and no shifted letter or position.

    Derivatives are no part of costs; shifted letters are printed, but not read yet.
    """
    ends = any(getattr(n.upper, "cut", 0) for _, n in subterms(e) if isinstance(n, Sum | Product))
    moved = any(
        getattr(k, "shift", 0) for _, n in subterms(e) if isinstance(n, Entry) for k in n.indices
    )
    return not (ends or moved) and not any(isinstance(n, Diff | Element) for _, n in subterms(e))


def same_value(e: Expr, problem: Problem) -> None:
    """At one of the first points where the formula has a value at all."""
    read = read_back(e)
    for seed in range(8):
        try:
            compare(e, problem, read, seed)
        except (ValueError, ZeroDivisionError):  # log 0, say: an empty risk set
            continue
        return
    raise AssertionError(f"no point is any good: {latex(e)}")


def compare(e: Expr, problem: Problem, read, seed: int) -> None:
    back, tensors, right = read
    rng = np.random.default_rng(seed)
    sizes = {a: 2 + k % 3 for k, a in enumerate(axes_of(problem))}
    _, known = drawn(problem, seed, sizes)
    values = {}
    for t in tensors:
        shape = [sizes[a] for a in t.axes]
        values[t.name] = known.get(t.name, rng.uniform(0.1, 0.9, size=shape))
    by_letter = {a.letter: n for a, n in sizes.items()}
    read_sizes = {a: by_letter[a.letter] for a in axes_of(back)}
    arrays = {}
    for t in (*back.data, *back.parameters):
        (twin,) = [
            s for s in tensors if name_of(symbol(s)) == t.name.rstrip("_") or s.name == t.name
        ]
        arrays[t.name] = values[twin.name]
    expected = Literal(sizes, values, ()).value(right)
    got = Literal(read_sizes, arrays, back.definitions).value(back.cost)
    if isinstance(expected, complex) or not math.isfinite(float(expected)):
        return
    assert math.isclose(float(got), float(expected), rel_tol=1e-9, abs_tol=1e-9), latex(e)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.name)
def test_costs_and_definitions(problem: Problem) -> None:
    for definition in problem.all_definitions:
        if readable(definition.body):
            same_value(definition.body, problem)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.name)
def test_lines_of_derivations(problem: Problem) -> None:
    """Every line of index notation in which no derivative is left."""
    lines: dict[Expr, None] = {}
    found = differentiate(problem)
    for part in (*found.gradients, *found.hessians, *found.products):
        for step in part.steps:
            for e in (step.before, step.after):
                if readable(e):
                    lines[e] = None
    for e in lines:
        same_value(e, problem)


@pytest.mark.parametrize("seed", range(25))
def test_random_costs(seed: int) -> None:
    problem = random_problem(seed)
    for e in itertools.chain((d.body for d in problem.definitions), (problem.cost,)):
        same_value(e, problem)


def test_slashes_in_exponents() -> None:
    """A factor behind a quotient in an exponent does not seem to stand below the slash."""
    n = Axis("n")
    j = n.index("j")
    r, s, t = data("r", n), data("s"), data("t")
    for e in (
        exp(1 / s() * r[j]),
        exp(-((1 / s() * r[j]) ** 2)),
        exp(t() - Fraction(1, 2) * exp(-2 * t()) * r[j]),
        exp(r[j] / s() * t()),
        exp(-(r[j] ** 2) / 2),
        exp(Fraction(1, 2) * t() / s()),
    ):
        problem = Problem(name="a", title="A", data=(r, s, t), parameters=(), cost=Sum(e, j))
        same_value(e, problem)
