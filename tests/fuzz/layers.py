"""Random costs in layers: networks with biases, shared and tied weights, shortcuts and gates."""

from __future__ import annotations

from derive.notation import (
    Axis,
    Problem,
    Sum,
    data,
    define,
    exp,
    log,
    parameter,
    relu,
    sigmoid,
    sin,
    softplus,
    tanh,
)
from derive.notation.validate import validate
from tests.fuzz.dual_numbers import seeded

m, n, H, K = Axis("m"), Axis("n"), Axis("H"), Axis("K")
i, r = m.index("i"), m.index("r")
j, g, h, c, d = n.index("j"), H.index("g"), H.index("h"), K.index("c"), K.index("d")
X, Y = data("X", m, n), data("Y", m, K)
UNITS = (tanh, sigmoid, softplus, sin, relu)


class Layers:
    """Definitions and parameters as they are drawn."""

    def __init__(self, rng) -> None:
        self.rng, self.definitions, self.parameters, self.count = rng, [], [], 0

    def parameter(self, *axes):
        self.count += 1
        self.parameters.append(parameter(f"w{self.count}", *axes))
        return self.parameters[-1]

    def name(self, letter, *indices_and_body):
        self.definitions.append(define(f"{letter}{len(self.definitions)}", *indices_and_body))
        return self.definitions[-1]

    def linear(self, below, own, inside, W=None):
        """sum_g Z_ig W_gh, perhaps with a bias or a shortcut."""
        W = W or self.parameter(inside.axis, own.axis)
        body = Sum(below[i, inside] * W[inside, own], inside)
        if self.rng.random() < 0.6:
            body = body + self.parameter(own.axis)[own]
        return self.name("A", i, own, body), W

    def units(self, A, own):
        """One function of every entry; sometimes the entries less their mean over the samples."""
        f, kind = self.rng.choice(UNITS), self.rng.random()
        if kind < 0.15:
            mean = self.name("u", own, 1 / m * Sum(A[r, own], r))
            return self.name("Z", i, own, f(A[i, own] - mean[own]))
        if kind < 0.3:
            return self.name("Z", i, own, A[i, own] * sigmoid(A[i, own]))
        return self.name("Z", i, own, f(A[i, own]))


def layered_problem(seed: int) -> Problem:
    """The network of a seed."""
    layers = Layers(seeded(f"layers {seed}"))
    rng = layers.rng
    A, first = layers.linear(X, h, j)
    Z = layers.units(A, h)
    shared = None
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        A, W = layers.linear(Z, h, g, shared if rng.random() < 0.4 else None)
        shared = shared or W
        new = layers.units(A, h)
        # A shortcut: what is used directly is used by way of the units, too.
        Z = layers.name("R", i, h, Z[i, h] + new[i, h]) if rng.random() < 0.5 else new
    tied = rng.random() < 0.25
    if tied:
        S = layers.name("S", i, j, Sum(Z[i, h] * first[j, h], h))
        cost = 1 / m * Sum(Sum((S[i, j] - X[i, j]) ** 2, j), i)
    else:
        S, _ = layers.linear(Z, c, h)
        cost = _loss(rng, S)
    if rng.random() < 0.3:
        cost = cost + Sum(Sum(first[j, h] ** 2, h), j)
    if rng.random() < 0.2:
        cost = cost + Sum(Sum(Z[i, h] ** 2, h), i) / 2
    problem = Problem(
        f"layers_{seed}", f"layers {seed}", (X,) if tied else (X, Y), tuple(layers.parameters),
        cost, tuple(layers.definitions),
    )  # fmt: skip
    validate(problem)
    return problem


def _loss(rng, S):
    kind = rng.random()
    if kind < 0.4:
        return 1 / (2 * m) * Sum(Sum((S[i, c] - Y[i, c]) ** 2, c), i)
    if kind < 0.7:
        return 1 / m * Sum(Sum(softplus(S[i, c]) - Y[i, c] * S[i, c], c), i)
    return 1 / m * Sum(log(Sum(exp(S[i, d]), d)) - Sum(Y[i, c] * S[i, c], c), i)
