"""Products of a block of rows with vectors, and with itself."""

import numpy as np

from ..model import Array, Numbers


def product(X: Numbers, theta: Array, out: Array) -> None:
    """X theta into out, in the precision of X."""
    theta = theta.astype(X.dtype, copy=False)
    if X.dtype == out.dtype:
        np.dot(X, theta, out=out)
    else:
        out[:] = X @ theta


def combination(slopes: Array, X: Numbers) -> Numbers:
    """X' slopes: the rows of X combined, in the precision of X."""
    return (slopes if X.dtype == slopes.dtype else slopes.astype(X.dtype)) @ X


def weighted_gram(A: Numbers, weights: Array, out: Numbers | None = None) -> Numbers:
    """A' diag(weights) A; out: scratch of A's shape, perhaps A itself."""
    if weights.min() >= 0:
        B = np.multiply(A, np.sqrt(weights)[:, None].astype(A.dtype, copy=False), out=out)
        return B.T @ B  # the same array twice: NumPy calls the symmetric product
    return A.T @ (A * weights[:, None])
