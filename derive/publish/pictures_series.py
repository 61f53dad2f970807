"""What the pictures show, in numbers that the generated modules compute.

Everything is rounded before it is drawn: exp may differ in its last bit between processors, and
no digit of a picture may follow it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Modules = Mapping[str, ModuleType]

DIGITS = 4
STARTS = ((-2.0, -1.0), (-2.0, 2.5))
SAMPLES = (
    (0.0, 2.5, 1.0),
    (-2.0, -0.5, 0.0),
    (-0.5, 0.5, 1.0),
    (-1.0, -2.0, 0.0),
    (3.0, 1.0, 0.0),
    (2.5, -3.0, 1.0),
    (0.0, 1.0, 1.0),
)
"""x_1, x_2, y. The fifth row contradicts the rest, and the squared error gets a second minimum."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve: what it is called in the picture, and its points."""

    name: str
    x: Array
    y: Array


@dataclass(frozen=True, eq=False)
class Landscape:
    """A cost over (theta_1, theta_2): values on a grid, its minimisers, and the paths to them."""

    a: Array  # (k,) values of theta_1
    b: Array  # (k,) values of theta_2
    J: Array  # (k, k), rows are theta_2
    minimisers: tuple[tuple[float, float], ...]
    descent: tuple[Array, ...]  # one (steps + 1, 2) for each start
    newton: tuple[Array, ...]


def rounded(values: Array) -> Array:
    """To as many digits as a picture can show, and without a negative zero."""
    return np.round(values, DIGITS) + 0.0


def curve(name: str, x: Array, y: Array) -> Curve:
    """The curve through rounded points."""
    return Curve(name, rounded(x), rounded(y))


def samples() -> tuple[Array, Array]:
    """The few samples of the landscapes: X (7, 2) and y (7,)."""
    table = np.array(SAMPLES)
    return table[:, :2], table[:, 2]


# ---------------------------------------------------------------- one sample


def branches(modules: Modules) -> tuple[Curve, Curve]:
    """-log h for y = 1 and -log(1-h) for y = 0, over the prediction h."""
    h = np.concatenate([np.geomspace(0.004, 0.1, 60), np.linspace(0.105, 0.895, 159)])
    h = np.concatenate([h, 1 - h[59::-1]])
    z = np.log(h / (1 - h))
    loss = modules["logistic"].loss
    one, zero = loss(z, np.ones_like(z)), loss(z, np.zeros_like(z))
    return curve("y = 1", h, one), curve("y = 0", h, zero)


def log_and_squared(modules: Modules, y: float) -> tuple[Curve, Curve]:
    """Log loss and squared error of one sample with label y, over the score z."""
    z = np.linspace(-6, 6, 241)
    target = np.full_like(z, y)
    return (
        curve("log loss", z, modules["logistic"].loss(z, target)),
        curve("squared error", z, modules["sigmoid_squares"].loss(z, target)),
    )


def inflection(modules: Modules, y: float) -> tuple[float, float, float]:
    """Where the curvature of the squared error changes its sign: z, the error there, and h."""
    module, target = modules["sigmoid_squares"], np.array([y])
    low, high = -4.0, 4.0  # one sign at each end
    sign = np.sign(module.curvature(np.array([low]), target)[0])
    for _ in range(60):
        middle = (low + high) / 2
        same = np.sign(module.curvature(np.array([middle]), target)[0]) == sign
        low, high = (middle, high) if same else (low, middle)
    z = np.array([low])
    found = (z[0], module.loss(z, target)[0], module.prediction(z)[0])
    return tuple(rounded(np.array(found)).tolist())


def slopes(modules: Modules) -> tuple[Curve, Curve]:
    """The size of the slope of both costs by the score, for y = 0."""
    z = np.linspace(-8, 8, 321)
    target = np.zeros_like(z)
    return (
        curve("cross-entropy", z, np.abs(modules["logistic"].slope(z, target))),
        curve("quadratic cost", z, np.abs(modules["sigmoid_squares"].slope(z, target))),
    )


def surrogates(modules: Modules) -> tuple[Curve, ...]:
    """The losses over the margin t, each in the scaling in which it bounds the zero-one loss."""
    t = np.linspace(-2, 3, 251)
    one = np.ones_like(t)

    def loss(name: str) -> Array:
        return np.asarray(modules[name].loss(t, one), dtype=np.float64)

    wrong = np.array([-2.0, 0.0, 0.0, 3.0])
    return (
        Curve("zero-one", wrong, np.array([1.0, 1.0, 0.0, 0.0])),
        curve("hinge", t, np.maximum(1 - t, 0)),
        curve("smoothed hinge", t, 2 * loss("smoothed_hinge")),
        curve("squared hinge", t, 2 * loss("squared_hinge")),
        curve("squared error", t, 2 * loss("least_squares")),
        curve("exponential", t, loss("exponential_loss")),
        curve("logistic", t, loss("logistic") / np.log(2)),
    )


# ---------------------------------------------------------------- whole fits


def log_loss_landscape(modules: Modules) -> Landscape:
    """The log loss: gradient descent with the step of the proof, and Newton's method.

    `fit` would begin at zeros, which are better than these starts, so that the paths are
    iterated here: steps of 1/L, and full Newton steps halved until the cost falls.
    """
    module, (X, y) = modules["logistic"], samples()
    L = module.MODEL.curvature_bound * np.linalg.eigvalsh(X.T @ X / len(y))[-1]

    def descend(theta: Array) -> Array:
        return np.asarray(theta - module.gradient(theta, X, y) / L)

    def newton(theta: Array) -> Array:
        step = -np.linalg.solve(module.hessian(theta, X, y), module.gradient(theta, X, y))
        while module.cost(theta + step, X, y) > module.cost(theta, X, y):
            step = step / 2
        return np.asarray(theta + step)

    best = module.fit(X, y, fit_intercept=False).theta
    return _landscape(
        module,
        (best,),
        [_iterates(descend, start, 40) for start in STARTS],
        [_iterates(newton, start, 8) for start in STARTS],
    )


def squared_error_landscape(modules: Modules) -> Landscape:
    """The squared error: the ways that the generated solvers take, which end in two minima."""
    module, (X, y) = modules["sigmoid_squares"], samples()

    def way(start: tuple[float, float], method: str, counts: list[int]) -> Array:
        def fitted(count: int) -> Array:
            options = {"fit_intercept": False, "start": start, "max_iter": count}
            return np.asarray(module.fit(X, y, method=method, **options).theta)

        return rounded(np.array([start, *(fitted(count) for count in counts)]))

    few = [1, 3, 6, *range(10, 100, 10), 120, 160, 250]
    descent = [way(start, "gradient_descent", few) for start in STARTS]
    newton = [way(start, "newton", list(range(1, 13))) for start in STARTS]
    return _landscape(module, [path[-1] for path in newton], descent, newton)


def _iterates(step: Callable[[Array], Array], start: tuple[float, float], count: int) -> Array:
    path = [np.array(start)]
    for _ in range(count):
        path.append(step(path[-1]))
    return rounded(np.array(path))


def _landscape(
    module: ModuleType,
    minimisers: tuple[Array, ...] | list[Array],
    descent: list[Array],
    newton: list[Array],
) -> Landscape:
    X, y = samples()
    grid = np.linspace(-4, 4, 81)
    J = np.array([[module.cost(np.array([a, b]), X, y) for a in grid] for b in grid])
    points = tuple((float(a), float(b)) for a, b in (rounded(m) for m in minimisers))
    return Landscape(
        rounded(grid), rounded(grid), rounded(J), points, tuple(descent), tuple(newton)
    )


def convergence_data() -> tuple[Array, Array]:
    """A fixed data set: three standardised features, labels drawn from a logistic model."""
    # Uniform numbers only: their stream does not change between versions of NumPy.
    draws = np.random.Generator(np.random.PCG64(3)).random((200, 4))
    X = (draws[:, :3] - draws[:, :3].mean(axis=0)) / draws[:, :3].std(axis=0)
    y = (draws[:, 3] < 1 / (1 + np.exp(-(X @ [1.0, -0.8, 0.5])))).astype(np.float64)
    return X, y


def histories(modules: Modules, smallest: float) -> tuple[Curve, Curve]:
    """log10 of the gradient norm after each step, of both methods, down to about `smallest`.

    Far below it rounding decides, which is not the same on all machines.
    """
    X, y = convergence_data()

    def history(name: str, method: str) -> Curve:
        norms = [
            record.gradient_norm
            for record in modules["logistic"].fit(X, y, method=method, tol=smallest).history
        ]
        steps = np.arange(len(norms), dtype=np.float64)
        return curve(name, steps, np.log10(np.maximum(norms, smallest / 1000)))

    return history("gradient descent", "gradient_descent"), history("Newton", "newton")
