"""Random sums of products of entries: chains, traces, stars and triangles of matrices.

They are what the recogniser turns into products of matrices: letters shared by two, three or four
entries, matrix parameters more than once, symmetric data, data over three axes, squares and
functions round an inner sum, and letters that brothers share.
"""

from __future__ import annotations

from fractions import Fraction

from derive.notation import (
    POSITIVE,
    Axis,
    Problem,
    Sum,
    data,
    define,
    exp,
    log,
    parameter,
    sigmoid,
    softplus,
    sqrt,
    tanh,
)
from derive.notation.expression import Delta, mul
from derive.notation.tree import free_indices
from tests.fuzz.costs import _fitted
from tests.fuzz.dual_numbers import seeded

m, n, K = Axis("m"), Axis("n"), Axis("K")
LETTERS = {m: "irst", n: "jklq", K: "cdpe"}
DATA = (
    data("X", m, n), data("y", m), data("Y", m, K), data("A", n, n), data("C", n, K),
    data("S", n, n, facts=("symmetric",)), data("Q", m, m, facts=("symmetric",)),
    data("D", K, K, facts=("symmetric",)), data("E", K, K), data("a0", n), data("u", K),
    data("T3", m, n, K), data("M3", n, n, K), data("omega", m, domain=POSITIVE), data("R", m, m),
    data("lambda_", domain=POSITIVE),
)  # fmt: skip
PARAMETERS = (
    (parameter("theta", n),), (parameter("W", n, K),), (parameter("G", n, n),),
    (parameter("U", m, K), parameter("V", n, K)), (parameter("alpha", m),),
    (parameter("W", n, K), parameter("w", K)), (parameter("P", K, K),),
    (parameter("theta", n), parameter("b")),
)  # fmt: skip
ROUND = (exp, sigmoid, softplus, tanh)


class Weaver:
    """Writes products of entries whose letters overlap."""

    def __init__(self, rng, tensors) -> None:
        self.rng, self.tensors = rng, tensors

    def letter(self, axis, pool):
        """A letter over the axis, mostly one that is in use already."""
        known = [k for k in pool if k.axis == axis]
        unused = [s for s in LETTERS[axis] if s not in {k.letter for k in known}]
        if known and (self.rng.random() < 0.65 or not unused):
            return self.rng.choice(known)
        index = axis.index(unused[0])
        pool.append(index)
        return index

    def entry(self, pool, *, moving=False):
        """An entry of a tensor; one that moves is a parameter."""
        choices = [t for t in self.tensors if (t.role == "parameter") or not moving]
        tensor = self.rng.choice(
            [t for t in choices if t.role == "parameter"] if moving else choices
        )
        return tensor[tuple(self.letter(a, pool) for a in tensor.axes)] if tensor.axes else tensor()

    def network(self, free, count):
        """A sum of products over every letter that is not free."""
        pool = list(free)
        factors = [self.entry(pool, moving=True)]
        factors += [self.entry(pool, moving=self.rng.random() < 0.25) for _ in range(count - 1)]
        pairs = [(a, b) for a in pool for b in pool if a.axis == b.axis and a.letter < b.letter]
        if pairs and self.rng.random() < 0.06:
            factors.append(Delta(*self.rng.choice(pairs)))
        body = mul(*factors)
        bound = [k for k in free_indices(body) if k not in free]
        self.rng.shuffle(bound)
        lower = self.rng.random() < 0.05
        for number, index in enumerate(bound):
            body = Sum(body, (index, 2, index.axis) if lower and not number else index)
        return body

    def term(self):
        """A scalar: a network, a square or a function of one summed again, or a ratio."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.35:
            return self.network([], rng.choice((2, 3, 3, 4)))
        if kind < 0.45:
            below = 1 + self.network([], 2) ** 2
            return self.network([], rng.choice((1, 2, 3))) / below
        axes = rng.choice(((m,), (n,), (m, K), (n, n), (m, n), (m, m)))
        outer = []
        for axis in axes:
            outer.append(axis.index(LETTERS[axis][sum(k.axis == axis for k in outer)]))
        inner = self.network(outer, rng.choice((1, 2, 2, 3)))
        fixed = [t for t in DATA if t.axes == axes]
        shift = rng.choice(fixed)[tuple(outer)] if fixed and rng.random() < 0.6 else None
        base = inner if shift is None else inner - shift
        kind = rng.random()
        if kind < 0.5:
            body = base**2
        elif kind < 0.75:
            body = rng.choice(ROUND)(base)
        elif kind < 0.85:
            body = log(1 + base**2)
        else:
            body = sqrt(1 + base**2)
        weights = [t for t in DATA if t.axes and set(t.axes) <= set(axes) and len(t.axes) <= 2]
        if rng.random() < 0.35:
            tensor = rng.choice(weights)
            spots = [[k for k in outer if k.axis == a] for a in tensor.axes]
            body = tensor[tuple(rng.choice(s) for s in spots)] * body
        free = [k for k in outer if k in free_indices(body)]
        return Sum(body, *free) if free else body


def random_network(seed: int) -> Problem | None:
    """The problem of a seed, or None where the draw makes no sense as a problem."""
    rng = seeded(f"network {seed}")
    parameters = rng.choice(PARAMETERS)
    tensors = [*rng.sample(DATA, 6), *parameters]
    weaver = Weaver(rng, tensors)
    definitions = ()
    if rng.random() < 0.4:
        axes = rng.choice(((m,), (n,), (m, K), (m, n)))
        indices = [axis.index(LETTERS[axis][-1]) for axis in axes]
        body = weaver.network(indices, rng.choice((1, 2)))
        if set(free_indices(body)) == set(indices):
            definitions = (define("z", *indices, body),)
            tensors += [definitions[0].tensor] * 3
    for _ in range(20):
        cost = weaver.term()
        if rng.random() < 0.4:
            cost = cost + rng.choice((1, -1, Fraction(1, 2))) * weaver.term()
        if rng.random() < 0.3:
            cost = 1 / m * cost
        problem = _fitted(f"network_{seed}", cost, parameters, definitions, DATA)
        if problem is not None:
            return problem
    return None
