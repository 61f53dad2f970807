"""Letters, hand-made steps and a way to look at values, shared by the tests of the judge."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from derive.judge import Arithmetic, best_arithmetic
from derive.judge.evaluation import evaluation
from derive.judge.formulas import Compiler
from derive.judge.points import point, slots
from derive.notation import POSITIVE, UNIT, Axis, Problem, Sum, data, define, parameter, sigmoid
from derive.notation.expression import Expr, Index, Tensor
from derive.record import Condition, Derivation, Proof, Step
from derive.verdicts import Verdict

m, n = Axis("m", "samples"), Axis("n", "features")
i, i2 = m.index("i"), m.index("i'")
j, k, l = n.index("j"), n.index("k"), n.index("l")

X = data("X", m, n)
y = data("y", m, domain=UNIT)
w = data("w", m, domain=POSITIVE)
S = data("S", n, n, facts=("symmetric",))
theta = parameter("theta", n)
rate = parameter("rate", domain=POSITIVE)

z = define("z", i, Sum(X[i, j] * theta[j], j))
h = define("h", i, sigmoid(z[i]))
DEFINITIONS = (z, h)

SQUARES = Problem(
    name="squares",
    title="Squares",
    data=(X, y, w, S),
    parameters=(theta, rate),
    definitions=DEFINITIONS,
    cost=1 / (2 * m) * Sum((z[i] - y[i]) ** 2, i),
)
J = SQUARES.cost_definition


@dataclass(frozen=True)
class Drawn:
    """The values of a formula over all positions, and the arrays behind them."""

    values: np.ndarray
    array: Callable[[Tensor], np.ndarray]
    sizes: dict[Axis, int]


def drawn(
    e: Expr,
    *order: Index,
    slot: int = 0,
    attempt: int = 0,
    arithmetic: Arithmetic | None = None,
    definitions=SQUARES.all_definitions,
) -> Drawn:
    """The values of `e` at one point, axes in the order of the given letters."""
    arithmetic = arithmetic or best_arithmetic()
    compiler = Compiler(definitions)
    for tensor in (*SQUARES.data, *SQUARES.parameters):
        compiler.letter(tensor)
    formula = compiler.formula(e)
    numbers = [compiler.indices.number(letter) for letter in order]
    indices = compiler.indices
    place = point("test", slots(indices.axes, least=indices.least)[slot], attempt)

    def array(tensor: Tensor) -> np.ndarray:
        out = np.empty([place.size(axis) for axis in tensor.axes])
        for cell in np.ndindex(*out.shape):
            out[cell] = float(place.value(tensor, tuple(p + 1 for p in cell)))
        return out

    values = np.empty([place.size(letter.axis) for letter in order])
    with arithmetic.working():
        v = evaluation(arithmetic, place)
        for cell in np.ndindex(*values.shape):
            bound = dict(zip(numbers, (p + 1 for p in cell), strict=True))
            values[cell] = arithmetic.approximate(v.value(formula, bound))
    return Drawn(values, array, dict(place.sizes))


def step(before: Expr, after: Expr, *conditions: Condition, **fields: object) -> Step:
    return Step(before, after, "by-hand", "by hand", conditions=conditions, **fields)


def proof(*steps: Step, problem: Problem = SQUARES, goal: Expr | None = None) -> Proof:
    goal = steps[0].before if goal is None else goal
    return Proof(problem, (Derivation("T1", "theorem", "by hand", goal, steps),))


def refuted(verdict: Verdict) -> str:
    """The messages of what did not pass, which is something."""
    failures = [s.message for s in verdict.steps if not s.passed]
    assert failures
    assert not verdict.passed
    return "; ".join(failures)
