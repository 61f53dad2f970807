"""Reference models written by hand, with stable formulas, to test the drivers with."""

import numpy as np

from generated.solvers import LinearModel, Target


def sigmoid(z):
    T = np.exp(-np.abs(z))
    return np.exp(np.minimum(z, 0.0)) / (1.0 + T)


def sigmoid_slope(z):
    T = np.exp(-np.abs(z))
    return T / (1.0 + T * (2.0 + T))


def tail_stable_slope(z, y):
    """sigmoid(z) - y without cancellation at both ends."""
    return (1.0 - y) * sigmoid(z) - y * sigmoid(-z)


LOGISTIC = LinearModel(
    name="logistic",
    loss=lambda z, y: np.abs(z) * np.where(z >= 0, 1.0 - y, y) + np.log1p(np.exp(-np.abs(z))),
    slope=tail_stable_slope,
    curvature=lambda z, y: sigmoid_slope(z),
    target=Target(0.0, 1.0, text="y in [0, 1]"),
    convex=True,
    curvature_bound=0.25,
)

SQUARES = LinearModel(
    name="least_squares",
    loss=lambda z, y: 0.5 * (z - y) ** 2,
    slope=lambda z, y: z - y,
    curvature=lambda z, y: np.ones_like(z),
    target=Target(-np.inf, np.inf, text="y a real number"),
    convex=True,
    curvature_bound=1.0,
)

POISSON = LinearModel(
    name="poisson",
    loss=lambda z, y: np.exp(z) - y * z,
    slope=lambda z, y: np.exp(z) - y,
    curvature=lambda z, y: np.exp(z),
    target=Target(0.0, np.inf, high_open=True, text="y >= 0"),
    convex=True,
    curvature_bound=None,
)

# Squared error of a sigmoid: bounded, saturating, not convex.
SQUARED_SIGMOID = LinearModel(
    name="squared_sigmoid",
    loss=lambda z, y: 0.5 * (sigmoid(z) - y) ** 2,
    slope=lambda z, y: tail_stable_slope(z, y) * sigmoid_slope(z),
    curvature=lambda z, y: (
        sigmoid_slope(z) * (sigmoid_slope(z) + (sigmoid(z) - y) * (1.0 - 2.0 * sigmoid(z)))
    ),
    target=Target(0.0, 1.0, text="y in [0, 1]"),
    convex=False,
    curvature_bound=None,
)

# Convex with a plateau: its minimum is attained although a direction of recession exists.
SQUARED_HINGE = LinearModel(
    name="squared_hinge",
    loss=lambda z, y: 0.5 * np.maximum(0.0, 1.0 - y * z) ** 2,
    slope=lambda z, y: -y * np.maximum(0.0, 1.0 - y * z),
    curvature=lambda z, y: np.where(y * z < 1.0, 1.0, 0.0),
    target=Target(-1.0, 1.0),
    convex=True,
    curvature_bound=1.0,
)

# Slopes bounded by one on both sides, approached slowly.
PSEUDO_HUBER = LinearModel(
    name="pseudo_huber",
    loss=lambda z, y: np.hypot(1.0, z - y) - 1.0,
    slope=lambda z, y: (z - y) / np.hypot(1.0, z - y),
    curvature=lambda z, y: np.hypot(1.0, z - y) ** -3.0,
    target=Target(-np.inf, np.inf),
    convex=True,
    curvature_bound=1.0,
)


def objective(model, X, y, w, l2=0.0, s=None, intercept=True):
    """f at w = (theta, b), written in the most literal way."""
    X = np.asarray(X, dtype=float)
    n = X.shape[1]
    s = np.ones(len(y)) if s is None else np.asarray(s, dtype=float)
    z = X @ w[:n] + (w[n] if intercept else 0.0)
    return float(s @ model.loss(z, y) / s.sum() + 0.5 * l2 * w[:n] @ w[:n])


def gradient(model, X, y, w, l2=0.0, s=None, intercept=True):
    """Its gradient with respect to (theta, b)."""
    X = np.asarray(X, dtype=float)
    n = X.shape[1]
    s = np.ones(len(y)) if s is None else np.asarray(s, dtype=float)
    z = X @ w[:n] + (w[n] if intercept else 0.0)
    r = s * model.slope(z, y) / s.sum()
    g = X.T @ r + l2 * w[:n]
    return np.append(g, r.sum()) if intercept else g
