"""Which costs are means of a loss of one linear score, and what is claimed about them."""

import importlib
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from derive.certify.bounds import supremum
from derive.certify.linear_predictor import linear_predictor
from derive.certify.sample_loss import sample_loss
from derive.judge import judge
from derive.notation import (
    NONNEGATIVE,
    POSITIVE,
    UNIT,
    Axis,
    Interval,
    Problem,
    Sum,
    cos,
    data,
    define,
    exp,
    log,
    parameter,
    sigmoid,
    sin,
    softplus,
    tanh,
)
from derive.notation.expression import Indicator
from derive.notation.validate import validate
from derive.record import Proof
from tests.fuzz.dual_numbers import Jet, jets
from tests.fuzz.literal import Literal
from tests.fuzz.whole import drawn, made, mistakes, reference

m, n = Axis("m"), Axis("n")
i, r, j, q = m.index("i"), m.index("r"), n.index("j"), n.index("q")
X, X2, y = data("X", m, n), data("X2", m, n), data("y", m, domain=UNIT)
s, o = data("s", m, domain=POSITIVE), data("o", m)
theta, b, phi = parameter("theta", n), parameter("b"), parameter("phi", m)
lam = data("lambda_", domain=POSITIVE)
z = define("z", i, Sum(X[i, j] * theta[j], j))
h = define("h", i, sigmoid(z[i]))
z_offset = define("z", i, Sum(X[i, j] * theta[j], j) + o[i])
z_bias = define("z", i, Sum(X[i, j] * theta[j], j) + b())
z_late = define("z", i, Sum(X[i, j] * theta[j], (j, 2, n)))
z_twice = define("z", i, Sum(X[i, j] * theta[j] * theta[j], j))
z_square = define("z", i, Sum(X[i, j] ** 2 * theta[j], j))
centred = define("t", i, o[i] - 1 / m * Sum(o[r], r))
total = define("t", Sum(o[r], r))
half = 1 / (2 * m)


def square(score, target=o):
    return half * Sum((score[i] - target[i]) ** 2, i)


CATALOGUE = {
    "logistic": (True, Fraction(1, 4)),
    "least_squares": (True, Fraction(1)),
    "poisson": (True, None),
    "sigmoid_squares": (False, None),
}

# Costs that look like linear models. True: is one. None: must not be taken for one.
COSTS = {
    "least squares": ((X, o), (theta,), (z,), square(z), True),
    "factor at the end": ((X, o), (theta,), (z,), Sum((z[i] - o[i]) ** 2, i) / m, True),
    "the mean inside": ((X, o), (theta,), (z,), Sum((z[i] - o[i]) ** 2 / m, i), True),
    "theta first": (
        (X, o), (theta,), (zt := define("z", i, Sum(theta[j] * X[i, j], j)),), square(zt), True,
    ),
    "weights": ((X, o, s), (theta,), (z,), half * Sum(s[i] * (z[i] - o[i]) ** 2, i), True),
    "sums over other letters": (
        (X, o), (theta,), (z,), half * Sum((z[r] - o[r]) ** 2, r), True,
    ),
    "an extra use of theta": (
        (X, o), (theta,), (z,), square(z) + Sum(theta[j] ** 2, j), None,
    ),
    "theta in every sample": (
        (X, o), (theta,), (z,), half * Sum((z[i] - o[i]) ** 2 * Sum(theta[j] ** 2, j), i), None,
    ),
    "X again": ((X, o), (theta,), (z,), half * Sum((z[i] - X[i, q] * o[i]) ** 2, i, q), None),
    "X again in a definition": (
        (X, o), (theta,), (z, (e := define("e", i, Sum(X[i, q], q)))),
        half * Sum((z[i] - e[i] - o[i]) ** 2, i), None,
    ),
    "another score": (
        (X, X2, o), (theta,), (z, (z2 := define("z2", i, Sum(X2[i, j] * theta[j], j)))),
        half * Sum((z[i] - z2[i] * o[i]) ** 2, i), None,
    ),
    "a weighted mean": (
        (X, o, s), (theta,), (z,), Sum(s[i] * (z[i] - o[i]) ** 2, i) / Sum(s[i], i), None,
    ),
    "an offset": ((X, o, s), (theta,), (z_offset,), square(z_offset, s), None),
    "two parameters": ((X, o), (theta, b), (z_bias,), square(z_bias), None),
    "a parameter of samples": (
        (X, o), (theta, phi), (z,), half * Sum((z[i] - o[i] * phi[i]) ** 2, i), None,
    ),
    "a later start of the score": ((X, o), (theta,), (z_late,), square(z_late), None),
    "a later start of the mean": (
        (X, o), (theta,), (z,), half * Sum((z[i] - o[i]) ** 2, (i, 2, m)), None,
    ),
    "theta squared in the score": ((X, o), (theta,), (z_twice,), square(z_twice), None),
    "X squared in the score": ((X, o), (theta,), (z_square,), square(z_square), None),
    "pairs of samples": ((X,), (theta,), (z,), Sum(Sum((z[i] - z[r]) ** 2, i), r) / m, None),
    "the square of the mean": (
        (X, o), (theta,), (z,), (1 / m * Sum(z[i] * o[i], i)) ** 2, None,
    ),
    "a mean over features": (
        (X, o), (theta,), (z,), 1 / n * Sum((z[i] - o[i]) ** 2, i), None,
    ),
    "the sum": ((X, o), (theta,), (z,), Sum((z[i] - o[i]) ** 2, i), None),
    "a number as weight": (
        (X, o, lam), (theta,), (z,), lam() / m * Sum((z[i] - o[i]) ** 2, i), True,
    ),
    "a target centred over all samples": (
        (X, o), (theta,), (z, centred), half * Sum((z[i] - centred[i]) ** 2, i), None,
    ),
    "a total over all samples": (
        (X, o), (theta,), (z, total), half * Sum((z[i] - total()) ** 2, i), None,
    ),
    "all samples but the first": (
        (X, o), (theta,), (z,), half * Sum(Indicator(i, 2) * (z[i] - o[i]) ** 2, i), None,
    ),
}  # fmt: skip


def found(name, cost=None):
    given, parameters, definitions, cost, _ = COSTS[name]
    problem = Problem("certified", "certified", given, parameters, cost, definitions)
    validate(problem)
    return problem, linear_predictor(problem, sample_loss(problem))


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_catalogue(name) -> None:
    problem = importlib.import_module(f"derive.problems.{name}").PROBLEM
    linear = made(problem).program.linear
    assert linear is not None
    assert (linear.convex, linear.bound) == CATALOGUE[name]
    assert (linear.matrix.name, linear.parameter.name, linear.score.tensor.name) == (
        "X",
        "theta",
        "z",
    )
    assert [t.name for t in linear.others] == ["y"]
    right_claims(problem, linear)


def right_claims(problem, linear) -> None:
    """Loss, slope and curvature against the literal cost, and the judge on the claims."""
    assert judge(Proof(problem, linear.claims)).passed
    for seed in range(3):
        sizes, arrays = drawn(problem, seed)
        point = Literal(sizes, arrays, problem.all_definitions)
        samples = range(1, sizes[linear.sample.axis] + 1)
        values = {
            name: np.array([point.value(part.last, {linear.sample: p}) for p in samples])
            for name, part in (("loss", linear.loss), ("slope", linear.slope),
                               ("curvature", linear.curvature))
        }  # fmt: skip
        jet = reference(problem, sizes, arrays)
        A, count = arrays[linear.matrix.name], len(samples)
        assert np.isclose(values["loss"].mean(), jet.v, rtol=1e-12)
        assert np.allclose(A.T @ values["slope"] / count, jet.g, rtol=1e-10, atol=1e-12)
        weighted = A.T @ (values["curvature"][:, None] * A) / count
        assert np.allclose(weighted, jet.h, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", COSTS)
def test_lookalikes(name) -> None:
    problem, linear = found(name)
    if COSTS[name][-1] is None:
        assert linear is None
        return
    assert linear is not None
    right_claims(problem, linear)
    if linear.convex:
        assert curvatures(problem, linear).min() >= -1e-12


@pytest.mark.parametrize("name", COSTS)
def test_lookalikes_are_right_all_the_same(name) -> None:
    given, parameters, definitions, cost, _ = COSTS[name]
    problem = Problem("certified", "certified", given, parameters, cost, definitions)
    whole = made(problem)
    for seed in range(3):
        sizes, _ = drawn(problem, seed, {m: 3, n: 2} if seed else {m: 2, n: 3})
        assert mistakes(problem, seed, whole, sizes) == []


def curvatures(problem, linear):
    """The second derivative of one sample's loss by its score, at many scores and data."""
    rng = np.random.default_rng(5)
    sample = linear.sample
    out = []
    for _ in range(400):
        arrays = {linear.matrix.name: np.ones((1, 1)), linear.parameter.name: rng.normal(0, 3, 1)}
        for t in linear.others:
            low, high = max(float(t.domain.low), -3.0), min(float(t.domain.high), 3.0)
            arrays[t.name] = rng.choice([rng.uniform(low, high), low + 1e-9, high - 1e-9], 1)
        sizes = {sample.axis: 1, linear.parameter.axes[0]: 1}
        moving = jets({linear.parameter.name: arrays[linear.parameter.name]})
        value = Literal(sizes, arrays | moving, problem.definitions).value(problem.cost)
        out.append(value.h[0, 0] if isinstance(value, Jet) else 0.0)
    return np.array(out)


t = data("t", domain=Interval(0, 1))
LOSSES = {
    "logistic": (-(y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i])), (z, h), y),
    "softplus": (softplus(z[i]) - y[i] * z[i], (z,), y),
    "squares": ((z[i] - o[i]) ** 2, (z,), o),
    "fourth powers": ((z[i] - o[i]) ** 4, (z,), o),
    "cubes": ((z[i] - o[i]) ** 3, (z,), o),
    "exponential": (exp(-z[i] * o[i]), (z,), o),
    "sigmoid squares": ((h[i] - y[i]) ** 2, (z, h), y),
    "cosines": (cos(z[i] - o[i]), (z,), o),
    "pseudo-Huber": ((1 + (z[i] - o[i]) ** 2) ** Fraction(1, 2), (z,), o),
    "Cauchy": (log(1 + (z[i] - o[i]) ** 2), (z,), o),
    "tanh": (tanh(z[i]) * o[i], (z,), o),
    "a wave on a square": ((z[i] - o[i]) ** 2 + sin(z[i]) / 2, (z,), o),
    "weighted by any number": (o[i] * z[i] ** 2, (z,), o),
    "weighted": (s[i] * z[i] ** 2, (z,), s),
    "gamma": (z[i] + s[i] * exp(-z[i]), (z,), s),
    "half logistic": (softplus(z[i]) / 2 - y[i] * z[i] / 2, (z,), y),
}


@pytest.mark.parametrize("name", LOSSES)
def test_convexity_and_bounds_hold_at_sampled_points(name) -> None:
    loss, definitions, target = LOSSES[name]
    problem = Problem("c", "c", (X, target), (theta,), 1 / m * Sum(loss, i), definitions)
    linear = linear_predictor(problem, sample_loss(problem))
    assert linear is not None
    right_claims(problem, linear)
    sampled = curvatures(problem, linear)
    if linear.convex:
        assert sampled.min() >= -1e-9
    if linear.bound is not None:
        assert sampled.max() <= float(linear.bound) + 1e-9


EXPECTED = {
    "logistic": (True, Fraction(1, 4)), "softplus": (True, Fraction(1, 4)),
    "squares": (True, Fraction(2)), "fourth powers": (True, None), "cubes": (False, None),
    "exponential": (True, None), "sigmoid squares": (False, None), "cosines": (False, None),
    "Cauchy": (False, None), "tanh": (False, None), "weighted by any number": (False, None),
    "weighted": (True, None), "gamma": (True, None), "half logistic": (True, Fraction(1, 8)),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_convexity_and_bounds_are_the_known_ones(name) -> None:
    loss, definitions, target = LOSSES[name]
    problem = Problem("c", "c", (X, target), (theta,), 1 / m * Sum(loss, i), definitions)
    linear = linear_predictor(problem, sample_loss(problem))
    assert linear is not None
    assert (linear.convex, linear.bound) == EXPECTED[name]


u = t()
SUPREMA = {
    "u(1-u)": (u * (1 - u), Fraction(1, 4)),
    "u^2(1-u)": (u**2 * (1 - u), Fraction(4, 27)),
    "u": (u, Fraction(1)),
    "1-u": (1 - u, Fraction(1)),
    "3": (3 + 0 * u, Fraction(3)),
    "u - u^4": (u - u**4, None),
}


@pytest.mark.parametrize("name", SUPREMA)
def test_suprema_of_polynomials(name) -> None:
    e, exact = SUPREMA[name]
    got = supremum(e, ())
    grid = [Literal({}, {"t": np.array(k / 1000)}).value(e) for k in range(1001)]
    assert got is not None
    assert max(grid) <= float(got) + 1e-12
    if exact is not None:
        assert got == exact
    else:  # an irrational maximum, rounded up
        with mpmath.workdps(40):
            root = mpmath.mpf(1) / mpmath.cbrt(4)
            assert 0 <= float(got) - float(root - root**4) < 2e-3


def test_no_bound_is_claimed_on_an_unbounded_domain() -> None:
    assert supremum(data("p", domain=NONNEGATIVE)() ** 2, ()) is None
    assert supremum(exp(data("p")()), ()) is None
