"""Random costs, each with one kind of construct much more often than a user would write it.

The kinds: cases and kinks, products over an index, exponents with entries, the newer functions,
inverses and log determinants, facts of matrices, letters that definitions bind again and again,
per-sample losses with offsets and weights, and arrays over three axes.
"""

from __future__ import annotations

from fractions import Fraction

from derive.notation import (
    BINARY,
    COUNTS,
    OPEN_UNIT,
    POSITIVE,
    Cases,
    Definition,
    Delta,
    Phi,
    Problem,
    Product,
    Sum,
    When,
    absolute,
    atan,
    cauchy_cdf,
    cauchy_hazard,
    cosh,
    data,
    define,
    digamma,
    erf,
    erfc,
    exp,
    expm1,
    gumbel_cdf,
    gumbel_hazard,
    hazard,
    inverse,
    log,
    log1p,
    log_cauchy_cdf,
    log_cosh,
    log_gamma,
    log_gumbel_cdf,
    log_normal_cdf,
    logdet,
    maximum,
    minimum,
    parameter,
    relu,
    sigmoid,
    sinh,
    softplus,
    tanh,
)
from derive.notation.functions import clip, smooth_relu
from derive.notation.tree import free_indices, tensors_in
from tests.fuzz.costs import DATA, LETTERS, K, Writer, _fitted, m, n
from tests.fuzz.dual_numbers import seeded
from tests.fuzz.networks import Weaver

X, y, Y = data("X", m, n), data("y", m), data("Y", m, K)
omega, offset = data("omega", m, domain=POSITIVE), data("o", m)
label, count = data("t", m, domain=BINARY), data("N", m, domain=COUNTS)
lambda_, share = data("lambda_", domain=POSITIVE), data("p", m, domain=OPEN_UNIT)
theta, phi, b = parameter("theta", n), parameter("phi", m), parameter("b")
tau = parameter("tau", domain=POSITIVE)
W, G = parameter("W", n, K), parameter("G", n, n)
LAMBDA = parameter("Lambda", n, n, facts=("positive definite",))
SIGMA = parameter("Sigma", n, n, facts=("symmetric",))
SQUARE = (
    data("S", n, n, facts=("symmetric",)), data("P", n, n, facts=("positive definite",)),
    data("D", n, n, facts=("diagonal",)), data("O", n, n, facts=("orthogonal",)),
    data("E", n, n, facts=("positive semidefinite",)),
    data("Z", m, m, facts=("symmetric",)), data("M", m, m, facts=("positive definite",)),
)  # fmt: skip
CUBES = (
    data("T3", m, n, K), data("M3", n, n, K), data("R3", m, m, n), data("X", m, n), data("C", n, K)
)  # fmt: skip
ANYWHERE = (
    expm1, sinh, cosh, log_cosh, erf, erfc, Phi, log_normal_cdf, hazard, cauchy_cdf,
    log_cauchy_cdf, cauchy_hazard, gumbel_cdf, log_gumbel_cdf, gumbel_hazard, smooth_relu, clip,
)  # fmt: skip


class Wide(Writer):
    """Writes formulas in which one kind of construct is frequent."""

    def __init__(self, rng, tensors, kind) -> None:
        super().__init__(rng, tensors)
        self.kind, self.matrices = kind, []

    def leaf(self, free, positive=False):
        """An entry, or where the letters at hand fit nothing but constants, often a linear form."""
        rng = self.rng
        if rng.random() < (0.12 if free else 0.6):
            used = {k.letter for k in free}
            spare = [a.index(s) for a in LETTERS for s in LETTERS[a] if s not in used]
            rng.shuffle(spare)
            for inner in spare[:4]:
                inside = [*free, inner]
                factors = [Writer.leaf(self, inside, positive) for _ in range(2)]
                moves = any(t.role == "parameter" for f in factors for t in tensors_in(f))
                if all(inner in free_indices(f) for f in factors) and (moves or positive):
                    return Sum(factors[0] * factors[1], inner)
        return super().leaf(free, positive)

    def formula(self, free, depth):
        construct = getattr(self, f"_{self.kind}", None)
        if construct is not None and depth > 0 and self.rng.random() < 0.3:
            return construct(free, depth - 1)
        return super().formula(free, depth)

    def _cases(self, free, depth):
        """A kink, a maximum, or two or three branches."""
        rng = self.rng
        kind, one = rng.random(), self.formula(free, depth)
        if kind < 0.35:
            return rng.choice((absolute, relu))(one)
        two = self.formula(free, depth)
        if kind < 0.6:
            return rng.choice((maximum, minimum))(one, two)
        tests = [When(one, rng.choice(("<", "<=", ">", ">=")), two)]
        known = [t for t in self.tensors if t.domain.integer and len(t.axes) == 1]
        rows = [k for k in free if k.axis == m]
        if known and rows and rng.random() < 0.5:
            tests.insert(0, When(rng.choice(known)[rng.choice(rows)], "=", 1))
        branches = tuple((test, self.formula(free, depth)) for test in tests)
        return Cases(branches, self.formula(free, depth))

    def _products(self, free, depth):
        """A product over a letter, of positive factors or not, perhaps under a logarithm."""
        whole = self.total(free, depth + 1, positive=self.rng.random() < 0.6)
        if not isinstance(whole, Sum):
            return whole
        factor = self.rng.choice((sigmoid, softplus, exp, lambda t: t, lambda t: 1 + t**2))
        out = Product(factor(whole.body), (whole.index, whole.lower, whole.upper))
        fits = factor in (sigmoid, softplus, exp)
        return log(out) if fits and self.rng.random() < 0.5 else out

    def _exponents(self, free, depth):
        """A power whose exponent has entries."""
        rng, rows = self.rng, [k for k in free if k.axis == m]
        counted = [t for t in self.tensors if t.domain.integer]
        if counted and rows and rng.random() < 0.35:
            return self.formula(free, depth) ** rng.choice(counted)[rng.choice(rows)]
        if rng.random() < 0.2:
            return 2 ** self.formula(free, depth)
        return self.positive(free, depth) ** self.formula(free, depth)

    def _functions(self, free, depth):
        """One of the newer rows of the table, where it is defined."""
        rng = self.rng
        if rng.random() < 0.75:
            return rng.choice(ANYWHERE)(self.formula(free, depth))
        if rng.random() < 0.2:
            given = [t for t in self.tensors if t.role == "data" and t.domain.positive]
            rows = [k for k in free if k.axis == m]
            vectors = [t for t in given if t.axes == (m,)]
            if vectors and rows:
                return digamma(rng.choice(vectors)[rng.choice(rows)])
        return rng.choice((log1p, log_gamma))(self.positive(free, depth))

    def _inverses(self, free, depth):
        """A log determinant, an entry of an inverse, or a quadratic form with one."""
        rng = self.rng
        matrix = rng.choice(self.matrices)
        tensor = matrix.tensor if isinstance(matrix, Definition) else matrix
        axis = tensor.axes[0]
        letters = [k for k in free if k.axis == axis]
        kind = rng.random()
        if kind < 0.3:
            return logdet(matrix)
        if kind < 0.6 and letters:
            return inverse(matrix)[rng.choice(letters), rng.choice(letters)]
        used = {k.letter for k in free}
        spare = [s for s in {m: "irsa", n: "jklq"}[axis] if s not in used][:2]
        if len(spare) < 2:
            return self.leaf(free)
        one, two = (axis.index(letter) for letter in spare)
        if kind < 0.7:
            return Sum(inverse(matrix)[one, one], one)
        if letters and kind < 0.85:
            at = rng.choice(letters)
            return Sum(inverse(matrix)[at, one] * self.formula([one], depth), one)
        left, right = self.formula([*free, one], 1), self.formula([*free, two], 1)
        if one not in free_indices(left) or two not in free_indices(right):
            return logdet(matrix)
        return Sum(left * inverse(matrix)[one, two] * right, two, one)


def _shadowing(rng, writer, depth):
    """Three to five quantities on one another, with two letters for each axis."""
    out, pairs = [], {m: "ir", n: "jk", K: "cd"}
    for name in ("z", "h", "R", "u", "w")[: rng.choice((3, 4, 5))]:
        for _ in range(20):
            axes = rng.choice(((m,), (m,), (n,), (K,), (m, n), (n, m), (m, m), (n, n), ()))
            letters = [rng.choice((pairs[a], pairs[a][::-1])) for a in axes]
            indices = [
                a.index(s[axes[:at].count(a)])
                for at, (a, s) in enumerate(zip(axes, letters, strict=True))
            ]
            if len(set(indices)) < len(indices):
                continue
            body = writer.formula(indices, depth)
            if set(free_indices(body)) == set(indices) and tensors_in(body):
                out.append(define(name, *indices, body))
                writer.tensors += [out[-1].tensor] * 4
                break
    return tuple(out)


def _matrices(rng):
    """Invertible matrices: given, and defined by data and parameters."""
    i, j, k, r = m.index("i"), n.index("j"), n.index("k"), m.index("r")
    scale = rng.choice((lambda_(), exp(b()), 1 + b() ** 2))
    weight = rng.choice((omega[i], exp(phi[i]), Fraction(1)))
    gram = Sum(weight * X[i, j] * X[i, k], i) if weight != 1 else Sum(X[i, j] * X[i, k], i)
    spread = rng.choice((theta[j] ** 2 + 1, exp(theta[j]), scale))
    l = n.index("l")
    return [
        define("A", j, k, gram + scale * Delta(j, k)),
        define("A", j, k, Sum(G[j, l] * G[k, l], l) + lambda_() * Delta(j, k)),
        define("A", j, k, SQUARE[1][j, k] + spread * Delta(j, k)),
        define("A", j, k, SQUARE[1][j, k] + theta[j] * theta[k]),
        define("A", i, r, scale * Sum(X[i, j] * X[r, j], j) + omega[i] * Delta(i, r)),
        define("A", i, r, exp(-(tau() * (y[i] - y[r]) ** 2)) + Delta(i, r),),
        SQUARE[1], SQUARE[6], LAMBDA,
    ]  # fmt: skip


KINDS = (
    "cases", "products", "exponents", "functions", "inverses", "facts", "shadowed", "samples",
    "cubes", "blocks",
)  # fmt: skip
POOL = (
    *(t for t in DATA if t.name != "S"), label, count, share, offset, *SQUARE[:2],
)  # fmt: skip
PARAMETERS = (
    (theta,), (theta, b), (W,), (tau, theta), (theta, phi), (G,), (b,), (theta, W, b), (phi, tau),
)  # fmt: skip


def kind_problem(kind: str, seed: int) -> Problem | None:
    """The problem of a kind and a seed, or None where the draw makes no sense as a problem."""
    rng = seeded(f"{kind} {seed}")
    name = f"{kind}_{seed}"
    if kind in ("facts", "cubes"):
        return _woven(kind, rng, name)
    parameters, definitions, pool, depth = rng.choice(PARAMETERS), (), POOL, rng.choice((2, 3, 3))
    given = rng.sample(pool, 4)
    if kind in ("cases", "exponents"):
        given += [label, count]
    if kind == "blocks":
        parameters = (theta, phi, b, tau, W)[: rng.choice((3, 4, 5))]
        given = rng.sample(pool, 3)
    writer = Wide(rng, [*given, *parameters, *parameters], kind)
    if kind == "shadowed":
        definitions = _shadowing(rng, writer, rng.choice((1, 2)))
    if kind == "samples":
        return _sampled(rng, name)
    if kind == "inverses":
        matrix = rng.choice(_matrices(rng))
        definitions = (matrix,) if isinstance(matrix, Definition) else ()
        writer.matrices = [matrix]
        inside = set(tensors_in(matrix.body)) if definitions else {matrix}
        moving = [t for t in inside if t.role == "parameter"]
        parameters = tuple(dict.fromkeys((*sorted(moving, key=lambda t: t.name), *parameters[:1])))
        writer.tensors += [*parameters, *(t for t in inside if t.role == "data")]
    for _ in range(30):
        cost = _cost(rng, writer, depth)
        if kind == "inverses":
            cost = writer._inverses([], 2) + rng.choice((cost, Fraction(0)))
        elif rng.random() < 0.5:
            cost = cost + writer.formula([], depth)
        everything = dict.fromkeys((*pool, *SQUARE, X, y, omega, lambda_, *CUBES))
        known = {t.name: t for t in reversed(everything)}
        known |= {t.name: t for t in writer.tensors if t.role == "data"}
        problem = _fitted(name, cost, parameters, definitions, tuple(known.values()))
        if problem is not None:
            return problem
    return None


def _cost(rng, writer, depth):
    """A sum over rows, over rows and columns or over classes, mostly; else any total."""
    axes = rng.choice(((m,), (n,), (m,), (m, K), (m, n), (n, n), None))
    if axes is None:
        return writer.total([], depth)
    letters = [a.index(LETTERS[a][axes[:at].count(a)]) for at, a in enumerate(axes)]
    construct = getattr(writer, f"_{writer.kind}", writer.formula)
    body = construct(letters, depth - 1) if rng.random() < 0.7 else writer.formula(letters, depth)
    free = [k for k in letters if k in free_indices(body)]
    return Sum(body, *free) if free else writer.total([], depth)


def _woven(kind, rng, name):
    """Sums of products of matrices with facts, or of arrays over three axes."""
    if kind == "facts":
        own = rng.choice(((G,), (theta,), (SIGMA,), (LAMBDA,), (W,), (phi,), (theta, phi)))
        pool = (*rng.sample(SQUARE, 3), X, Y)
    else:
        own = rng.choice(
            ((parameter("B3", m, n, K),), (parameter("B3", n, n, K),), (theta,), (W,), (phi, W))
        )
        pool = (*rng.sample(CUBES, 3), y)
    weaver = Weaver(rng, [*pool, *own])
    for _ in range(20):
        cost = weaver.term()
        if rng.random() < 0.4:
            cost = cost + weaver.term()
        everything = {t.name: t for t in (*DATA, X, Y, omega)}
        everything |= {t.name: t for t in pool}
        problem = _fitted(name, cost, own, (), tuple(everything.values()))
        if problem is not None:
            return problem
    return None


def _sampled(rng, name):
    """A mean over samples of a loss of a score, with offsets and weights."""
    i, j = m.index("i"), n.index("j")
    extra = rng.choice((None, b(), offset[i], offset[i] + b()))
    score = Sum(X[i, j] * theta[j], j)
    z = define("z", i, score if extra is None else score + extra)
    kind = rng.choice(("plain", "cases", "functions", "exponents"))
    seen = [z.tensor] * 5 + [rng.choice((y, label, count, share)), omega]
    if rng.random() < 0.3:
        seen.append(tau)
    writer = Wide(rng, seen, kind)
    for _ in range(20):
        loss = writer.formula([i], rng.choice((2, 3)))
        loss = rng.choice((1, omega[i])) * rng.choice((lambda t: t, softplus, tanh, atan))(loss)
        cost = rng.choice((1 / m, 1 / m, 1)) * Sum(loss, i)
        if rng.random() < 0.4:
            cost = cost + lambda_() / 2 * Sum(theta[j] ** 2, j)
        if i not in free_indices(loss) or z.tensor not in tensors_in(loss):
            continue
        pool = (X, y, label, count, share, omega, offset, lambda_)
        problem = _fitted(name, cost, (theta, b, tau), (z,), pool)
        if problem is not None:
            return problem
    return None
