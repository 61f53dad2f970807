"""Matrix notation in problem files: what X @ theta, norm2(y - X @ theta) and inv(A) mean.

    cost = norm2(y - X @ theta) / (2 * m) + lambda_ * norm2(theta) / 2

`@` is the product of matrices, where a vector counts as a column at its right and as a row at its
left, as in NumPy; `*`, `/`, `**` and functions work entry by entry, and a scalar combines with
any array. There is no other broadcasting. A result without axes is a formula.

An array here is its axes and, for letters over them, the formula of its entry. A sum inside takes
an open letter (`?0`) that the letters of the entry do not have, so nothing is captured; the
problem gives it a name (`letters.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from derive.notation.expression import (
    ONE,
    Axis,
    Delta,
    Expr,
    Index,
    Mul,
    Number,
    Pow,
    Sum,
    Tensor,
    expr,
    mul,
)
from derive.notation.functions import Elementwise, absolute, sqrt
from derive.notation.operand import OPEN, Operand, array, entry_by_entry
from derive.notation.primitives import inverse as inverse_of
from derive.notation.primitives import logdet as logdet_of
from derive.notation.problem import Definition
from derive.notation.tree import free_indices, reindex

Letters = tuple[Index, ...]
Scalar = Expr | Number


class ShapeError(TypeError):
    """Arrays that do not fit together: what is wrong, and what to do."""

    def __init__(self, wrong: str, todo: str) -> None:
        self.wrong, self.todo = wrong, todo
        super().__init__(f"{wrong}; {todo}")


@dataclass(frozen=True, eq=False)
class Array(Operand):
    """A vector or matrix (or a larger array) by its axes and the formula of its entry."""

    axes: tuple[Axis, ...]
    at: Callable[[Letters], Expr]

    def entry(self, *letters: Index) -> Expr:
        """The entry for index letters over the axes."""
        fits = len(letters) == len(self.axes) and all(map(Index.fits, letters, self.axes))
        if not fits:
            over = shape(tuple(k.axis for k in letters))
            raise ShapeError(
                f"an entry of an array over {shape(self.axes)} is asked for with letters "
                f"over {over}",
                "give one letter over each axis, in their order",
            )
        return self.at(letters)

    def __getitem__(self, letters: Index | Letters) -> Expr:
        return self.entry(*(letters if isinstance(letters, tuple) else (letters,)))

    @property
    def T(self) -> Array:  # noqa: N802  # the transpose is written so
        return Array(self.axes[::-1], lambda k: self.at(k[::-1]))

    def __matmul__(self, other: object) -> Any:
        return product(self, operand(other))

    def __add__(self, other: object) -> Any:
        return entrywise(lambda a, b: a + b, self, operand(other), "+")

    def __radd__(self, other: object) -> Any:
        return entrywise(lambda a, b: a + b, operand(other), self, "+")

    def __sub__(self, other: object) -> Any:
        return entrywise(lambda a, b: a - b, self, operand(other), "-")

    def __rsub__(self, other: object) -> Any:
        return entrywise(lambda a, b: a - b, operand(other), self, "-")

    def __mul__(self, other: object) -> Any:
        return entrywise(lambda a, b: a * b, self, operand(other), "*")

    def __rmul__(self, other: object) -> Any:
        return entrywise(lambda a, b: a * b, operand(other), self, "*")

    def __truediv__(self, other: object) -> Any:
        return entrywise(lambda a, b: a / b, self, operand(other), "/")

    def __rtruediv__(self, other: object) -> Any:
        return entrywise(lambda a, b: a / b, operand(other), self, "/")

    def __pow__(self, other: object) -> Any:
        return entrywise(Pow, self, operand(other), "**")

    def __neg__(self) -> Any:
        return Array(self.axes, lambda k: -self.at(k))


@array.register
def _(value: Array) -> Any:
    return value


@array.register
def _(value: Expr) -> Any:
    return value


@array.register
def _(value: Tensor) -> Any:
    return Array(value.axes, lambda k: value[k]) if value.axes else value()


@array.register
def _(value: Definition) -> Any:
    return array(value.tensor)


def operand(value: object) -> Any:
    """An array or a formula."""
    return array(value) if isinstance(value, Operand) else expr(value)  # type: ignore[arg-type]


def shape(axes: tuple[Axis, ...]) -> str:
    """`(m, n)`."""
    return "(" + ", ".join(axis.letter for axis in axes) + ")"


def axes_of(value: Array | Expr) -> tuple[Axis, ...]:
    """The axes of an array; a formula has none."""
    return value.axes if isinstance(value, Array) else ()


def at(value: Array | Expr, letters: Letters) -> Expr:
    """The entry of an array; a scalar is the same for all letters."""
    return value.at(letters) if isinstance(value, Array) else value


def entrywise(
    combine: Callable[[Expr, Expr], Expr], a: Array | Expr, b: Array | Expr, sign: str
) -> Array | Expr:
    """Two arrays of equal axes entry by entry; a scalar goes with every entry."""
    left, right = axes_of(a), axes_of(b)
    if left and right and left != right:
        raise ShapeError(
            f"{sign} combines an array over {shape(left)} with one over {shape(right)}",
            "combine arrays over the same axes, or a scalar and an array",
        )
    if not left and not right:
        return combine(at(a, ()), at(b, ()))
    return Array(left or right, lambda k: combine(at(a, k), at(b, k)))


@entry_by_entry.register
def _(value: Array, function: Elementwise) -> Any:
    return Array(value.axes, lambda k: function(value.at(k)))


def product(a: Array | Expr, b: Array | Expr) -> Array | Expr:
    """The product of matrices and vectors: over the last axis of `a` and the first of `b`."""
    if not isinstance(a, Array) or not isinstance(b, Array):
        raise ShapeError("@ multiplies matrices and vectors, not a scalar", "write * for a scalar")
    if len(a.axes) > 2 or len(b.axes) > 2 or a.axes[-1] != b.axes[0]:
        raise ShapeError(
            f"{shape(a.axes)} @ {shape(b.axes)}: the last axis of the left factor "
            "is not the first of the right one",
            "change their order or transpose one of them",
        )
    left, axes = a.axes[:-1], a.axes[:-1] + b.axes[1:]

    def entry(k: Letters) -> Expr:
        inner = unused(a.axes[-1], k)
        rows, columns = k[: len(left)], k[len(left) :]
        return total_over(times(a.at((*rows, inner)), b.at((inner, *columns))), inner)

    return Array(axes, entry) if axes else entry(())


def times(a: Expr, b: Expr) -> Expr:
    """a b; a vector of ones leaves no factor behind, and u u is a square."""
    if ONE in (a, b):
        return b if a == ONE else a
    return Pow(a, expr(2)) if a == b else a * b


def unused(axis: Axis, letters: Letters) -> Index:
    """An open letter over `axis` that is not among `letters`."""
    known = {k.letter for k in letters}
    number = next(n for n in range(len(known) + 1) if f"{OPEN}{n}" not in known)
    return axis.index(f"{OPEN}{number}")


def total_over(body: Expr, k: Index) -> Expr:
    """The sum of `body` over `k`; a Kronecker delta picks one term, equal terms are counted."""
    if k not in free_indices(body):
        return k.axis if body == ONE else mul(k.axis, body)
    factors = body.args if isinstance(body, Mul) else (body,)
    for number, factor in enumerate(factors):
        if isinstance(factor, Delta) and (factor.left == k) != (factor.right == k):
            other = factor.right if factor.left == k else factor.left
            rest = mul(*factors[:number], *factors[number + 1 :])
            return reindex(rest, {k: other})
    return Sum(body, k)


def total(value: object) -> Expr:
    """The sum of all entries."""
    inner = operand(value)
    if not isinstance(inner, Array):
        raise ShapeError("a scalar has no entries to add up", "give an array")
    letters: Letters = ()
    for axis in inner.axes:
        letters = (*letters, unused(axis, letters))
    out = inner.at(letters)
    for k in reversed(letters):
        out = total_over(out, k)
    return out


def dot(a: object, b: object) -> Expr:
    """The inner product over all axes: u'v of vectors, tr(A'B) of matrices."""
    left, right = operand(a), operand(b)
    return total(entrywise(times, left, right, "dot"))


def hadamard(a: object, b: object) -> Array | Expr:
    """The entrywise product."""
    return entrywise(times, operand(a), operand(b), "hadamard")


def outer(u: object, v: object) -> Array:
    """u v' of two vectors."""
    left, right = vector(u, "outer"), vector(v, "outer")
    return Array(left.axes + right.axes, lambda k: left.at(k[:1]) * right.at(k[1:]))


def norm2(value: object) -> Expr:
    """The squared norm: the sum of the squares of all entries; of a scalar its square."""
    squares = entrywise(Pow, operand(value), expr(2), "**")
    return total(squares) if isinstance(squares, Array) else squares


def norm(value: object) -> Expr:
    """The Euclidean (of a matrix: Frobenius) norm; of a scalar its absolute value."""
    inner = operand(value)
    return sqrt(norm2(inner)) if isinstance(inner, Array) else absolute(inner)


def tr(value: object) -> Expr:
    """The trace of a square matrix."""
    inner = square(value, "tr")
    k = unused(inner.axes[0], ())
    return total_over(inner.at((k, k)), k)


def diag(value: object) -> Array:
    """The diagonal matrix of a vector; of a square matrix the vector on its diagonal."""
    inner = operand(value)
    if len(axes_of(inner)) == 1:
        return Array(inner.axes * 2, lambda k: times(inner.at(k[:1]), delta(*k)))
    inner = square(inner, "diag")
    return Array(inner.axes[:1], lambda k: inner.at(k * 2))


def ones(*axes: Axis) -> Array:
    """The vector (matrix) of ones over an axis (two axes)."""
    return Array(axes, lambda _: ONE)


def delta(left: Index, right: Index) -> Expr:
    """An entry of the identity matrix."""
    return ONE if left == right else Delta(left, right)


def eye(axis: Axis) -> Array:
    """The identity matrix over an axis."""
    return Array((axis, axis), lambda k: delta(*k))


def inv(matrix: object) -> Array:
    """The inverse of a named square matrix."""
    named = inverse_of(letter(matrix, "inv"))
    return Array(named.tensor.axes, lambda k: named[k[0], k[1]])


def logdet(matrix: object) -> Expr:
    """log det A of a named square matrix; the determinant must be positive."""
    return logdet_of(letter(matrix, "logdet"))


def letter(matrix: object, name: str) -> Tensor | Definition:
    """What has a name; the inverse of a longer formula is defined by way of its name."""
    if isinstance(matrix, Tensor | Definition):
        return matrix
    raise ShapeError(
        f"{name}(...) takes the letter of a matrix, not a formula",
        f'name the formula first: A = define("A", ...), then {name}(A)',
    )


def vector(value: object, name: str) -> Array:
    """A vector."""
    inner = operand(value)
    if len(axes_of(inner)) != 1:
        raise ShapeError(
            f"{name} takes a vector, not an array over {shape(axes_of(inner))}", "give a vector"
        )
    return inner  # type: ignore[no-any-return]


def square(value: object, name: str) -> Array:
    """A square matrix."""
    inner = operand(value)
    axes = axes_of(inner)
    if len(axes) != 2 or axes[0] != axes[1]:
        what = f"an array over {shape(axes)}" if axes else "a scalar"
        raise ShapeError(
            f"{name} takes a square matrix, not {what}", "give a matrix over one axis twice"
        )
    return inner  # type: ignore[no-any-return]
