"""Products of a block of rows with vectors, and with itself."""

from typing import Any

import numpy as np

from ..model import Array, Numbers

WIDE = 32 * 8  # bytes of a row, beyond which OpenBLAS may read with half the bandwidth: measured
# with AVX-512; where it does not, inner products are as fast,
LARGE = 1 << 15  # but only for blocks of so many entries: smaller ones are in the cache
ROWS: Any = getattr(np, "vecdot", None)  # from NumPy 2 on


def product(X: Numbers, theta: Array, out: Array) -> None:
    """X theta into out, in the precision of X."""
    theta = theta.astype(X.dtype, copy=False)
    if X.dtype != out.dtype:
        out[:] = X @ theta
    elif X.size > LARGE and X.shape[1] * X.itemsize > WIDE and X.flags.c_contiguous:
        _row_by_row(X, theta, out)
    else:
        np.dot(X, theta, out=out)


def _row_by_row(X: Numbers, theta: Array, out: Array) -> None:
    """X theta, as so many inner products."""
    if ROWS is not None:
        ROWS(X, theta, out=out)
    else:
        np.einsum("ij,j->i", X, theta, out=out)


def combination(slopes: Array, X: Numbers) -> Numbers:
    """X' slopes: the rows of X combined, in the precision of X."""
    return (slopes if X.dtype == slopes.dtype else slopes.astype(X.dtype)) @ X


def weighted_gram(A: Numbers, weights: Array, out: Numbers | None = None) -> Numbers:
    """A' diag(weights) A; out: scratch of A's shape, perhaps A itself."""
    if weights.min() >= 0:
        B = np.multiply(A, np.sqrt(weights)[:, None].astype(A.dtype, copy=False), out=out)
        return B.T @ B  # the same array twice: NumPy calls the symmetric product
    return A.T @ (A * weights[:, None])
