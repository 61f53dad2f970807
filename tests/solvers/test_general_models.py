"""Costs of several shapes with kernels written by hand, and that their derivatives are right."""

import numpy as np
import pytest

from generated.solvers import GeneralModel, Target, Variable

UNIT = Target(0.0, 1.0, text="a number in [0, 1]")


def softmax(Z):
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    return P / P.sum(axis=1, keepdims=True)


def softmax_cost(Theta, X, Y):
    Z = X @ Theta
    top = Z.max(axis=1, keepdims=True)
    sums = np.log(np.exp(Z - top).sum(axis=1)) + top[:, 0]
    return float((sums - (Y * Z).sum(axis=1)).mean())


def softmax_hvp(Theta, v, X, _Y):
    P, U = softmax(X @ Theta), X @ v
    return X.T @ (P * (U - (P * U).sum(axis=1, keepdims=True))) / len(X)


def together(*functions):
    """One function with a result for each parameter."""
    return lambda *args: tuple(f(*args) for f in functions)


def blocks(value):
    """One array for each parameter."""
    return value if isinstance(value, tuple) else (value,)


SOFTMAX = GeneralModel(
    name="softmax",
    cost=softmax_cost,
    gradient=lambda Theta, X, Y: X.T @ (softmax(X @ Theta) - Y) / len(X),
    hvp=softmax_hvp,
    parameters=(Variable("Theta", ("n", "K")),),
    data=(Variable("X", ("m", "n")), Variable("Y", ("m", "K"), UNIT)),
    convex=True,
)


def sigmoid(z):
    T = np.exp(-np.abs(z))
    return np.exp(np.minimum(z, 0.0)) / (1.0 + T)


def log_loss(w, b, X, y, s):
    z = X @ w + b
    return float(s @ (np.logaddexp(0.0, z) - y * z) / s.sum())


def log_loss_bend(w, b, v_w, v_b, X, s):
    h = sigmoid(X @ w + b)
    return s / s.sum() * h * (1.0 - h) * (X @ v_w + v_b)


WEIGHTED_LOGISTIC = GeneralModel(
    name="weighted_logistic",
    cost=log_loss,
    gradient=together(
        lambda w, b, X, y, s: X.T @ (s * (sigmoid(X @ w + b) - y)) / s.sum(),
        lambda w, b, X, y, s: float(s @ (sigmoid(X @ w + b) - y) / s.sum()),
    ),
    hvp=together(
        lambda w, b, v_w, v_b, X, y, s: X.T @ log_loss_bend(w, b, v_w, v_b, X, s),
        lambda w, b, v_w, v_b, X, y, s: float(log_loss_bend(w, b, v_w, v_b, X, s).sum()),
    ),
    parameters=(Variable("w", ("n",)), Variable("b")),
    data=(
        Variable("X", ("m", "n")),
        Variable("y", ("m",), Target(0.0, 1.0, text="y in [0, 1]")),
        Variable("s", ("m",), Target(0.0, np.inf, text="s >= 0")),
    ),
    convex=True,
)

FACTORISATION = GeneralModel(
    name="factorisation",
    cost=lambda U, V, A: 0.5 * float(((U @ V.T - A) ** 2).sum()),
    gradient=together(
        lambda U, V, A: (U @ V.T - A) @ V,
        lambda U, V, A: (U @ V.T - A).T @ U,
    ),
    hvp=together(
        lambda U, V, v_U, v_V, A: (v_U @ V.T + U @ v_V.T) @ V + (U @ V.T - A) @ v_V,
        lambda U, V, v_U, v_V, A: (v_U @ V.T + U @ v_V.T).T @ U + (U @ V.T - A).T @ v_U,
    ),
    parameters=(Variable("U", ("m", "d")), Variable("V", ("n", "d"))),
    data=(Variable("A", ("m", "n")),),
    convex=False,
)


def rosenbrock_gradient(x):
    g = np.zeros_like(x)
    g[:-1] = -400.0 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2.0 * (1.0 - x[:-1])
    g[1:] += 200.0 * (x[1:] - x[:-1] ** 2)
    return g


def rosenbrock_hvp(x, v):
    Hv = np.zeros_like(x)
    Hv[:-1] = (1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0) * v[:-1] - 400.0 * x[:-1] * v[1:]
    Hv[1:] += 200.0 * v[1:] - 400.0 * x[:-1] * v[:-1]
    return Hv


ROSENBROCK = GeneralModel(
    name="rosenbrock",
    cost=lambda x: float((100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()),
    gradient=rosenbrock_gradient,
    hvp=rosenbrock_hvp,
    parameters=(Variable("x", ("n",)),),
    data=(),
    convex=False,
)

QUADRATIC = GeneralModel(
    name="quadratic",
    cost=lambda x, A, c: float(0.5 * x @ A @ x - c @ x),
    gradient=lambda x, A, c: A @ x - c,
    hvp=lambda x, v, A, c: A @ v,
    parameters=(Variable("x", ("n",)),),
    data=(Variable("A", ("n", "n"), facts=("symmetric",)), Variable("c", ("n",))),
    convex=True,
)


def rayleigh_hvp(x, v, A):
    q, r = x @ A @ x, x @ x
    g = 2.0 * (A @ x - q / r * x) / r
    return 2.0 * (A @ v - q / r * v - (g @ v) * x) / r - 2.0 * (x @ v) / r * g


RAYLEIGH = GeneralModel(
    name="rayleigh",
    cost=lambda x, A: float(x @ A @ x / (x @ x)),
    gradient=lambda x, A: 2.0 * (A @ x - (x @ A @ x) / (x @ x) * x) / (x @ x),
    hvp=rayleigh_hvp,
    parameters=(Variable("x", ("n",)),),
    data=(Variable("A", ("n", "n"), facts=("symmetric",)),),
    convex=False,
)

# The negative log-likelihood of a normal sample: mu any number, t > 0 the variance.
NORMAL = GeneralModel(
    name="normal",
    cost=lambda mu, t, y: float(0.5 * np.log(t) + ((y - mu) ** 2).mean() / (2.0 * t)),
    gradient=together(
        lambda mu, t, y: float((mu - y).mean() / t),
        lambda mu, t, y: float(0.5 / t - ((y - mu) ** 2).mean() / (2.0 * t**2)),
    ),
    hvp=together(
        lambda mu, t, v_mu, v_t, y: float(v_mu / t - (mu - y).mean() / t**2 * v_t),
        lambda mu, t, v_mu, v_t, y: float(
            -(mu - y).mean() / t**2 * v_mu + (-0.5 / t**2 + ((y - mu) ** 2).mean() / t**3) * v_t
        ),
    ),
    parameters=(
        Variable("mu"),
        Variable("t", (), Target(0.0, np.inf, low_open=True, text="t > 0")),
    ),
    data=(Variable("y", ("m",)),),
    convex=False,
)

MODELS = (
    SOFTMAX, WEIGHTED_LOGISTIC, FACTORISATION, ROSENBROCK, QUADRATIC, RAYLEIGH, NORMAL,
)  # fmt: skip
SIZES = {"m": 7, "n": 4, "K": 3, "d": 2}


def example(model, seed=0):
    """Random parameters, directions and data for a model."""
    random = np.random.default_rng(seed)

    def draw(variable):
        value = random.uniform(0.1, 0.9, [SIZES[a] for a in variable.axes])
        return (value + value.T) / 2 if "symmetric" in variable.facts else value

    parameters, directions = (tuple(map(draw, model.parameters)) for _ in range(2))
    return parameters, directions, tuple(map(draw, model.data))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_derivatives_agree_with_differences(model) -> None:
    x, v, data = example(model)
    h = 1e-6
    up, down = (tuple(a + side * h * b for a, b in zip(x, v, strict=True)) for side in (1.0, -1.0))
    slope = sum(np.sum(g * b) for g, b in zip(blocks(model.gradient(*x, *data)), v, strict=True))
    assert (model.cost(*up, *data) - model.cost(*down, *data)) / (2 * h) == pytest.approx(slope)
    products = blocks(model.hvp(*x, *v, *data))
    ends = (blocks(model.gradient(*end, *data)) for end in (up, down))
    for product, above, below in zip(products, *ends, strict=True):
        difference = (np.asarray(above) - below) / (2 * h)
        np.testing.assert_allclose(product, difference, rtol=1e-6, atol=1e-8)
