"""What the machine can do: bandwidth, matrix times vector, symmetric product, exp and log1p."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np


def fastest(run: Callable[[], object], repetitions: int = 5) -> float:
    """The shortest process time of a run."""
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def peaks() -> dict[str, float]:
    """GB/s, GF/s (counting a symmetric product as m n^2) and ns per element."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200_000, 50))
    theta, r = np.ones(50), np.ones(len(X))
    A = rng.normal(size=(4_000, 500))
    A32 = A.astype(np.float32)
    z = rng.normal(size=8_192)
    out = np.empty_like(z)
    many = range(100)
    return {
        "gemv GB/s": X.nbytes / fastest(lambda: X @ theta) / 1e9,
        "gemv' GB/s": X.nbytes / fastest(lambda: r @ X) / 1e9,
        "syrk GF/s": A.shape[0] * A.shape[1] ** 2 / fastest(lambda: A.T @ A) / 1e9,
        "ssyrk GF/s": A.shape[0] * A.shape[1] ** 2 / fastest(lambda: A32.T @ A32) / 1e9,
        "exp ns": 1e9 * fastest(lambda: [np.exp(z, out=out) for _ in many]) / len(many) / z.size,
        "log1p ns": 1e9 * fastest(lambda: [np.log1p(np.abs(z), out=out) for _ in many])
        / len(many) / z.size,
    }  # fmt: skip


def bound(m: int, n: int, measured: dict[str, float]) -> float:
    """Seconds of one pass for cost and gradient: one reading of X, one exp and one log1p a row."""
    reading = 8e-9 * m * n / max(measured["gemv GB/s"], measured["gemv' GB/s"])
    return reading + 1e-9 * m * (measured["exp ns"] + measured["log1p ns"])
