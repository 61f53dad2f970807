"""Functions of arrays that NumPy lacks: choices, sums without loss, matrices without an exception.

The functions of matrices return nan where there is no value; the solvers step back from that.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .rests import sum_rest

Array: TypeAlias = NDArray[np.float64]

BLOCK = 64  # rows of a triangular system that are solved at once


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


def lowered(U: Array, a: Array | float) -> Array:
    """U - a row by row, for a the largest entry of each row; no entry is infinite.

    So a weight of 0 switches off also an entry that lies further below than numbers reach.
    """
    with np.errstate(over="ignore"):
        difference = U - np.asarray(a)[..., None]
    least = np.finfo(difference.dtype).min
    if np.min(difference, initial=0.0) < least:  # seldom
        np.maximum(difference, least, out=difference)
    return difference


def exp_lowered(U: Array, a: Array | float) -> Array:
    """exp(U - a) row by row, with what rounding takes from the difference put back."""
    E = np.exp(lowered(U, a))
    result: Array = E + E * sum_rest(U, -np.asarray(a)[..., None])
    return result


def excess(t: Array) -> Array:
    """exp(t) - 1 for t > -1/2, else exp(t)."""
    result: Array = np.where(t > -0.5, np.expm1(t), np.exp(t))
    return result


def excess_lowered(U: Array, a: Array | float) -> Array:
    """The excess of U - a, row by row, with what rounding takes from the difference put back."""
    t = lowered(U, a)
    part, lost = excess(t), sum_rest(U, -np.asarray(a)[..., None])
    result: Array = part + ((t > -0.5) + part) * lost
    return result


def weighted_lowered(W: Array, U: Array, a: Array | float) -> Array:
    """W (U - a) row by row for weights from 0 to 1, also where the difference alone overflows."""
    result: Array = 2 * (W * (U / 2 - np.asarray(a)[..., None] / 2))
    return result


def log1p_ratio(t: Array) -> Array:
    """log(1 + t)/t, which is 1 for t = 0."""
    result: Array = np.log1p(t) / np.where(np.equal(t, 0), 1.0, t) + np.equal(t, 0)
    return result


def log_sum(E: Array) -> Array:
    """log of the sum of each row, for terms from 0 to 1, the largest of which is 1.

    log1p of the sum of the others: their digits are not lost beside the 1.
    """
    others = np.sum(E * (E < 1), axis=-1)
    result: Array = np.log1p(others + (np.count_nonzero(E == 1, axis=-1) - 1))
    return result


def refined(near: NDArray[np.bool_], close: Array, usual: Array) -> Array:
    """The form of a difference that keeps its digits where it may vanish, else the usual one."""
    return np.where(near, close, usual)


def matrix(value: Any) -> Array:
    """A sparse matrix of SciPy by rows, as it is; anything else as a float64 array."""
    rows: Array = value.tocsr() if hasattr(value, "tocsr") else np.asarray(value, np.float64)
    return rows


def symmetric(A: Array) -> Array:
    """A matrix that is symmetric but for rounding, symmetric to the last digit."""
    return (A + A.T) / 2


def weighted(w: Array, value: Array) -> Array:
    """w times a value, which is 0 where w is, also where the value is infinite."""
    product: Array = w * np.where(np.equal(w, 0), 0.0, value)
    return product


def weighted_exp(w: Array, t: Array) -> Array:
    """w exp(t), which is 0 where w is; else from both sides, as exp(t) alone may overflow."""
    half = np.exp(np.where(np.equal(w, 0), 0.0, t) / 2)
    product: Array = half * w * half
    return product
