"""Random costs in index notation: what a user might write, and what nobody would."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from derive.errors import ProblemError
from derive.notation import (
    POSITIVE,
    Axis,
    Problem,
    Sum,
    atan,
    cos,
    data,
    define,
    exp,
    log,
    parameter,
    sigmoid,
    sin,
    softplus,
    sqrt,
    tanh,
)
from derive.notation.expression import Delta, Indicator, Num, add, mul
from derive.notation.tree import free_indices, tensors_in
from derive.notation.validate import validate
from tests.fuzz.dual_numbers import seeded

m, n, K = Axis("m"), Axis("n"), Axis("K")
AXES = (m, n, K)
LETTERS = {m: "irsa", n: "jklq", K: "cdpe"}
DATA = (
    data("X", m, n), data("y", m), data("Y", m, K), data("A", n, n), data("B", m, m),
    data("C", n, K), data("omega", m, domain=POSITIVE), data("Q", m, n, domain=POSITIVE),
    data("a0", n), data("lambda_", domain=POSITIVE), data("rho"), data("T3", m, n, K),
    data("S", n, n, facts=("symmetric",)), data("u", K),
)  # fmt: skip
PARAMETERS = (
    (parameter("theta", n),),
    (parameter("theta", n),),
    (parameter("theta", n), parameter("b")),
    (parameter("W", n, K),),
    (parameter("U", m, K), parameter("V", n, K)),
    (parameter("theta", n), parameter("phi", m)),
    (parameter("G", n, n),),
    (parameter("tau", domain=POSITIVE), parameter("theta", n)),
    (parameter("b"),),
)
FUNCTIONS = (exp, sin, cos, atan, sigmoid, softplus, tanh)


class Writer:
    """Writes formulas at random; `positive` ones serve as denominators and under logarithms."""

    def __init__(self, rng: Random, tensors) -> None:
        self.rng, self.tensors, self.indices = rng, list(tensors), {}

    def leaf(self, free, positive=False):
        rng = self.rng
        fitting = [
            t for t in self.tensors
            if all(any(k.axis == axis for k in free) for axis in t.axes)
            and (not positive or t.domain.positive)
        ]  # fmt: skip
        # Entries that use the letters at hand are likelier than constants.
        weights = [1 + 3 * len(t.axes) + 4 * (t.role != "data") for t in fitting]
        if not fitting or rng.random() < 0.08:
            number = Num(Fraction(rng.choice((1, 2, 3, 1, 1)), rng.choice((1, 2))))
            return number if positive or rng.random() < 0.7 else Num(-number.value)
        tensor = rng.choices(fitting, weights)[0]
        places = tuple(rng.choice([k for k in free if k.axis == axis]) for axis in tensor.axes)
        return tensor[places] if places else tensor()

    def special(self, free):
        """A delta or an indicator."""
        rng = self.rng
        pairs = [(a, b) for a in free for b in free if a != b and a.axis == b.axis]
        if pairs and rng.random() < 0.6:
            return Delta(*rng.choice(pairs))
        return Indicator(rng.choice(free), 2) if free else self.leaf(free)

    def positive(self, free, depth):
        rng = self.rng
        kind = rng.random()
        if depth <= 0 or kind < 0.25:
            return self.leaf(free, True)
        if kind < 0.45:
            return exp(self.formula(free, depth - 1) / 2)
        if kind < 0.65:
            return 1 + self.formula(free, depth - 1) ** 2
        if kind < 0.75:
            return rng.choice((sigmoid, softplus))(self.formula(free, depth - 1))
        if kind < 0.9:
            return self.total(free, depth, positive=True)
        return self.positive(free, depth - 1) * self.positive(free, depth - 1)

    def formula(self, free, depth):
        rng = self.rng
        kind = rng.random()
        if depth <= 0 or kind < 0.12:
            return self.leaf(free)
        if kind < 0.3:
            return add(*self._terms(free, depth))
        if kind < 0.53:
            return mul(*(self.formula(free, depth - 1) for _ in range(rng.choice((2, 2, 3)))))
        if kind < 0.6:
            return self.formula(free, depth - 1) ** rng.choice((2, 2, 3))
        if kind < 0.67:
            return self.formula(free, depth - 1) / self.positive(free, depth - 1)
        if kind < 0.77:
            return rng.choice(FUNCTIONS)(self.formula(free, depth - 1))
        if kind < 0.8:
            inner = self.positive(free, depth - 1)
            choices = (log(inner), sqrt(inner), inner ** Fraction(3, 2), inner**-2)
            return rng.choice(choices)
        if kind < 0.83:
            return self.special(free) * self.formula(free, depth - 1)
        return self.total(free, depth)

    def _terms(self, free, depth):
        for number in range(self.rng.choice((2, 2, 3))):
            term = self.formula(free, depth - 1)
            yield -term if number and self.rng.random() < 0.4 else term

    def total(self, free, depth, positive=False):
        """A sum over a letter that is not in use; brothers may use the same letter."""
        rng = self.rng
        axis = rng.choice((m, m, n, n, K))
        used = {k.letter for k in free}
        spare = [letter for letter in LETTERS[axis] if letter not in used]
        if not spare:
            return self.leaf(free, positive)
        index = axis.index(spare[0] if rng.random() < 0.7 else rng.choice(spare))
        for _ in range(20):
            inside = [*free, index]
            body = self.positive(inside, depth - 1) if positive else self.formula(inside, depth - 1)
            if index in free_indices(body):
                lower = 2 if rng.random() < 0.12 and not positive else 1
                return Sum(body, (index, lower, axis))
        return self.leaf(free, positive)


def _definitions(rng, writer, depth):
    """Zero to three named quantities, each of earlier ones."""
    out = []
    for name in ("z", "h", "R")[: rng.choice((0, 0, 1, 2, 2, 3))]:
        kind = rng.random()
        i, j, c = m.index("i"), n.index("j"), K.index("c")
        indices = (i,) if kind < 0.5 else (i, j) if kind < 0.65 else (i, c) if kind < 0.75 else ()
        indices = (j,) if kind > 0.9 else indices
        for _ in range(20):
            if out and out[-1].indices and rng.random() < 0.4:
                indices = out[-1].indices
                body = rng.choice(FUNCTIONS)(out[-1][indices])
            else:
                body = writer.formula(list(indices), depth)
            if set(free_indices(body)) == set(indices) and tensors_in(body):
                out.append(define(name, *indices, body))
                writer.tensors += [out[-1].tensor] * 3
                break
    return tuple(out)


def random_problem(seed: int) -> Problem | None:
    """The problem of a seed, or None where the draw makes no sense as a problem."""
    rng = seeded(seed)
    parameters = rng.choice(PARAMETERS)
    tensors = [*rng.sample(DATA, 5), *parameters, *parameters]
    writer = Writer(rng, tensors)
    depth = rng.choice((2, 3, 3, 4))
    definitions = _definitions(rng, writer, min(depth, 3) - 1)
    for _ in range(30):
        cost = writer.total([], depth) if rng.random() < 0.7 else writer.formula([], depth)
        if rng.random() < 0.3:
            cost = cost + writer.total([], 2)
        if rng.random() < 0.3:
            cost = 1 / m * cost
        problem = _fitted(f"fuzz_{seed}", cost, parameters, definitions)
        if problem is not None:
            return problem
    return None


def _fitted(name, cost, parameters, definitions, data=DATA):
    """The problem with the data, definitions and parameters that the cost uses."""
    used, known = set(tensors_in(cost)), []
    for d in reversed(definitions):
        if d.tensor in used:
            known.insert(0, d)
            used |= set(tensors_in(d.body))
    given = tuple(t for t in data if t in used)
    found = tuple(p for p in parameters if p in used)
    if not found:
        return None
    problem = Problem(name, name, given, found, cost, tuple(known))
    try:
        validate(problem)
    except ProblemError:
        return None
    return problem
