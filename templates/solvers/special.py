"""Functions that NumPy lacks: of numbers, and of matrices without an exception.

The error function's complement and the normal distribution's functions act entry by entry on
float64 arrays and are accurate in both tails. Below T = -5 the normal distribution function is
phi(x)/(x + c(x)) with x = -t and Laplace's continued fraction c(x) = 1/(x + 2/(x + 3/(x + ...))),
in which nothing cancels (Laplace 1805; Abramowitz and Stegun 1964, 26.2.14).

The functions of matrices return nan where there is no value; the solvers step back from that.
"""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

BLOCK = 64  # rows of a triangular system that are solved at once

SWITCH = 5.0  # from here on LEVELS levels of the fraction leave no error in float64
LEVELS = 30
ROOT_2, ROOT_2_PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)
STEPS = 10  # from t + STEPS on the asymptotic series is exact to float64
BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)  # B_2, B_4, ...
FLAT = 40.0  # exp(-t^2/2) is 0 in float64 beyond
LOG_2 = math.log(2.0)
SMALL, TALL = 40.0, 7.0  # e^-40 is nothing beside 1, exp(-e^7) is 0 in float64
FAR = 1e150  # a square is finite in float64 up to here
SERIES = 0.25  # below, five terms of a series leave no error in float64

_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def choose(tests: Sequence[Array], values: Sequence[Callable[[], Array]]) -> Array:
    """Entry by entry the value of the first test that holds, else the last value.

    Values are computed everywhere, also where they are not taken and may have no value.
    """
    with np.errstate(all="ignore"):
        *found, rest = [value() for value in values]
    conditions = [np.asarray(test) for test in tests]
    shape = np.broadcast_shapes(*(np.shape(part) for part in (*conditions, *found, rest)))
    spread = [np.broadcast_to(part, shape) for part in (*conditions, *found)]
    count = len(conditions)
    return np.select(spread[:count], spread[count:], rest)


def erfc(t: Array) -> Array:
    """2/sqrt(pi) times the integral of exp(-u^2) from t on."""
    values: Array = _erfc(t)
    return values


_erf = np.vectorize(math.erf, otypes=[np.float64])
_log_gamma = np.vectorize(math.lgamma, otypes=[np.float64])


def erf(t: Array) -> Array:
    """2/sqrt(pi) times the integral of exp(-u^2) from 0 to t."""
    values: Array = _erf(t)
    return values


def log_gamma(t: Array) -> Array:
    """log Gamma(t) for t > 0."""
    values: Array = _log_gamma(t)
    return values


def digamma(t: Array) -> Array:
    """(log Gamma)'(t) for t > 0: psi(t) = psi(t + 10) - 1/t - ... - 1/(t + 9)."""
    x = np.asarray(t, dtype=np.float64)
    below = sum((1 / (x + k) for k in range(1, STEPS)), 1 / x)
    y = 1 / (x + STEPS)
    series = _polynomial([b / (2 * k) for k, b in enumerate(BERNOULLI, 1)], y * y) * y * y
    values: Array = -np.log(y) - y / 2 - series - below
    return values


def trigamma(t: Array) -> Array:
    """(log Gamma)''(t) for t > 0: as digamma, with squares."""
    x = np.asarray(t, dtype=np.float64)
    below = sum((1 / (x + k) ** 2 for k in range(1, STEPS)), (1 / x) ** 2)
    y = 1 / (x + STEPS)
    values: Array = below + y + y * y / 2 + _polynomial(BERNOULLI, y * y) * y**3
    return values


def _polynomial(coefficients: Sequence[float], t: Array) -> Array:
    """c_0 + c_1 t + c_2 t^2 + ..., by Horner's rule."""
    total = np.zeros_like(t)
    for c in reversed(coefficients):
        total = total * t + c
    return total


def normal_cdf(t: Array) -> Array:
    """Phi(t), the standard normal distribution function."""
    return erfc(-np.asarray(t) / ROOT_2) / 2


def log_normal_cdf(t: Array) -> Array:
    """log Phi(t): -t^2/2 far below 0, where Phi itself underflows."""
    x, c = _tail(t)
    tail = -x * x / 2 - np.log(ROOT_2_PI * (x + c))
    below = np.log(erfc(np.clip(-np.asarray(t), 0.0, SWITCH) / ROOT_2) / 2)
    above = np.log1p(-erfc(np.maximum(t, 0.0) / ROOT_2) / 2)
    return np.where(np.less(t, -SWITCH), tail, np.where(np.less(t, 0.0), below, above))


def hazard(t: Array) -> Array:
    """phi(t)/Phi(t), the derivative of log Phi; -t - 1/t far below 0."""
    x, c = _tail(t)
    return np.where(np.less(t, -SWITCH), x + c, _near(t))


def hazard_slope(t: Array) -> Array:
    """h(t) (h(t) + t) for h = phi/Phi: minus the derivative of h, between 0 and 1."""
    x, c = _tail(t)
    h = _near(t)
    near = h * (h + np.clip(t, -SWITCH, FLAT))
    return np.where(np.less(t, -SWITCH), (x + c) * c, near)


def _near(t: Array) -> Array:
    """phi/Phi above the switch, at the switch below it."""
    inside = np.clip(t, -SWITCH, FLAT)
    ratio: Array = np.exp(-inside * inside / 2) / (ROOT_2_PI * normal_cdf(inside))
    return ratio


def _tail(t: Array) -> tuple[Array, Array]:
    """x = -t below the switch (else at the switch), and the continued fraction c(x)."""
    x = np.maximum(-np.asarray(t), SWITCH)
    c = np.zeros_like(x)
    for k in range(LEVELS, 0, -1):
        c = k / (x + c)
    return x, c


def cholesky(A: Array) -> Array:
    """L with L L' = A, lower triangular (n, n); nan where A is not positive definite.

    Only the lower triangle of A is looked at. A solver that meets nan steps back.
    """
    try:
        factor = np.asarray(np.linalg.cholesky(A), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full(np.shape(A), np.nan)
    return factor


def solve_cholesky(L: Array, B: Array) -> Array:
    """A^-1 B for A = L L', from two triangular systems, in blocks; B is (n,) or (n, k)."""
    X = np.array(B, dtype=np.float64)
    if not np.isfinite(L).all():
        return np.full_like(X, np.nan)
    starts = range(0, len(L), BLOCK)
    for a in starts:
        b = a + BLOCK
        X[a:b] = np.linalg.solve(L[a:b, a:b], X[a:b] - L[a:b, :a] @ X[:a])
    for a in reversed(starts):
        b = a + BLOCK
        X[a:b] = np.linalg.solve(L[a:b, a:b].T, X[a:b] - L[b:, a:b].T @ X[b:])
    return X


def inverse_cholesky(L: Array) -> Array:
    """A^-1 for A = L L', symmetric to the last digit."""
    inverse = solve_cholesky(L, np.eye(len(L)))
    return (inverse + inverse.T) / 2


def solve(A: Array, B: Array) -> Array:
    """A^-1 B; nan where A is singular. B is (n,) or (n, k)."""
    try:
        solution = np.asarray(np.linalg.solve(A, B), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full(np.shape(B), np.nan)
    return solution


def inverse(A: Array) -> Array:
    """A^-1; nan where A is singular."""
    try:
        found = np.asarray(np.linalg.inv(A), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full(np.shape(A), np.nan)
    return found


def log_det(A: Array) -> float:
    """log det A; nan where the determinant is not positive."""
    sign, value = np.linalg.slogdet(A)
    return float(value) if sign > 0 else math.nan


def weighted_exp(w: Array, t: Array) -> Array:
    """w exp(t), which is 0 where w is; else from both sides, as exp(t) alone may overflow."""
    half = np.exp(np.where(np.equal(w, 0), 0.0, t) / 2)
    product: Array = half * w * half
    return product


def log_cosh(t: Array) -> Array:
    """log cosh(t): t^2/2 near 0, |t| - log 2 far away."""
    size = np.abs(t)
    near = np.log1p(2 * np.sinh(np.minimum(size, 1.0) / 2) ** 2)
    return np.where(size < 1.0, near, size + np.log1p(np.exp(-2 * size)) - LOG_2)


def log_gumbel_cdf(t: Array) -> Array:
    """log(1 - exp(-e^t)): t far below 0, -exp(-e^t) above."""
    u = np.exp(np.clip(t, -SMALL, TALL))
    near = np.where(u < LOG_2, np.log(-np.expm1(-u)), np.log1p(-np.exp(-np.maximum(u, LOG_2))))
    return np.where(np.less(t, -SMALL), t, near)


def gumbel_hazard(t: Array) -> Array:
    """u/(e^u - 1) for u = e^t, the derivative of log(1 - exp(-e^t)): between 0 and 1."""
    u = np.exp(np.clip(t, -SMALL, TALL))
    ratio: Array = u * np.exp(-u) / -np.expm1(-u)
    return ratio


def gumbel_hazard_slope(t: Array) -> Array:
    """g (u + g - 1) for u = e^t and g = u/(e^u - 1), minus the derivative of g."""
    u = np.exp(np.minimum(t, TALL))
    g = gumbel_hazard(t)
    # u + g - 1 cancels for small u; Bernoulli's numbers give its series.
    s = np.minimum(u, SERIES)
    q = s * s
    near = s / 2 + q / 12 * (1 - q / 60 * (1 - q / 42 * (1 - q / 40 * (1 - 5 * q / 198))))
    return g * np.where(u < SERIES, near, u + g - 1)


def log_cauchy_cdf(t: Array) -> Array:
    """log(1/2 + arctan(t)/pi), without cancellation on either side."""
    below = np.log(np.arctan2(1.0, np.maximum(-np.asarray(t), 0.0)) / np.pi)
    above = np.log1p(-np.arctan2(1.0, np.maximum(t, 0.0)) / np.pi)
    return np.where(np.less(t, 0.0), below, above)


def cauchy_hazard(t: Array) -> Array:
    """The derivative of the logarithm of Cauchy's distribution function: -1/t far below 0."""
    x = np.clip(t, -FAR, FAR)
    ratio: Array = 1 / (np.arctan2(1.0, -x) * (1 + x * x))
    return ratio
