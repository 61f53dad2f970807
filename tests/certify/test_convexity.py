"""Certificates of convexity: which rule proves what, and that sampled Hessians never disagree."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest

from derive.certify.certificate import certified
from derive.certify.convexity import Composer
from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.certify.shapes import function_outers
from derive.errors import ProblemError
from derive.judge import judge_certificate
from derive.notation import (
    NONNEGATIVE,
    POSITIVE,
    UNIT,
    Axis,
    Cases,
    Interval,
    Num,
    Problem,
    Product,
    Sum,
    When,
    absolute,
    atan,
    data,
    define,
    exp,
    inverse,
    log,
    log_normal_cdf,
    logdet,
    parameter,
    relu,
    sigmoid,
    softplus,
    sqrt,
    step,
    tanh,
)
from derive.notation.functions import FUNCTIONS
from derive.notation.tree import tensors_in
from derive.notation.validate import validate
from derive.readers.file import catalogue
from tests.fuzz.costs import random_problem
from tests.fuzz.dual_numbers import VALUES, mp_number, seeded
from tests.fuzz.literal import Literal
from tests.fuzz.whole import drawn, reference

m, n, K = Axis("m"), Axis("n"), Axis("K")
i, r, j, q, c = m.index("i"), m.index("r"), n.index("j"), n.index("q"), K.index("c")
X, y, w = data("X", m, n), data("y", m, domain=UNIT), data("w", m, domain=NONNEGATIVE)
R = data("R", m, m, domain=UNIT)
A = data("A", m, n)
S = data("S", n, n, facts=("symmetric", "positive definite"))
lam = data("lambda_", domain=NONNEGATIVE)
mu = data("mu", domain=POSITIVE)
theta, b, W = parameter("theta", n), parameter("b"), parameter("W", n, K)
U, V = parameter("U", m, K), parameter("V", n, K)
tau = parameter("tau", domain=POSITIVE)
omega, phi = parameter("omega", m, domain=POSITIVE), parameter("phi", m)

score = Sum(X[i, j] * theta[j], j)
z = define("z", i, score)
Z = define("Z", i, c, Sum(X[i, j] * W[j, c], j))
shifted = define("s", i, y[i] - z[i])
fit = define("F", i, j, Sum(U[i, c] * V[j, c], c))


def problem(cost, *definitions, parameters=(theta,), name="case"):
    return Problem(name, name, (X, y, w, R, A, S, lam, mu), parameters, cost, definitions)


def kind(cost, *definitions, parameters=(theta,)):
    return Composer(problem(cost, *definitions, parameters=parameters), parameters).shape(cost).kind


def rules(certificate):
    return {reason.rule for argument in certificate.arguments for reason in argument.reasons}


PROVED = [
    ("square", Sum((z[i] - y[i]) ** 2, i), (z,), (theta,), "power"),
    ("even power", Sum(w[i] * z[i] ** 4, i), (z,), (theta,), "power"),
    ("product of equals", Sum(z[i] * z[i], i), (z,), (theta,), "power"),
    ("norm", sqrt(Sum(theta[j] ** 2, j)), (), (theta,), "norm"),
    ("smoothed norm", Sum(sqrt(1 + (shifted[i] / mu()) ** 2), i), (z, shifted), (theta,), "norm"),
    ("root power", Sum((mu() + theta[j] ** 2) ** Fraction(1, 2), j), (), (theta,), "norm"),
    ("absolute", Sum(absolute(z[i] - y[i]), i), (z,), (theta,), "composition"),
    ("squared hinge", Sum(relu(1 - z[i]) ** 2, i), (z,), (theta,), "power"),
    ("quadratic form", Sum(Sum(theta[j] * S[j, q] * theta[q], q), j), (), (theta,),
     "quadratic-form"),
    ("Gram", Sum(Sum(Sum(X[i, j] * theta[j] * X[i, q] * theta[q], q), j), i), (), (theta,),
     "square"),
    ("two scalars", Sum(softplus(z[i] + b()) - y[i] * (z[i] + b()), i), (z,), (theta, b),
     "composition"),
    ("log loss", -1 / m * Sum(y[i] * log(sigmoid(z[i] + b()))
                              + (1 - y[i]) * log(1 - sigmoid(z[i] + b())), i), (z,), (theta, b),
     "one-score"),
    ("softmax", Sum(log(Sum(exp(Z[i, c]), c)) - Sum(Z[i, c], c), i), (Z,), (W,), "log-sum-exp"),
    ("softmax by names", -Sum(Sum(y[i] * log(exp(Z[i, c]) / Sum(exp(Z[i, c]), c)), c), i), (Z,),
     (W,), "log-sum-exp"),
    ("Cox", Sum(w[i] * (log(Sum(R[i, r] * exp(z[r]), r)) - z[i]), i), (z,), (theta,),
     "log-sum-exp"),
    ("geometric", Sum(exp(theta[j] + 2 * b()), j) - b(), (), (theta, b), "composition"),
    ("no name", Sum(exp(score) - y[i] * score, i), (), (theta,), "composition"),
    ("no name, one score", Sum(log(1 + exp(score + b())), i), (), (theta, b), "log-sum-exp"),
    ("log-cosh", Sum(log(exp(shifted[i]) + exp(-shifted[i])), i), (z, shifted), (theta,),
     "log-sum-exp"),
    ("barrier", -log(tau()) + tau(), (), (tau,), "composition"),
    ("reciprocal", 1 / tau(), (), (tau,), "power"),
    ("increasing of convex", Sum(softplus(z[i] ** 2), i), (z,), (theta,), "composition"),
    ("quadratic over linear", Sum((z[i] - y[i]) ** 2, i) / tau(), (z,), (theta, tau),
     "quadratic-over-linear"),
    ("gamma", Sum(mu() * exp(-z[i]) + z[i], i), (z,), (theta,), "composition"),
]  # fmt: skip


@pytest.mark.parametrize(("cost", "definitions", "moving", "rule"), [c[1:] for c in PROVED],
                         ids=[c[0] for c in PROVED])  # fmt: skip
def test_rules_prove_and_the_judge_agrees(cost, definitions, moving, rule) -> None:
    made = problem(cost, *definitions, parameters=moving)
    certificate, _ = certified(made)
    assert certificate.convexity == "convex"
    assert rule in rules(certificate)
    assert [step.message for step in judge_certificate(certificate) if not step.passed] == []
    assert smallest(made, moving, range(6)) >= -1e-9


TRAPS = [
    ("pole", Sum(z[i] ** -2, i), (z,), (theta,)),
    ("log of a square", -Sum(log(z[i] ** 2), i), (z,), (theta,)),
    ("minus a root", -Sum(sqrt(z[i] ** 2), i), (z,), (theta,)),
    ("minus a corner", -Sum(relu(z[i]), i), (z,), (theta,)),
    ("a jump", -Sum(step(z[i]), i), (z,), (theta,)),
    ("a jump in a slope", -Sum(absolute(z[i]), i), (z,), (theta,)),
    ("cube", Sum(z[i] ** 3, i), (z,), (theta,)),
    ("unknown weight", Sum(X[i, j] * theta[j] ** 2, j, i), (), (theta,)),
    ("decreasing of convex", Sum(exp(-(z[i] ** 2)), i), (z,), (theta,)),
    ("indefinite form", Sum(Sum(theta[j] * A[i, j] * theta[q], q), j, i), (), (theta,)),
    ("product", b() * tau(), (), (b, tau)),
    ("square over square", Sum(z[i] ** 2, i) / tau() ** 2, (z,), (theta, tau)),
    ("sigmoid", Sum(sigmoid(z[i]), i), (z,), (theta,)),
    ("difference", Sum(z[i] ** 2, i) - Sum(z[i] ** 4, i), (z,), (theta,)),
    ("product of affine", Sum(z[i] * (z[i] - 3 * theta[j]), i, j), (z,), (theta,)),
    ("product of negatives", -log(Product(z[i], i)), (z,), (theta,)),
]  # fmt: skip


@pytest.mark.parametrize(("cost", "definitions", "moving"), [c[1:] for c in TRAPS],
                         ids=[c[0] for c in TRAPS])  # fmt: skip
def test_traps_are_not_called_convex(cost, definitions, moving) -> None:
    certificate, _ = certified(problem(cost, *definitions, parameters=moving))
    assert not certificate.convex
    assert [step.message for step in judge_certificate(certificate) if not step.passed] == []


def test_the_logarithm_of_a_likelihood() -> None:
    certificate, _ = certified(problem(-log(Product(sigmoid(z[i]), i)), z))
    assert certificate.convex
    assert "one-score" in rules(certificate)
    assert all(step.passed for step in judge_certificate(certificate))


def test_one_parameter_at_a_time() -> None:
    cost = Sum(Sum((A[i, j] - fit[i, j]) ** 2, j), i)
    made = problem(cost, fit, parameters=(U, V))
    certificate, _ = certified(made)
    assert certificate.convexity == "not convex"
    assert certificate.witness is not None
    assert [a.parameters for a in certificate.arguments] == [(U,), (V,)]
    assert all(step.passed for step in judge_certificate(certificate))
    for p in (U, V):
        assert smallest(made, (p,), range(4)) >= -1e-9


def test_strong_convexity() -> None:
    fitted = Sum((z[i] - y[i]) ** 2, i)
    ridge, _ = certified(problem(fitted + lam() / 2 * Sum(theta[j] ** 2, j), z))
    assert ridge.modulus == lam()
    partly, _ = certified(problem(fitted + lam() / 2 * Sum(theta[j] ** 2, (j, 2, n)), z))
    assert partly.convex
    assert partly.modulus is None
    both = fitted + 3 * Sum(theta[j] ** 2, j)
    assert certified(problem(both, z))[0].modulus is not None
    assert certified(problem(both + b(), z, parameters=(theta, b)))[0].modulus is None
    # Only the square and what is taken off it again are convex together, not each on its own.
    less = b() ** 2 - b() ** 2 / 2
    assert certified(problem(less, parameters=(b,)))[0].modulus is None


def test_log_det_and_the_inverse() -> None:
    Theta = parameter("T", n, n, facts=("symmetric", "positive definite"))
    free = parameter("T", n, n)
    glasso = Sum(Sum(S[j, q] * Theta[q, j], q), j) - logdet(Theta)
    assert kind(glasso, parameters=(Theta,)) == "convex"
    assert kind(Sum(inverse(Theta)[j, j], j), parameters=(Theta,)) == "convex"
    assert kind(logdet(Theta), parameters=(Theta,)) == "concave"
    # A positive determinant does not make a matrix positive definite.
    assert kind(-logdet(free), parameters=(free,)) == "unknown"
    design = define("M", j, q, Sum(omega[i] * X[i, j] * X[i, q], i))
    assert kind(-logdet(design), design, parameters=(omega,)) == "convex"
    assert kind(Sum(inverse(design)[j, j], j), design, parameters=(omega,)) == "convex"
    signed = define("M", j, q, Sum(phi[i] * X[i, j] * X[i, q], i))
    assert kind(-logdet(signed), signed, parameters=(phi,)) == "unknown"
    crossed = define("M", j, q, Sum(omega[i] * X[i, j] * A[i, q], i))
    assert kind(-logdet(crossed), crossed, parameters=(omega,)) == "unknown"


# ---------------------------------------------------------------- the table of functions


def value(function, t):
    if function.name in VALUES:
        return VALUES[function.name][1](t)
    there = Literal({}, {}, (), mp_number)
    return there.applied(function, t)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
@pytest.mark.parametrize("values", [Interval(), NONNEGATIVE, Interval(high=0), Interval(0, 1)])
def test_rows_bend_as_they_say(function, values) -> None:
    if values.high <= function.domain.low:
        return  # nothing of it lies where the function is defined
    with mpmath.workdps(40):
        low = max(values.low, function.domain.low, -8) + Fraction(1, 97)
        high = min(values.high, function.domain.high, 8)
        grid = [mp_number(Fraction(low + (high - low) * Fraction(k, 60))) for k in range(61)]
        at = [value(function, t) for t in grid]
        for outer in function_outers(function, values):
            middle = [value(function, (a + b) / 2) for a, b in pairwise(grid)]
            gaps = [(a + b) / 2 - c for a, b, c in zip(at, at[1:], middle, strict=False)]
            wide = [(a + b) / 2 - c for a, c, b in zip(at, at[5:], at[10:], strict=False)]
            sign = 1 if outer.bend == "convex" else -1
            assert min(sign * gap for gap in gaps + wide) > -1e-30
            rises = [b - a for a, b in pairwise(at)]
            if outer.way is not None:
                turn = 1 if outer.way == "increasing" else -1
                assert min(turn * rise for rise in rises) > -1e-30


def test_what_rows_are_known_to_bend() -> None:
    everywhere = {f.name for f in FUNCTIONS if function_outers(f, f.domain)}
    assert {"exp", "log", "sqrt", "softplus", "relu", "absolute", "log_normal_cdf", "hazard"} <= (
        everywhere
    )
    assert not everywhere & {"sigmoid", "tanh", "sin", "cos", "step", "sign", "normal_cdf"}


# ---------------------------------------------------------------- sampled Hessians


def among_symmetric(H, moving, sizes):
    """The Hessian along directions in which symmetric matrices stay symmetric."""
    blocks = []
    for t in moving:
        shape = [sizes[a] for a in t.axes]
        eye = np.eye(int(np.prod(shape))).reshape(*shape, -1)
        if t.facts:
            eye = (eye + eye.swapaxes(0, 1)) / 2
        blocks.append(eye.reshape(eye.shape[-1], eye.shape[-1]))
    ends = np.cumsum([0, *(len(b) for b in blocks)])
    P = np.zeros((ends[-1], ends[-1]))
    for start, stop, block in zip(ends, ends[1:], blocks, strict=False):
        P[start:stop, start:stop] = block
    return P @ H @ P


def smallest(made: Problem, moving, seeds) -> float:
    """The smallest eigenvalue of literal Hessians at random points, relative to their size."""
    worst = 0.0
    for seed in seeds:
        sizes, arrays = drawn(made, seed)
        with np.errstate(all="ignore"):
            try:
                jet = reference(replace(made, parameters=moving), sizes, arrays)
            except (OverflowError, ZeroDivisionError, ValueError):
                continue
        if np.isfinite(jet.h).all() and jet.h.size:
            jet.h = among_symmetric(jet.h, moving, sizes)
            scale = max(1.0, float(np.abs(jet.h).max()))
            worst = min(worst, float(np.linalg.eigvalsh(jet.h)[0]) / scale)
    return worst


COSTS = [subject for subject in catalogue() if isinstance(subject, Problem)]


@pytest.mark.parametrize("cost", COSTS, ids=lambda p: p.name)
def test_the_catalogue(cost: Problem) -> None:
    certificate, _ = certified(cost)
    for argument in certificate.arguments:
        assert smallest(cost, argument.parameters, range(4)) >= -1e-9
    if certificate.witness is not None:
        assert bends_down(cost, certificate.witness)
    assert all(step.passed for step in judge_certificate(certificate))


def bends_down(made: Problem, witness) -> bool:
    """Whether the literal cost's second derivative along the witness's line is negative."""
    sizes = dict(witness.sizes)

    def array(pair):
        tensor, entries = pair
        return np.array([float(x) for x in entries]).reshape([sizes[a] for a in tensor.axes])

    count = len(witness.direction)
    arrays = {pair[0].name: array(pair) for pair in witness.values[:-count]}
    starts = witness.values[-count:]
    arrays |= {p.name: array(s) for p, s in zip(made.parameters, starts, strict=True)}
    v = np.concatenate([array(pair).ravel() for pair in witness.direction])
    curvature = v @ reference(made, sizes, arrays).h @ v
    assert curvature == pytest.approx(witness.approximately, rel=1e-2)
    return bool(curvature < 0)


def fuzz(seeds, draw_problem) -> dict[str, int]:
    counts = {"convex": 0, "not convex": 0, "not certified": 0, "curved": 0}
    for seed in seeds:
        made = draw_problem(seed)
        if made is None:
            continue
        certificate, _ = certified(made)
        counts[certificate.convexity] += 1
        for argument in certificate.arguments:
            counts["curved"] += bool({"power", "composition"} & rules(certificate))
            assert smallest(made, argument.parameters, range(3)) >= -1e-8, (seed, argument)
        if certificate.witness is not None:
            assert bends_down(made, certificate.witness), seed
    return counts


class Bent:
    """Writes costs that are often convex, and often just not."""

    UNARY = (exp, log, sqrt, softplus, relu, absolute, sigmoid, log_normal_cdf, tanh, atan)
    POWERS = (2, 3, 4, -1, -2, Fraction(1, 2), Fraction(3, 2))

    def __init__(self, seed) -> None:
        self.rng = seeded(f"bent {seed}")

    def affine(self):
        rng = self.rng
        terms = [z[i], b(), tau(), y[i], mu(), -z[i], 2 * z[i], 1 - y[i] * z[i], w[i] * tau()]
        chosen = rng.sample(terms, rng.choice((1, 1, 2)))
        return chosen[0] if len(chosen) == 1 else chosen[0] + chosen[1]

    def term(self, depth):
        rng = self.rng
        kind = rng.random()
        if depth <= 0 or kind < 0.15:
            return self.affine()
        if kind < 0.5:
            return rng.choice(self.UNARY)(self.term(depth - 1))
        if kind < 0.65:
            return self.term(depth - 1) ** rng.choice(self.POWERS)
        if kind < 0.78:
            return self.term(depth - 1) + self.term(depth - 1)
        if kind < 0.86:
            return log(exp(self.term(depth - 1)) + mu() * exp(self.affine()))
        if kind < 0.92:
            return self.affine() ** 2 / rng.choice((tau(), 1 + tau(), mu(), tau() ** 2))
        weight = rng.choice((w[i], mu(), -mu(), y[i], 1 - y[i], Fraction(-2), X[i, j]))
        inner = weight * self.term(depth - 1)
        return Sum(inner, j) if weight == X[i, j] else inner


def bent_problem(seed):
    cost = Sum(Bent(seed).term(3), i)
    used, known = set(tensors_in(cost)), (z,) if z.tensor in tensors_in(cost) else ()
    used |= {X, theta} if known else set()
    moving = tuple(p for p in (theta, b, tau) if p in used)
    made = replace(problem(cost, *known, parameters=moving), name=f"bent_{seed}")
    made = replace(made, data=tuple(t for t in made.data if t in used))
    try:
        validate(made)
    except ProblemError:
        return None
    return made if moving else None


def test_random_costs() -> None:
    counts = fuzz(range(60), random_problem)
    assert counts["convex"] >= 2
    assert counts["not convex"] >= 20


def test_random_bent_costs() -> None:
    counts = fuzz(range(50), bent_problem)
    assert counts["curved"] >= 5
    assert counts["not convex"] >= 5


@pytest.mark.slow
def test_many_random_costs() -> None:
    assert sum(fuzz(range(60, 700), random_problem).values()) > 300
    assert sum(fuzz(range(50, 3000), bent_problem).values()) > 300


@pytest.mark.parametrize(
    ("right", "left", "convex"),
    [
        (lambda z: z**2, lambda z: z**2 + 5, False),  # a step down
        (lambda z: z**2 - 3 * z, lambda z: z**2, False),  # the slope jumps down
        (lambda z: z**2, lambda z: 0 * z, True),  # value and slope agree at 0
    ],
)
def test_pieces_must_fit_together(right, left, convex) -> None:
    m, n = Axis("m"), Axis("n")
    i, j = m.index("i"), n.index("j")
    X, theta = data("X", m, n), parameter("theta", n)
    z = define("z", i, Sum(X[i, j] * theta[j], j))
    loss = Cases(((When(z[i], ">", Num(Fraction(0))), right(z[i])),), left(z[i]))
    cost = Problem("pieces", "Pieces", (X,), (theta,), 1 / m * Sum(loss, i), (z,))
    linear = linear_predictor(cost, sample_loss(cost))
    for found in (certified(cost, linear)[0], certified(cost)[0]):
        assert found.convexity == ("convex" if convex else "not certified")
