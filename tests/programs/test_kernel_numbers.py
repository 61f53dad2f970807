"""The generated functions of the catalogue against fifty digits, and at extreme scores."""

import importlib
from functools import cache
from itertools import product

import mpmath
import numpy as np
import pytest

from tests.fuzz.dual_numbers import mp_number
from tests.fuzz.literal import Literal
from tests.fuzz.whole import made

NAMES = ("least_squares", "logistic", "poisson", "sigmoid_squares")
EPS = np.finfo(float).eps


@cache
def whole(name):
    return made(importlib.import_module(f"derive.problems.{name}").PROBLEM)


def exact_array(values):
    return np.vectorize(lambda t: mpmath.mpf(float(t)), otypes=[object])(np.asarray(values, float))


def cost_in_fifty_digits(name, theta, X, y):
    problem = whole(name).proof.problem
    sizes = {"m": X.shape[0], "n": X.shape[1]}
    return Literal(sizes, {"X": X, "y": y, "theta": theta}, problem.definitions, mp_number).value(
        problem.cost
    )


def moved(theta, *moves):
    out = theta.copy()
    for k, by in moves:
        out[k] = out[k] + by
    return out


def data(name, m, n, seed=0):
    rng = np.random.default_rng(seed)
    X, theta, v = rng.normal(size=(m, n)), rng.normal(size=n), rng.normal(size=n)
    y = rng.poisson(2.0, m).astype(float) if name == "poisson" else rng.integers(0, 2, m) * 1.0
    return theta, v, X, y


@pytest.mark.parametrize("shape", [(5, 3), (3, 4), (1, 3), (4, 1), (1, 1)])
@pytest.mark.parametrize("name", NAMES)
def test_against_differences_in_fifty_digits(name, shape) -> None:
    theta, v, X, y = data(name, *shape)
    module, n = whole(name).module, shape[1]
    with mpmath.workdps(60), np.errstate(all="raise", under="ignore"):
        t, A, b = exact_array(theta), exact_array(X), exact_array(y)
        step = mpmath.mpf(10) ** -15

        def cost(*moves):
            return cost_in_fifty_digits(name, moved(t, *moves), A, b)

        value = module["cost"](theta, X, y)
        assert type(value) is float
        assert abs(value - cost()) < 1e-14 * max(1, abs(value))
        slopes = [float((cost((k, step)) - cost((k, -step))) / (2 * step)) for k in range(n)]
        gradient = module["gradient"](theta, X, y)
        assert gradient.shape == (n,)
        assert np.allclose(gradient, slopes, rtol=1e-12, atol=1e-13)
        H = np.empty((n, n))
        for k, l in product(range(n), repeat=2):
            signs = product((1, -1), repeat=2)
            mixed = sum(a * c * cost((k, a * step), (l, c * step)) for a, c in signs)
            H[k, l] = float(mixed / (4 * step**2))
        hessian = module["hessian"](theta, X, y)
        assert hessian.shape == (n, n)
        assert np.allclose(hessian, H, rtol=1e-11, atol=1e-13)
        assert np.allclose(module["hvp"](theta, v, X, y), H @ v, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_single_precision_in_is_right_to_single_precision(name) -> None:
    theta, v, X, y = data(name, 6, 3)
    module = whole(name).module
    single = [a.astype(np.float32) for a in (theta, v, X, y)]
    for function, args, less in (
        ("cost", (theta, X, y), (single[0], *single[2:])),
        ("gradient", (theta, X, y), (single[0], *single[2:])),
        ("hessian", (theta, X, y), (single[0], *single[2:])),
        ("hvp", (theta, v, X, y), single),
    ):
        with np.errstate(all="raise", under="ignore"):
            value = module[function](*less)
        exact = module[function](*args)
        assert np.all(np.isfinite(value))
        assert np.allclose(value, exact, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_arguments_are_not_changed_and_integers_are_welcome(name) -> None:
    theta, v, X, y = data(name, 6, 3)
    module, X = whole(name).module, np.round(3 * X)
    copies = [a.copy() for a in (theta, v, X, y)]
    wanted = module["hvp"](theta, v, X, y)
    for a, b in zip((theta, v, X, y), copies, strict=True):
        assert np.array_equal(a, b)
    whole_numbers = (X.astype(int), y.astype(int))
    # Products of whole and floating numbers are added in another order.
    assert np.allclose(module["hvp"](theta, v, *whole_numbers), wanted, rtol=1e-12, atol=1e-14)
    assert np.isclose(
        module["cost"](theta, *whole_numbers), module["cost"](theta, X, y), rtol=1e-15
    )


SCORES = np.array([0, 1e-300, 1e-20, 1e-8, 0.5, 1, 10, 36.5, 37, 40, 300, 700, 709.7, 745, 800, 1e5,
                   1e100, 1e154, 1e200, 1e308])  # fmt: skip
SCORES = np.concatenate([SCORES, -SCORES])


def sigma(z):
    return 1 / (1 + mpmath.exp(-z)) if z > -1000 else mpmath.exp(z)


def log_loss(z, y):
    soft = (z if z > 1000 else mpmath.log1p(mpmath.exp(z))) if z > -1000 else mpmath.mpf(0)
    other = mpmath.mpf(0) if z > 1000 else mpmath.log1p(mpmath.exp(-z)) if z > -1000 else -z
    return y * other + (1 - y) * soft


# loss, slope and curvature of one sample as a textbook has them
EXACT = {
    "logistic": (log_loss, lambda z, y: sigma(z) - y, lambda z, y: sigma(z) * sigma(-z)),
    "least_squares": (
        lambda z, y: (z - y) ** 2 / 2, lambda z, y: z - y, lambda z, y: mpmath.mpf(1),
    ),
    "sigmoid_squares": (
        lambda z, y: (sigma(z) - y) ** 2 / 2,
        lambda z, y: (sigma(z) - y) * sigma(z) * sigma(-z),
        lambda z, y: (h := sigma(z)) * sigma(-z) * (h * sigma(-z) + (h - y) * (1 - 2 * h)),
    ),
    "poisson": (
        lambda z, y: mpmath.exp(z) - y * z,
        lambda z, y: mpmath.exp(z) - y,
        lambda z, y: mpmath.exp(z),
    ),
}  # fmt: skip
LARGEST, SMALLEST = np.finfo(float).max, 5e-324


@pytest.mark.parametrize("target", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("name", NAMES)
def test_one_sample_at_extreme_scores(name, target) -> None:
    """Finite, without a warning, and right wherever the exact value is a number of this machine.

    Absolute accuracy near cancellation (h - y): a few units of rounding of the larger operand.
    """
    module, y = whole(name).module, np.full(1, target)
    scores = SCORES[SCORES < 705] if name == "poisson" else SCORES
    with mpmath.workdps(400 if name != "least_squares" else 700):
        for function, exact in zip(("loss", "slope", "curvature"), EXACT[name], strict=True):
            for z in scores:
                wanted = exact(mpmath.mpf(float(z)), mpmath.mpf(target))
                if abs(wanted) > LARGEST:
                    continue
                with np.errstate(all="raise", under="ignore"):
                    got = module[function](np.array([z]), y)
                assert got.shape == (1,)
                assert np.isfinite(got).all(), (function, z)
                # e^z of a large z is only as good as NumPy's exp: some units in the last place
                scale = max(abs(wanted), 1 if name != "least_squares" else abs(float(target)))
                gap = abs(mpmath.mpf(float(got[0])) - wanted)
                assert gap <= 8 * EPS * scale + SMALLEST, (function, z)


@pytest.mark.parametrize("name", ["logistic", "sigmoid_squares"])
def test_curvature_and_slope_keep_their_digits_in_the_tails(name) -> None:
    """Relative accuracy where no difference cancels: y = 0 to the left, y = 1 to the right."""
    module = whole(name).module
    with mpmath.workdps(400):
        for z in np.concatenate([np.linspace(-700, -1, 60), np.linspace(1, 700, 60)]):
            y = np.array([0.0 if z < 0 else 1.0])
            exact = EXACT[name][2](mpmath.mpf(float(z)), mpmath.mpf(float(y[0])))
            with np.errstate(all="raise", under="ignore"):
                got = module["curvature"](np.array([z]), y)[0]
            if name == "logistic":
                assert abs(got - exact) <= 8 * EPS * abs(exact), z
            elif z < 0 and abs(exact) > 1e-300:
                assert abs(got - exact) <= 20 * EPS * abs(exact), z


@pytest.mark.parametrize("name", ["logistic", "sigmoid_squares", "poisson"])
@pytest.mark.parametrize("size", [1e2, 1e8, 1e150, 1e300])
def test_whole_costs_at_extreme_parameters(name, size) -> None:
    _, v, X, y = data(name, 6, 2)
    theta = np.array([size, -size / 3])
    module = whole(name).module
    if name == "poisson":
        X = -np.abs(X)
        theta = np.abs(theta)
        v = v / 10
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(module["cost"](theta, X, y))
        assert np.isfinite(module["gradient"](theta, X, y)).all()
        assert np.isfinite(module["hessian"](theta, X, y)).all()
        assert np.isfinite(module["hvp"](theta, v, X, y)).all()


@pytest.mark.parametrize("name", NAMES)
def test_predictions(name) -> None:
    module = whole(name).module
    z = np.array([-2.0, 0.0, 3.0])
    right = {"least_squares": z, "poisson": np.exp(z)}.get(name, 1 / (1 + np.exp(-z)))
    assert np.allclose(module["prediction"](z), right, rtol=1e-15)


def gumbel_logarithm(z):
    """log(1 - exp(-e^z)); beyond z = 10 it is 0 to all digits of the machine."""
    return mpmath.log(-mpmath.expm1(-mpmath.exp(z))) if z < 10 else mpmath.mpf(0)


@pytest.mark.parametrize("score", [40.0, 800.0, -40.0, -800.0])
@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize(("name", "side"), [("complementary_log_log", 1), ("log_log", -1)])
def test_a_weight_of_zero_switches_an_exponential_off(name, side, target, score) -> None:
    """(1 - y) e^z with y = 1 is 0 for z = 800 too, where e^z is no number of the machine."""
    module, z, y = whole(name).module, np.array([score]), np.array([target])
    up, of = side * score, target if side > 0 else 1 - target
    if of == 0 and up > 709:
        return  # the loss is e^800 itself
    with mpmath.workdps(60), np.errstate(all="raise", under="ignore"):
        exact = -gumbel_logarithm(mpmath.mpf(up)) if of else mpmath.exp(up)
        assert abs(module["loss"](z, y)[0] - exact) <= 8 * EPS * max(1, exact)
        out = np.empty((12, 1))
        module["fused"](z, y, out)
        for row, function in enumerate(("loss", "slope", "curvature")):
            assert out[row] == module[function](z, y)
            assert np.isfinite(out[row]).all()
        X, theta = np.ones((1, 1)), z
        assert abs(module["cost"](theta, X, y) - exact) <= 8 * EPS * max(1, exact)
        assert np.isfinite(module["gradient"](theta, X, y)).all()
        assert np.isfinite(module["hessian"](theta, X, y)).all()
