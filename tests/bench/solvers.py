"""Our fits and the peers' on the same objective, side by side: `make bench`.

Mean log loss + l2/2 |theta|^2 with l2 = 1/m, to a gradient of 1e-8. Every run is checked from
outside: the largest entry of the literal gradient at what came back. Runs are interleaved; the
figure is the median of the process time (one thread) over the repetitions, and the ratio is ours
over the fastest peer that reached the tolerance.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.linear_model import LogisticRegression

from generated import logistic

TOLERANCE = 1e-8
REACHED = 2e-8
"""What counts as reached: the peers' tolerances mean slightly different things."""


@dataclass(frozen=True)
class Task:
    """One data set."""

    name: str
    X: np.ndarray
    y: np.ndarray

    @property
    def l2(self) -> float:
        return 1 / len(self.y)


def simulated(m: int, n: int, *, ill: bool, seed: int = 0) -> Task:
    """Normal features, perhaps with column sizes from 0.01 to 100, and labels drawn by a model."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, n))
    sizes = np.logspace(-2, 2, n) if ill else np.ones(n)
    z = X @ (rng.normal(size=n) / np.sqrt(n))
    y = (rng.random(m) < 1 / (1 + np.exp(-z))).astype(float)
    return Task(f"{m} x {n}{' ill conditioned' if ill else ''}", X * sizes, y)


def real() -> list[Task]:
    """Small real data, standardised."""
    tasks = []
    for name, load in (("breast cancer", load_breast_cancer), ("digits", load_digits),
                       ("wine", load_wine)):  # fmt: skip
        X, y = load(return_X_y=True)
        X = X[:, X.std(axis=0) > 0]
        X = (X - X.mean(axis=0)) / X.std(axis=0)
        tasks.append(Task(f"{name} {X.shape[0]} x {X.shape[1]}", X, (y > y.mean()).astype(float)))
    return tasks


def norm(task: Task, w: np.ndarray) -> float:
    """The largest entry of the gradient, by the formula as it is written."""
    z = task.X @ w[:-1] + w[-1]
    r = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z))) - task.y
    g = task.X.T @ r / len(r) + task.l2 * w[:-1]
    return float(max(np.abs(g).max(), abs(r.mean())))


def ours(task: Task) -> np.ndarray:
    result = logistic.fit(task.X, task.y, l2=task.l2, tol=TOLERANCE)
    return np.append(result.theta, result.intercept)


def sklearn(solver: str) -> Callable[[Task], np.ndarray]:
    def run(task: Task) -> np.ndarray:
        model = LogisticRegression(C=1.0, solver=solver, tol=TOLERANCE, max_iter=1000)
        model.fit(task.X, task.y)
        return np.append(model.coef_[0], model.intercept_[0])

    return run


def scipy_lbfgs(task: Task) -> np.ndarray:
    def value(w):
        z = task.X @ w[:-1] + w[-1]
        T = np.exp(-np.abs(z))
        loss = np.maximum(z, 0) - task.y * z + np.log1p(T)
        r = np.where(z >= 0, 1, T) / (1 + T) - task.y
        g = task.X.T @ r / len(r) + task.l2 * w[:-1]
        return loss.mean() + task.l2 / 2 * w[:-1] @ w[:-1], np.append(g, r.mean())

    options = {"maxiter": 1000, "ftol": 0.0, "gtol": TOLERANCE, "maxcor": 10}
    start = np.zeros(task.X.shape[1] + 1)
    return minimize(value, start, jac=True, method="L-BFGS-B", options=options).x


PEERS: dict[str, Callable[[Task], np.ndarray]] = {
    "lbfgs": sklearn("lbfgs"),
    "newton-cholesky": sklearn("newton-cholesky"),
    "newton-cg": sklearn("newton-cg"),
    "scipy": scipy_lbfgs,
}


def timed(run: Callable[[Task], np.ndarray], task: Task) -> tuple[float, float]:
    """Process time of a run, and the gradient at what it returned."""
    start = time.process_time()
    w = run(task)
    return time.process_time() - start, norm(task, w)


def row(task: Task, repetitions: int) -> str:
    """One line of the table."""
    runs = {"ours": ours, **PEERS}
    times: dict[str, list[float]] = {name: [] for name in runs}
    norms = dict.fromkeys(runs, 0.0)
    for _ in range(repetitions):
        for name, run in runs.items():  # interleaved, so that all meet the same machine
            spent, norms[name] = timed(run, task)
            times[name].append(spent)
    middle = {name: float(np.median(values)) for name, values in times.items()}
    reached = [name for name in PEERS if norms[name] <= REACHED]
    best = min(reached, key=lambda name: middle[name], default="")
    ratio = f"{middle['ours'] / middle[best]:.2f} of {best}" if best else "no peer reached it"
    cells = (
        f"{1e3 * middle[name]:.0f} ms" + ("" if norms[name] <= REACHED else f" ({norms[name]:.0e})")
        for name in runs
    )
    return f"| {task.name} | {ratio} | {' | '.join(cells)} |"


def tasks(size: str) -> list[Task]:
    """The data sets: all, or those that take seconds."""
    small = [*real(), simulated(20_000, 20, ill=False), simulated(10_000, 50, ill=True)]
    if size == "small":
        return small
    shapes = ((10**6, 20), (10**5, 50), (2 * 10**5, 200), (2 * 10**4, 1000))
    return small + [simulated(m, n, ill=ill) for m, n in shapes for ill in (False, True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "all"), default="all")
    parser.add_argument("--repetitions", type=int, default=3)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")  # peers warn where they stop early; the gradient tells it
    threads = os.environ.get("OMP_NUM_THREADS", "all")
    print(f"Machine: {platform.machine()}, {os.cpu_count()} cores, {threads} of them used by BLAS;")
    print(f"NumPy {np.__version__}. In brackets: the gradient where it is above 1e-8.\n")
    heads = ["data", "ours / fastest peer", "ours", *PEERS]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for task in tasks(asked.size):
        print(row(task, asked.repetitions), flush=True)


if __name__ == "__main__":
    main()
