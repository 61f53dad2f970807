"""Which two factors of a product of matrices are multiplied first.

The product is the same either way; the work is not: X'(X V) takes far less than (X'X) V where V
has few columns. Sizes are not known when code is written, so their usual order is assumed: many
samples, fewer features, a handful of factors or classes.
"""

from __future__ import annotations

from functools import cache

from derive.matrices.build import kron_terms, matmul, scale_columns, scale_rows
from derive.notation.expression import Axis
from derive.notation.matrix import (
    KronRows,
    Mat,
    MatMul,
    ScaleCols,
    ScaleRows,
    operands,
)
from derive.notation.matrix_parts import with_operands

MANY, SOME, FEW = 1000, 100, 10
GUESS = {"m": MANY, "N": MANY, "n": SOME, "p": SOME, "d": SOME}


def associated(mat: Mat) -> Mat:
    """The formula with every product of three or more factors bracketed for the least work."""
    if isinstance(mat, KronRows):
        return associated(kron_terms(mat))  # its terms may get names of their own
    parts = tuple(associated(part) for part in operands(mat))
    mat = mat if parts == operands(mat) else with_operands(mat, parts)
    if not isinstance(mat, MatMul) or len(mat.axes) < 2:
        return mat
    factors = _factors(mat)
    return mat if len(factors) < 3 else _bracketed(factors)


def _factors(mat: Mat) -> tuple[Mat, ...]:
    """The factors from left to right; the weights of rows and columns stay with their matrix."""
    match mat:
        case MatMul(left, right) if len(right.axes) == 2:
            return (*_factors(left), *_factors(right))
        case ScaleRows(weights, MatMul() as arg):
            first, *rest = _factors(arg)
            return (scale_rows(weights, first), *rest)
        case ScaleCols(MatMul() as arg, weights):
            *rest, last = _factors(arg)
            return (*rest, scale_columns(last, weights))
    return (mat,)


def _bracketed(factors: tuple[Mat, ...]) -> Mat:
    """The cheapest brackets, by the usual recursion over where the last product is taken."""
    sizes = [_size(f.axes[0]) for f in factors] + [_size(factors[-1].axes[1])]

    @cache
    def best(start: int, stop: int) -> tuple[int, int]:
        """The work of factors start..stop-1, and after which factor the last product splits."""
        if stop - start == 1:
            return 0, start
        ways = (
            (
                best(start, cut)[0] + best(cut, stop)[0] + sizes[start] * sizes[cut] * sizes[stop],
                cut,
            )
            for cut in range(stop - 1, start, -1)
        )
        return min(ways, key=lambda way: way[0])

    def build(start: int, stop: int) -> Mat:
        if stop - start == 1:
            return factors[start]
        cut = best(start, stop)[1]
        return _product(build(start, cut), build(cut, stop))

    return build(0, len(factors))


def _product(left: Mat, right: Mat) -> Mat:
    """A B; rows are scaled last, when there are fewest columns: (diag(w) A) B = diag(w) (A B)."""
    if isinstance(left, ScaleRows):
        return scale_rows(left.weights, matmul(left.arg, right))
    return matmul(left, right)


def _size(axis: Axis) -> int:
    return GUESS.get(axis.letter, FEW)
