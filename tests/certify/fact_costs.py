"""Random costs whose data have facts: matrices, sets, rows, positive letters, partial penalties.

Many of them are traps: they bend one way for all data as declared, and another way for data that
only lie in the hull of what is declared. The draws here share nothing with the judge's.
"""

from fractions import Fraction

import numpy as np

from derive.notation import (
    BINARY,
    COUNTS,
    NONNEGATIVE,
    POSITIVE,
    Axis,
    Cases,
    Num,
    Problem,
    Sum,
    When,
    absolute,
    data,
    define,
    exp,
    log,
    parameter,
    relu,
    sigmoid,
    softplus,
    sqrt,
    step,
)
from derive.notation.expression import Delta
from derive.notation.facts import has
from derive.notation.interval import finite
from derive.notation.tree import tensors_in
from tests.fuzz.dual_numbers import seeded

m, n, K = Axis("m"), Axis("n"), Axis("K")
i, r, s = m.index("i"), m.index("r"), m.index("s")
q = n.less(1).index("q")
j, k, l, c, d = n.index("j"), n.index("k"), n.index("l"), K.index("c"), K.index("d")
X = data("X", m, n)
y, t, w = (
    data("y", m, domain=finite(-1, 1)),
    data("t", m, domain=BINARY),
    data("w", m, domain=NONNEGATIVE),
)
N, g = data("N", m, domain=COUNTS), data("g", m, domain=finite(0, 1, 3))
Y, P = data("Y", m, K, facts=("one-hot rows",)), data("P", m, K, facts=("rows sum to one",))
R = data("R", m, K, domain=NONNEGATIVE, facts=("rows sum to one",))
G = data("G", m, m, facts=("positive semidefinite",))
S = data("S", n, n, facts=("positive definite",))
B, A = data("B", n, n, facts=("symmetric",)), data("A", n, n)
D = data("D", n, n, facts=("diagonal",))
E = data("E", n, n, domain=NONNEGATIVE, facts=("diagonal",))
Q = data("Q", n, n, facts=("orthogonal",))
u = data("u", n, domain=NONNEGATIVE)
lam, mu = data("lambda_", domain=NONNEGATIVE), data("mu", domain=POSITIVE)
theta, b, tau = parameter("theta", n), parameter("b"), parameter("tau", domain=POSITIVE)
alpha, V = parameter("alpha", m), parameter("V", n, K)
p = parameter("p", n, domain=POSITIVE)

z = define("z", i, Sum(X[i, j] * theta[j], j))
f = define("f", i, Sum(G[i, r] * alpha[r], r))
Z = define("Z", i, c, Sum(X[i, j] * V[j, c], j))
DATA = (X, y, t, w, N, g, Y, P, R, G, S, B, A, D, E, Q, u, lam, mu)
PARAMETERS = (theta, b, tau, alpha, V, p)
HALF = Fraction(1, 2)


def jump(v, low, high):
    return Cases(((When(v, ">", Num(Fraction(0))), high),), low)


class Writer:
    """Writes one cost."""

    def __init__(self, seed) -> None:
        self.rng = seeded(f"facts {seed}")

    def pick(self, *options):
        return self.rng.choice(options)()

    def score(self):
        return self.pick(
            lambda: z[i], lambda: z[i], lambda: z[i] + b(), lambda: f[i], lambda: b() - N[i],
            lambda: tau() - w[i], lambda: y[i] * z[i], lambda: (2 * t[i] - 1) * z[i],
        )  # fmt: skip

    def loss(self, v):
        return self.pick(
            lambda: v**2, lambda: softplus(v) - t[i] * v, lambda: softplus(-y[i] * v),
            lambda: exp(v) - N[i] * v, lambda: absolute(v - g[i]), lambda: relu(1 - y[i] * v),
            lambda: sqrt(mu() + v**2), lambda: v**4, lambda: sigmoid(v), lambda: log(1 + v**2),
            lambda: -absolute(v), lambda: step(v), lambda: relu(v) ** 2, lambda: v**3,
            lambda: jump(v, v**2, v**2 + t[i]), lambda: jump(v, v**2, v**2 - 3),
            lambda: jump(v, -v, 2 * v), lambda: jump(v, v, -v),
            lambda: -log(sigmoid(y[i] * v)),
            lambda: -t[i] * log(sigmoid(v)) - (1 - t[i]) * log(1 - sigmoid(v)),
        )  # fmt: skip

    def weight(self):
        return self.pick(
            lambda: Num(Fraction(1)), lambda: Num(Fraction(1)), lambda: w[i], lambda: y[i] ** 2,
            lambda: y[i], lambda: t[i], lambda: 1 - t[i], lambda: N[i], lambda: -w[i],
            lambda: lam(), lambda: 1 - y[i] ** 2, lambda: t[i] * (1 - t[i]), lambda: y[i] ** 2 - 1,
            lambda: g[i] * (g[i] - 1) * (g[i] - 3), lambda: N[i] * (N[i] - 1), lambda: g[i] - HALF,
            lambda: t[i] - t[i] ** 2, lambda: G[i, i], lambda: y[i] ** 2 + y[i],
        )  # fmt: skip

    def form(self):
        return self.pick(
            lambda: Sum(theta[j] * S[j, k] * theta[k], k, j),
            lambda: Sum(theta[j] * B[j, k] * theta[k], k, j),
            lambda: Sum(theta[j] * (S[j, k] - S[k, j]) * theta[k], k, j),
            lambda: Sum(theta[j] * D[j, k] * theta[k], k, j),
            lambda: Sum(theta[j] * E[j, k] * theta[k], k, j),
            lambda: Sum((1 - Delta(j, k)) * D[j, k] * theta[j] * theta[k], k, j),
            lambda: Sum(theta[j] * Q[l, j] * Q[l, k] * theta[k], l, k, j),
            lambda: Sum(theta[j] * Q[j, k] * theta[k], k, j),
            lambda: Sum(alpha[i] * G[i, r] * alpha[r], r, i),
            lambda: Sum(alpha[i] * G[i, s] * G[s, r] * alpha[r], s, r, i),
            lambda: Sum(alpha[i] * G[i, r] * G[i, r] * alpha[r], r, i),
            lambda: Sum(alpha[i] * y[i] * G[i, r] * y[r] * alpha[r], r, i),
            lambda: Sum(G[i, i] * b() ** 2, i),
            lambda: Sum(A[j, k] * p[j] * p[k], k, j),
            lambda: Sum(E[j, j] * p[j] ** 3, j),
            lambda: Sum(log(Sum(exp(Z[i, c]), c)) - Sum(Y[i, c] * Z[i, c], c), i),
            lambda: -Sum(Sum(Y[i, c] * log(exp(Z[i, c]) / Sum(exp(Z[i, d]), d)), c), i),
            lambda: -Sum(Sum(R[i, c] * log(exp(Z[i, c]) / Sum(exp(Z[i, d]), d)), c), i),
            lambda: -Sum(Sum(P[i, c] * log(exp(Z[i, c]) / Sum(exp(Z[i, d]), d)), c), i),
            lambda: Sum(log(Sum(exp(Z[i, c]), c)) - log(Sum(Y[i, c] * exp(Z[i, c]), c)), i),
            lambda: Sum((1 - Sum(P[i, c], c)) * (b() ** 3), i),
            lambda: Sum(Sum(Y[i, c] * (Y[i, c] - 1), c) * -(z[i] ** 2), i),
            lambda: -log(tau()) + mu() * tau(), lambda: tau() * log(tau()), lambda: tau() ** 3,
            lambda: -Sum(log(p[j]), j), lambda: Sum(p[j] * log(p[j]), j), lambda: b() * tau(),
            lambda: Sum(z[i] ** 2, i) / tau(), lambda: Sum(y[i] ** 2 * (z[i] - y[i]) ** 2, i),
            lambda: Sum(R[i, c] * softplus(Z[i, c]), c, i),
            lambda: Sum(P[i, c] * softplus(Z[i, c]), c, i),
        )  # fmt: skip

    def penalty(self):
        """A penalty on all entries of a parameter or on some, with weights of all kinds."""
        plain = (lambda: lam() / 2, lambda: mu() / 2, lambda: Num(Fraction(1)))
        scale = self.pick(
            *plain, *plain, *plain,
            lambda: lam() * mu(), lambda: 1 / (2 * m) * lam(), lambda: -lam(),
            lambda: b() ** 2 + 1, lambda: 1 / tau(), lambda: exp(b()), lambda: Sum(w[i], i),
            lambda: Sum(t[i], i), lambda: Sum(G[i, i], i), lambda: Sum(N[i] - t[i], i),
        )  # fmt: skip
        whole = (
            lambda: Sum(theta[j] ** 2, j), lambda: Sum(theta[j] ** 2, j) + b() ** 2,
            lambda: Sum(alpha[i] ** 2, i), lambda: Sum(V[j, c] ** 2, c, j),
        )  # fmt: skip
        return scale * self.pick(
            *whole, *whole, *whole,
            lambda: Sum(theta[j] ** 2, (j, 2, n)), lambda: Sum(theta[q] ** 2, q),
            lambda: Sum(theta[q + 1] ** 2, q), lambda: Sum((theta[q + 1] - theta[q]) ** 2, q),
            lambda: Sum(u[j] * theta[j] ** 2, j), lambda: Sum(D[j, j] * theta[j] ** 2, j),
            lambda: Sum(theta[j] ** 2, j) - theta[1] ** 2, lambda: theta[1] ** 2,
            lambda: Sum(theta[j] * Delta(j, k) * theta[k], k, j),
            lambda: Sum(Delta(j, k) * theta[j] ** 2, k, j), lambda: Sum(V[j, 1] ** 2, j),
            lambda: Sum(t[i] * alpha[i] ** 2, i), lambda: Sum(p[j] ** 2, j), lambda: tau() ** 2,
            lambda: Sum(theta[j] ** 4, j), lambda: Sum(Q[j, k] ** 2 * theta[k] ** 2, k, j),
        )  # fmt: skip

    def cost(self):
        rng, terms = self.rng, []
        if rng.random() < 0.3:
            return Sum(self.weight() * self.loss(z[i]), i) + self.penalty()
        if rng.random() < 0.6:
            inner = self.loss(self.score())
            terms.append(Sum(self.weight() * inner, i))
        if rng.random() < 0.4 or not terms:
            terms.append(self.form())
        if rng.random() < 0.6:
            terms.append(self.penalty())
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total


def fact_problem(seed):
    """A cost over the letters that it uses, or None where it has no parameter."""
    cost = Writer(seed).cost()
    used = set(tensors_in(cost))
    known = tuple(x for x in (z, f, Z) if x.tensor in used)
    for definition in known:
        used |= set(tensors_in(definition.body))
    parameters = tuple(x for x in PARAMETERS if x in used)
    if not parameters:
        return None
    given = tuple(x for x in DATA if x in used)
    return Problem(f"facts_{seed}", "Facts", given, parameters, cost, known)


# ---------------------------------------------------------------- draws and checks in NumPy


def arrays_of(problem, rng, sizes, scale):
    """Values that have all declared facts; `scale` says how far out."""
    return {
        x.name: drawn(x, rng, [sizes[a.root] - a.cut for a in x.axes], scale)
        for x in (*problem.data, *problem.parameters)
    }


def drawn(x, rng, shape, scale):
    """One array with the facts of a tensor."""
    domain = x.domain
    if has(x, "one-hot rows"):
        return np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]
    if has(x, "rows sum to one"):
        if domain.low >= 0:
            return rng.dirichlet(np.full(shape[-1], 0.7), size=shape[:-1])
        free = rng.normal(size=shape) * scale
        free[..., -1] = 1 - free[..., :-1].sum(axis=-1)
        return free
    if has(x, "orthogonal"):
        return np.linalg.qr(rng.normal(size=shape))[0]
    if has(x, "positive semidefinite"):
        rank = shape[0] if has(x, "positive definite") else int(rng.integers(1, shape[0] + 1))
        root = rng.normal(size=(rank, shape[0]))
        return scale * (root.T @ root + 0.1 * np.eye(shape[0]) * has(x, "positive definite"))
    if domain.members:
        values = rng.choice([float(v) for v in domain.members], size=shape)
    elif domain.integer:
        low, high = max(float(domain.low), -4.0), min(float(domain.high), 4.0)
        values = rng.integers(int(low), int(high) + 1, size=shape).astype(float)
    elif domain.low == 0:
        values = scale * rng.gamma(1.0, size=shape) + 1e-3
        if not domain.low_open:
            values = values * (rng.random(size=shape) < 0.7)
    else:
        values = scale * rng.normal(size=shape)
    values = np.asarray(values, dtype=float)
    if has(x, "diagonal"):
        return np.diag(np.diagonal(values))
    return (values + values.T) / 2 if has(x, "symmetric") else values


def violates(x, values) -> str:
    """What is declared of a tensor and does not hold of an array, by NumPy."""
    v, domain, near = np.asarray(values, dtype=float), x.domain, 1e-12
    if np.any(v < float(domain.low)) or np.any(v > float(domain.high)):
        return "interval"
    if (domain.low_open and np.any(v == float(domain.low))) or (
        domain.high_open and np.any(v == float(domain.high))
    ):
        return "open end"
    if domain.integer and np.any(v != np.rint(v)):
        return "integer"
    if domain.members and not np.isin(v, [float(member) for member in domain.members]).all():
        return "set"
    if has(x, "rows sum to one") and not np.allclose(v.sum(axis=-1), 1, atol=near):
        return "rows"
    if has(x, "one-hot rows") and not np.isin(v, (0.0, 1.0)).all():
        return "one-hot"
    if has(x, "symmetric") and not np.array_equal(v, v.T):
        return "symmetric"
    if has(x, "diagonal") and np.any(v - np.diag(np.diagonal(v))):
        return "diagonal"
    if has(x, "orthogonal") and not np.allclose(v.T @ v, np.eye(len(v)), atol=near):
        return "orthogonal"
    if has(x, "positive semidefinite"):
        least = np.linalg.eigvalsh(v)[0]
        if least < -near * max(1, np.abs(v).max()):
            return "semidefinite"
        if has(x, "positive definite") and least <= near:
            return "definite"
    return ""
